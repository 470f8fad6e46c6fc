/** What a plugin needs from outside: libraries, versions of them, symbols. All of it is looked for before loading. */

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { cc, compile, minimal, nativeFolder, newFolder } from "../fixtures/compile.ts";
import { edited, judgeFile, killedBy, refusals, wordsOf } from "./files.ts";

const using = (name: string) => `
  #include <vsmtp/plugin.h>
  VSMTP_PLUGIN("probe")
  int ${name}(void);
  VSMTP_FUNCTION(int, probe_call, (void)) { return ${name}(); }
`;

/** A shared library `name` in a folder of its own, which defines `int symbol(void)`. */
function library(name: string, symbol: string, flags: readonly string[] = []): string {
  const file = join(newFolder(), name);
  execFileSync(cc(), ["-shared", "-fPIC", `-Wl,-soname,${name}`, "-x", "c", "-", "-x", "none", ...flags, "-o", file], {
    input: `int ${symbol}(void) { return 7; }`,
  });
  return file;
}

test("a symbol that nobody defines is named", () => {
  const file = compile(using("not_defined_anywhere"));
  expect(refusals(file)).toEqual(["PLUGIN_UNDEFINED"]);
  expect(wordsOf(file)).toContain("uses not_defined_anywhere, which no library that it needs");
  expect(killedBy([file])).toEqual([]);
});

test("a weak symbol may be missing", () => {
  const source = using("optional_somewhere").replace("int optional", "__attribute__((weak)) int optional");
  expect(judgeFile(compile(source)).kind).toBe("admitted");
});

test("symbols of the program itself are there for plugins", () => {
  expect(judgeFile(compile(using("napi_get_node_version"))).kind).toBe("admitted");
});

test("the core library is not there for a plugin that does not say it needs it", () => {
  const file = compile(using("vsmtp_failed").replace("int vsmtp_failed(void);", ""), { core: false });
  expect(refusals(file)).toEqual(["PLUGIN_UNDEFINED"]);
  expect(wordsOf(file)).toContain("vsmtp_failed");
  expect(wordsOf(file)).toContain("vsmtp sdk --libs");
});

test("a library that is nowhere is named, with where to look for its package", () => {
  const missing = library("libmissing.so.3", "missing");
  const file = compile(using("missing"), { flags: [missing] });
  rmSync(missing);
  expect(refusals(file)).toEqual(["PLUGIN_LIBRARY_MISSING"]);
  expect(wordsOf(file)).toContain("needs the library libmissing.so.3, but this system has none of that name");
  expect(wordsOf(file)).toContain("apt-file search libmissing.so.3");
});

test("a library that only another library needs is missing too", () => {
  const inner = library("libinner.so.1", "inner");
  const outer = library("libouter.so.1", "outer", ["-Wl,--no-as-needed", inner]);
  const file = compile(using("outer"), {
    flags: [outer, `-Wl,-rpath,${dirname(outer)}`, `-Wl,-rpath-link,${dirname(inner)}`],
  });
  rmSync(inner);
  expect(refusals(file)).toEqual(["PLUGIN_LIBRARY_MISSING"]);
  expect(wordsOf(file)).toContain(`libinner.so.1 (for ${outer})`);
});

test.each([
  ["DT_RUNPATH", "-Wl,--enable-new-dtags"],
  ["DT_RPATH", "-Wl,--disable-new-dtags"],
])("a library that is found only beside the plugin, through $ORIGIN in %s, is refused with that reason", (_, dtags) => {
  const beside = library("libbeside.so.1", "beside");
  const file = compile(using("beside"), { flags: [beside, dtags, "-Wl,-rpath,$ORIGIN/lib"] });
  expect(refusals(file)).toEqual(["PLUGIN_LIBRARY_MISSING"]);
  // What was looked for in vain is not looked for again by the same facts.
  const again = edited(file, () => undefined);
  const there = join(dirname(again), "lib", basename(beside));
  mkdirSync(dirname(there));
  copyFileSync(beside, there);
  expect(refusals(again)).toEqual(["PLUGIN_ORIGIN"]);
  expect(wordsOf(again)).toContain(`libbeside.so.1, which is found only beside it, through $ORIGIN: ${there}`);
  expect(wordsOf(again)).toContain(`-Wl,-rpath,${dirname(there)}`);
});

test("a library beside the plugin is taken when its directory is named in full", () => {
  const beside = library("libnamed.so.1", "named");
  expect(refusals(compile(using("named"), { flags: [beside, `-Wl,-rpath,$ORIGIN:${dirname(beside)}`] }))).toEqual([]);
});

test("libvsmtp.so.1 may be found through $ORIGIN: it is in memory before any plugin", () => {
  expect(refusals(compile(minimal, { flags: ["-Wl,-rpath,$ORIGIN/../native"] }))).toEqual([]);
});

test("a library in a directory that others can write to is not loaded with a plugin", () => {
  const brought = library("libbrought.so.1", "brought");
  chmodSync(dirname(brought), 0o777);
  const file = compile(using("brought"), { flags: [brought, `-Wl,-rpath,${dirname(brought)}`] });
  expect(refusals(file)).toEqual(["PLUGIN_WRITABLE"]);
  expect(wordsOf(file)).toContain(`chmod go-w ${dirname(brought)}`);
});

test("DT_RPATH also serves the libraries of libraries, DT_RUNPATH does not", () => {
  const inner = library("libdeep.so.1", "deep");
  const outer = library("libshallow.so.1", "shallow", ["-Wl,--no-as-needed", inner]);
  const paths = [outer, `-Wl,-rpath,${dirname(outer)}:${dirname(inner)}`];
  expect(refusals(compile(using("shallow"), { flags: [...paths, "-Wl,--disable-new-dtags"] }))).toEqual([]);
  expect(refusals(compile(using("shallow"), { flags: [...paths, "-Wl,--enable-new-dtags"] }))).toEqual([
    "PLUGIN_LIBRARY_MISSING",
  ]);
});

test("a library for another machine is passed over, a broken one is named", () => {
  const good = library("libmixed.so.1", "mixed");
  const other = edited(good, (bytes) => Buffer.from(bytes.fill(1, 4, 5)));
  const broken = edited(good, (bytes) => bytes.subarray(0, 5000));
  const link = (first: string) =>
    compile(using("mixed"), { flags: [good, `-Wl,-rpath,${dirname(first)}:${dirname(good)}`] });
  expect(refusals(link(other))).toEqual([]);
  expect(refusals(link(broken))).toEqual(["PLUGIN_LIBRARY_MISSING"]);
  expect(wordsOf(link(broken))).toContain("is cut off");
});

test("a plugin from a newer system names both versions of the C library", () => {
  const folder = newFolder();
  const map = join(folder, "map");
  writeFileSync(map, "GLIBC_2.99 { global: from_the_future; };");
  const future = join(folder, "libc.so.6");
  execFileSync(
    cc(),
    [
      "-shared",
      "-fPIC",
      "-nostdlib",
      "-Wl,-soname,libc.so.6",
      `-Wl,--version-script=${map}`,
      "-x",
      "c",
      "-",
      "-o",
      future,
    ],
    {
      input: "int from_the_future(void) { return 0; }",
    },
  );
  const file = compile(using("from_the_future"), { flags: [future] });
  expect(refusals(file)).toContain("PLUGIN_LIBRARY_VERSION");
  expect(wordsOf(file)).toMatch(
    /needs GLIBC_2\.99 of the C library \(glibc 2\.99\), but \S*libc\.so\.6 ends at GLIBC_2\.\d+/,
  );
  expect(wordsOf(file)).toContain("built on a newer system than this one");
});

test("a version that an older library of another kind does not have is named", () => {
  const versioned = (version: string) => {
    const map = join(newFolder(), "map");
    writeFileSync(map, `${version} { global: *; };`);
    return library("libdated.so.1", "dated", [`-Wl,--version-script=${map}`]);
  };
  const [older, newer] = [versioned("DATED_1.0"), versioned("DATED_1.2")];
  const file = compile(using("dated"), { flags: [newer, `-Wl,-rpath,${dirname(older)}`] });
  expect(refusals(file)).toContain("PLUGIN_LIBRARY_VERSION");
  expect(wordsOf(file)).toContain(`needs DATED_1.2 of libdated.so.1, but ${older} ends at DATED_1.0`);
});

test("a plugin with the core library linked into it is refused", () => {
  const source = minimal.replace(
    "#include <vsmtp/plugin.h>",
    "#include <vsmtp/plugin.h>\nvoid vsmtp_fail(const char *format, ...) { (void)format; }",
  );
  const file = compile(source, { core: false });
  expect(refusals(file)).toEqual(["PLUGIN_STATIC_CORE"]);
  expect(wordsOf(file)).toContain("it defines vsmtp_fail");
});

test("the libraries of vSMTP are found beside its addon, whatever the plugin's own paths say", () => {
  const file = compile(using("vsmtp_failed").replace("int vsmtp_failed(void);", ""), {
    flags: ["-Wl,-rpath,/nowhere"],
  });
  expect(nativeFolder).toContain("build/native");
  expect(refusals(file)).toEqual([]);
});
