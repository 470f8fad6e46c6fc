/** Processes of ours and Dovecot's LMTP in one mailbox at the same time: nothing is lost, and no uid is given twice. */

import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import { afterEach, expect, it } from "vitest";
import { Dovecot, ownersFolder } from "./dovecot.ts";
import { theirs } from "./mailbox-views.ts";
import { StorageProcess } from "./storage-process.ts";

const OURS = 1000;
const THEIRS = 300;

let dovecot: Dovecot | undefined;
const processes: StorageProcess[] = [];

afterEach(async () => {
  for (const process of processes.splice(0)) await process.stop();
  await dovecot?.remove();
});

/** Delivers mail after mail over one connection; returns the subjects that were acknowledged. */
async function deliverByLmtp(socket: string, subjects: readonly string[]): Promise<string[]> {
  const connection = createConnection(socket);
  const lines = createInterface(connection)[Symbol.asyncIterator]();
  const acknowledged: string[] = [];
  const ask = async (text: string, code: string): Promise<void> => {
    connection.write(`${text}\r\n`);
    for (;;) {
      const { value = "" } = await lines.next();
      if (!value.startsWith(code)) throw new Error(`${text}: ${value}`);
      if (value[3] !== "-") return;
    }
  };
  await lines.next();
  await ask("LHLO client.example", "250");
  for (const subject of subjects) {
    await ask("MAIL FROM:<a@a.example>", "250");
    await ask("RCPT TO:<jane>", "250");
    await ask("DATA", "354");
    await ask(`Subject: ${subject}\r\n\r\nby LMTP\r\n.`, "250");
    acknowledged.push(subject);
  }
  connection.end();
  return acknowledged;
}

/** Delivers one after the other; returns the subjects by their uids. */
async function deliver(storage: StorageProcess, who: string): Promise<[number | null, string][]> {
  const told: [number | null, string][] = [];
  for (let n = 0; n < OURS; n++) {
    const subject = `${who}-${n}`;
    const { uid } = await storage.deliver(`1700000000.M${n}P${who}.host`, `Subject: ${subject}\r\n\r\nby us\r\n`);
    told.push([uid, subject]);
  }
  return told;
}

/** Expunges every third mail until all have come; returns the subjects by their uids. */
async function expunge(storage: StorageProcess, ended: () => boolean): Promise<[number, string][]> {
  const expunged: [number, string][] = [];
  let last = 0;
  for (let isLast = false; !isLast; ) {
    isLast = ended();
    const seen = await storage.fetch("INBOX", `uid ${last + 1}:*`, ["uid", "hdr.subject"]);
    const fresh = seen.map((mail) => [mail.uid as number, (mail["hdr.subject"] as string[])[0] as string] as const);
    const chosen = fresh.filter(([uid]) => uid > last && uid % 3 === 0);
    last = Math.max(last, ...fresh.map(([uid]) => uid));
    if (chosen.length === 0) continue;
    await storage.change("expunge", "INBOX", `uid ${chosen.map(([uid]) => uid).join(",")}`);
    expunged.push(...chosen.map(([uid, subject]) => [uid, subject] as [number, string]));
  }
  return expunged;
}

it(`Two of our processes deliver ${2 * OURS} mails while a third expunges and Dovecot delivers by LMTP.`, async () => {
  const folder = ownersFolder();
  const user = { name: "jane", location: `maildir:${folder}/mails` };
  dovecot = new Dovecot(folder, user.location);
  await dovecot.start();
  for (let n = 0; n < 3; n++) processes.push(await StorageProcess.start(user));
  const [first, second, third] = processes as [StorageProcess, StorageProcess, StorageProcess];

  const subjects = Array.from({ length: THEIRS }, (_, n) => `lmtp-${n}`);
  let ended = false;
  const deliveries = Promise.all([
    deliver(first, "1"),
    deliver(second, "2"),
    deliverByLmtp(dovecot.lmtpSocket, subjects),
  ]).finally(() => {
    ended = true;
  });
  const expunged = await expunge(third, () => ended);
  const [told1, told2, byLmtp] = await deliveries;

  const told = [...told1, ...told2];
  const uids = told.map(([uid]) => uid);
  expect(uids).not.toContain(null);
  expect(new Set(uids).size, "uids that were told").toBe(2 * OURS);

  const { mailboxes } = await theirs(dovecot).view();
  const there = mailboxes.INBOX?.mails ?? [];
  const ours = await third.fetch("INBOX", "all", ["uid", "hdr.subject"]);
  const seenByUs = ours.map((mail) => [mail.uid, (mail["hdr.subject"] as string[])[0]]);
  expect(seenByUs).toEqual(there.map(({ uid, subject }) => [uid, subject]));

  const gone = new Set(expunged.map(([, subject]) => subject));
  expect(gone.size).toBeGreaterThan(100);
  const left = [...told.map(([, subject]) => subject), ...byLmtp].filter((subject) => !gone.has(subject));
  expect(there.map(({ subject }) => subject).sort()).toEqual(left.sort());
  const byUid = new Map<unknown, string>(expunged);
  for (const { uid, subject } of there) byUid.set(uid, subject);
  expect(told.filter(([uid, subject]) => byUid.get(uid) !== subject)).toEqual([]);
  expect(processes.flatMap(({ log }) => log)).toEqual([]);
}, 300_000);
