/** What processes of a host do to each other: they end together, are limited, signalled and locked out. */

import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { native, type ResourceLimits } from "../../src/native/index.ts";
import { answer, run, start } from "./child.ts";
import { nativeFolder, temporaryFolder } from "./compile.ts";

const isRoot = process.getuid?.() === 0;

let folder = "";

beforeEach(() => {
  folder = temporaryFolder("process");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Whether a process is there and runs. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  while (lives(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("a process that ends with its parent", () => {
  const NOBODY = `{ uid: 65534, gid: 65534, groups: [], keep: [] }`;
  const worker = (rest: string) => `
    const native = require(${JSON.stringify(join(nativeFolder, "vsmtp.node"))});
    if (process.getuid() === 0) native.dropPrivileges(${NOBODY});
    ${rest}`;

  it("is killed when the parent is killed, also after it has changed its user", async () => {
    const inner = worker("console.log(native.dieWithParent(process.ppid), process.pid); setInterval(() => {}, 1e6);");
    const parent = start(`spawn(process.execPath, ["-e", ${JSON.stringify(inner)}], { stdio: "inherit" });`);
    const [line] = (await once(createInterface(parent.stdout as NodeJS.ReadableStream), "line")) as [string];
    const [told, pid] = line.split(" ");
    expect(told).toBe("true");
    expect(lives(Number(pid))).toBe(true);
    parent.kill("SIGKILL");
    await untilGone(Number(pid));
  });

  it("is told when the parent has ended already", async () => {
    expect(await answer("say([native.dieWithParent(process.ppid), native.dieWithParent(process.pid)]);")).toEqual([
      true,
      false,
    ]);
    expect(() => native().dieWithParent(0)).toThrow("whole number");
  });
});

describe("limits", () => {
  const limited = (limits: ResourceLimits, script: string) =>
    run(`native.limitResources(${JSON.stringify(limits)}); ${script}`);

  it("hold for open files", async () => {
    const { stdout } = await limited(
      { files: 40 },
      `try { for (;;) fs.openSync("/dev/null"); } catch (error) { say(error.code); }`,
    );
    expect(stdout).toBe('"EMFILE"\n');
  });

  it("hold for memory: the process that wants more ends, and not the machine", async () => {
    const { status, signal } = await limited(
      { memory: 300 << 20 },
      `const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1));`,
    );
    expect([status, signal]).not.toEqual([0, null]);
  });

  it("hold for processor time, and say so by the signal", async () => {
    const { signal } = await limited({ cpu: 1 }, "for (;;);");
    expect(signal).toBe("SIGXCPU");
  });

  it("hold for processes, but for root's", async () => {
    const { stdout } = await limited(
      { processes: 1 },
      `if (process.getuid() === 0) native.dropPrivileges({ uid: 54321, gid: 54321, groups: [], keep: [] });
       try { say(execFileSync("/bin/true").length); } catch (error) { say(error.code); }`,
    );
    expect(stdout).toBe('"EAGAIN"\n');
  });

  it("are left as they are where none is named, and never rise", async () => {
    const read = `fs.readFileSync("/proc/self/limits", "utf8")`;
    expect(await answer(`const before = ${read}; native.limitResources({}); say(before === ${read});`)).toBe(true);
    const { stdout } = await limited({ files: 64 }, `native.limitResources({ files: 1e6 }); say(${read});`);
    expect(stdout).toMatch(/Max open files +64 +64/);
    for (const files of [0, -1, "many", Number.NaN]) {
      expect(() => native().limitResources({ files: files as number })).toThrow("bad files");
    }
  });
});

describe("a signal to one thread", () => {
  it("reaches it, and with the number 0 only asks whether it is there", async () => {
    const child = start("setInterval(() => {}, 1e6); say(process.pid);");
    await once(child.stdout as NodeJS.ReadableStream, "data");
    const pid = child.pid as number;
    const threads = readdirSync(`/proc/${pid}/task`).map(Number);
    expect(threads.map((thread) => native().signalThread(pid, thread, 0))).toEqual(threads.map(() => true));
    const ended = once(child, "exit");
    expect(native().signalThread(pid, pid, 6)).toBe(true);
    expect(await ended).toEqual([null, "SIGABRT"]);
    expect(native().signalThread(pid, pid, 0)).toBe(false);
  });

  it("does not go to a thread of another process", () => {
    expect(native().signalThread(process.pid, process.ppid, 0)).toBe(false);
    expect(() => native().signalThread(process.pid, process.pid, 1000)).toThrow("EINVAL");
    if (!isRoot) expect(() => native().signalThread(1, 1, 0)).toThrow("EPERM");
  });
});

describe("the lock of a host", () => {
  it("is had by one process, and by those that it gave the file to", async () => {
    const file = join(folder, "lock");
    const descriptor = openSync(file, "w");
    expect(native().lockForHost(descriptor)).toBe(true);
    expect(native().lockForHost(descriptor)).toBe(true);
    const other = `say(native.lockForHost(fs.openSync(${JSON.stringify(file)}, "w")));`;
    expect(await answer(other)).toBe(false);
    const heir = start("setInterval(() => {}, 1e6); say(native.lockForHost(3));", [descriptor]);
    expect(String(await once(heir.stdout as NodeJS.ReadableStream, "data"))).toBe("true\n");
    closeSync(descriptor);
    expect(await answer(other)).toBe(false);
    heir.kill("SIGKILL");
    await once(heir, "exit");
    expect(await answer(other)).toBe(true);
  });

  it("cannot be had on what is no file", () => {
    expect(() => native().lockForHost(99_999)).toThrow("EBADF");
  });
});

it("ends at once when it is told to, whatever waits", async () => {
  const script = `process.on("exit", () => say("not reached")); setInterval(() => {}, 1000); native.exitNow(7);`;
  expect(await run(script)).toEqual({ status: 7, signal: null, stdout: "", stderr: "" });
});
