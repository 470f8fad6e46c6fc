/** The example plugin compress, which needs zlib's headers. */

import { readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import type { MailSession, MailUser } from "../../src/storage/index.ts";
import { buildExample, ExampleStorage, save, texts } from "../fixtures/example-storage.ts";

const storage = new ExampleStorage(buildExample("compress"));
afterAll(() => storage.close());

const MAIL = `Message-ID: <1@b.example>\r\nSubject: one\r\n\r\n${"hello\r\n".repeat(1000)}`;

async function open(
  settings = { compress: "6" },
): Promise<{ user: MailUser & { home: string }; session: MailSession }> {
  const user = storage.user(settings);
  return { user, session: await storage.open(user) };
}

function files({ home }: { home: string }, mailbox = ""): string[] {
  return ["new", "cur"].flatMap((folder) => {
    const path = join(home, "Maildir", mailbox, folder);
    return readdirSync(path).map((name) => join(path, name));
  });
}

async function fields(session: MailSession, names: readonly string[]): Promise<unknown> {
  for await (const part of session.fetch("INBOX", "all", names)) return part.kind === "mail" && part.fields;
  return undefined;
}

/** What no compression makes shorter, in lines of base64. */
function noise(size: number): string {
  let state = 1;
  const bytes = Buffer.alloc(size);
  for (let n = 0; n < size; n++) {
    state = (state * 48271) % 2147483647;
    bytes[n] = state;
  }
  return `Subject: noise\r\n\r\n${bytes.toString("base64").replace(/.{76}/g, "$&\r\n")}`;
}

describe("a mail", () => {
  it("lies on disk as gzip, and is read as it was", async () => {
    const { user, session } = await open();
    await save(session, MAIL);
    const [file = ""] = files(user);
    expect(gunzipSync(readFileSync(file)).toString()).toBe(MAIL);
    expect(readFileSync(file).length).toBeLessThan(MAIL.length / 10);
    expect(await texts(session)).toEqual([MAIL]);
  });

  it.each([
    ["of no bytes", ""],
    ["of one byte", "x"],
    ["of a line", "Subject: x\r\n"],
    ["of NULs", `Subject: x\r\n\r\n${"\0".repeat(100_000)}\r\n`],
    ["of 5 MB", `Subject: x\r\n\r\n${"0123456789".repeat(520_000)}\r\n`],
    ["that cannot be compressed", noise(1_000_000)],
  ])("%s comes back byte for byte", async (_, content) => {
    const { user, session } = await open();
    await save(session, content);
    expect(gunzipSync(readFileSync(files(user)[0] ?? "")).toString("latin1")).toBe(content);
    expect(await texts(session)).toEqual([content]);
    expect((await texts(await storage.open(user)))[0]).toBe(content);
  });

  it("is compressed when it is delivered", async () => {
    const { user, session } = await open();
    await storage.deliver(user, MAIL);
    expect(gunzipSync(readFileSync(files(user)[0] ?? "")).toString()).toBe(MAIL);
    expect(await texts(session)).toEqual([MAIL]);
  });

  it("has the size that it is read with", async () => {
    const { user, session } = await open();
    await save(session, MAIL);
    const sizes = { "size.physical": MAIL.length, "size.virtual": MAIL.length };
    expect(await fields(session, ["size.physical", "size.virtual"])).toEqual(sizes);
    expect(await session.status("INBOX")).toMatchObject({ physicalSize: MAIL.length, virtualSize: MAIL.length });
    // also when the file's name does not tell
    const [file = ""] = files(user);
    renameSync(file, file.replace(/,.*/, ""));
    const other = await storage.open(user);
    expect(await fields(other, ["size.physical", "size.virtual", "hdr.subject"])).toEqual({
      ...sizes,
      "hdr.subject": ["one"],
    });
    expect(await session.search("INBOX", `larger ${MAIL.length - 1} body "hello"`)).toHaveLength(1);
  });

  it("is copied as it lies there", async () => {
    const { user, session } = await open();
    await save(session, MAIL);
    await session.createMailbox("Work");
    await session.copy("INBOX", "all", "Work");
    expect(readFileSync(files(user, ".Work")[0] ?? "")).toEqual(readFileSync(files(user)[0] ?? ""));
    expect(await texts(session, "Work")).toEqual([MAIL]);
  });

  it("that was cut off is an error, and no shorter mail", async () => {
    const { user, session } = await open();
    await save(session, noise(200_000));
    const [file = ""] = files(user);
    truncateSync(file, 50_000);
    await expect(texts(session)).rejects.toMatchObject({ facts: { error: "TEMP" } });
    writeFileSync(file, Buffer.concat([gzipSync(MAIL).subarray(0, 30), Buffer.alloc(100)]));
    await expect(texts(await storage.open(user))).rejects.toMatchObject({ facts: { error: "TEMP" } });
  });
});

describe("without the setting", () => {
  it("mails are saved as they are, and compressed ones read all the same", async () => {
    const { user, session } = await open();
    await save(session, MAIL);
    const plain = await storage.open({ ...user, settings: {} });
    await save(plain, MAIL);
    expect(await texts(plain)).toEqual([MAIL, MAIL]);
    expect(
      files(user)
        .map((file) => readFileSync(file).length === MAIL.length)
        .sort(),
    ).toEqual([false, true]);
  });

  it("a level that there is not stops the user's mails", async () => {
    await expect(open({ compress: "fast" })).rejects.toThrow("the setting compress must be 1 to 9, not 'fast'");
  });
});
