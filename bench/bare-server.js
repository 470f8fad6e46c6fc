/**
 * The bare server that the host is measured against: npm smtp-server whose onData hands the bytes to the host's own
 * writers, spool first, and answers; the delivery by the host's storage follows, then the spool entry goes. No rules, no
 * plugins.
 *
 * Arguments: the spool directory, the directory of mailboxes, threads for the writers.
 */

import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import { native as openNative } from "../dist/native/index.js";
import { openStorage } from "../dist/storage/index.js";

const [spool, mailboxes, threads] = process.argv.slice(2);
const native = openNative();
native.setThreads({ writers: Number(threads), calls: 1 });
const storage = openStorage({ plugins: [], log: () => {} });
let sequence = 0;

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["AUTH", "STARTTLS"],
  disableReverseLookup: true,
  logger: false,
  onData(stream, session, callback) {
    const chunks = [];
    const [recipient] = session.envelope.rcptTo;
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      const name = `${Math.floor(Date.now() / 1000)}.M${Date.now() % 1000}P${process.pid}Q${sequence++}`;
      native.writeSpool(spool, name, chunks).then(() => {
        callback();
        void deliver(name, recipient.address, chunks);
      }, callback);
    });
  },
});

async function deliver(name, recipient, chunks) {
  const user = { name: recipient, location: `maildir:${join(mailboxes, recipient)}` };
  await storage.deliver(user, { name: `${name}.bench`, parts: chunks, again: false });
  await native.removeFile(join(spool, name));
}

server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.server.address().port })));
process.on("SIGTERM", () => process.exit(0));
