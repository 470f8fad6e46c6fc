/**
 * A plugin that crashes on one mail in a hundred, 5,000 mails over 20 connections: is a mail lost that was answered
 * with 250, is the culprit named every time, and how long do the others wait after a crash?
 */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compilePlugin } from "./compile.js";
import { startHost } from "./host.js";
import { Connection } from "./load.js";
import { row } from "./measure.js";

const MAILS = 5_000;
const CONNECTIONS = 20;
const EVERY = 100;
/** Milliseconds. */
const BACK_WITHIN = 2_000;

const SOURCE = `
#include <vsmtp/plugin.h>
VSMTP_PLUGIN("bench-crash", VSMTP_RELEASE("1.0.0") VSMTP_DESCRIPTION("Crashes when told to"))
static int *volatile nowhere;
VSMTP_FUNCTION(int, crash_judge, (bool crash), VSMTP_QUICK VSMTP_NAME("judge")) { return crash ? *nowhere : 0; }
`;

const CONFIG = `fn on_config(config) {
  config.server.name = "bench.example.com";
  config.server.interfaces.addr = ["127.0.0.1:0"];
  config.server.client_count_max = 100;
  config.server.logs.level = ["off", "server=info"];
  config.server.logs.filename = ();
  config.app.logs.filename = ();
  config.server.queues.dirpath = "spool";
  config.server.smtp.greeting_delay = "0ms";
  config.app.dirpath = "app";
  config.app.storage.location = "maildir:mailboxes/%u";
  config.app.plugins.quarantine.crashes = 1000;
  config.app.plugins.quarantine.mail_crashes = 1000;
  config
}
`;

const FILTER = `import "plugins/vsmtp-plugin-bench-crash" as crash;
#{
  rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
  preq: [ action "judge" || { crash::judge(ctx::mail_from() == "bad@bench.example"); } ],
}
`;

export async function benchCrashes() {
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-bench-"));
  const host = await start(directory);
  try {
    const load = await sendAll(host.port);
    const lost = await countLost(directory, load.accepted);
    const { named, records } = readRecords(join(directory, "spool/state/crashes"));
    const waits = load.waits.sort((a, b) => a - b);
    const worst = waits.at(-1) ?? 0;
    const seconds = (load.milliseconds / 1000).toFixed(1);
    const figures = `${load.accepted.length} accepted in ${seconds} s, ${lost} lost; ${load.crashes} crashes, ${named} of ${records} records name the plugin; the other clients of a crashed process had their next 250 after ${waits[waits.length >> 1]?.toFixed(0)} ms (median), ${worst.toFixed(0)} ms at most`;
    const met =
      lost === 0 && load.crashes > 0 && named === load.crashes && records === load.crashes && worst <= BACK_WITHIN;
    const what = `${MAILS} mails over ${CONNECTIONS} connections, a plugin crashes on one in ${EVERY}`;
    return [row(what, figures, `none lost, each named, back within ${BACK_WITHIN} ms`, met)];
  } finally {
    await host.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function sendAll(port) {
  const accepted = [];
  const waits = [];
  let next = 0;
  let crashes = 0;
  const begun = performance.now();
  const work = async (_, lane) => {
    let line;
    let droppedAt;
    while (next < MAILS) {
      const number = next++;
      const bad = number % EVERY === EVERY - 1;
      for (;;) {
        try {
          line ??= await connectionOf(port, lane);
          await line.send(mailOf(number), bad ? "bad@bench.example" : "good@bench.example");
          accepted.push(number);
          if (droppedAt !== undefined) waits.push(performance.now() - droppedAt);
          droppedAt = undefined;
          break;
        } catch {
          line?.drop();
          line = undefined;
          if (bad) {
            crashes += 1;
            break;
          }
          droppedAt ??= performance.now();
        }
      }
    }
    line?.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  return { accepted, waits, crashes, milliseconds: performance.now() - begun };
}

async function connectionOf(port, lane) {
  const connection = new Connection(port, `user${lane}@bench.example`);
  await connection.greet("EHLO");
  return connection;
}

function mailOf(number) {
  return `Subject: bench\r\nX-Bench: ${number}\r\n\r\n${"x".repeat(70)}\r\n.\r\n`;
}

/** Waits for the last delivery, and counts what was accepted and is nowhere. */
async function countLost(directory, accepted) {
  for (let patience = 0; patience < 600; patience++) {
    if (filesIn(join(directory, "spool/mails")).length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const boxes = join(directory, "mailboxes");
  const mails = readdirSync(boxes).flatMap((box) => ["new", "cur"].flatMap((sub) => filesIn(join(boxes, box, sub))));
  const found = new Set(mails.map((file) => Number(/^X-Bench: (\d+)/m.exec(readFileSync(file, "latin1"))?.[1])));
  return accepted.filter((number) => !found.has(number)).length;
}

function readRecords(directory) {
  const records = filesIn(directory).map((file) => JSON.parse(readFileSync(file, "utf8")));
  const isNamed = ({ plugin, function: name }) => plugin === "bench-crash" && name === "crash_judge";
  return { records: records.length, named: records.filter(isNamed).length };
}

function filesIn(directory) {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => join(directory, name));
  } catch {
    return [];
  }
}

/** The host with the plugin. */
function start(directory) {
  mkdirSync(join(directory, "plugins"));
  compilePlugin(join(directory, "plugins"), "bench-crash", SOURCE);
  writeFileSync(join(directory, "vsmtp.vsl"), CONFIG);
  writeFileSync(join(directory, "filter.vsl"), FILTER);
  return startHost(directory);
}
