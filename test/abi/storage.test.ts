/** Storage plugins in Dovecot's style: what admits them, what refuses them, and in which words. */

import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile, includeFolder, newFolder } from "../fixtures/compile.ts";
import { storagePlugin } from "../fixtures/storage-plugin.ts";
import { copyAs, edited, facts, judgeFile, refusals, withoutSections, wordsOf } from "./files.ts";

function admitted(file: string) {
  const verdict = judgeFile(file);
  if (verdict.kind !== "admitted") throw new Error(wordsOf(file));
  return verdict;
}

test("a plugin with init, deinit and the note of lib.h is admitted, and says what it is", () => {
  const { manifest, linkage } = admitted(storagePlugin());
  expect(manifest).toMatchObject({
    name: "probe",
    vsmtp: "1.0.0",
    scripted: false,
    functions: [],
    dependencies: [],
    storage: { base: "probe_plugin", preinit: false, dependencies: [], binaries: undefined },
  });
  expect(linkage?.wanted).toEqual([]);
  expect(linkage?.exports).toEqual(expect.arrayContaining(["probe_plugin_init", "probe_plugin_deinit"]));
});

test.each([
  "lib10_mail_log_plugin.so",
  "10_mail_log_plugin.so",
  "lib_mail_log_plugin.so",
  "mail_log_plugin.so",
  "libvsmtp-plugin-mail-log-1.0.0.so",
  "vsmtp-plugin-mail-log.so",
  "anything.so",
])("%s may be the file of the plugin mail-log", (file) => {
  expect(admitted(storagePlugin({ name: "mail_log", file })).manifest.name).toBe("mail-log");
});

test("a name of a file that is another plugin's is a contradiction", () => {
  const file = storagePlugin({ name: "quota", file: "lib10_trash_plugin.so" });
  expect(refusals(file)).toEqual(["PLUGIN_FILE_NAME"]);
  expect(wordsOf(file)).toContain("is by its name the plugin trash, but by its manifest the plugin quota");
});

test("a link is judged by what it leads to, and has a name of its own", () => {
  const link = join(newFolder(), "90_probe_plugin.so");
  symlinkSync(storagePlugin(), link);
  expect(admitted(link)).toMatchObject({ file: link, manifest: { name: "probe" } });
});

test.each([["init"], ["deinit"]] as const)("a missing %s is named", (without) => {
  const file = storagePlugin({ without });
  expect(refusals(file)).toEqual(["PLUGIN_STORAGE_SYMBOL"]);
  expect(wordsOf(file)).toContain(`its probe_plugin_${without} is missing`);
  expect(wordsOf(file)).toContain(`Define \`void probe_plugin_${without}(`);
});

test("both are missing in a file that only its name makes a storage plugin", () => {
  const file = compile("#include <lib.h>\nint helper(void); int helper(void) { return 1; }", {
    name: "lib10_probe_plugin.so",
    core: false,
    flags: [`-I${includeFolder}/dovecot`],
  });
  expect(wordsOf(file)).toContain("probe_plugin_init is missing");
  expect(wordsOf(file)).toContain("probe_plugin_deinit is missing");
  expect(judgeFile(copyAs(file, "libhelper.so"))).toMatchObject({
    kind: "not-a-plugin",
    reason: expect.stringContaining("neither the functions nor the name of a storage plugin"),
  });
});

test("a variable is no function to begin with", () => {
  const file = storagePlugin({ more: "int BASE_preinit = 1;" });
  expect(wordsOf(file)).toContain("its probe_plugin_preinit is data, where a function has to be");
});

test("preinit is known", () => {
  const file = storagePlugin({ more: "void BASE_preinit(void); void BASE_preinit(void) { }" });
  expect(admitted(file).manifest.storage?.preinit).toBe(true);
});

const version = "const char *BASE_version = DOVECOT_ABI_VERSION;";

test.each([
  ["-O0"],
  ["-O2"],
  ["-O2 -flto"],
  ["-s"],
  ["-Wl,-z,now -Wl,-z,relro"],
  ["-Wl,--gc-sections -ffunction-sections"],
])("DOVECOT_ABI_VERSION is this vSMTP's version, built with %s", (flags) => {
  const file = storagePlugin({
    more: version,
    include: "#include <config.h>\n#include <lib.h>",
    flags: flags.split(" "),
  });
  expect(wordsOf(file)).toBe("admitted");
  expect(wordsOf(edited(file, withoutSections))).toBe("admitted");
});

test("a version in an array of characters is read as well", () => {
  expect(wordsOf(storagePlugin({ more: `const char BASE_version[] = "1.0.0";` }))).toBe("admitted");
});

test("a version of other headers is refused, in the note and in the variable", () => {
  const older = storagePlugin({ flags: ['-DVSMTP_VERSION="0.9.0"'] });
  expect(refusals(older)).toEqual(["PLUGIN_VERSION"]);
  expect(wordsOf(older)).toContain("is built for vSMTP 0.9.0, which is older than this vSMTP, 1.0.0");
  const contradicting = storagePlugin({ more: `const char *BASE_version = "0.9.0";` });
  expect(refusals(contradicting)).toEqual(["PLUGIN_VERSION_CONTRADICTION"]);
  expect(wordsOf(contradicting)).toContain("its symbol probe_plugin_version of 0.9.0");
});

test("a version that points nowhere is refused", () => {
  expect(wordsOf(storagePlugin({ more: "const char *BASE_version = 0;" }))).toContain(
    "Define `const char *probe_plugin_version`",
  );
});

test("units of different versions are told, both of them", () => {
  const unit = compile("#include <lib.h>\nint second(void); int second(void) { return 2; }", {
    name: "second.o",
    core: false,
    flags: [`-I${includeFolder}/dovecot`, '-DVSMTP_VERSION="0.8.0"', "-r", "-nostdlib", "-no-pie"],
  });
  const file = storagePlugin({ flags: [unit] });
  expect(refusals(file)).toEqual(["PLUGIN_VERSION_MIXED"]);
  expect(wordsOf(file)).toMatch(/different versions of vSMTP: (1\.0\.0 and 0\.8\.0|0\.8\.0 and 1\.0\.0)/);
});

test("a plugin that was compiled for Dovecot itself is told how to become one for vSMTP", () => {
  const more = `const char *BASE_version = "2.3.ABIv19(2.3.19.1)";\nint mail_storage_unknown(void); int x(void); int x(void) { return mail_storage_unknown(); }`;
  const file = storagePlugin({ include: "", more });
  expect(refusals(file)).toEqual(["PLUGIN_FOR_DOVECOT"]);
  expect(wordsOf(file)).toContain("2.3.ABIv19(2.3.19.1)");
  expect(wordsOf(file)).toContain("vsmtp sdk --dovecot-cflags");
  expect(refusals(storagePlugin({ include: "" }))).toEqual(["PLUGIN_FOR_DOVECOT"]);
});

test("dependencies are read from the file, in any spelling; notify is always there", () => {
  const more = `const char *BASE_dependencies[] = { "notify", "quota_plugin", "mail_log", "quota", 0 };`;
  const { manifest } = admitted(storagePlugin({ more }));
  expect(manifest.dependencies).toEqual(["mail-log", "quota"]);
  expect(manifest.storage?.dependencies).toEqual(["mail-log", "quota"]);
});

test("an empty list of dependencies is one", () => {
  expect(admitted(storagePlugin({ more: "const char *BASE_dependencies[] = { 0 };" })).manifest.dependencies).toEqual(
    [],
  );
});

test.each([
  ["a list without an end", `const char *BASE_dependencies[] = { "quota" };`],
  ["a number", "long BASE_dependencies = 5;"],
  ["no name", `const char *BASE_dependencies[] = { "Quota!", 0 };`],
  ["the plugin itself", `const char *BASE_dependencies[] = { "probe", 0 };`],
])("dependencies that are %s are refused", (_, more) => {
  expect(refusals(storagePlugin({ more }))).toEqual(["PLUGIN_STORAGE_SYMBOL"]);
});

test.each([["vsmtp"], ["imap lmtp"], ["pop3 imap"], ["lmtp"]])("a plugin for %s is taken", (names) => {
  const { manifest } = admitted(storagePlugin({ more: `const char BASE_binary_dependency[] = "${names}";` }));
  expect(manifest.storage?.binaries).toEqual(names.split(" "));
});

test("a plugin for other programs only is refused, and says for which", () => {
  const file = storagePlugin({ more: `const char BASE_binary_dependency[] = "doveadm pop3";` });
  expect(refusals(file)).toEqual(["PLUGIN_BINARY"]);
  expect(wordsOf(file)).toContain("is meant for doveadm and pop3 only, as its probe_plugin_binary_dependency says");
});

const uses = (name: string, more = "") =>
  `int ${name}(void)${more}; __attribute__((used)) static int calls(void) { return ${name}(); }`;

test("what nobody defines is named, unless it is weak", () => {
  const file = storagePlugin({ more: uses("no_such_function") });
  expect(refusals(file)).toEqual(["PLUGIN_UNDEFINED"]);
  expect(wordsOf(file)).toContain("uses no_such_function");
  expect(wordsOf(file)).toContain("vSMTP's storage library has no such name");
  expect(wordsOf(storagePlugin({ more: uses("no_such_function", " __attribute__((weak))") }))).toBe("admitted");
});

test("what the storage library exports is there without -l, but only for storage plugins", () => {
  expect(wordsOf(storagePlugin({ more: uses("crc32_str") }))).toBe("admitted");
  const rules = compile(`#include <vsmtp/plugin.h>\nVSMTP_PLUGIN("probe")\n${uses("crc32_str")}`);
  expect(refusals(rules)).toEqual(["PLUGIN_UNDEFINED"]);
});

test("what plugins that it depends on are to define is said of a file alone", () => {
  const more = `const char *BASE_dependencies[] = { "quota", 0 };\n${uses("quota_of_somebody")}`;
  expect(admitted(storagePlugin({ more })).linkage?.wanted).toEqual(["quota_of_somebody"]);
});

test("one file can be a plugin for rules and a storage plugin", () => {
  const include = `#include <vsmtp/plugin.h>\n#include <lib.h>\nVSMTP_PLUGIN("probe", VSMTP_RELEASE("3"))`;
  const more = "VSMTP_FUNCTION(int64_t, answer, (void)) { return 42; }";
  const flags = ["-L", "build/native", "-l:libvsmtp.so.1"];
  const { manifest } = admitted(storagePlugin({ include, more, flags, file: "libvsmtp-plugin-probe-1.0.0.so" }));
  expect(manifest).toMatchObject({ name: "probe", release: "3", scripted: true, storage: { base: "probe_plugin" } });
  expect(manifest.functions.map(({ name }) => name)).toEqual(["answer"]);
});

test("functions of another name do not make a plugin for rules a storage plugin", () => {
  const include = `#include <vsmtp/plugin.h>\n#include <lib.h>\nVSMTP_PLUGIN("other")`;
  const file = storagePlugin({ include, file: "libvsmtp-plugin-other-1.0.0.so" });
  expect(wordsOf(file)).toContain("its other_plugin_init is missing");
});

test("no name of the storage library is the program's own: the loader would take that one in its place", () => {
  const { storageCore, process } = facts.libraries;
  const names = storageCore?.elf.exported("") ?? [];
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => process.some((library) => library.provides({ name, version: undefined })))).toEqual([]);
});
