/** kill -9 at any moment: the mailboxes repair themselves, nothing that was told is lost, nothing is there twice. */

import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { Chance } from "./chance.ts";
import { Dovecot, ownersFolder } from "./dovecot.ts";
import { ours, type Side, theirs, type View } from "./mailbox-views.ts";
import { StorageProcess } from "./storage-process.ts";
import { ask, type Deed, Told, viewOf } from "./told.ts";

const ROUNDS = 200;
/** Milliseconds that a process lives at most once it has something to do. */
const LIFE = 60;

let dovecot: Dovecot | undefined;
const processes = new Set<StorageProcess>();

afterEach(async () => {
  for (const process of processes) await process.stop();
  processes.clear();
  await dovecot?.remove();
});

it(`After each of ${ROUNDS} kills the mailboxes are as it was told, for us and for Dovecot.`, async () => {
  const folder = ownersFolder();
  const user = { name: "jane", location: `maildir:${folder}/mails` };
  const start = async () => {
    const process = await StorageProcess.start(user);
    processes.add(process);
    return process;
  };
  dovecot = new Dovecot(folder, user.location);
  const chance = new Chance(5);
  const looking = await start();
  await looking.do("createMailbox", "Work");
  await looking.do("createMailbox", "Work/Deep");
  const sides: readonly Side[] = [ours(looking), theirs(dovecot)];
  const told = new Told(chance, viewOf(await (sides[0] as Side).view()));
  const uidNext = new Map<string, number>();
  let killed = await start();
  for (let round = 0; round < ROUNDS; round++) {
    const next = start();
    const death = new Promise((resolve) => setTimeout(resolve, chance.below(LIFE * 10) / 10)).then(() => killed.kill());
    const open = await work(killed, told);
    await death;
    processes.delete(killed);
    ageLocks(join(folder, "mails"));
    // who looks first repairs
    const [first, second] = round % 2 === 0 ? sides : [...sides].reverse();
    const view = await (first as Side).view();
    expect(await (second as Side).view(), `round ${round}: ${JSON.stringify(open)}`).toEqual(view);
    try {
      grown(view, uidNext);
      told.settle(viewOf(view));
    } catch (error) {
      throw Object.assign(error as Error, {
        message: `round ${round}: ${JSON.stringify(open)}: ${(error as Error).message}`,
      });
    }
    killed = await next;
    if (open?.kind === "deliver") await again(killed, open, told, sides[0] as Side);
  }
  for (const name of told.mailboxes.keys()) {
    expect(await (sides[0] as Side).contents(name)).toEqual(await (sides[1] as Side).contents(name));
  }
  expect(Object.keys(told.done).sort()).toEqual(["copy", "deliver", "expunge", "mark", "move", "rename", "save"]);
  expect(Object.values(told.done).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(ROUNDS);
}, 300_000);

/** No mailbox goes back to uids that it has given before. */
function grown({ mailboxes }: View, last: Map<string, number>): void {
  for (const { guid, uidNext } of Object.values(mailboxes)) {
    expect(uidNext).toBeGreaterThanOrEqual(last.get(guid) ?? 1);
    last.set(guid, uidNext);
  }
}

/** Dovecot takes who made a lock in the last seconds for alive: makes locks that were left older. */
function ageLocks(folder: string): void {
  const old = Date.now() / 1000 - 10;
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const name of names.filter((name) => name.endsWith(".lock"))) utimesSync(join(folder, name), old, old);
}

/** Works until it is killed; what it was doing then. */
async function work(storage: StorageProcess, told: Told): Promise<Deed | undefined> {
  try {
    for (;;) await told.do(storage, told.next());
  } catch (error) {
    if (!(error as Error).message.includes("SIGKILL")) throw error;
    return told.open;
  }
}

/** A delivery that was not answered is tried again: the mail is there once. */
async function again(storage: StorageProcess, deed: Deed, told: Told, side: Side): Promise<void> {
  if (deed.kind !== "deliver") return;
  await ask(storage, deed, true);
  const there = viewOf(await side.view());
  const found = [...(there.get("INBOX") ?? [])].filter(([, { subject }]) => subject === deed.mail.subject);
  expect(found).toHaveLength(1);
  told.mailboxes = there;
}
