/**
 * A process with our storage, which does what the lines of its stdin ask for, one after the other:
 * `{"method": …, "arguments": […]}`, a method of a session, or "deliver". It answers each with a line when it is done.
 *
 * It works as the owner that its arguments name, like a server that was started as root and gives its privileges up.
 */

import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { openStorage } from "../../dist/storage/index.js";

const [user, owner] = process.argv.slice(2).map((text) => JSON.parse(text));
const storage = openStorage({ plugins: [], log: ({ level, text }) => tell({ log: `${level}: ${text}` }) });
if (process.getuid() !== owner.uid) {
  process.setgroups([]);
  process.setgid(owner.gid);
  process.setuid(owner.uid);
}

/** Written before anything else is done: what was told was told, even if the process is killed now. */
function tell(answer) {
  writeSync(1, `${JSON.stringify(answer)}\n`);
}

const bytes = (text) => [Buffer.from(text, "latin1")];

const methods = {
  deliver: (_, delivery) => storage.deliver(user, { ...delivery, parts: bytes(delivery.mail) }),
  save: (session, mailbox, { mail, received, ...more }) =>
    session.save(mailbox, {
      ...more,
      content: bytes(mail),
      received: received === undefined ? undefined : new Date(received * 1000),
    }),
  async saveFile(session, mailbox, path) {
    const fd = openSync(path, "r");
    return session.save(mailbox, { content: { fd } }).finally(() => closeSync(fd));
  },
  async digest(session, mailbox, query) {
    const hash = createHash("sha256");
    for await (const part of session.fetch(mailbox, query, ["text"]))
      if (part.kind === "bytes") hash.update(part.bytes);
    return hash.digest("hex");
  },
  /** The most memory that the process ever had, in KiB. */
  peak: () => Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))[1]),
  async fetch(session, mailbox, query, fields) {
    const mails = [];
    for await (const part of session.fetch(mailbox, query, fields)) {
      if (part.kind === "mail") mails.push({ ...part.fields });
      else mails.at(-1)[part.field] = (mails.at(-1)[part.field] ?? "") + Buffer.from(part.bytes).toString("latin1");
    }
    return mails;
  },
};

const session = await storage.open(user);
tell({ value: "ready" });
for await (const line of createInterface(process.stdin)) {
  const { method, arguments: args } = JSON.parse(line);
  try {
    const value = await (methods[method] ?? ((it, ...rest) => it[method](...rest)))(session, ...args);
    tell({ value: value ?? null });
  } catch (error) {
    tell({ error: { message: error.message, code: error.code, facts: error.facts } });
  }
}
await session.close();
await storage.close();
