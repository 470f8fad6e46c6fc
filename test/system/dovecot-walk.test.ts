/** A random walk in which Dovecot and we take turns on the same mailboxes: both always see what the walk has done. */

import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { Dovecot, ownersFolder } from "./dovecot.ts";
import { ours, theirs } from "./mailbox-views.ts";
import { Walk } from "./mailbox-walk.ts";
import { StorageProcess } from "./storage-process.ts";

let dovecot: Dovecot | undefined;
let storage: StorageProcess | undefined;

afterEach(async () => {
  await storage?.stop();
  await dovecot?.remove();
});

it.each([
  { layout: "Maildir++", options: "", inbox: "", seed: 1, steps: 250 },
  { layout: "Maildir++ with names in UTF-8", options: ":UTF-8", inbox: "", seed: 2, steps: 50 },
  { layout: "fs", options: ":LAYOUT=fs", inbox: "", seed: 3, steps: 150 },
  { layout: "fs with DIRNAME", options: ":LAYOUT=fs:DIRNAME=mAiLs", inbox: "INBOX/mAiLs", seed: 4, steps: 50 },
])(
  "$layout: Dovecot and we agree all along $steps operations.",
  async ({ options, inbox, seed, steps }) => {
    const folder = ownersFolder();
    const location = `maildir:${folder}/mails${options}`;
    dovecot = new Dovecot(folder, location);
    storage = await StorageProcess.start({ name: "jane", location });
    const sides = [ours(storage), theirs(dovecot)];
    await sides[1]?.look("INBOX");
    const walk = new Walk(seed, { root: join(folder, "mails"), inbox, isTree: options.includes("fs") }, sides);
    try {
      for (let compared = 0; walk.done.length < steps; ) {
        await walk.step();
        if (walk.done.length < compared + 4) continue;
        compared = walk.done.length;
        await walk.compare();
      }
      await walk.compare();
      await walk.compareContents();
    } catch (error) {
      const { message } = error as Error;
      throw Object.assign(error as Error, { message: `${walk.done.slice(-12).join("\n")}\n${message}` });
    }
    expect(storage.log).toEqual([]);
  },
  300_000,
);
