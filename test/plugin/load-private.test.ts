/** What runs is a private copy: nothing that happens to the file reaches a plugin that is loaded. */

import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import { afterAll, describe, expect, it } from "vitest";
import { VsmtpError } from "../../src/errors.ts";
import { type Elsewhere, type HeldPlugin, Plugins, type Verdict } from "../../src/plugin/index.ts";
import { NativeModule, Run } from "../../src/vsl/index.ts";
import { compile } from "../fixtures/compile.ts";
import { storagePlugin } from "../fixtures/storage-plugin.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const top = mkdtempSync(join(tmpdir(), "vsmtp-private-"));
afterAll(() => rmSync(top, { recursive: true }));

const source = (name: string, answer: number, more = "") => `
  #include <vsmtp/plugin.h>
  VSMTP_PLUGIN("${name}", VSMTP_MODULE("${name.replaceAll("-", "_")}"))
  static const char page[1 << 16] = { [0 ... (1 << 16) - 1] = ${answer} };
  ${more}
  VSMTP_FUNCTION(int32_t, answer, (int32_t at), VSMTP_QUICK) { return page[at & 0xffff]; }
`;

function directoryOf(...files: readonly string[]): string {
  const directory = join(mkdtempSync(join(top, "case-")), "plugins");
  mkdirSync(directory);
  for (const file of files) copyFileSync(file, join(directory, basename(file)));
  return directory;
}

function build(name: string, answer: number, more?: string): string {
  return compile(source(name, answer, more), { name: `libvsmtp-plugin-${name}-1.0.0.so` });
}

function moduleOf(plugins: Plugins, name: string): NativeModule {
  const verdict = plugins.lookup(`plugins/vsmtp-plugin-${name}`);
  const module = verdict && plugins.load(verdict);
  if (!(module instanceof NativeModule)) throw module;
  return module;
}

function answerOf(module: NativeModule, at: number): unknown {
  return module.functions.get("answer")?.[0]?.call(new Run(), at);
}

/** As they are when they come out of another process. */
function sent(held: readonly HeldPlugin[]): HeldPlugin[] {
  return deserialize(serialize(held));
}

function reasonsOf(verdict: Verdict | undefined): string[] {
  return verdict?.kind === "refused" ? verdict.problems.map(({ message }) => message) : [];
}

describe("the file of a plugin that is loaded", () => {
  it("can be written over in place while its functions are called", async () => {
    const directory = directoryOf(build("overwritten", 1));
    const file = join(directory, "libvsmtp-plugin-overwritten-1.0.0.so");
    const module = moduleOf(Plugins.find({ directory, shipped: [] }), "overwritten");
    expect(await answerOf(module, 0)).toBe(1);
    copyFileSync(build("overwritten", 2), file);
    for (let at = 0; at < 1 << 16; at += 512) expect(await answerOf(module, at)).toBe(1);
    truncateSync(file);
    for (let at = 0; at < 1 << 16; at += 512) expect(await answerOf(module, at + 256)).toBe(1);
  });

  it("would have ended the process, had that file itself been loaded", () => {
    const file = join(directoryOf(build("direct", 1)), "libvsmtp-plugin-direct-1.0.0.so");
    const script = `
      const koffi = require("koffi");
      koffi.load(${JSON.stringify(join(root, "build/native/libvsmtp.so.1"))});
      const answer = koffi.load(process.argv[1]).func("int32_t answer(int32_t)");
      require("node:fs").truncateSync(process.argv[1]);
      for (let at = 0; at < 1 << 16; at += 512) answer(at);`;
    const { status, signal } = spawnSync(process.execPath, ["-e", script, file], { cwd: root });
    expect(status ?? signal).not.toBe(0);
  });
});

describe("plugins that are held", () => {
  it("are what was judged, for another process too, though the directory is empty since", async () => {
    const directory = directoryOf(build("kept", 7), build("kept-too", 8));
    const found = Plugins.find({ directory, shipped: [] });
    const held = sent(found.hold());
    rmSync(directory, { recursive: true });
    const taken = Plugins.find({ directory, shipped: [], held });
    expect(taken.verdicts).toEqual(found.verdicts);
    expect([...taken.globals().keys()]).toEqual(["kept", "kept_too"]);
    expect(await answerOf(moduleOf(taken, "kept"), 5)).toBe(7);
    expect(await answerOf(moduleOf(taken, "kept-too"), 5)).toBe(8);
  });

  it("cannot be changed by anybody who has the descriptor", () => {
    const [held] = Plugins.find({ directory: directoryOf(build("sealed", 3)), shipped: [] }).hold();
    const { descriptor = -1, bytes } = held as HeldPlugin;
    expect(fstatSync(descriptor).size).toBe(bytes);
    expect(() => writeSync(descriptor, "x", 0)).toThrow("EPERM");
    expect(() => truncateSync(`/proc/self/fd/${descriptor}`)).toThrow(/EPERM|EACCES|ETXTBSY/);
  });

  it("are refused for the same reasons, without a copy", () => {
    const directory = directoryOf(build("fine", 1));
    copyFileSync(build("else", 2), join(directory, "libvsmtp-plugin-named-1.0.0.so"));
    const found = Plugins.find({ directory, shipped: [] });
    const held = sent(found.hold());
    expect(held.map(({ descriptor }) => typeof descriptor)).toEqual(["number", "undefined"]);
    const taken = Plugins.find({ directory, shipped: [], held });
    expect(reasonsOf(taken.verdicts[1])).toEqual(reasonsOf(found.verdicts[1]));
    expect(taken.lookup("plugins/libvsmtp-plugin-named-1.0.0")).toBe(taken.verdicts[1]);
  });

  it("are closed when nobody needs them any more, unless this process has loaded them", async () => {
    const directory = directoryOf(build("idle", 1), build("busy", 2));
    const plugins = Plugins.find({ directory, shipped: [] });
    const [busy, idle] = plugins.hold();
    const module = moduleOf(plugins, "busy");
    plugins.letGo();
    expect(() => fstatSync(idle?.descriptor ?? -1)).toThrow("EBADF");
    expect(fstatSync(busy?.descriptor ?? -1).size).toBe(busy?.bytes);
    expect(await answerOf(module, 1)).toBe(2);
  });
});

describe("a plugin in quarantine", () => {
  const reason = "it crashed 3 times";

  it("is not loaded, and says why; scripts are checked against it all the same", () => {
    const directory = directoryOf(build("ill", 1), build("well", 2));
    const plugins = Plugins.find({ directory, shipped: [], quarantined: new Map([["ill", reason]]) });
    const verdict = plugins.lookup("plugins/vsmtp-plugin-ill");
    if (verdict?.kind !== "admitted") throw new Error("it is not even known");
    expect(plugins.load(verdict)).toMatchObject({ code: "PLUGIN_QUARANTINED", facts: { plugin: "ill", reason } });
    expect(plugins.describe(verdict).functions.has("answer")).toBe(true);
    expect([...plugins.globals().keys()]).toContain("ill");
    moduleOf(plugins, "well");
    expect(plugins.states().map(({ name, state, reason: why }) => [name, state, why])).toEqual([
      ["ill", "quarantined", reason],
      ["well", "loaded", undefined],
    ]);
  });

  it("takes those along that depend on it", () => {
    const directory = directoryOf(build("rotten", 1), build("leaning", 2, 'VSMTP_DEPENDS("rotten")'));
    const plugins = Plugins.find({ directory, shipped: [], quarantined: new Map([["rotten", reason]]) });
    const verdict = plugins.lookup("plugins/vsmtp-plugin-leaning");
    expect(verdict && plugins.load(verdict)).toMatchObject({ code: "PLUGIN_QUARANTINED" });
    expect(plugins.states().map(({ state }) => state)).toEqual(["failed", "quarantined"]);
  });

  it("is a problem for those who store mails, not a plugin that is left out", () => {
    const directory = directoryOf(storagePlugin({ name: "sick" }));
    const plugins = Plugins.find({ directory, shipped: [], quarantined: new Map([["sick", reason]]) });
    const { plugins: loaded, problems } = plugins.loadStorage();
    expect(loaded).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual(["PLUGIN_QUARANTINED"]);
  });
});

describe("a plugin that runs elsewhere", () => {
  const elsewhere: Elsewhere = {
    has: ({ manifest }) => manifest.name === "remote",
    bind: (verdict, purpose) => new NativeModule(`${verdict.manifest.name} to ${purpose}`),
  };
  const directory = directoryOf(build("remote", 1), build("leans", 2, 'VSMTP_DEPENDS("remote")'));
  const plugins = Plugins.find({ directory, shipped: [], elsewhere });

  it("is made a module by those who run it, and its file is not loaded here", () => {
    expect(moduleOf(plugins, "remote").name).toBe("remote to load");
    const verdict = plugins.lookup("plugins/vsmtp-plugin-remote");
    if (verdict?.kind === "admitted") expect(plugins.describe(verdict).name).toBe("remote to describe");
    expect(readFileSync("/proc/self/maps", "latin1")).not.toContain("libvsmtp-plugin-remote");
    expect(plugins.states().find(({ name }) => name === "remote")?.state).toBe("isolated");
  });

  it("is not there for one that depends on it and runs here", () => {
    const verdict = plugins.lookup("plugins/vsmtp-plugin-leans");
    const outcome = verdict && plugins.load(verdict);
    expect(outcome).toMatchObject({ code: "PLUGIN_DEPENDENCY", facts: { dependency: "remote" } });
  });
});

it("a plugin whose descriptor somebody closed is not loaded from what is open there now", () => {
  const script = `
    import { closeSync, openSync } from "node:fs";
    const { Plugins } = await import(${JSON.stringify(join(root, "dist/plugin/index.js"))});
    const find = (directory) => Plugins.find({ directory, shipped: [] });
    const plugins = find(process.argv[1]);
    const [held] = plugins.hold();
    closeSync(held.descriptor);
    openSync(process.argv[2], "r");
    const outcome = plugins.load(plugins.verdicts[0]);
    console.log(outcome.code, outcome.message);`;
  const directory = directoryOf(build("robbed", 1));
  const args = ["--input-type=module", "-e", script, directory, build("intruder", 6)];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: root });
  expect(stdout, stderr).toMatch(/^PLUGIN_COPY .*its descriptor was closed by something in this process/);
});

it("the copy has the name of the file, for debuggers", () => {
  const directory = directoryOf(build("mapped", 4));
  moduleOf(Plugins.find({ directory, shipped: [] }), "mapped");
  expect(readFileSync("/proc/self/maps", "latin1")).toContain("/memfd:libvsmtp-plugin-mapped-1.0.0.so");
});

it("what is logged when nobody listens is told under the name of the file", () => {
  const script = `
    const { Plugins } = await import(${JSON.stringify(join(root, "dist/plugin/index.js"))});
    const plugins = Plugins.find({ directory: process.argv[1], shipped: [] });
    plugins.load(plugins.verdicts[0]);`;
  const directory = directoryOf(build("lonely", 1, 'VSMTP_INIT() { vsmtp_log(VSMTP_LOG_INFO, "is here"); return 0; }'));
  const args = ["--input-type=module", "-e", script, directory];
  const { stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: root });
  expect(stderr).toBe("libvsmtp-plugin-lonely-1.0.0.so: is here\n");
});

it("a name that is too long for a copy is cut", async () => {
  const directory = directoryOf();
  const link = join(directory, "vsmtp-plugin-lengthy.so");
  const real = join(directory, `${"ü".repeat(120)}.so`);
  copyFileSync(build("lengthy", 9), real);
  symlinkSync(real, link);
  expect(await answerOf(moduleOf(Plugins.find({ directory, shipped: [] }), "lengthy"), 0)).toBe(9);
});

it("a file that cannot be opened stays what it is for other processes", () => {
  const directory = directoryOf();
  mkdirSync(join(directory, "vsmtp-plugin-folder.so"));
  const held = sent(Plugins.find({ directory, shipped: [] }).hold());
  const plugins = Plugins.find({ directory, shipped: [], held });
  const [verdict] = plugins.verdicts;
  const outcome = verdict && plugins.load(verdict);
  expect(outcome instanceof VsmtpError && outcome.code).toBe("PLUGIN_NOT_A_FILE");
});
