/**
 * Symbols that node exports too: a plugin gets those of its own libraries. The system's zlib is the proof, because node
 * brings another version of it along.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import koffi from "koffi";
import { afterAll, expect, test } from "vitest";
import { type Admitted, inspectFile, Plugins } from "../../src/plugin/index.ts";
import { NativeModule, Run } from "../../src/vsl/index.ts";
import { cc, compile, minimal } from "../fixtures/compile.ts";

const top = mkdtempSync(join(tmpdir(), "vsmtp-deep-"));
afterAll(() => rmSync(top, { recursive: true }));

const ask = (name: string, declaration: string, call: string) => `
  #include <vsmtp/plugin.h>
  VSMTP_PLUGIN("${name}")
  const char *${declaration}(void);
  VSMTP_FUNCTION(const char *, version, (void), VSMTP_QUICK) { return ${call}(); }
`;

/** A library with a function of zlib's name, but of a version that nobody else has. */
function zlibOf(version: string): string {
  const soname = `lib${version}.so.1`;
  const file = join(mkdtempSync(join(top, "lib-")), soname);
  const input = `const char *zlibVersion(void) { return "${version}"; }`;
  execFileSync(cc(), ["-shared", "-fPIC", `-Wl,-soname,${soname}`, "-x", "c", "-", "-o", file], { input });
  return file;
}

function admitted(file: string): { plugins: Plugins; verdict: Admitted } {
  const plugins = Plugins.find({ directory: undefined, files: [file], shipped: [] });
  const [verdict] = plugins.verdicts;
  if (verdict?.kind !== "admitted") throw new Error(JSON.stringify(verdict));
  return { plugins, verdict };
}

async function versionOf(file: string): Promise<unknown> {
  const { plugins, verdict } = admitted(file);
  const module = plugins.load(verdict);
  if (!(module instanceof NativeModule)) throw module;
  return module.functions.get("version")?.[0]?.call(new Run());
}

/** What a library says that is loaded without our care. */
function plainVersion(file: string): string {
  return koffi.load(file).func("const char *version(void)")();
}

test("a plugin that brings a library along whose names node exports gets that library", async () => {
  const library = zlibOf("0.own");
  const file = compile(ask("ownz", "zlibVersion", "zlibVersion"), {
    name: "libvsmtp-plugin-ownz-1.0.0.so",
    flags: [library, `-Wl,-rpath,${dirname(library)}`],
  });
  expect(admitted(file).verdict.deep).toBe(true);
  expect(inspectFile(file).library?.clashes).toEqual(["zlibVersion"]);
  expect(process.versions.zlib?.startsWith(plainVersion(file))).toBe(true);
  expect(await versionOf(file)).toBe("0.own");
});

test("a plugin that defines such a name itself gets its own", async () => {
  const file = compile(
    `${ask("selfz", "zlibVersion", "zlibVersion")}
    __attribute__((visibility("default"))) const char *zlibVersion(void) { return "0.self"; }`,
    {
      name: "libvsmtp-plugin-selfz-1.0.0.so",
      flags: ["-fno-semantic-interposition", "-O0", "-fsemantic-interposition"],
    },
  );
  expect(admitted(file).verdict.deep).toBe(true);
  expect(process.versions.zlib?.startsWith(plainVersion(file))).toBe(true);
  expect(await versionOf(file)).toBe("0.self");
});

test("a clash of a library that the plugin does not call itself counts too", async () => {
  const inner = zlibOf("0.inner");
  const middle = join(mkdtempSync(join(top, "lib-")), "libmiddle.so.1");
  const flags = ["-shared", "-fPIC", "-Wl,-soname,libmiddle.so.1", "-x", "c", "-", "-x", "none", inner];
  execFileSync(cc(), [...flags, `-Wl,-rpath,${dirname(inner)}`, "-o", middle], {
    input: "const char *zlibVersion(void); const char *middle_version(void) { return zlibVersion(); }",
  });
  const file = compile(ask("farz", "middle_version", "middle_version"), {
    name: "libvsmtp-plugin-farz-1.0.0.so",
    flags: [middle, `-Wl,-rpath,${dirname(middle)}:${dirname(inner)}`],
  });
  expect(admitted(file).verdict.deep).toBe(true);
  expect(await versionOf(file)).toBe("0.inner");
});

test("the system's zlib is the one that a plugin gets which is linked with it", async () => {
  const file = compile(ask("systemz", "zlibVersion", "zlibVersion"), {
    name: "libvsmtp-plugin-systemz-1.0.0.so",
    flags: ["-l:libz.so.1"],
  });
  const system = koffi.load("libz.so.1", { deep: true }).func("const char *zlibVersion(void)")();
  expect(await versionOf(file)).toBe(system);
  // Where node itself uses the system's library, there is nothing to part.
  expect(admitted(file).verdict.deep).toBe(process.config.variables.node_shared_zlib !== true);
});

test("a plugin without such names is loaded as ever", () => {
  expect(admitted(compile(minimal)).verdict.deep).toBe(false);
  const napi = compile(ask("napi", "napi_get_node_version", "napi_get_node_version"), {
    name: "libvsmtp-plugin-napi-1.0.0.so",
  });
  expect(admitted(napi).verdict.deep).toBe(false);
});

test("what C++ has of a template in every file is no clash", () => {
  const source = `
    #include <vsmtp/plugin.h>
    #include <string>
    VSMTP_PLUGIN("templates")
    VSMTP_FUNCTION(int32_t, size, (int32_t n), VSMTP_QUICK) { return (int32_t)std::string((size_t)n, 'x').append("y").size(); }`;
  const compiler = cc()
    .replace(/gcc$|cc$/, "g++")
    .replace(/clang$/, "clang++");
  const file = compile(source, {
    name: "libvsmtp-plugin-templates-1.0.0.so",
    compiler,
    flags: ["-fvisibility=default", "-O0"],
  });
  expect(admitted(file).verdict.deep).toBe(false);
});
