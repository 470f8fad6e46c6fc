/** Operations on mailboxes chosen at random, done by one side or the other and by a model, which then are compared. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "vitest";
import { Chance } from "./chance.ts";
import { give } from "./dovecot.ts";
import { Model } from "./mailbox-model.ts";
import type { MarkMode, NewMail, Side } from "./mailbox-views.ts";

const MARKS = [
  "\\Seen",
  "\\Answered",
  "\\Flagged",
  "\\Deleted",
  "\\Draft",
  "$Forwarded",
  "Work",
  "a-b_c",
  "x:y/z",
  "junk",
];
const NAMES = ["Arbeit", "Übung", "A&B", "日本語", "with space", "a~tilde", "100%25", "x'y", "Ünï & co", "🦉"];

/** Files in a mail folder that are Dovecot's own or nobody's, by their digests: we must not touch them. */
function foreignFiles(root: string): Map<string, string> {
  const known = /^(vsmtp-|dovecot-uidlist|dovecot-keywords|dovecot-uidvalidity|subscriptions|maildirfolder)/;
  const files = new Map<string, string>();
  for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || known.test(entry.name) || /\/(cur|new|tmp)\/[^/]+$/.test(path)) continue;
    files.set(relative(root, path), createHash("sha256").update(readFileSync(path)).digest("hex"));
  }
  return files;
}

interface Place {
  readonly root: string;
  readonly inbox: string;
  readonly isTree: boolean;
}

export class Walk {
  readonly #chance: Chance;
  readonly #root: string;
  /** The Maildir of the INBOX. */
  readonly #inbox: string;
  /** The mailboxes are directories in each other. */
  readonly #isTree: boolean;
  readonly #sides: readonly Side[];
  readonly #model = new Model();
  readonly #gone: string[] = [];
  #count = 0;
  /** For the message of a failure. */
  readonly done: string[] = [];

  constructor(seed: number, { root, inbox, isTree }: Place, sides: readonly Side[]) {
    this.#chance = new Chance(seed);
    this.#root = root;
    this.#inbox = join(root, inbox);
    this.#isTree = isTree;
    this.#sides = sides;
  }

  async step(): Promise<void> {
    const side = this.#chance.one(this.#sides);
    const steps = [
      [14, () => this.#save(side)],
      [10, () => this.#mark(side)],
      [7, () => this.#copy(side)],
      [5, () => this.#move(side)],
      [6, () => this.#expunge(side)],
      [4, () => this.#create(side)],
      [2, () => this.#delete(side)],
      [3, () => this.#rename(side)],
      [3, () => this.#subscribe(side)],
      [2, () => this.#dropIntoNew(side)],
      [2, () => this.#renameByHand()],
      [1, () => this.#refused(side)],
    ] as const;
    let ticket = this.#chance.below(steps.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, step] of steps) {
      ticket -= weight;
      if (ticket >= 0) continue;
      const before = side.name === "we" ? foreignFiles(this.#root) : undefined;
      await step();
      if (before) this.#untouched(before);
      return;
    }
  }

  /** Both sides see what the model has. */
  async compare(): Promise<void> {
    const views = [];
    for (const side of this.#sides) {
      const before = side.name === "we" ? foreignFiles(this.#root) : undefined;
      const view = await side.view();
      if (before) expect(foreignFiles(this.#root)).toEqual(before);
      views.push({ side, view });
    }
    const expected = [...this.#model.mailboxes.keys()].sort();
    for (const { side, view } of views) {
      expect(Object.keys(view.mailboxes).sort(), `mailboxes of ${side.name}`).toEqual(expected);
      expect(view.subscribed, `subscriptions of ${side.name}`).toEqual([...this.#model.subscribed].sort());
      for (const [name, mailbox] of Object.entries(view.mailboxes)) {
        this.#model.learn(name, mailbox);
        expect(mailbox, `${name} of ${side.name}`).toEqual(this.#model.view(name));
      }
    }
    expect(views[0]?.view.names, "names").toEqual(views[1]?.view.names);
  }

  /** Both sides read the bytes that were saved. */
  async compareContents(): Promise<void> {
    for (const [name, { mails }] of this.#model.mailboxes) {
      const expected = Object.fromEntries(mails.map(({ uid, content }) => [uid, content]));
      for (const side of this.#sides) expect(await side.contents(name), `${name} of ${side.name}`).toEqual(expected);
    }
  }

  /** Whose mailboxes went or were renamed went with them; all the rest is as it was. */
  #untouched(before: ReadonlyMap<string, string>): void {
    const after = foreignFiles(this.#root);
    const [last = ""] = this.done.slice(-1);
    if (/ (delete|rename) /.test(last)) {
      const digests = [...before.values()];
      expect(
        [...after.values()].filter((one) => !digests.includes(one)),
        last,
      ).toEqual([]);
      const shared = [...after].filter(([path]) => before.has(path));
      expect(shared, last).toEqual([...before].filter(([path]) => after.has(path)));
      if (/ rename /.test(last)) expect(after.size, last).toBe(before.size);
    } else {
      expect(after, last).toEqual(before);
    }
  }

  #did(side: Side, ...what: readonly unknown[]): void {
    this.done.push(
      `${side.name} ${what.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join(" ")}`,
    );
  }

  #names(): string[] {
    return [...this.#model.mailboxes.keys()];
  }

  /** A mailbox, rather one with mails. */
  #filled(): { name: string; uids: number[] } {
    const names = this.#names();
    const filled = names.filter((name) => this.#model.mailbox(name).mails.length > 0);
    const name = this.#chance.one(filled.length > 0 ? filled : names);
    return { name, uids: this.#model.mailbox(name).mails.map(({ uid }) => uid) };
  }

  #newName(): string {
    const name = `${this.#chance.one(NAMES)}${this.#count++}`;
    const above = this.#chance.one([...this.#names(), undefined, undefined]);
    return above === undefined || above === "INBOX" || above.split("/").length > 3 ? name : `${above}/${name}`;
  }

  #mail(marks: readonly string[] = []): NewMail {
    const end = this.#chance.one(["\r\n", "\n"]);
    const lines = Array.from({ length: this.#chance.below(30) }, () =>
      "8bit: \xc3\xa4 .".repeat(this.#chance.below(12)),
    );
    const mail = [`Subject: mail ${this.#count++}`, "From: x@a.example", "", ...lines].join(end);
    return { mail: mail + (this.#chance.below(4) === 0 ? "" : end), marks };
  }

  async #save(side: Side): Promise<void> {
    const name = this.#chance.one(this.#names());
    const mail = this.#mail(this.#chance.below(2) === 0 ? [] : this.#chance.some(MARKS, 2).sort());
    this.#did(side, "save", name, mail.marks);
    await side.save(name, mail);
    this.#model.save(name, mail);
  }

  async #mark(side: Side): Promise<void> {
    const { name, uids } = this.#filled();
    const chosen = this.#chance.some(uids, 3);
    const mode = this.#chance.one<MarkMode>(["add", "remove", "replace"]);
    const marks = this.#chance.some(MARKS, 2);
    if (chosen.length === 0 || (marks.length === 0 && mode !== "replace")) return;
    if (marks.length === 0) marks.push("\\Seen");
    this.#did(side, "mark", name, chosen, mode, marks);
    await side.mark(name, chosen, mode, marks);
    this.#model.mark(name, chosen, mode, marks);
  }

  async #copy(side: Side): Promise<void> {
    const { name, uids } = this.#filled();
    const chosen = this.#chance.some(uids, 3);
    const to = this.#chance.one(this.#names());
    if (chosen.length === 0) return;
    this.#did(side, "copy", name, chosen, to);
    await side.copy(name, chosen, to);
    this.#model.copy(name, chosen, to);
  }

  async #move(side: Side): Promise<void> {
    const { name, uids } = this.#filled();
    const chosen = this.#chance.some(uids, 2);
    const to = this.#chance.one(this.#names().filter((other) => other !== name));
    if (chosen.length === 0 || to === undefined) return;
    this.#did(side, "move", name, chosen, to);
    await side.move(name, chosen, to);
    this.#model.copy(name, chosen, to);
    this.#model.expunge(name, chosen);
  }

  async #expunge(side: Side): Promise<void> {
    const { name, uids } = this.#filled();
    const chosen = this.#chance.some(uids, 2);
    if (chosen.length === 0) return;
    this.#did(side, "expunge", name, chosen);
    await side.expunge(name, chosen);
    this.#model.expunge(name, chosen);
  }

  async #create(side: Side): Promise<void> {
    // Dovecot does not see that others make a mailbox of a directory in a tree before it changes the tree itself
    const blind = side.name === "we" && this.#isTree;
    const again = this.#gone.filter((name) => !blind && !this.#names().includes(name));
    const name = again.length > 0 && this.#chance.below(3) === 0 ? this.#chance.one(again) : this.#newName();
    if (this.#names().length > 12) return;
    this.#did(side, "create", name);
    await side.create(name);
    this.#model.create(name);
  }

  async #delete(side: Side): Promise<void> {
    const names = this.#names().filter((name) => name !== "INBOX");
    if (names.length === 0) return;
    const name = this.#chance.one(names);
    this.#did(side, "delete", name);
    await side.delete(name);
    this.#model.delete(name);
    this.#gone.push(name);
  }

  async #rename(side: Side): Promise<void> {
    const names = this.#names().filter((name) => name !== "INBOX");
    if (names.length === 0) return;
    const name = this.#chance.one(names);
    const to = this.#newName();
    if (`${to}/`.startsWith(`${name}/`)) return;
    this.#did(side, "rename", name, to);
    await side.rename(name, to);
    this.#model.rename(name, to);
  }

  async #subscribe(side: Side): Promise<void> {
    const name = this.#chance.one([...this.#names(), ...this.#model.subscribed]);
    const wanted = !this.#model.subscribed.has(name);
    this.#did(side, wanted ? "subscribe" : "unsubscribe", name);
    await side.subscribe(name, wanted);
    this.#model.subscribe(name, wanted);
  }

  /** As any other program that knows Maildirs delivers. */
  async #dropIntoNew(side: Side): Promise<void> {
    const mail = this.#mail();
    const path = join(this.#inbox, "new");
    this.#did(side, "looks at what another program has delivered");
    const file = join(path, `${Math.floor(Date.now() / 1000)}.other${this.#count++}.host`);
    writeFileSync(file, mail.mail.replaceAll("\r\n", "\n"), "latin1");
    give(file);
    await side.look("INBOX");
    this.#model.save("INBOX", mail);
  }

  /** As any other program that knows Maildirs sets flags. */
  #renameByHand(): void {
    const cur = join(this.#inbox, "cur");
    const name = this.#chance.one(readdirSync(cur));
    if (name === undefined) return;
    const [base = "", info = ""] = name.split(":2,");
    const letters = info.includes("F") ? info.replace("F", "") : [...info, "F"].sort().join("");
    renameSync(join(cur, name), join(cur, `${base}:2,${letters}`));
    this.done.push(`another program changes ${name}`);
    const uid = Number(
      readFileSync(join(this.#inbox, "dovecot-uidlist"), "utf8")
        .split("\n")
        .findLast((line) => line.endsWith(`:${base}`))
        ?.split(" ")[0],
    );
    this.#model.mark("INBOX", [uid], info.includes("F") ? "remove" : "add", ["\\Flagged"]);
  }

  async #refused(side: Side): Promise<void> {
    const name = this.#chance.one(this.#names());
    this.#did(side, "cannot do to", name);
    await expect(side.create(name), this.done.at(-1)).rejects.toThrow();
    await expect(side.delete(`${name}/none`), this.done.at(-1)).rejects.toThrow();
    await expect(side.rename(`${name}/none`, "other"), this.done.at(-1)).rejects.toThrow();
    await expect(side.save(`${name}/none`, this.#mail()), this.done.at(-1)).rejects.toThrow();
    if (name !== "INBOX") await expect(side.rename(name, "INBOX"), this.done.at(-1)).rejects.toThrow();
  }
}
