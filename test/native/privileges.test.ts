/** Rights that a process gives away: what the kernel says of it and of its threads afterwards. */

import { chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { native, type Privileges } from "../../src/native/index.ts";
import { answer, run } from "./child.ts";
import { temporaryFolder } from "./compile.ts";

const isRoot = process.getuid?.() === 0;
const NOBODY: Privileges = { uid: 65534, gid: 65534, groups: [], keep: [] };

let folder = "";

beforeEach(() => {
  folder = temporaryFolder("privileges");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What /proc says of a thread, by key; the lists as they stand there. */
type Status = Readonly<Record<string, string>>;

/** A process drops its rights and tells the status of its threads: the main one, then those that it had before. */
const STATUS = `
  const status = (file) => Object.fromEntries(
    fs.readFileSync(file, "utf8").split("\\n").map((line) => line.split(":\\t").map((part) => part.trim())));
  const threads = () => fs.readdirSync("/proc/self/task").sort((a, b) => a - b)
    .map((id) => status("/proc/self/task/" + id + "/status"));
  const tries = (attempt) => { try { attempt(); return "done"; } catch (error) { return error.code ?? error.message; } };`;

function dropped(privileges: Privileges, before = ""): Promise<Status[]> {
  const drop = isRoot
    ? `native.dropPrivileges(${JSON.stringify(privileges)});`
    : `if (tries(() => native.dropPrivileges(${JSON.stringify(privileges)})) !== "EPERM") throw new Error("allowed");`;
  return answer(`${STATUS} ${before} ${drop} native.noNewPrivileges(); say(threads());`);
}

const mask = (status: Status | undefined, set: string): bigint => BigInt(`0x${status?.[set] ?? "f"}`);
const SETGID = 1n << 6n;
const SETUID = 1n << 7n;

describe("a process of root that becomes somebody else", () => {
  it("has that user and group and no other, in all of its threads", async () => {
    const threads = await dropped(NOBODY, "native.noNewPrivileges();");
    expect(threads.length).toBeGreaterThan(1);
    const me = [process.getuid?.(), process.getgid?.()];
    const [uid, gid] = isRoot ? [NOBODY.uid, NOBODY.gid] : me;
    for (const { Uid, Gid, CapEff, CapPrm } of threads) {
      expect({ Uid, Gid }).toEqual({ Uid: `${uid}\t${uid}\t${uid}\t${uid}`, Gid: `${gid}\t${gid}\t${gid}\t${gid}` });
      if (isRoot) expect([CapEff, CapPrm].map((set) => BigInt(`0x${set}`))).toEqual([0n, 0n]);
    }
  });

  it("has the groups that were named, each once, and none of root's", async () => {
    const [main] = await dropped({ ...NOBODY, groups: [100, 8, 100, 65534] });
    if (isRoot) expect(main?.Groups).toBe("8 100 65534");
    else expect(main?.Groups?.split(" ").map(Number).sort()).toEqual(process.getgroups?.().sort());
  });

  it("gets no rights from programs that it runs", async () => {
    const [main] = await dropped(NOBODY);
    expect(main?.NoNewPrivs).toBe("1");
    if (isRoot) expect(mask(main, "CapBnd")).toBe(0n);
  });

  it("keeps the capabilities that it was left, where it can use them, and passes none on", async () => {
    const [main] = await dropped({ ...NOBODY, keep: ["setuid", "setgid"] });
    const kept = isRoot ? SETGID | SETUID : 0n;
    for (const set of ["CapEff", "CapPrm"]) expect(mask(main, set) & (isRoot ? ~0n : 0n)).toBe(kept);
    for (const set of ["CapInh", "CapAmb"]) if (isRoot) expect(mask(main, set)).toBe(0n);
    const script = `${STATUS}
      if (process.getuid() === 0) native.dropPrivileges(${JSON.stringify({ ...NOBODY, keep: ["setuid", "chown"] })});
      say(execFileSync("/bin/sh", ["-c", "grep ^CapEff /proc/self/status"], { encoding: "utf8" }));`;
    expect(await answer<string>(script)).toBe("CapEff:\t0000000000000000\n");
  });

  it("cannot go back", async () => {
    const script = `${STATUS}
      if (process.getuid() === 0) native.dropPrivileges(${JSON.stringify({ ...NOBODY, groups: [100] })});
      say([
        tries(() => process.setuid(0)), tries(() => process.seteuid(0)), tries(() => process.setgid(0)),
        tries(() => process.setgroups([0])), tries(() => native.dropPrivileges(${JSON.stringify(NOBODY)})),
        tries(() => fs.writeFileSync("/etc/vsmtp-test", "")), process.getuid() === 0,
      ]);`;
    expect(await answer(script)).toEqual(["EPERM", "EPERM", "EPERM", "EPERM", "EPERM", "EACCES", false]);
  });

  it("reads what its new user may read, and no more", async () => {
    mkdirSync(join(folder, "own"), { mode: 0o700 });
    mkdirSync(join(folder, "other"), { mode: 0o700 });
    if (isRoot) {
      chownSync(folder, NOBODY.uid, NOBODY.gid);
      chownSync(join(folder, "own"), NOBODY.uid, NOBODY.gid);
    }
    writeFileSync(join(folder, "own/file"), "x");
    const script = `${STATUS}
      if (process.getuid() === 0) native.dropPrivileges(${JSON.stringify(NOBODY)});
      say(["own", "other"].map((name) => tries(() => fs.readdirSync(${JSON.stringify(folder)} + "/" + name))));`;
    expect(await answer(script)).toEqual(["done", isRoot ? "EACCES" : "done"]);
  });

  it("can still start work as another user where it was left that right", async () => {
    const script = `${STATUS}
      if (process.getuid() === 0) native.dropPrivileges(${JSON.stringify({ ...NOBODY, keep: ["setuid", "setgid"] })});
      const ids = () => execFileSync("/bin/sh", ["-c", "id -u; id -g"], { uid: 1234, gid: 100, encoding: "utf8" });
      say(tries(() => { if (ids() !== "1234\\n100\\n") throw new Error("another one"); }));`;
    expect(await answer(script)).toEqual(isRoot ? "done" : "EPERM");
  });
});

it("takes no process to root", () => {
  const wrong: unknown[] = [
    undefined,
    {},
    { ...NOBODY, uid: 0 },
    { ...NOBODY, uid: -1 },
    { ...NOBODY, uid: 2 ** 32 - 1 },
    { ...NOBODY, gid: "x" },
    { ...NOBODY, groups: [2 ** 33] },
    { ...NOBODY, groups: "x" },
    { ...NOBODY, keep: ["sys_admin"] },
  ];
  for (const privileges of wrong) expect(() => native().dropPrivileges(privileges as Privileges)).toThrow(TypeError);
  expect(process.getuid?.() === 0).toBe(isRoot);
});

it("lets a process without rights of root say that it wants no more", async () => {
  const script = `${STATUS} native.noNewPrivileges(); native.noNewPrivileges(); say(status("/proc/self/status").NoNewPrivs);`;
  expect(await answer(script)).toBe("1");
  // What it starts has no thread that could.
  const parent = `${STATUS} native.noNewPrivileges();
    const child = 'const fs = require("fs"); console.log(JSON.stringify(fs.readdirSync("/proc/self/task").map(' +
      '(id) => /NoNewPrivs:.(.)/.exec(fs.readFileSync("/proc/self/task/" + id + "/status", "utf8"))[1])))';
    say(JSON.parse(execFileSync(process.execPath, ["-e", child], { encoding: "utf8" })));`;
  const threads = await answer<string[]>(parent);
  expect(threads.length).toBeGreaterThan(1);
  expect(new Set(threads)).toEqual(new Set(["1"]));
  expect((await run("process.exit(0)")).status).toBe(0);
});
