/**
 * Deliveries a second by LMTP, of mails of 4 KiB that are synced before they are answered, against Debian's Dovecot:
 * over one connection and ten, without plugins and with ten that override every method and pass it on. They are one
 * source, compiled once with each side's headers.
 */

import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Dovecot, freePort, missingPackage } from "./dovecot.js";
import { startHost } from "./host.js";
import { mailOf, openConnections, sendMails } from "./load.js";
import { inTurn, median, ratio, row } from "./measure.js";

const MAILS = 500;
const BYTES = 4096;
const ROUNDS = 5;
const PLUGINS = 10;
const root = fileURLToPath(new URL("..", import.meta.url));

const CONFIG = `fn on_config(config) {
  config.server.name = "bench.example.com";
  config.server.interfaces.addr = [];
  config.server.interfaces.addr_submission = [];
  config.server.interfaces.addr_submissions = [];
  config.server.interfaces.addr_lmtp = ["127.0.0.1:0"];
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

const FILTER = `#{
  rcpt: [ action "mailbox" || transport::maildir_all() ],
}
`;

export async function benchLmtp() {
  const cells = [0, PLUGINS].flatMap((plugins) => [1, 10].map((connections) => ({ plugins, connections })));
  const missing = missingPackage({ lmtp: true });
  if (missing) return cells.map((cell) => row(what(cell), `not measured: ${missing} is missing`, "faster", false));
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-bench-"));
  chmodSync(directory, 0o755);
  const servers = [];
  try {
    const rows = [];
    for (const plugins of [0, PLUGINS]) {
      const ours = await startOurs(join(directory, `ours${plugins}`), plugins);
      servers.push(ours);
      const theirs = await startTheirs(join(directory, `theirs${plugins}`), plugins);
      servers.push(theirs);
      for (const connections of [1, 10]) rows.push(await compare({ plugins, connections }, ours, theirs));
      for (const server of servers.splice(0)) await server.stop();
    }
    return rows;
  } finally {
    for (const server of servers) await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function what({ plugins, connections }) {
  const over = connections === 1 ? "1 connection" : `${connections} connections`;
  return `LMTP deliveries of 4 KiB, synced, over ${over} with ${plugins} plugins, against Dovecot`;
}

async function compare(cell, ours, theirs) {
  const perSecond = async ({ port }) => {
    const connections = await openConnections(port, cell.connections, "LHLO");
    const start = process.hrtime.bigint();
    await sendMails(connections, MAILS, mailOf(BYTES));
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    for (const connection of connections) connection.close();
    return MAILS / seconds;
  };
  const figures = await inTurn({ ours: () => perSecond(ours), theirs: () => perSecond(theirs) }, ROUNDS);
  const factor = ratio(figures.ours, figures.theirs);
  const text = `${median(figures.ours).toFixed(0)}/s against ${median(figures.theirs).toFixed(0)}/s: ${factor.toFixed(2)}×`;
  return row(what(cell), text, "faster", factor > 1);
}

/** The plugins, compiled with the headers of one side; their names. */
function compilePlugins(folder, count, includes) {
  const source = join(root, "test/storage/plugins/passthrough.c");
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  return Array.from({ length: count }, (_, n) => {
    const name = `pass${n}`;
    const flags = ["-std=gnu11", "-O2", "-shared", "-fPIC", "-DHAVE_CONFIG_H", `-DPLUGIN=${name}`];
    const file = join(folder, `lib${10 + n}_${name}_plugin.so`);
    execFileSync(process.env.CC ?? "cc", [...flags, ...includes.map((path) => `-I${path}`), source, "-o", file]);
    return name;
  });
}

async function startTheirs(directory, count) {
  const plugins = join(directory, "plugins");
  const names = compilePlugins(plugins, count, ["/usr/include/dovecot"]);
  const port = await freePort();
  const dovecot = new Dovecot(directory, {
    location: "maildir:~/Maildir",
    port,
    plugins: count === 0 ? undefined : { folder: plugins, names },
  });
  await dovecot.start();
  return { port, stop: () => dovecot.stop() };
}

function startOurs(directory, count) {
  compilePlugins(join(directory, "plugins"), count, [join(root, "native/include/dovecot")]);
  writeFileSync(join(directory, "vsmtp.vsl"), CONFIG);
  writeFileSync(join(directory, "filter.vsl"), FILTER);
  return startHost(directory);
}
