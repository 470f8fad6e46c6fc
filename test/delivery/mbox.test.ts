/** The mbox transport on real files: what it writes, how it locks, what it does after failures. */

import { spawnSync } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Config, loadConfig } from "../../src/config/index.ts";
import type { Letter, Transport } from "../../src/delivery/index.ts";
import { openDeliveries } from "../../src/server/deliveries.ts";
import { plainStorage } from "../fixtures/storage.ts";

let directory = "";
let deliver: Transport;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "vsmtp-mbox-"));
  deliver = await transport("any");
});

afterEach(() => rmSync(directory, { recursive: true }));

async function transport(users: "any" | "system"): Promise<Transport> {
  const file = join(directory, "vsmtp.vsl");
  writeFileSync(file, `fn on_config(config) { config.app.mbox = #{ directory: "boxes", users: "${users}" }; config }`);
  const config = (await loadConfig(file)) as Config;
  const { transports } = await openDeliveries(config, plainStorage(), { ask: async () => null });
  return transports.get("mbox") as Transport;
}

function letter(content: string, more: Partial<Letter> = {}): Letter {
  return {
    id: "1b4e28ba-2fa1-11d2-883f-0016d3cca427",
    name: "1.M2P3Q4",
    host: "mx",
    again: false,
    sender: { localPart: "from", domain: "a.example" },
    message: Buffer.from(content, "latin1"),
    received: `Received: by mx id ${more.id ?? "one"}\r\n`,
    serverName: "mx.example.com",
    ...more,
  };
}

const john = { address: { localPart: "John", domain: "b.example" }, transport: { kind: "mbox" } };
const box = (name = "john") => join(directory, "boxes", name);
const read = (name?: string) => readFileSync(box(name), "latin1");
const left = () => readdirSync(join(directory, "boxes"));

const ENVELOPE = "Return-Path: <from@a.example>\nDelivered-To: John@b.example\nReceived: by mx id one\n";

describe("what is written", () => {
  it("The separator comes first, then the envelope and the mail, with line ends of this system.", async () => {
    await deliver(letter("Subject: x\r\n\r\nbody \xff\r\n"), john);
    expect(read()).toMatch(/^From from@a\.example [A-Z]\w\w [A-Z]\w\w [ \d]\d \d\d:\d\d:\d\d \d{4}\n/);
    expect(read().slice(read().indexOf("\n") + 1)).toBe(`${ENVELOPE}Subject: x\n\nbody \xff\n\n`);
    expect(left()).toEqual(["john"]);
  });

  it("The null sender has a name there, and a last line gets its end.", async () => {
    await deliver(letter("A: 1\r\n\r\nend", { sender: undefined }), john);
    expect(read()).toMatch(/^From MAILER-DAEMON /);
    expect(read()).toMatch(/\n\nend\n\n$/);
  });

  it("Lines that look like separators are quoted, quoted ones once more.", async () => {
    await deliver(letter("A: 1\r\n\r\nFrom me\r\n>From you\r\nFrom\r\n From x\r\n"), john);
    expect(read()).toContain("\n\n>From me\n>>From you\nFrom\n From x\n\n");
  });

  it("Mails follow each other, also behind a file that lost its last line end.", async () => {
    mkdirSync(join(directory, "boxes"));
    writeFileSync(box(), "From x Thu Jan  1 00:00:00 1970\nA: 1\n\ncut off");
    await deliver(letter("A: 2\r\n\r\n"), john);
    await deliver(letter("A: 3\r\n\r\n", { id: "two" }), john);
    expect(read().split(/(?<=\n\n)(?=From )/)).toHaveLength(3);
  });

  it("A local part names one file in the directory, whatever is in it.", async () => {
    await deliver(letter("A: 1\r\n\r\n"), { ...john, address: { localPart: "../../x", domain: "b.example" } });
    expect(left()).toEqual(["%2e.%2f..%2fx"]);
  });

  it("The file is the user's own.", async () => {
    await deliver(letter("A: 1\r\n\r\n"), john);
    expect(spawnSync("stat", ["-c", "%a", box()]).stdout.toString().trim()).toBe("600");
  });
});

describe("locks", () => {
  it("Deliveries at the same time do not mix.", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => deliver(letter(`N: ${n}\r\n\r\n`, { id: `${n}` }), john)));
    expect(read().match(/^From /gm)).toHaveLength(20);
    expect(read().match(/^N: \d+\n\n\n/gm)).toHaveLength(20);
    expect(left()).toEqual(["john"]);
  });

  it("Another program's lock is waited for.", async () => {
    mkdirSync(join(directory, "boxes"));
    writeFileSync(`${box()}.lock`, `${process.pid}\n`);
    const delivered = deliver(letter("A: 1\r\n\r\n"), john);
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(read()).toBe("");
    rmSync(`${box()}.lock`);
    await delivered;
    expect(read()).toContain("A: 1\n");
  });

  it("The lock of a process that is gone is taken over, and the half of a mail that it left is cut off.", async () => {
    mkdirSync(join(directory, "boxes"));
    const whole = "From x Thu Jan  1 00:00:00 1970\nA: 1\n\n\n";
    writeFileSync(box(), `${whole}From y Thu Jan  1 00:00:00 1970\nA: half`);
    const gone = spawnSync("true").pid;
    writeFileSync(`${box()}.lock`, `${gone}\nsize ${whole.length}\n`);
    await deliver(letter("A: 2\r\n\r\n"), john);
    expect(read().startsWith(whole)).toBe(true);
    expect(read()).not.toContain("half");
    expect(left()).toEqual(["john"]);
  });
});

describe("forgotten locks", () => {
  it.each([
    ["of this program, after a minute", "size 0\n", 61],
    ["of another program, after five", "", 301],
  ])("A lock whose number belongs to somebody else by now is taken over: %s", async (_, size, seconds) => {
    mkdirSync(join(directory, "boxes"));
    writeFileSync(`${box()}.lock`, `${process.pid}\n${size}`);
    const then = Date.now() / 1000 - seconds;
    utimesSync(`${box()}.lock`, then, then);
    await deliver(letter("A: 1\r\n\r\n"), john);
    expect(left()).toEqual(["john"]);
  });
});

describe("again", () => {
  it("A mail that is there already is not delivered twice.", async () => {
    await deliver(letter("A: 1\r\n\r\n"), john);
    const before = read();
    await deliver(letter("A: 1\r\n\r\n", { again: true }), john);
    expect(read()).toBe(before);
  });

  it("Another recipient's copy in the same file does not count.", async () => {
    await deliver(letter("A: 1\r\n\r\n"), john);
    await deliver(letter("A: 1\r\n\r\n", { again: true }), {
      ...john,
      address: { localPart: "john", domain: "c.example" },
    });
    expect(read().match(/^From /gm)).toHaveLength(2);
  });
});

describe("failures", () => {
  it("Links are not followed, neither soft nor hard.", async () => {
    mkdirSync(join(directory, "boxes"));
    const victim = join(directory, "victim");
    writeFileSync(victim, "");
    symlinkSync(victim, box());
    await expect(deliver(letter("A: 1\r\n\r\n"), john)).rejects.toMatchObject({ code: "STORAGE_WRITE" });
    rmSync(box());
    linkSync(victim, box());
    await expect(deliver(letter("A: 1\r\n\r\n"), john)).rejects.toMatchObject({ code: "STORAGE_WRITE" });
    expect(readFileSync(victim, "utf8")).toBe("");
    expect(left()).toEqual(["john"]);
  });

  it("A directory that is none is told.", async () => {
    writeFileSync(join(directory, "boxes"), "");
    await expect(deliver(letter("A: 1\r\n\r\n"), john)).rejects.toMatchObject({ code: "STORAGE_WRITE" });
  });

  it("Where only users of the system have mailboxes, others' mails wait.", async () => {
    deliver = await transport("system");
    const stranger = { ...john, address: { localPart: "no-such-user", domain: "b.example" } };
    await expect(deliver(letter("A: 1\r\n\r\n"), stranger)).rejects.toMatchObject({ code: "MBOX_USER" });
    await deliver(letter("A: 1\r\n\r\n"), { ...john, address: { localPart: "root", domain: "b.example" } });
    expect(read("root")).toContain("Delivered-To: root@b.example\n");
  });
});

/** Only root can make files of others. */
if (process.getuid?.() === 0) {
  describe("owners", () => {
    const daemon = { ...john, address: { localPart: "daemon", domain: "b.example" } };
    const owner = (name: string) =>
      spawnSync("stat", ["-c", "%U %a", box(name)])
        .stdout.toString()
        .trim();

    it("A new file is the user's, and an empty one becomes so.", async () => {
      deliver = await transport("system");
      await deliver(letter("A: 1\r\n\r\n"), daemon);
      expect(owner("daemon")).toBe("daemon 600");
      writeFileSync(box("daemon"), "");
      spawnSync("chown", ["root", box("daemon")]);
      await deliver(letter("A: 2\r\n\r\n"), daemon);
      expect(owner("daemon")).toBe("daemon 600");
    });

    it.each([
      ["a file", (lock: string, text: string) => writeFileSync(lock, text)],
      [
        "a link to one of ours",
        (lock: string, text: string) => {
          writeFileSync(join(directory, "ours"), text);
          symlinkSync(join(directory, "ours"), lock);
        },
      ],
    ])("What the lock of somebody else says of the mailbox is not believed: %s.", async (_, make) => {
      deliver = await transport("system");
      await deliver(letter("A: 1\r\n\r\n"), daemon);
      const lock = `${box("daemon")}.lock`;
      make(lock, `${spawnSync("true").pid}\nsize 0\n`);
      spawnSync("chown", ["-h", "nobody", lock]);
      await deliver(letter("A: 2\r\n\r\n"), daemon);
      expect(read("daemon").match(/^A: \d$/gm)).toEqual(["A: 1", "A: 2"]);
    });

    it("Nothing is written into a file that somebody else has put there.", async () => {
      deliver = await transport("system");
      mkdirSync(join(directory, "boxes"));
      writeFileSync(box("daemon"), "");
      spawnSync("chown", ["nobody", box("daemon")]);
      await expect(deliver(letter("A: 1\r\n\r\n"), daemon)).rejects.toMatchObject({ code: "MBOX_OWNER" });
      expect(read("daemon")).toBe("");
    });
  });
}
