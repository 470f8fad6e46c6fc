/** A directory of plugins: in what order, under which names, who stands in whose way, and what imports find. */

import { copyFileSync, linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { VsmtpError } from "../../src/errors.ts";
import { Plugins, type Verdict } from "../../src/plugin/index.ts";
import { NativeModule, Run } from "../../src/vsl/index.ts";
import { compile, newFolder } from "../fixtures/compile.ts";
import { codesOf, facts } from "./files.ts";

const source = (name: string, options = "", more = "") => `
  #include <vsmtp/plugin.h>
  VSMTP_PLUGIN("${name}"${options && `, ${options}`})
  VSMTP_FUNCTION(int64_t, answer, (void), VSMTP_QUICK) { return 42; }
  ${more}
`;

function build(name: string, options = "", more = ""): string {
  return compile(source(name, options, more), { name: `libvsmtp-plugin-${name}-1.0.0.so` });
}

/** A plugin directory that holds copies of these files. */
function directoryOf(...files: readonly string[]): string {
  const directory = newFolder();
  for (const file of files) copyFileSync(file, join(directory, basename(file)));
  return directory;
}

function find(directory: string, shipped: readonly string[] = [], reserved?: ReadonlySet<string>): Plugins {
  return Plugins.find({ directory, shipped, facts, ...(reserved && { reserved }) });
}

/** `file: kind or codes` of everything that was found. */
function outcomes(plugins: Plugins): string[] {
  return plugins.verdicts.map((verdict) => `${basename(verdict.file)}: ${outcomeOf(verdict)}`);
}

function outcomeOf(verdict: Verdict): string {
  return verdict.kind === "refused" ? codesOf(verdict).join(" ") : verdict.kind;
}

test("a directory that is not there is empty", () => {
  expect(find(join(newFolder(), "plugins")).verdicts).toEqual([]);
});

test("a directory that cannot be read is a problem with its name on it", () => {
  const file = join(newFolder(), "plugins");
  writeFileSync(file, "");
  expect(outcomes(find(file))).toEqual(["plugins: PLUGIN_UNREADABLE"]);
});

test("one bad file does not stop the others, and the order is that of the names", () => {
  const directory = directoryOf(build("zeta"), build("alpha"));
  writeFileSync(join(directory, "libvsmtp-plugin-middle-1.0.0.so"), "no plugin");
  mkdirSync(join(directory, "directory.so"));
  writeFileSync(join(directory, "README"), "not looked at");
  const plugins = find(directory);
  expect(outcomes(plugins)).toEqual([
    "directory.so: PLUGIN_NOT_A_FILE",
    "libvsmtp-plugin-alpha-1.0.0.so: admitted",
    "libvsmtp-plugin-middle-1.0.0.so: ELF_NOT_ELF",
    "libvsmtp-plugin-zeta-1.0.0.so: admitted",
  ]);
  expect(plugins.ignored).toEqual(["README"]);
});

test("two files that are the same plugin are both refused, and name each other", () => {
  const directory = directoryOf(build("twin"));
  copyFileSync(build("twin"), join(directory, "vsmtp-plugin-twin.so"));
  const plugins = find(directory);
  expect(outcomes(plugins)).toEqual([
    "libvsmtp-plugin-twin-1.0.0.so: PLUGIN_NAME_TWICE",
    "vsmtp-plugin-twin.so: PLUGIN_NAME_TWICE",
  ]);
  const [one, other] = plugins.verdicts;
  expect(one?.kind === "refused" && one.problems[0]?.message).toContain(other?.file);
  expect(other?.kind === "refused" && other.problems[0]?.message).toContain(one?.file);
});

test("a left-over of an older version does not stop the new one", () => {
  const directory = directoryOf(build("moved"));
  const older = compile(source("moved"), {
    name: "libvsmtp-plugin-moved-0.9.0.so",
    flags: ['-DVSMTP_VERSION="0.9.0"'],
  });
  copyFileSync(older, join(directory, basename(older)));
  const plugins = find(directory);
  expect(outcomes(plugins)).toEqual([
    "libvsmtp-plugin-moved-0.9.0.so: PLUGIN_VERSION",
    "libvsmtp-plugin-moved-1.0.0.so: admitted",
  ]);
  expect(plugins.lookup("plugins/vsmtp-plugin-moved")?.kind).toBe("admitted");
});

test("several links to one file are one plugin", () => {
  const directory = newFolder();
  const real = build("linked");
  symlinkSync(real, join(directory, "vsmtp-plugin-linked.so"));
  symlinkSync("vsmtp-plugin-linked.so", join(directory, "zz.so"));
  linkSync(real, join(directory, "libvsmtp_plugin_linked.so"));
  const plugins = find(directory);
  expect(outcomes(plugins)).toEqual(["libvsmtp_plugin_linked.so: admitted"]);
  expect(plugins.verdicts.map((verdict) => plugins.aliasesOf(verdict))).toEqual([["vsmtp-plugin-linked.so", "zz.so"]]);
  expect(plugins.lookup("plugins/zz")).toBe(plugins.verdicts[0]);
});

test("a link with another plugin's name is refused for itself only", () => {
  const directory = newFolder();
  symlinkSync(build("named"), join(directory, "vsmtp-plugin-else.so"));
  symlinkSync(build("named"), join(directory, "vsmtp-plugin-named.so"));
  expect(outcomes(find(directory))).toEqual([
    "vsmtp-plugin-else.so: PLUGIN_FILE_NAME",
    "vsmtp-plugin-named.so: admitted",
  ]);
});

test("an import finds a plugin under every spelling of its name", () => {
  const directory = directoryOf(build("my-sql"));
  const plugins = find(directory);
  const names = ["vsmtp-plugin-my-sql", "libvsmtp-plugin-my-sql", "vsmtp_plugin_my_sql", "libvsmtp_plugin_my_sql"];
  const spellings = names.flatMap((name) => [name, `${name}-1.0.0`]).flatMap((name) => [name, `${name}.so`]);
  for (const spelling of [...spellings.map((name) => `plugins/${name}`), `${directory}/vsmtp-plugin-my-sql`]) {
    expect([spelling, plugins.lookup(spelling)?.kind]).toEqual([spelling, "admitted"]);
  }
});

test("an import that finds nothing is told what may have been meant", () => {
  const plugins = find(directoryOf(build("hello")));
  expect(plugins.lookup("plugins/vsmtp-plugin-helo")).toBeUndefined();
  expect(plugins.near("plugins/vsmtp-plugin-helo")).toEqual(["plugins/vsmtp-plugin-hello"]);
  expect(plugins.lookup("plugins/vsmtp-plugin-hello-0.9.0")).toBeUndefined();
  expect(plugins.lookup("services/vsmtp-plugin-hello")).toBeUndefined();
});

test("an import of a refused plugin finds the refusal", () => {
  const directory = newFolder();
  writeFileSync(join(directory, "libvsmtp-plugin-broken-1.0.0.so"), "");
  const verdict = find(directory).lookup("plugins/vsmtp-plugin-broken");
  expect(verdict?.kind === "refused" && codesOf(verdict)).toEqual(["ELF_NOT_ELF"]);
});

test("a plugin that comes with the host is there, unless the directory has one of its name", () => {
  const shipped = build("given");
  expect(outcomes(find(newFolder(), [shipped]))).toEqual([`${basename(shipped)}: admitted`]);
  const directory = newFolder();
  copyFileSync(shipped, join(directory, "vsmtp-plugin-given.so"));
  const replaced = find(directory, [shipped]);
  expect(outcomes(replaced)).toEqual(["vsmtp-plugin-given.so: admitted"]);
  expect(replaced.verdicts.map((verdict) => replaced.isShipped(verdict))).toEqual([false]);
});

test("a broken plugin in the directory is not silently replaced by the one that comes with the host", () => {
  const directory = newFolder();
  writeFileSync(join(directory, "vsmtp-plugin-given.so"), "");
  const plugins = find(directory, [build("given")]);
  expect(outcomes(plugins)).toEqual(["vsmtp-plugin-given.so: ELF_NOT_ELF"]);
});

test("a plugin's module takes neither a built-in name nor another plugin's", () => {
  const directory = directoryOf(
    build("one", 'VSMTP_MODULE("dns")'),
    build("two", 'VSMTP_MODULE("shared")'),
    build("three", 'VSMTP_MODULE("shared")'),
  );
  const plugins = find(directory, [], new Set(["dns"]));
  expect(new Set(outcomes(plugins).map((outcome) => outcome.split(": ")[1]))).toEqual(new Set(["PLUGIN_MODULE_TAKEN"]));
  expect([...plugins.globals().keys()]).toEqual([]);
});

test("the module of a plugin that comes with the host cannot be taken from it", () => {
  const shipped = build("first", 'VSMTP_MODULE("mine")');
  const plugins = find(directoryOf(build("second", 'VSMTP_MODULE("mine")')), [shipped]);
  expect(plugins.globals().get("mine")?.manifest.name).toBe("first");
  expect(outcomes(plugins)[0]).toContain("PLUGIN_MODULE_TAKEN");
});

test("a plugin is refused without those that it depends on, and so is what depends on it", () => {
  const top = build("top", "", 'VSMTP_DEPENDS("middle")');
  const middle = build("middle", "", 'VSMTP_DEPENDS("bottom")');
  const kinds = (...files: string[]) => outcomes(find(directoryOf(...files))).map((outcome) => outcome.split(": ")[1]);
  expect(kinds(top, middle)).toEqual(["PLUGIN_DEPENDENCY", "PLUGIN_DEPENDENCY"]);
  expect(kinds(top, middle, build("bottom"))).toEqual(["admitted", "admitted", "admitted"]);
});

test("plugins that depend on each other in a circle are refused", () => {
  const [one, two] = [build("one", "", 'VSMTP_DEPENDS("two")'), build("two", "", 'VSMTP_DEPENDS("one")')];
  const outer = build("outer", "", 'VSMTP_DEPENDS("one")');
  expect(outcomes(find(directoryOf(one, two, outer))).map((outcome) => outcome.split(": ")[1])).toEqual([
    "PLUGIN_DEPENDENCY",
    "PLUGIN_DEPENDENCY",
    "PLUGIN_DEPENDENCY",
  ]);
});

test("a plugin is loaded when it is asked for, once, and its functions can be called", async () => {
  const plugins = find(directoryOf(build("callable")));
  const [verdict] = plugins.verdicts;
  if (verdict?.kind !== "admitted") throw new Error("not admitted");
  const module = plugins.load(verdict);
  if (module instanceof VsmtpError) throw module;
  expect(plugins.load(verdict)).toBe(module);
  expect(await module.functions.get("answer")?.[0]?.call(new Run())).toBe(42);
  expect(plugins.describe(verdict)).toBeInstanceOf(NativeModule);
});

test("a plugin is loaded after those that it depends on", () => {
  const library = build(
    "needed",
    "",
    `
    #include <stdlib.h>
    VSMTP_INIT() { setenv("VSMTP_TEST_NEEDED", "yes", 1); return 0; }`,
  );
  const user = build(
    "needing",
    "",
    `
    #include <stdlib.h>
    VSMTP_DEPENDS("needed")
    VSMTP_INIT() { if (getenv("VSMTP_TEST_NEEDED")) return 0; vsmtp_fail("the other one is not loaded"); return 1; }`,
  );
  const plugins = find(directoryOf(library, user));
  const verdict = plugins.lookup("plugins/vsmtp-plugin-needing");
  expect(verdict && plugins.load(verdict)).toBeInstanceOf(NativeModule);
});

test("what was judged is loaded, whatever was put in the place of the file since", async () => {
  const directory = directoryOf(build("swapped"));
  const plugins = find(directory);
  const other = directoryOf(build("other"));
  renameSync(join(other, "libvsmtp-plugin-other-1.0.0.so"), join(directory, "libvsmtp-plugin-swapped-1.0.0.so"));
  const module = plugins.verdicts[0] && plugins.load(plugins.verdicts[0]);
  if (!(module instanceof NativeModule)) throw module;
  expect(await module.functions.get("answer")?.[0]?.call(new Run())).toBe(42);
});

test("a refused file answers a load with its refusal, and is not opened", () => {
  const directory = newFolder();
  writeFileSync(join(directory, "libvsmtp-plugin-text.so"), "a text");
  copyFileSync(compile("int a;", { name: "libhelper.so", core: false }), join(directory, "libhelper.so"));
  const plugins = find(directory);
  const codes = plugins.verdicts
    .map((verdict) => plugins.load(verdict))
    .map((result) => result instanceof VsmtpError && result.code);
  expect(codes).toEqual(["PLUGIN_NOT_ADMITTED", "ELF_NOT_ELF"]);
});
