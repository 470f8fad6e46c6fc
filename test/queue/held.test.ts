/** Mails that are held because of crashes: where they wait, and how they come back. */

import { mkdirSync, readFileSync, renameSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Config, loadConfig } from "../../src/config/index.ts";
import { type Log, openLog, parseLevels } from "../../src/observe/index.ts";
import { EVERYTHING, type Mail, Queue, Spool, type SpoolFiles } from "../../src/queue/index.ts";
import { Connection, Rules, Transaction } from "../../src/rules/index.ts";
import { openDeliveries } from "../../src/server/deliveries.ts";
import { nativeFiles, spoolPlaces } from "../../src/server/files.ts";
import { findPlugins } from "../../src/server/index.ts";
import { until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { plainStorage } from "../fixtures/storage.ts";

let site: Site;
let log: Log;
const queues: Queue[] = [];

beforeEach(() => {
  log = openLog({ levels: parseLevels(["off"]) });
});

afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.stop(60_000);
  log.close();
  site.remove();
});

/** The rules of this site; another one on the same site is a process that comes after. */
async function openQueue(filter?: string, files = (real: SpoolFiles) => real): Promise<Queue> {
  if (filter !== undefined) site = new Site({ filter });
  const config = (await loadConfig(site.config)) as Config;
  const rules = await Rules.open({ config, plugins: findPlugins(config), log });
  const spool = new Spool({ ...spoolPlaces(config), files: files(nativeFiles()) });
  const { transports } = await openDeliveries(config, plainStorage(), rules);
  const queue = new Queue({ spool, rules, transports, log });
  queues.push(queue);
  return queue;
}

function mail(fingerprint: string, more: Partial<Mail> = {}): Mail {
  const client = { ip: "192.0.2.1", port: 4321 };
  const connection = new Connection(client, { ip: "192.0.2.2", port: 25 }, "mx.example.com");
  const transaction = new Transaction(connection, { localPart: "from", domain: "a.example" });
  transaction.recipients.push({
    address: { localPart: "x", domain: "b.example" },
    transport: { kind: "maildir" },
  });
  transaction.message.receive(Buffer.from(`Subject: ${fingerprint}\r\n\r\nbody\r\n`));
  transaction.fingerprint = fingerprint;
  return { transaction, protocol: "ESMTP", step: "postq", ...more };
}

const subjects = () => site.mails("x@b.example").map((text) => /^Subject: (.*)\r$/m.exec(text)?.[1]);

it("A mail in the spool is held when its turn comes, and others go their way.", async () => {
  const queue = await openQueue("#{}");
  queue.hold(["bad"]);
  await queue.accept(mail("bad"), mail("good"));
  await until(() => site.spooled().length === 0);
  expect(subjects()).toEqual(["good"]);
  expect(site.quarantined("held")).toHaveLength(1);
});

it("It comes back and is delivered, once, when its fingerprint is free.", async () => {
  const queue = await openQueue("#{}");
  queue.hold(["bad", "worse"]);
  await queue.accept(mail("bad"), mail("worse"));
  await until(() => site.quarantined("held").length === 2);
  queue.free(["bad"]);
  queue.free([]);
  await until(() => subjects().length > 0 && site.spooled().length === 0);
  expect(subjects()).toEqual(["bad"]);
  expect(site.quarantined("held")).toHaveLength(1);
});

it("One that was held before the rules of preq saw it is judged by them when it comes back.", async () => {
  const queue = await openQueue(`#{ preq: [ rule "no" || state::deny("554 5.7.1 not this") ] }`);
  queue.hold(["bad"]);
  await queue.accept(mail("bad", { step: "preq", quarantine: "held", held: true }));
  expect(site.quarantined("held")).toHaveLength(1);
  queue.free(["bad"]);
  await until(() => site.spooled("dead").length === 1);
  expect(site.quarantined("held")).toEqual([]);
  expect(subjects()).toEqual([]);
});

it("What rules have put into a quarantine of that name stays there.", async () => {
  const queue = await openQueue("#{}");
  await queue.accept(mail("bad", { quarantine: "held" }));
  queue.free(["bad"]);
  queue.adopt([EVERYTHING]);
  await queue.accept(mail("good"));
  await until(() => subjects().length === 1);
  expect(site.quarantined("held")).toHaveLength(1);
});

it("What a process held is put back by the one that goes on with its mails.", async () => {
  const first = await openQueue("#{}");
  first.hold(["bad"]);
  await first.accept(mail("bad"));
  await until(() => site.quarantined("held").length === 1);
  await first.stop(60_000);
  const second = await openQueue();
  second.adopt([EVERYTHING]);
  await until(() => subjects().length === 1 && site.spooled().length === 0);
  expect(site.quarantined("held")).toEqual([]);
});

it("A process leaves held mails of others alone.", async () => {
  const queue = await openQueue("#{}");
  queue.hold(["bad"]);
  await queue.accept(mail("bad"));
  await until(() => site.quarantined("held").length === 1);
  const [file = ""] = site.quarantined("held");
  const others = file.replace(/P\d+Q/, "P1Q");
  renameSync(file, others);
  queue.free(["bad"]);
  await queue.accept(mail("good"));
  await until(() => subjects().length === 1);
  expect(site.quarantined("held")).toEqual([others]);
});

it("A mail that is set free while it is on its way out of the spool is put back after that, and not lost.", async () => {
  let out: Promise<void> | undefined;
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const queue = await openQueue("#{}", (files) => ({
    ...files,
    remove: async (path) => {
      if (path.includes("/held/")) {
        // It was put back: now it may leave the spool.
        goOn();
        await out;
      } else if (out === undefined) {
        out = gate.then(() => files.remove(path));
        return out;
      }
      return files.remove(path);
    },
  }));
  queue.hold(["bad"]);
  await queue.accept(mail("bad"));
  await until(() => out !== undefined);
  queue.free(["bad"]);
  await queue.accept(mail("good"));
  await until(() => subjects().includes("good"));
  goOn();
  await until(() => subjects().includes("bad") && site.spooled().length === 0);
  expect(subjects().sort()).toEqual(["bad", "good"]);
});

it("A mail that cannot be put back stays held.", async () => {
  const queue = await openQueue("#{}");
  queue.hold(["bad"]);
  await queue.accept(mail("bad"));
  await until(() => site.quarantined("held").length === 1 && site.spooled().length === 0);
  const [file = ""] = site.quarantined("held");
  const before = readFileSync(file);
  // A directory where the entry is to be.
  mkdirSync(site.path("spool/mails", file.split("/").at(-1) ?? ""), { recursive: true });
  queue.free(["bad"]);
  await queue.accept(mail("good"));
  await until(() => subjects().length === 1);
  expect(readFileSync(file)).toEqual(before);
});

it("A mail that is delivered without the spool is held like others.", async () => {
  const queue = await openQueue("#{}");
  queue.hold(["bad"]);
  expect(await queue.deliver(mail("bad"), () => false)).toEqual({ kind: "quarantine", name: "held" });
  expect(subjects()).toEqual([]);
  queue.free(["bad"]);
  await until(() => subjects().length === 1);
});
