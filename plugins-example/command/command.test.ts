import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NativeModule, type Value, VslArray, VslMap } from "../../src/vsl/index.ts";
import { atOnce, bind, caller } from "../../test/plugin/loaded.ts";

const file = fileURLToPath(new URL("../../build/plugins/libvsmtp-plugin-command-1.0.0.so", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vsmtp-command-"));
const isRoot = process.geteuid?.() === 0;

let module: NativeModule;
let call: ReturnType<typeof caller>;

beforeAll(() => {
  module = bind(file);
  call = caller(module);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Result {
  has_code: boolean;
  code: number | undefined;
  has_signal: boolean;
  signal: number | undefined;
  stdout: string;
  stderr: string;
  truncated: boolean;
}

type Options = Readonly<Record<string, Value>>;

function build(command: string, args: readonly string[] = [], options: Options = {}): Value {
  return atOnce(call("build", VslMap.of({ command, args: new VslArray([...args]), ...options })));
}

async function run(command: Value, ...args: Value[]): Promise<Result> {
  const result = await call("cmd.run", command, ...args);
  if (!(result instanceof VslMap)) throw new Error("no map");
  return Object.fromEntries(result.entries) as unknown as Result;
}

function sh(script: string, options: Options = {}): Promise<Result> {
  return run(build("sh", ["-c", script], options));
}

function buildError(options: Value): string {
  try {
    call("build", options);
  } catch (error) {
    return (error as Error).message;
  }
  return "no error";
}

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(5);
}

async function untilThere(path: string): Promise<string> {
  while (!existsSync(path) || readFileSync(path, "utf8") === "") await delay(5);
  return readFileSync(path, "utf8");
}

function zombies(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => (existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "latin1") : []))
    .filter((stat) => new RegExp(`\\) Z ${process.pid} `).test(stat));
}

describe("what a run returns", () => {
  it("the code, and what was printed", async () => {
    expect(await run(build("echo", ["-n", "executing a command from vSMTP!"]))).toEqual({
      has_code: true,
      code: 0,
      has_signal: false,
      signal: undefined,
      stdout: "executing a command from vSMTP!",
      stderr: "",
      truncated: false,
    });
    expect(await sh("echo out; echo err >&2; exit 3")).toMatchObject({ code: 3, stdout: "out\n", stderr: "err\n" });
  });

  it("the signal that ended the process", async () => {
    expect(await sh("kill -TERM $$")).toMatchObject({ has_code: false, code: undefined, has_signal: true, signal: 15 });
  });

  it("text: what is not UTF-8 becomes replacement characters, NULs stay", async () => {
    expect(await sh("printf 'a\\377b\\303'")).toMatchObject({ stdout: "a\ufffdb\ufffd" });
    expect(await sh("printf 'gr\\303\\274\\303\\237e\\000!'")).toMatchObject({ stdout: "grüße\0!" });
  });

  it("64 KiB of each output at most, and whether there was more", async () => {
    const fill = (bytes: number): string => `head -c ${bytes} /dev/zero | tr '\\0' x`;
    const full = await sh(`${fill(65_536)}; ${fill(65_536)} >&2`);
    expect([full.stdout.length, full.stderr.length, full.truncated]).toEqual([65_536, 65_536, false]);
    const more = await sh(`${fill(3_000_000)}; exit 4`);
    expect([more.stdout.length, more.code, more.truncated]).toEqual([65_536, 4, true]);
    expect(await sh(`${fill(65_537)} >&2`)).toMatchObject({ stdout: "", truncated: true });
  });
});

describe("how the program is run", () => {
  it("without a shell: arguments arrive as they are", async () => {
    const args = ["$HOME", "a b", "*", "; exit 1", "", "ü"];
    const { stdout } = await run(build("printf", ["[%s]", ...args]));
    expect(stdout).toBe(args.map((arg) => `[${arg}]`).join(""));
  });

  it("with other arguments in place of its own, where run is given some", async () => {
    const echo = build("echo", ["own"]);
    expect(await run(echo, new VslArray(["other", "ones"]))).toMatchObject({ stdout: "other ones\n" });
    expect(await run(echo, new VslArray())).toMatchObject({ stdout: "\n" });
    expect(await run(echo)).toMatchObject({ stdout: "own\n" });
  });

  it("in a process group of its own, with the null device as input", async () => {
    const { stdout } = await sh("readlink /proc/$$/fd/0; cut -d ' ' -f 5 /proc/$$/stat; echo $$");
    const [input, group, pid] = stdout.split("\n");
    expect(input).toBe("/dev/null");
    expect(group).toBe(pid);
    expect(await run(build("cat"))).toMatchObject({ code: 0, stdout: "" });
  });

  it("with no other descriptors of the server, no blocked and no ignored signals", async () => {
    // 3 is the directory that ls reads
    expect(await run(build("ls", ["/proc/self/fd"]))).toMatchObject({ stdout: "0\n1\n2\n3\n" });
    const { stdout } = await run(build("grep", ["-E", "^Sig(Blk|Ign)", "/proc/self/status"]));
    expect(stdout).toMatch(/^SigBlk:\t0+\nSigIgn:\t0+\n$/);
  });

  it("from PATH, or from a path", async () => {
    const script = join(folder, "script");
    writeFileSync(script, "#!/bin/sh\necho from $0\n");
    chmodSync(script, 0o755);
    expect(await run(build(script))).toMatchObject({ stdout: `from ${script}\n` });
  });
});

describe("what cannot be run", () => {
  async function spawnError(command: string, options: Options = {}): Promise<string> {
    return run(build(command, [], options)).then(
      () => "no error",
      (error: Error) => error.message.replace("cmd.run of plugin command: ", ""),
    );
  }

  it("a program that is not there", async () => {
    const reason = "No such file or directory";
    expect(await spawnError("vsmtp-no-such-program")).toBe(
      `cmd process failed to spawn: 'vsmtp-no-such-program': ${reason}`,
    );
    expect(await spawnError("/no/such/program")).toContain(reason);
  });

  it("a file that may not be executed, a directory, a file that is no program", async () => {
    const plain = join(folder, "plain");
    writeFileSync(plain, "echo no interpreter\n");
    chmodSync(plain, 0o644);
    expect(await spawnError(plain)).toContain("Permission denied");
    expect(await spawnError(folder)).toContain("Permission denied");
    chmodSync(plain, 0o755);
    expect(await spawnError(plain)).toContain("Exec format error");
  });

  it("leaves no process and no descriptor behind", async () => {
    const before = readdirSync("/proc/self/fd").length;
    for (let i = 0; i < 20; i++) await spawnError("vsmtp-no-such-program");
    expect(readdirSync("/proc/self/fd").length).toBe(before);
    expect(zombies()).toEqual([]);
  });
});

describe("the end of its time", () => {
  it("kills the process and those that it started, and says signal 9", async () => {
    const result = await sh("sleep 1000 & echo $!; sleep 1000", { timeout: "200ms" });
    expect(result).toMatchObject({ has_code: false, has_signal: true, signal: 9 });
    await untilGone(Number(result.stdout));
  });

  it("kills a process that ignores every signal it can", async () => {
    const result = await sh("trap '' TERM INT HUP; while :; do sleep 1; done", { timeout: "200ms" });
    expect(result).toMatchObject({ has_signal: true, signal: 9 });
  });

  it("is not waited for when the process ends before, although one that it left holds its output open", async () => {
    const result = await sh("sleep 1000 & echo $!");
    const left = Number(result.stdout);
    const alive = isAlive(left);
    process.kill(left, "SIGKILL");
    expect(result).toMatchObject({ has_code: true, code: 0 });
    expect(alive).toBe(true);
  });

  it("returns although a process that left the group holds the output open", async () => {
    const result = await sh("setsid sleep 1000 & echo $!; sleep 1000", { timeout: "200ms" });
    const left = Number(result.stdout);
    const alive = isAlive(left);
    process.kill(left, "SIGKILL");
    expect(result).toMatchObject({ has_signal: true, signal: 9 });
    expect(alive).toBe(true);
  });

  it("a process that closes its output early runs on to its end", async () => {
    const done = join(folder, "done");
    expect(await sh(`exec >&- 2>&-; sleep 0.2; echo yes > ${done}; exit 5`)).toMatchObject({ code: 5 });
    expect(existsSync(done)).toBe(true);
  });
});

describe("many at once", () => {
  it("fifty run at the same time and keep their output apart", async () => {
    const before = readdirSync("/proc/self/fd").length;
    const echo = build("sh", ["-c", "echo none"]);
    const runs = Array.from({ length: 50 }, (_, i) =>
      run(echo, new VslArray(["-c", `echo ${i}; echo error ${i} >&2; exit ${i}`])),
    );
    for (const [i, result] of (await Promise.all(runs)).entries()) {
      expect(result).toMatchObject({ code: i, stdout: `${i}\n`, stderr: `error ${i}\n` });
    }
    expect(readdirSync("/proc/self/fd").length).toBe(before);
    expect(zombies()).toEqual([]);
  });

  it("one that takes ten seconds delays neither others nor the event loop", async () => {
    const pidFile = join(folder, "pid");
    let ended = false;
    const long = sh(`echo $$ > ${pidFile}; exec sleep 10`).then((result) => {
      ended = true;
      return result;
    });
    const pid = Number(await untilThere(pidFile));
    for (let i = 0; i < 20; i++) expect(await run(build("echo", [`${i}`]))).toMatchObject({ stdout: `${i}\n` });
    expect(ended).toBe(false);
    process.kill(pid, "SIGTERM");
    expect(await long).toMatchObject({ signal: 15 });
  });
});

describe("whom it runs as", () => {
  it("a user that does not exist is named, a group too", () => {
    expect(buildError(VslMap.of({ command: "id", user: "vsmtp-nobody" }))).toContain("user not found: 'vsmtp-nobody'");
    expect(buildError(VslMap.of({ command: "id", group: "vsmtp-none" }))).toContain("group not found: 'vsmtp-none'");
  });

  it("its own user is always allowed", async () => {
    const { stdout } = await run(build("id", ["-u"], { user: userInfo().username }));
    expect(stdout).toBe(`${process.geteuid?.()}\n`);
  });

  it("another user, with that user's groups, where the server may", async () => {
    if (!isRoot) {
      const refused = run(build("id", [], { user: "root" }));
      await expect(refused).rejects.toThrow("its supplementary groups could not be set: Operation not permitted");
      return;
    }
    const result = run(build("sh", ["-c", "id -un; id -gn; id -Gn"], { user: "nobody" }));
    const [user, group, groups] = (await result).stdout.split("\n");
    expect([user, groups]).toEqual(["nobody", group]);
    expect(await run(build("id", ["-gn"], { user: "nobody", group: "root" }))).toMatchObject({ stdout: "root\n" });
    expect(await run(build("id", ["-Gn"], { group: group ?? "" }))).toMatchObject({ stdout: `${group}\n` });
  });
});

describe("options", () => {
  it.each([
    [VslMap.of({}), "option `command` is missing"],
    [VslMap.of({ command: "" }), "option `command` is empty"],
    [VslMap.of({ command: 1 }), "option `command` must be of type string, not i64"],
    [VslMap.of({ command: "a\0b" }), "option `command` must not hold a NUL character"],
    [VslMap.of({ command: "a", args: "b" }), "option `args` must be of type array, not string"],
    [
      VslMap.of({ command: "a", args: new VslArray(["b", 1]) }),
      "all cmd arguments must be strings: argument 2 is of type i64",
    ],
    [VslMap.of({ command: "a", args: new VslArray(["b\0c"]) }), "argument 1 holds a NUL character"],
    [VslMap.of({ command: "a", timeout: 30 }), "option `timeout` must be of type string, not i64"],
    [VslMap.of({ command: "a", user: 0 }), "option `user` must be of type string, not i64"],
    [
      VslMap.of({ command: "a", arg: "b" }),
      "unknown option `arg`: cmd::build knows command, args, timeout, user and group",
    ],
    ["echo", 'cmd::build takes a map such as #{ command: "echo", args: ["hello"] }, not string'],
  ] as const)("%#", (options, message) => {
    expect(buildError(options)).toContain(message);
  });

  it.each(["30s", "5m", "200ms", "1h 30m", "1h30m", "1 day", "2 days", "90 sec", "3 min", " 1d ", "366d"])(
    "%j is a duration",
    (timeout) => expect(buildError(VslMap.of({ command: "a", timeout }))).toBe("no error"),
  );

  it.each(["", " ", "0s", "s", "10", "-5s", "1.5s", "5 parsecs", "30s,", "367d", "99999999999999999999s", "1h 30"])(
    "%j is none",
    (timeout) => expect(buildError(VslMap.of({ command: "a", timeout }))).toMatch(/duration/),
  );

  it("run refuses arguments that are no array of strings", async () => {
    const echo = build("echo");
    await expect(run(echo, "text")).rejects.toThrow("the arguments must be an array of strings, not string");
    await expect(run(echo, new VslArray([true]))).rejects.toThrow("all cmd arguments must be strings");
  });

  it("errors name the function as scripts call it", () => {
    expect(buildError(VslMap.of({}))).toBe(
      "cmd::build of plugin command: option `command` is missing: it must be of type string",
    );
  });

  it("the module is global under the name cmd, and its type is called so", () => {
    expect(module.name).toBe("cmd");
    expect([...module.types.keys()]).toEqual(["cmd"]);
    expect(module.functions.get("build")?.[0]).toMatchObject({ suspends: false, returns: "cmd" });
    expect(
      module.types
        .get("cmd")
        ?.methods.get("run")
        ?.map(({ suspends }) => suspends),
    ).toEqual([true, true]);
  });
});
