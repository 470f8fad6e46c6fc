/**
 * Large mailboxes: a search for a word in mails that no cache knows of, against `doveadm search`, each on a copy of its
 * own that was never opened; and opening a mailbox for the second time against the first.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import koffi from "koffi";
import { openStorage } from "../dist/storage/index.js";
import { Dovecot, missingPackage, owner, ownersFolder } from "./dovecot.js";
import { inTurn, median, ratio, row } from "./measure.js";

const SEARCHED = 10_000;
const OPENED = 100_000;
const BYTES = 4096;
const ROUNDS = 3;
const WORD = "needle";

export async function benchMailbox() {
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-bench-"));
  execFileSync("chmod", ["755", directory]);
  const storage = openStorage({ plugins: [], log: ({ text }) => console.error(text) });
  try {
    return [await benchSearch(storage, directory), await benchOpening(storage, directory)];
  } finally {
    await storage.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/* ---- Searching -------------------------------------------------------------------------------- */

async function benchSearch(storage, directory) {
  const what = `search for a word in ${SEARCHED} mails of 4 KiB, nothing cached, against doveadm search`;
  const target = "faster";
  const missing = missingPackage({});
  if (missing) return row(what, `not measured: ${missing} is missing`, target, false);
  const [ours, theirs] = ["ours", "theirs"].map((name) => join(directory, name));
  for (const path of [ours, theirs]) makeMails(path);
  const dovecot = new Dovecot(join(directory, "dovecot"), { location: `maildir:${theirs}` });
  const count = { ours: 0, theirs: 0 };
  const figures = await inTurn(
    {
      ours: () =>
        coldly(ours, async () => {
          const session = await storage.open({ name: "jane", location: `maildir:${ours}` });
          count.ours = (await session.search("INBOX", `BODY ${WORD}`)).length;
          await session.close();
        }),
      theirs: () =>
        coldly(theirs, async () => {
          const found = await dovecot.doveadm("search", "mailbox", "INBOX", "body", WORD);
          count.theirs = found.trim().split("\n").length;
        }),
    },
    ROUNDS,
  );
  if (count.ours !== count.theirs) throw new Error(`found ${count.ours} mails, doveadm ${count.theirs}`);
  const factor = ratio(figures.theirs, figures.ours);
  const text = `${ms(figures.ours)} ms against ${ms(figures.theirs)} ms: ${factor.toFixed(1)}× faster`;
  return row(what, text, target, factor > 1);
}

/** Milliseconds of a search in a mailbox as it is before anybody opens it, none of it in memory. */
async function coldly(mailbox, search) {
  for (const name of readdirSync(mailbox)) {
    if (/^(dovecot|vsmtp-)/.test(name)) rmSync(join(mailbox, name));
  }
  forgetPages(mailbox);
  const start = process.hrtime.bigint();
  await search();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Has the kernel forget all files, which root may ask for, or else what is in those of the mailbox. */
function forgetPages(mailbox) {
  execFileSync("sync");
  try {
    writeFileSync("/proc/sys/vm/drop_caches", "3");
    // programs are not what is measured
    spawnSync("doveadm", ["help"]);
  } catch {
    const advise = koffi.load("libc.so.6").func("int posix_fadvise(int fd, int64_t from, int64_t size, int advice)");
    const DONTNEED = 4;
    for (const name of readdirSync(join(mailbox, "cur"))) {
      const fd = openSync(join(mailbox, "cur", name));
      advise(fd, 0, 0, DONTNEED);
      closeSync(fd);
    }
  }
}

/** A Maildir of mails with words that occur nowhere else; every hundredth has the one that is looked for. */
function makeMails(path) {
  for (const name of [path, ...["cur", "new", "tmp"].map((one) => join(path, one))]) ownersFolder(name);
  for (let n = 1; n <= SEARCHED; n++) {
    const header = `From: sender${n}@example.org\r\nTo: jane@example.com\r\nSubject: mail ${n}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n`;
    const mail = `${header}${words(n, BYTES - header.length)}`;
    const file = join(path, "cur", `${1_600_000_000 + n}.M${n}P1.bench,S=${mail.length},W=${mail.length}:2,S`);
    writeFileSync(file, mail);
  }
  execFileSync("chown", ["-R", `${owner.uid}:${owner.gid}`, path]);
}

function words(seed, size) {
  let [text, line, state] = ["", "", seed];
  while (text.length + line.length < size) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    line += `${state.toString(36)} `;
    if (line.length > 66) {
      text += `${line}\r\n`;
      line = "";
    }
  }
  if (seed % 100 === 0) text = `${text.slice(0, size / 2)} ${WORD} ${text.slice(size / 2 + WORD.length + 2)}`;
  return `${text}${line}\r\n`;
}

/* ---- Opening ---------------------------------------------------------------------------------- */

async function benchOpening(storage, directory) {
  const path = join(directory, "large");
  const user = { name: "jane", location: `maildir:${path}` };
  makeListing(path);
  const session = await storage.open(user);
  const open = async () => {
    const start = process.hrtime.bigint();
    const found = await session.search("INBOX", `UID ${OPENED}:*`);
    if (found[0] !== OPENED) throw new Error(`found ${found}`);
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  const figures = await inTurn(
    {
      first: () => {
        rmSync(join(path, "vsmtp-index"), { force: true });
        return open();
      },
      second: open,
    },
    ROUNDS * 3,
  );
  await session.close();
  const factor = ratio(figures.second, figures.first);
  return row(
    `opening a mailbox of ${OPENED} mails the second time against the first`,
    `${ms(figures.second)} ms against ${ms(figures.first)} ms: 1/${(1 / factor).toFixed(0)}`,
    "under 1/10",
    factor < 0.1,
  );
}

/** A Maildir whose mails have uids already, as deliveries leave it; nobody reads what is in them. */
function makeListing(path) {
  for (const name of ["cur", "new", "tmp"]) mkdirSync(join(path, name), { recursive: true });
  let list = `3 V1700000000 N${OPENED + 1} G0123456789abcdef0123456789abcdef\n`;
  for (let n = 1; n <= OPENED; n++) {
    const base = `${1_600_000_000 + n}.M${(n * 7919) % 1_000_000}P${n % 30_000}.bench.example.org,S=4096,W=4096`;
    closeSync(openSync(join(path, "cur", `${base}:2,${n % 3 === 0 ? "" : "S"}`), "w"));
    list += `${n} :${base}\n`;
  }
  writeFileSync(join(path, "dovecot-uidlist"), list);
}

function ms(values) {
  return median(values).toFixed(values[0] < 20 ? 1 : 0);
}
