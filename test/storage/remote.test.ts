/** The storage of another process, as its clients see it. */

import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { native } from "../../src/native/index.ts";
import { collectLog } from "../../src/observe/index.ts";
import { hostVersion } from "../../src/plugin/index.ts";
import {
  decodeReply,
  encodeReply,
  RemoteChannel,
  RequestServer,
  type StorageEvent,
  type StorageQuestion,
} from "../../src/storage/index.ts";
import { until } from "../fixtures/host.ts";
import {
  all,
  bytes,
  connected,
  delivery,
  folder,
  MAIL,
  StorageProcess,
  socket,
  started,
  UNAVAILABLE,
  user,
} from "./remote-host.ts";

describe("a client", () => {
  it("delivers, and is told where the mail is", async () => {
    const storage = connected([await started()]);
    const delivered = await storage.deliver(user(), delivery("1.M2P3.mx"));
    expect(delivered).toMatchObject({ mailbox: "INBOX", uid: 1 });
    expect(readFileSync(delivered.file ?? "", "utf8")).toBe(MAIL);
    expect(await storage.deliver(user(), delivery("1.M2P3.mx", { again: true }))).toEqual({
      ...delivered,
      uid: undefined,
    });
  });

  it("has many deliveries under way, carried out in their order", async () => {
    const storage = connected([await started()]);
    const names = Array.from({ length: 200 }, (_, n) => `1.M${n}P3.mx`);
    const delivered = await Promise.all(names.map((name) => storage.deliver(user(), delivery(name))));
    expect(delivered.map(({ uid }) => uid)).toEqual(names.map((_, n) => n + 1));
  });

  it("does in a session what can be done in one of its own process", async () => {
    const session = await connected([await started()]).open(user());
    const large = `A: 1\r\n\r\n${"x".repeat(70)}\r\n`.padEnd(3_000_000, "0123456789");
    await session.save("INBOX", { content: bytes(MAIL), flags: ["\\Flagged"] });
    writeFileSync(join(folder, "mail"), `skipped\n${large}`);
    const fd = openSync(join(folder, "mail"), "r");
    readSync(fd, Buffer.alloc("skipped\n".length));
    expect(await session.save("INBOX", { content: { fd }, keywords: ["Work"] })).toMatchObject({ uid: 2 });
    closeSync(fd);
    const parts = await all(session.fetch("INBOX", "all", ["uid", "hdr.subject", "text"]));
    const second = parts.findLastIndex(({ kind }) => kind === "mail");
    const pieces = parts.slice(second + 1).map((part) => (part.kind === "bytes" ? part.bytes : Buffer.of()));
    expect(parts[0]).toEqual({ kind: "mail", uid: 1, fields: { uid: 1, "hdr.subject": ["one"] } });
    expect(Buffer.concat(pieces).toString()).toBe(large);
    await session.createMailbox("Work");
    expect(await session.flags("INBOX", "uid 1", { mode: "add", flags: ["\\Seen"] })).toBe(1);
    expect(await session.search("INBOX", "seen")).toEqual([1]);
    expect(await session.copy("INBOX", "seen", "Work")).toBe(1);
    expect(await session.expunge("INBOX", "keyword Work")).toBe(1);
    expect(await session.status("INBOX")).toMatchObject({ messages: 1, unseen: 0 });
    expect((await session.mailboxes()).map(({ name }) => name).sort()).toEqual(["INBOX", "Work"]);
    expect((await session.hooks()).some(({ object, slot }) => object === "mailbox" && slot === "copy")).toBe(true);
    await session.close();
    await expect(session.mailboxes()).rejects.toThrow("The session is closed");
  });

  it("is told why something failed, as if it had happened here", async () => {
    const storage = connected([await started()]);
    await expect(storage.deliver(user(), delivery("1.M2P3.mx", { mailbox: "Work" }))).rejects.toMatchObject({
      code: "STORAGE_OPERATION",
      facts: { error: "NOTFOUND", mailbox: "Work", operation: "deliver", user: "jane@b.example" },
      fix: "Create it, or correct its name",
    });
  });

  it("answers questions of the storage about what it asked for", async () => {
    const questions: StorageQuestion[] = [];
    const process = await started();
    const deny = connected([process], {
      ask: async (question) => {
        questions.push(question);
        return { kind: "refuse", text: "Not here" };
      },
    });
    await expect(deny.deliver(user(), delivery("1.M2P3.mx"))).rejects.toMatchObject({
      facts: { error: "PERM", reason: "Not here" },
    });
    expect(questions).toMatchObject([{ user: "jane@b.example", mailbox: "INBOX", operation: "save" }]);
    // Another client with rules of its own, and one that has none of this stage.
    const silent = connected([process], { ask: () => Promise.reject(new Error("the rule is broken")) });
    await expect(silent.deliver(user(), delivery("1.M2P4.mx"))).rejects.toMatchObject({ facts: { error: "TEMP" } });
    expect(await connected([process]).deliver(user(), delivery("1.M2P5.mx"))).toMatchObject({ uid: 1 });
    expect(questions).toHaveLength(1);
  });

  it("is told what others do in mailboxes, also after the process was replaced", async () => {
    const place = socket();
    const process = new StorageProcess(place);
    const events: StorageEvent[] = [];
    const listener = connected([place]);
    const storage = connected([place]);
    const stop = listener.subscribe((event) => events.push(event));
    await (await listener.open(user())).close();
    await storage.deliver(user(), delivery("1.M2P3.mx"));
    await until(() => events.some(({ kind }) => kind === "save"));
    await process.kill();
    new StorageProcess(place);
    events.length = 0;
    for (let n = 4; events.length === 0; n++) {
      await storage.deliver(user(), delivery(`1.M2P${n}.mx`)).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    stop();
    expect(events[0]).toMatchObject({ kind: "save", user: "jane@b.example", mailbox: "INBOX" });
  });

  it("finds every user in one place, and users in all of them", async () => {
    const several = [await started(), await started(), await started()];
    const storage = connected(several);
    const names = Array.from({ length: 40 }, (_, n) => `user${n}`);
    await Promise.all(names.map((name) => storage.deliver(user(name), delivery("1.M2P3.mx"))));
    await Promise.all(names.map((name) => storage.deliver(user(name), delivery("1.M2P4.mx"))));
    const counts = [];
    for (const one of several) {
      one.send({ figures: true });
      counts.push(((await one.said("figures")) as { operations: number }).operations);
    }
    expect(counts.reduce((sum, count) => sum + count)).toBe(80);
    expect(counts.every((count) => count > 0 && count % 2 === 0)).toBe(true);
  });
});

describe("a connection", () => {
  it("carries mails that are larger than all that may wait, several at a time", async () => {
    const storage = connected([await started()]);
    const part = Buffer.alloc(1 << 20, `${"x".repeat(70)}\r\n`);
    const parts = [Buffer.from("Subject: large\r\n\r\n"), ...Array.from({ length: 24 }, () => part)];
    const names = ["1.M1P3.mx", "1.M2P3.mx", "1.M3P3.mx", "1.M4P3.mx"];
    await Promise.all(names.map((name) => storage.deliver(user(), delivery(name, { parts }))));
    const files = readdirSync(join(folder, "jane/new"));
    const sizes = files.map((file) => readFileSync(join(folder, "jane/new", file)).length);
    expect(sizes).toEqual(Array(4).fill(parts.reduce((sum, { length }) => sum + length, 0)));
  });

  it("that breaks fails what is under way, and the next request has a new one", async () => {
    const place = socket();
    const process = new StorageProcess(place);
    const ask = () => new Promise<never>(() => {});
    const storage = connected([place], { ask });
    const under = storage.deliver(user(), delivery("1.M2P3.mx"));
    const waits = storage.deliver(user(), delivery("1.M2P4.mx"));
    const failed = [expect(under).rejects.toMatchObject(UNAVAILABLE), expect(waits).rejects.toMatchObject(UNAVAILABLE)];
    await process.said("serving");
    await new Promise((resolve) => setTimeout(resolve, 200));
    await process.kill();
    await Promise.all(failed);
    new StorageProcess(place);
    expect(await connected([place]).deliver(user(), delivery("1.M2P3.mx", { again: true }))).toMatchObject({ uid: 1 });
  });

  it("that breaks ends its sessions, also when the next process gives their numbers to others", async () => {
    const place = socket();
    const process = new StorageProcess(place);
    const storage = connected([place]);
    const jane = await storage.open(user("jane"));
    await process.kill();
    await expect(jane.mailboxes()).rejects.toMatchObject(UNAVAILABLE);
    new StorageProcess(place);
    const john = await storage.open(user("john"));
    await expect(jane.createMailbox("Work")).rejects.toMatchObject(UNAVAILABLE);
    await expect(jane.close()).rejects.toMatchObject(UNAVAILABLE);
    expect((await john.mailboxes()).map(({ name }) => name)).toEqual(["INBOX"]);
  });

  it("carries one answer that is larger than all that may wait", async () => {
    const path = join(folder, "large.sock");
    const large = "x".repeat(40 << 20);
    const server = new RequestServer({
      descriptor: native().listenOn({ path, mode: 0o600 }, 8),
      operations: new Set(["large"]),
      carryOut: async () => encodeReply(true, large),
      log: collectLog("error", ({ text }) => expect.fail(text))("storage"),
    });
    server.serve();
    const channel = new RemoteChannel({ path });
    const { bytes } = await channel.request({ asked: { operation: "large" } });
    expect(decodeReply(bytes)).toHaveLength(large.length);
    await channel.close();
    await server.close(0);
  });

  it("that the other side ends carries all answers before", async () => {
    const path = join(folder, "ending.sock");
    const large = "x".repeat(20 << 20);
    const server = new RequestServer({
      descriptor: native().listenOn({ path, mode: 0o600 }, 8),
      operations: new Set(["large"]),
      carryOut: async () => {
        setImmediate(() => void server.close(0));
        return encodeReply(true, large);
      },
      log: collectLog("error", ({ text }) => expect.fail(text))("storage"),
    });
    server.serve();
    const channel = new RemoteChannel({ path });
    const { bytes } = await channel.request({ asked: { operation: "large" } });
    expect(decodeReply(bytes)).toHaveLength(large.length);
    await channel.close();
    await server.close(0);
  });

  it("carries what rules say, however much that is", async () => {
    const storage = connected([await started()], { ask: async () => ({ kind: "refuse", text: '"'.repeat(100_000) }) });
    await expect(storage.deliver(user(), delivery("1.M2P3.mx"))).rejects.toMatchObject({ facts: { error: "PERM" } });
  });

  it("waits for a process that is not there yet", async () => {
    const place = socket();
    const delivered = connected([place]).deliver(user(), delivery("1.M2P3.mx"));
    new StorageProcess(place);
    expect(await delivered).toMatchObject({ uid: 1 });
  });

  it("to a process that never greets, or to no socket at all, fails in time", async () => {
    const nobody = connected([socket()], { patience: 50 });
    await expect(nobody.deliver(user(), delivery("1.M2P3.mx"))).rejects.toThrow("does not answer");
    const nowhere = connected([{ path: join(folder, "nowhere.sock") }]);
    await expect(nowhere.deliver(user(), delivery("1.M2P3.mx"))).rejects.toMatchObject(UNAVAILABLE);
  });

  it("ends when all is answered, and not before", async () => {
    const storage = connected([await started()]);
    const under = storage.deliver(user(), delivery("1.M2P3.mx"));
    await storage.close();
    expect(await under).toMatchObject({ uid: 1 });
    await expect(storage.deliver(user(), delivery("1.M2P4.mx"))).rejects.toMatchObject(UNAVAILABLE);
  });

  it("on which damage arrives is cut off, and others go on", async () => {
    const process = await started();
    const storage = connected([process]);
    const header = (size: number, magic: number, kind: number) => {
      const bytes = Buffer.alloc(12);
      bytes.writeUInt32LE(size);
      return Buffer.concat([bytes.subarray(0, 4), Buffer.of(magic, kind), bytes.subarray(6)]);
    };
    const hello = (version: string) => {
      const text = Buffer.from(JSON.stringify({ version, asks: false }));
      return Buffer.concat([header(text.length, 0x76, 1), text]);
    };
    const request = (text: string) =>
      Buffer.concat([hello(hostVersion()), header(text.length, 0x76, 2), Buffer.from(text)]);
    const damages = [
      Buffer.from("EHLO client.example\r\n"),
      header(0, 0x76, 2),
      header(0x7fffffff, 0x76, 1),
      hello("0.0.1"),
      Buffer.concat([hello(hostVersion()), hello(hostVersion())]),
      request("{"),
      request("[]"),
      request(JSON.stringify({ asked: { operation: "end", user: { name: "x" } } })),
      request(JSON.stringify({ asked: { operation: "search", session: "1" } })),
      Buffer.concat([hello(hostVersion()), header(0, 0x76, 3)]),
      Buffer.concat([hello(hostVersion()), header(0, 0x76, 6)]),
    ];
    for (const bytes of damages) {
      const client = connect(process.path);
      client.resume().write(bytes);
      await once(client, "close");
    }
    await until(() => process.told.filter((told) => "damage" in told).length === damages.length);
    expect(await storage.deliver(user(), delivery("1.M2P3.mx"))).toMatchObject({ uid: 1 });
  });

  it("to somebody who sends damage is given up", async () => {
    const path = join(folder, "strange.sock");
    const server = createServer((client) => void client.on("error", () => {}).end("220 mx.example.com ready\r\n"));
    await once(server.listen(path), "listening");
    await expect(connected([{ path }]).open(user())).rejects.toThrow("what cannot be understood");
    server.close();
  });
});
