/** The mbox transport beside another program that writes to the same file. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Config, loadConfig } from "../../src/config/index.ts";
import type { Transport } from "../../src/delivery/index.ts";
import { openDeliveries } from "../../src/server/deliveries.ts";
import { plainStorage } from "../fixtures/storage.ts";
import { cc } from "../native/compile.ts";

const programs = mkdtempSync(join(tmpdir(), "vsmtp-mbox-writer-"));
const writer = join(programs, "mbox-writer");
const running = new Set<ChildProcess>();
let directory = "";
let deliver: Transport;

beforeAll(() => {
  const source = fileURLToPath(new URL("mbox-writer.c", import.meta.url));
  execFileSync(cc(), ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-o", writer, source]);
});
afterAll(() => rmSync(programs, { recursive: true }));

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "vsmtp-mbox-"));
  mkdirSync(join(directory, "boxes"));
  const file = join(directory, "vsmtp.vsl");
  writeFileSync(file, `fn on_config(config) { config.app.mbox = #{ directory: "boxes", users: "any" }; config }`);
  const config = (await loadConfig(file)) as Config;
  const { transports } = await openDeliveries(config, plainStorage(), { ask: async () => null });
  deliver = transports.get("mbox") as Transport;
});

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

const box = () => join(directory, "boxes", "john");

function start(locks: string, count: number): ChildProcess {
  const child = spawn(writer, [locks, box(), String(count)], { stdio: ["pipe", "pipe", "inherit"] });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

function send(n: number): Promise<void> {
  const letter = {
    id: `id-${n}`,
    name: `1.M${n}P3Q4`,
    host: "mx",
    again: false,
    sender: undefined,
    message: Buffer.from(`Subject: ours\r\n\r\nbody of ours ${n}\r\n`),
    received: `Received: by mx id ${n}\r\n`,
    serverName: "mx.example.com",
  };
  return deliver(letter, { address: { localPart: "john", domain: "b.example" }, transport: { kind: "mbox" } });
}

describe.each(["fcntl", "dotlock", "both"])("a program that locks by %s", (locks) => {
  it("is waited for while it has the lock.", async () => {
    const other = start(locks, 0);
    await once(other.stdout as NodeJS.EventEmitter, "data");
    const delivered = send(1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(statSync(box()).size).toBe(0);
    other.stdin?.end();
    await delivered;
    expect(readFileSync(box(), "latin1")).toContain("body of ours 1\n");
  });

  it("writes at the same time, and no mail is torn or lost.", async () => {
    const other = start(locks, 150);
    const ended = once(other, "close");
    for (let n = 0; n < 60; n++) await send(n);
    expect(await ended).toEqual([0, null]);
    const mails = readFileSync(box(), "latin1").split(/^(?=From )/m);
    const ours = /^From MAILER-DAEMON .*\n(?:.+\n)*Subject: ours\n\nbody of ours \d+\n\n$/;
    const others = /^From other .*\nSubject: other\n\nbody of other\n\n$/;
    expect(mails.filter((mail) => ours.test(mail))).toHaveLength(60);
    expect(mails.filter((mail) => others.test(mail))).toHaveLength(150);
    expect(mails).toHaveLength(210);
    expect(readdirSync(join(directory, "boxes"))).toEqual(["john"]);
  });
});
