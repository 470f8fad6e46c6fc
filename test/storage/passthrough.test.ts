/** Twenty plugins that override every method and do nothing: everything goes on as it does without them. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Plugins } from "../../src/plugin/index.ts";
import { type MailSession, type MailUser, openStorage, type Storage } from "../../src/storage/index.ts";
import { compile, includeFolder } from "../fixtures/compile.ts";

const PLUGINS = 20;
const MAIL = "Message-ID: <1@b.example>\r\nSubject: one\r\n\r\nhello\r\n";

const home = mkdtempSync(join(tmpdir(), "vsmtp-passthrough-"));
const lines: string[] = [];
let storage: Storage;

beforeAll(() => {
  const folder = fileURLToPath(new URL("plugins", import.meta.url));
  const source = readFileSync(join(folder, "passthrough.c"), "utf8");
  const flags = [`-I${includeFolder}/dovecot`, `-I${folder}`, "-fvisibility=default", "-Wall", "-Wextra", "-Werror"];
  const files = Array.from({ length: PLUGINS }, (_, n) => {
    const name = `pass${n}_plugin.so`;
    return compile(source, { name: `${10 + n}_${name}`, core: false, flags: [...flags, `-DPLUGIN=pass${n}`] });
  });
  const { plugins, problems } = Plugins.find({ directory: undefined, files, shipped: [] }).loadStorage();
  storage = openStorage({ plugins, problems, log: ({ level, text }) => lines.push(`${level} ${text}`) });
});
afterAll(async () => {
  await storage.close();
  rmSync(home, { recursive: true });
});

/** A user for whom the first plugins are active. */
function user(active: number): MailUser {
  const rest = { separator: "/", hidden: false, list: true, subscriptions: true, location: null };
  const namespaces = [
    {
      ...rest,
      prefix: "",
      inbox: true,
      mailboxes: [{ name: "Sent", auto: "subscribe", specialUse: "\\Sent" }] as const,
    },
    { ...rest, prefix: "Archive/", inbox: false, location: `maildir:${home}/${active}/Archive` },
  ];
  const plugins = Array.from({ length: active }, (_, n) => `pass${n}`);
  return { name: "jane@b.example", location: `maildir:${home}/${active}/Maildir`, namespaces, plugins };
}

async function all<T>(parts: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const part of parts) list.push(part);
  return list;
}

/** What differs from one mailbox to the other. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (key, part) => (/uidValidity|guid|received/i.test(key) ? 0 : part));
  return JSON.parse(text);
}

/** Everything that a session can do, and what came of it. */
async function life(session: MailSession): Promise<unknown[]> {
  const saved = { content: [Buffer.from(MAIL)], flags: ["\\Flagged"], keywords: ["Work"], received: new Date(1e12) };
  await session.createMailbox("Work");
  await session.createMailbox("Archive/Old");
  await session.subscribeMailbox("Work", true);
  const uids = [
    await session.save("INBOX", saved),
    await session.save("INBOX", saved),
    await session.save("Sent", saved),
  ];
  const fields = [
    "uid",
    "flags",
    "keywords",
    "date.received",
    "size.physical",
    "imap.bodystructure",
    "hdr.subject",
    "text",
  ];
  const fetched = await all(session.fetch("INBOX", 'flagged subject "one" body "hello"', fields));
  const counts = [
    await session.flags("INBOX", "uid 1", { mode: "replace", flags: ["\\Seen"], keywords: ["Done"] }),
    await session.copy("INBOX", "uid 1", "Work"),
    await session.copy("INBOX", "all", "Archive/Old"),
    await session.move("INBOX", "uid 2", "Work"),
    await session.expunge("Work", "seen"),
  ];
  await session.renameMailbox("Work", "Play");
  await session.deleteMailbox("Archive/Old");
  const refused = [
    await session.status("Nowhere").catch((error: Error) => error.message),
    await session.deleteMailbox("INBOX").catch((error: Error) => error.message),
  ];
  const boxes = await session.mailboxes();
  const statuses = [await session.status("INBOX"), await session.status("Play"), await session.status("Sent")];
  return [uids, fetched, counts, refused, boxes, await session.mailboxes({ subscribed: true }), statuses];
}

async function lived(active: number): Promise<unknown[]> {
  const whose = user(active);
  const parts = [Buffer.from(MAIL)];
  const delivered = await storage.deliver(whose, { name: "1.M2P3.mx", parts, again: false });
  const again = await storage.deliver(whose, { name: "1.M2P3.mx", parts, again: true });
  expect(existsSync(delivered.file ?? "")).toBe(true);
  const session = await storage.open(whose);
  const result = await life(session);
  await session.close();
  return [delivered.uid, again.uid, ...result.map(plain)];
}

it("with them everything comes out as without any", async () => {
  const wanted = await lived(0);
  expect(await lived(1)).toEqual(wanted);
  expect(await lived(PLUGINS)).toEqual(wanted);
  expect(lines).toEqual([]);
});

it("every method is overridden by all of them, in their order, but for those that only classes have", async () => {
  const chains = await (await storage.open(user(PLUGINS))).hooks();
  const names = Array.from({ length: PLUGINS }, (_, n) => `pass${n}_plugin`);
  const without = chains.filter(({ links }) => links.length > 0 && links[0]?.module === undefined);
  expect(without.map(({ object, slot }) => `${object}.${slot}`).sort()).toEqual([
    "mail_storage.alloc",
    "mail_storage.autodetect",
    "mail_storage.get_list_settings",
    "mailbox_list.alloc",
  ]);
  for (const { links } of chains.filter((chain) => chain.links.length > 0 && !without.includes(chain))) {
    expect(links.flatMap(({ module }) => module ?? []).filter((module) => module !== "notify_plugin")).toEqual(names);
  }
});
