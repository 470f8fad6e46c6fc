/**
 * Mails a second: the whole host, with rules and one plugin call at every stage, against bare smtp-server with the same
 * spool writer on as many threads and the same storage (bare-server.js). Both answer when the spool entry is synced and go on to the Maildir;
 * both are measured until the last mail is a file there.
 */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startHost, startServer } from "./host.js";
import { mailOf, openConnections, sendMails } from "./load.js";
import { inTurn, median, ratio, row } from "./measure.js";

const CONNECTIONS = 10;
const MAILS = 3_000;
const BYTES = 4096;
const ROUNDS = 5;
/** The host's own default. */
const WRITERS = 4;

const root = fileURLToPath(new URL("..", import.meta.url));

const CONFIG = `fn on_config(config) {
  config.server.name = "bench.example.com";
  config.server.interfaces.addr = ["127.0.0.1:0"];
  config.server.logs.level = ["warn", "server=info"];
  config.server.logs.filename = ();
  config.app.logs.filename = ();
  config.server.queues.dirpath = "spool";
  config.server.smtp.greeting_delay = "0ms";
  config.app.dirpath = "app";
  config.app.storage.location = "maildir:mailboxes/%u";
  config
}
`;

const FILTER = `import "plugins/vsmtp-plugin-hello" as hello;
#{
  connect: [ rule "c" || if hello::greet(ctx::client_ip()) == "" { state::deny() } else { state::next() } ],
  helo: [ rule "h" || if hello::greet(ctx::helo()) == "" { state::deny() } else { state::next() } ],
  mail: [ rule "m" || if hello::greet(ctx::mail_from().to_string()) == "" { state::deny() } else { state::next() } ],
  rcpt: [
    rule "r" || if hello::is_crowd(ctx::rcpt_list().len(), 100) { state::deny() } else { state::next() },
    action "mailbox" || transport::maildir_all(),
  ],
  preq: [ rule "p" || if hello::greet(ctx::message_id()) == "" { state::deny() } else { state::next() } ],
  postq: [ rule "q" || if hello::greet(ctx::message_id()) == "" { state::deny() } else { state::next() } ],
  delivery: [ rule "d" || if hello::greet(ctx::message_id()) == "" { state::deny() } else { state::next() } ],
}
`;

export async function benchMails() {
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-bench-"));
  const [host, bare] = await Promise.all([startOurs(join(directory, "host")), startBare(join(directory, "bare"))]);
  try {
    const figures = await inTurn({ host: () => mailsPerSecond(host), bare: () => mailsPerSecond(bare) }, ROUNDS);
    const factor = ratio(figures.host, figures.bare);
    const text = `host ${median(figures.host).toFixed(0)}/s, bare ${median(figures.bare).toFixed(0)}/s, ratio ${factor.toFixed(2)}`;
    return [
      row(
        `mails of 4 KiB over ${CONNECTIONS} open connections, spool and Maildir synced`,
        text,
        "at least 0.7x bare smtp-server",
        factor >= 0.7,
      ),
    ];
  } finally {
    await Promise.all([host.stop(), bare.stop()]);
    rmSync(directory, { recursive: true, force: true });
  }
}

async function mailsPerSecond({ port, mailboxes }) {
  const before = countMails(mailboxes);
  const connections = await openConnections(port, CONNECTIONS);
  const start = process.hrtime.bigint();
  await sendMails(connections, MAILS, mailOf(BYTES));
  while (countMails(mailboxes) < before + MAILS) await new Promise((resolve) => setTimeout(resolve, 2));
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  for (const connection of connections) connection.close();
  rmSync(mailboxes, { recursive: true, force: true });
  return MAILS / seconds;
}

function countMails(mailboxes) {
  try {
    return readdirSync(mailboxes).reduce((sum, box) => sum + readdirSync(join(mailboxes, box, "new")).length, 0);
  } catch {
    return 0;
  }
}

function startOurs(directory) {
  const plugin = readdirSync(join(root, "build/plugins")).find((name) => name.includes("hello"));
  write(directory, "vsmtp.vsl", CONFIG);
  write(directory, "filter.vsl", FILTER);
  mkdirSync(join(directory, "plugins"));
  symlinkSync(join(root, "build/plugins", plugin), join(directory, "plugins", basename(plugin)));
  return served(startHost(directory), directory);
}

function startBare(directory) {
  const [spool, mailboxes] = ["spool", "mailboxes"].map((name) => join(directory, name));
  for (const path of [spool, mailboxes]) mkdirSync(path, { recursive: true });
  const args = [join(root, "bench/bare-server.js"), spool, mailboxes, String(WRITERS)];
  return served(
    startServer(args, (line) => line.port),
    directory,
  );
}

async function served(starting, directory) {
  return { ...(await starting), mailboxes: join(directory, "mailboxes") };
}

function write(directory, path, text) {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
}
