/**
 * `npm run demo`: one mail's way through a real host, told stage by stage.
 *
 * Lays out a directory, starts `vsmtp` on it in a process of its own on a free loopback port, sends a mail with an
 * ordinary client (nodemailer) and follows the host's trace log until the mail is a file. Everything printed was logged
 * by the host or read from disk; the exit status is 0 only if all that should have happened did.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createTransport } from "nodemailer";
import { layOut } from "./demo-layout.js";

const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const DEADLINE = 60_000;

/** What must have been seen, as [stage, directive, plugin functions that it called]. */
const EXPECTED = [
  ["start", "services/command.vsl", ["command cmd::build"]],
  ["connect", "use echo", ["command cmd.run"]],
  ["connect", "greeting", ["hello greet"]],
  ["helo", "no impostors", []],
  ["mail", "note the sender", ["hello greet"]],
  ["rcpt", "not too many", ["hello is_crowd"]],
  ["rcpt", "into the mailbox", []],
  ["preq", "stamp", ["command cmd.run"]],
];

const directory = mkdtempSync(join(tmpdir(), "vsmtp-demo-"));
const { config } = layOut(directory, { address: "127.0.0.1:0", level: "trace" });
const host = spawn(process.execPath, [program, "-c", config, "-t", "50s"], { stdio: ["ignore", "pipe", "inherit"] });
const deadline = setTimeout(() => host.kill("SIGKILL"), DEADLINE);

try {
  process.exitCode = (await demonstrate()) ? 0 : 1;
} finally {
  clearTimeout(deadline);
  if (host.exitCode === null && host.signalCode === null) {
    host.kill("SIGTERM");
    await once(host, "close");
  }
  rmSync(directory, { recursive: true, force: true });
}

async function demonstrate() {
  const steps = [];
  let calls = [];
  let spooled;
  for await (const line of createInterface({ input: host.stdout })) {
    const event = JSON.parse(line);
    if (event.msg === "plugin function called") calls.push(event);
    if (event.msg === "serving") {
      steps.push({ stage: "start", kind: "service", directive: "services/command.vsl", status: "built", calls });
      calls = [];
      void send(Number(event.addresses[0].split(":").pop()));
    }
    if (event.msg === "directive ran") {
      steps.push({ ...event, calls });
      calls = [];
    }
    if (event.msg === "mail is in the spool") spooled = event;
    if (event.msg === "mail delivered") return report(steps, spooled, event);
  }
  console.error("The host ended before the mail was delivered.");
  return false;
}

async function send(port) {
  console.log(`A host is listening on 127.0.0.1:${port}, its directory is laid out in ${directory}.\n`);
  const client = createTransport({ host: "127.0.0.1", port, name: "laptop.example", ignoreTLS: true });
  const { response } = await client.sendMail({
    from: "Alice <alice@example.com>",
    to: "Bob <bob@example.com>",
    subject: "A mail through a plugin",
    text: "Hello Bob!",
  });
  console.log(`The client was told: ${response}\n`);
}

function report(steps, spooled, delivered) {
  let stage;
  for (const step of steps) {
    if (step.stage !== stage) console.log(`${step.stage}`);
    stage = step.stage;
    console.log(`  ${step.kind} "${step.directive}" -> ${step.status}`);
    for (const { plugin, function: name, arguments: args, result, error } of step.calls) {
      console.log(`    ${plugin}: ${name}(${args.join(", ")}) = ${error ?? result}`);
    }
  }
  const mail = readFileSync(delivered.file, "utf8");
  console.log(
    `\nspooled    ${relative(directory, spooled.file)} (${spooled.bytes} bytes, synced before the client read 250)`,
  );
  console.log(`delivered  ${relative(directory, delivered.file)}\n`);
  console.log(mail.replaceAll("\r\n", "\n").trimEnd().replace(/^/gm, "  | "));
  return verify(steps, mail, delivered.file);
}

function verify(steps, mail, file) {
  const seen = steps.map(({ stage, directive, calls }) => [
    stage,
    directive,
    calls.map((call) => `${call.plugin} ${call.function}`),
  ]);
  const checks = {
    "every directive ran and called its plugin functions": JSON.stringify(seen) === JSON.stringify(EXPECTED),
    "no plugin function failed": steps.every(({ calls }) => calls.every(({ error }) => error === undefined)),
    "the plugin's greeting is in the mail": /^X-Greeting: Hello, alice@example\.com!\r$/m.test(mail),
    "the command's output is in the mail": /^X-Command: checked [0-9a-f-]{36}\r$/m.test(mail),
    "the text arrived": mail.includes("Hello Bob!"),
    "the mail is a file of a Maildir": existsSync(file) && /\/var\/mail\/bob@example\.com\/new\/[^/]+$/.test(file),
  };
  for (const [sentence, holds] of Object.entries(checks)) console.log(`${holds ? "ok    " : "FAILED"} ${sentence}`);
  if (!checks["every directive ran and called its plugin functions"]) console.log(JSON.stringify(seen));
  return Object.values(checks).every(Boolean);
}
