/** Which vSMTP a plugin is built for: manifest, symbol and file name must agree with each other and with the host. */

import { expect, test } from "vitest";
import { hostVersion } from "../../src/plugin/index.ts";
import { compareVersions } from "../../src/plugin/version.ts";
import { compile, minimal } from "../fixtures/compile.ts";
import { copyAs, edited, judgeFile, refusals, wordsOf } from "./files.ts";

const host = hostVersion();
const builtFor = (version: string) =>
  compile(minimal, { name: "libvsmtp-plugin-probe.so", flags: [`-DVSMTP_VERSION="${version}"`] });

test("a plugin for an older vSMTP is refused, and told to be older", () => {
  expect(refusals(builtFor("0.9.0"))).toEqual(["PLUGIN_VERSION"]);
  expect(wordsOf(builtFor("0.9.0"))).toContain(`is built for vSMTP 0.9.0, which is older than this vSMTP, ${host}`);
  expect(wordsOf(builtFor("0.9.0"))).toContain(`build it with the headers of that version`);
});

test("a plugin for a newer vSMTP is refused, and the host could be updated", () => {
  expect(refusals(builtFor("1.0.1"))).toEqual(["PLUGIN_VERSION"]);
  expect(wordsOf(builtFor("1.0.1"))).toContain("newer than this vSMTP");
  expect(wordsOf(builtFor("1.0.1"))).toContain("update vSMTP to 1.0.1");
});

test("versions are compared as whole strings", () => {
  expect(refusals(builtFor(`${host}-rc.1`))).toEqual(["PLUGIN_VERSION"]);
  expect(refusals(builtFor(`${host}+debian1`))).toEqual(["PLUGIN_VERSION"]);
  expect(wordsOf(builtFor(`${host}+debian1`))).toContain("another build than this vSMTP");
});

test("a plugin whose version symbol was hidden is refused", () => {
  const hidden = edited(compile(minimal), (bytes) =>
    renameSymbol(bytes, "vsmtp_plugin_version", "vsmtp_plugin_xersion"),
  );
  expect(refusals(hidden)).toEqual(["PLUGIN_NO_VERSION"]);
  expect(wordsOf(hidden)).toContain("does not export vsmtp_plugin_version");
});

test("a version symbol that is a function, or not ended, is no version", () => {
  const source = `
    #define vsmtp_plugin_version vsmtp_plugin_version_of_the_macro
    #include <vsmtp/plugin.h>
    VSMTP_PLUGIN("probe")
    #undef vsmtp_plugin_version
    VSMTP_EXPORT void vsmtp_plugin_version(void);
    void vsmtp_plugin_version(void) { }
  `;
  expect(refusals(compile(source))).toEqual(["PLUGIN_NO_VERSION"]);
  const endless = source.replace(
    /VSMTP_EXPORT void[^}]*}/,
    `VSMTP_EXPORT extern const char vsmtp_plugin_version[3]; const char vsmtp_plugin_version[3] = { 'a', 'b', 'c' };`,
  );
  expect(refusals(compile(endless))).toEqual(["PLUGIN_NO_VERSION"]);
});

test("a version symbol that is a pointer is told from an array", () => {
  const source = `
    #define vsmtp_plugin_version vsmtp_plugin_version_of_the_macro
    #include <vsmtp/plugin.h>
    VSMTP_PLUGIN("probe")
    #undef vsmtp_plugin_version
    VSMTP_EXPORT extern const char *vsmtp_plugin_version;
    const char *vsmtp_plugin_version = VSMTP_VERSION;
  `;
  for (const flags of [[], ["-Wl,-z,pack-relative-relocs"]]) {
    expect(refusals(compile(source, { flags }))).toEqual(["PLUGIN_NO_VERSION"]);
    expect(wordsOf(compile(source, { flags }))).toContain(`is a pointer to "${host}", where an array`);
  }
});

test("a plugin linked from parts for two versions contradicts itself", () => {
  const mixed = edited(compile(minimal), (bytes) => {
    // The note stands before the symbol's text, and says vsmtp= in front of it.
    const at = bytes.indexOf(`vsmtp=${host}`);
    bytes.write("vsmtp=0.1.0", at, "latin1");
    return bytes;
  });
  expect(refusals(mixed)).toContain("PLUGIN_VERSION_CONTRADICTION");
  expect(wordsOf(mixed)).toContain(`its manifest is of vSMTP 0.1.0, its symbol vsmtp_plugin_version of ${host}`);
});

test("a file name that claims another version is a contradiction that names both", () => {
  const file = copyAs(compile(minimal), "libvsmtp-plugin-probe-0.9.0.so");
  expect(refusals(file)).toEqual(["PLUGIN_FILE_NAME"]);
  expect(wordsOf(file)).toContain(`by its name for vSMTP 0.9.0, but by its manifest for vSMTP ${host}`);
});

test("a file name that claims another plugin is a contradiction that names both", () => {
  const file = copyAs(compile(minimal), `libvsmtp-plugin-mysql-${host}.so`);
  expect(refusals(file)).toEqual(["PLUGIN_FILE_NAME"]);
  expect(wordsOf(file)).toContain("by its name the plugin mysql, but by its manifest the plugin probe");
});

test("a file name that claims nothing contradicts nothing", () => {
  expect(judgeFile(copyAs(compile(minimal), "anything.so")).kind).toBe("admitted");
});

test("all contradictions are found in one go", () => {
  const file = copyAs(builtFor("2.0.0"), "libvsmtp-plugin-mysql-3.0.0.so");
  expect(refusals(file)).toEqual(["PLUGIN_FILE_NAME", "PLUGIN_VERSION"]);
  expect(wordsOf(file)).toContain("mysql");
  expect(wordsOf(file)).toContain("for vSMTP 3.0.0");
});

test.each([
  ["1.0.0", "1.0.1"],
  ["1.9.0", "1.10.0"],
  ["1.0.0-alpha", "1.0.0"],
  ["1.0.0-alpha", "1.0.0-alpha.1"],
  ["1.0.0-alpha.9", "1.0.0-alpha.10"],
  ["1.0.0-1", "1.0.0-alpha"],
  ["0.9.9", "1.0.0-rc.1"],
])("%s is older than %s", (older, newer) => {
  expect(compareVersions(older, newer)).toBeLessThan(0);
  expect(compareVersions(newer, older)).toBeGreaterThan(0);
});

test("what was built does not make a version newer", () => {
  expect(compareVersions("1.0.0+a", "1.0.0+b")).toBe(0);
});

/** Renames a symbol; the hash table still leads to it for its old name only, so nobody finds it. */
function renameSymbol(bytes: Buffer, name: string, other: string): Buffer {
  for (let at = bytes.indexOf(`${name}\0`); at >= 0; at = bytes.indexOf(`${name}\0`, at + 1))
    bytes.write(other, at, "latin1");
  return bytes;
}
