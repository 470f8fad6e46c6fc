/** What an isolated plugin may take from the machine, and what becomes of it when it takes more. */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { limitsOf } from "../../src/server/worker/isolated-limits.ts";
import { Isolation } from "../plugin/isolated.ts";
import { caller, fixture } from "../plugin/loaded.ts";

const file = fixture("isolated");
const none = { user: null, memory: null, files: null, processes: null, cpu: null };

function start(limits: Partial<Record<keyof typeof none, number>>) {
  const isolation = new Isolation(file, { ...none, ...limits });
  return { isolation, call: caller(isolation.module) };
}

it("memory: malloc fails when it is used up, and the process goes on", async () => {
  const { isolation, call } = start({ memory: 100 });
  const taken = await call("take_memory", 2000);
  expect(taken).toBeGreaterThan(80);
  expect(taken).toBeLessThan(200);
  expect(await call("process")).toBe(isolation.pid);
});

it("memory that is not limited can be taken", async () => {
  const { call } = start({ files: 100 });
  expect(await call("take_memory", 300)).toBe(300);
});

it("files: open fails when there are too many, and the process goes on", async () => {
  const { isolation, call } = start({ files: 40 });
  const opened = await call("open_files", 1000);
  expect(opened).toBeGreaterThanOrEqual(40);
  expect(opened).toBeLessThan(100);
  expect(await call("process")).toBe(isolation.pid);
});

it("processes: threads cannot be started when there are too many, unless it is root that starts them", async () => {
  const { isolation, call } = start({ processes: 20 });
  const started = await call("start_threads", 1000);
  if (process.getuid?.() === 0) expect(started).toBe(1000);
  else expect(started).toBeLessThan(1000);
  expect(await call("process")).toBe(isolation.pid);
});

it("processor time: the kernel ends the process, and the call is an error", async () => {
  const { isolation, call } = start({ cpu: 1 });
  await expect(call("spin")).rejects.toMatchObject({ code: "PLUGIN_ISOLATED_ENDED" });
  expect(await isolation.ended()).toBe("SIGXCPU");
  isolation.replace();
  expect(await call("add", 1, 2)).toBe(3);
});

it("all of them are limits of the process that cannot be raised again", async () => {
  const { isolation, call } = start({ memory: 100, files: 40, processes: 5, cpu: 1000 });
  await call("process");
  const limits = readFileSync(`/proc/${isolation.pid}/limits`, "latin1");
  const [soft, hard] = /^Max processes +(\d+) +(\d+)/m.exec(limits)?.slice(1) ?? [];
  expect(Number(soft)).toBeGreaterThanOrEqual(5);
  expect(hard).toBe(soft);
  expect(limits).toMatch(/^Max data size +(\d+) +\1 /m);
  expect(limits).toMatch(/^Max open files +(\d+) +\1 /m);
  expect(limits).toMatch(/^Max cpu time +100\d +\d+ /m);
});

it("what is not limited stays as it is", () => {
  expect(limitsOf(none)).toEqual({ memory: undefined, files: undefined, processes: undefined, cpu: undefined });
});
