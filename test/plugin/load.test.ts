import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { VsmtpError } from "../../src/errors.ts";
import type { Admitted } from "../../src/plugin/admit.ts";
import { bindModule } from "../../src/plugin/bind.ts";
import { admitFile, finishPlugins, onPluginLog, type PluginLogLine } from "../../src/plugin/index.ts";
import { type LoadedPlugin, loadPlugin } from "../../src/plugin/load.ts";
import { bind, caller, fixture } from "./loaded.ts";

const folder = mkdtempSync(join(tmpdir(), "vsmtp-load-"));
afterAll(() => rmSync(folder, { recursive: true }));

const lines: PluginLogLine[] = [];
onPluginLog((line) => lines.push(line));

async function logged(text: string): Promise<PluginLogLine | undefined> {
  for (let i = 0; i < 200 && !lines.some((line) => line.text === text); i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return lines.find((line) => line.text === text);
}

function named(name: string, ...flags: string[]): string {
  const file = fixture("lifecycle", [`-DNAME="${name}"`, ...flags]);
  const copy = join(folder, `libvsmtp-plugin-${name}-1.0.0.so`);
  copyFileSync(file, copy);
  return copy;
}

function admit(file: string): Admitted {
  const verdict = admitFile(file);
  if (verdict.kind !== "admitted") throw new Error(`${file} is ${verdict.kind}`);
  return verdict;
}

function failure(outcome: LoadedPlugin | VsmtpError): VsmtpError {
  if (!(outcome instanceof VsmtpError)) throw new Error("it was loaded");
  return outcome;
}

describe("loading", () => {
  it("runs init once, however often the plugin is loaded", () => {
    const admitted = admit(named("once"));
    const loaded = loadPlugin(admitted);
    expect(loadPlugin(admitted)).toBe(loaded);
    expect(loadPlugin(admit(admitted.file))).toBe(loaded);
    if (loaded instanceof VsmtpError) throw loaded;
    expect(caller(bindModule(admitted.manifest, loaded))("times_begun")).toBe(1);
  });

  it("fails with the reason that init gives, again and again, without a second try", async () => {
    const admitted = admit(named("moody", "-DFAILS_WITH_REASON"));
    const error = failure(loadPlugin(admitted));
    expect(error).toMatchObject({ code: "PLUGIN_INIT_FAILED" });
    expect(error.message).toBe("The plugin moody could not begin: the moon is in the wrong place");
    expect(loadPlugin(admitted)).toBe(error);
    expect(await logged("moody begins")).toMatchObject({ plugin: "moody" });
    expect(lines.filter(({ text }) => text === "moody begins")).toHaveLength(1);
  });

  it("fails with init's result when init gives no reason", () => {
    const error = failure(loadPlugin(admit(named("silent", "-DFAILS_WITHOUT_REASON"))));
    expect(error.message).toContain("returned -7");
  });

  it("loads what was judged, though the file is gone or another one since", () => {
    const file = named("exchanged");
    const admitted = admit(file);
    renameSync(named("newer", '-DVSMTP_VERSION="1.1.0"'), file);
    expect(loadPlugin(admitted)).toMatchObject({ name: "exchanged" });
    const other = admit(named("removed"));
    rmSync(other.file);
    expect(loadPlugin(other)).toMatchObject({ name: "removed" });
  });

  it("loads a new version that took the place of the file as another library", () => {
    const file = named("renewed");
    const old = loadPlugin(admit(file));
    const text = readFileSync(file, "latin1").replace("%s ends", "%s over");
    writeFileSync(`${file}.new`, text, "latin1");
    renameSync(`${file}.new`, file);
    expect(loadPlugin(admit(file))).not.toBe(old);
  });

  it("says what the dynamic loader says, when that refuses the file", () => {
    // An initial-exec thread variable of this size has no room in a process that is running already.
    const file = named("roomy", "-DTHREAD_VARIABLE");
    const error = failure(loadPlugin(admit(file)));
    expect(error).toMatchObject({ code: "PLUGIN_NOT_LOADABLE", facts: { file } });
    expect(error.message).toContain("cannot allocate memory in static TLS block");
    expect(error.message).not.toContain("/proc/self/fd");
  });

  it("a module that is only described cannot be called, and says why", () => {
    const module = bindModule(admit(named("described")).manifest, undefined);
    expect(() => caller(module)("times_begun")).toThrow(expect.objectContaining({ code: "PLUGIN_NOT_CALLABLE" }));
  });
});

describe("log lines", () => {
  it("carry the plugin's name, from the event loop, from call threads, and from the plugin's own threads", async () => {
    const call = caller(bind(named("talker")));
    call("say", "from the loop: ü");
    await call("say_slowly", "from a call thread");
    await call("say_from_elsewhere", "from elsewhere");
    expect(await logged("from the loop: ü")).toMatchObject({ plugin: "talker", level: 40 });
    expect(await logged("from a call thread")).toMatchObject({ plugin: "talker", level: 50 });
    expect(await logged("from elsewhere")).toMatchObject({ plugin: "talker", level: 20 });
  });
});

describe("an orderly end", () => {
  it("runs fini of all plugins that began, the last first, once", async () => {
    bind(named("first"));
    bind(named("second"));
    finishPlugins();
    finishPlugins();
    expect(await logged("first ends")).toMatchObject({ plugin: "first" });
    const ends = lines.filter(({ text }) => text.endsWith(" ends")).map(({ plugin }) => plugin);
    expect(ends.slice(0, 2)).toEqual(["second", "first"]);
    expect(new Set(ends).size).toBe(ends.length);
    expect(ends).not.toContain("moody");
  });
});
