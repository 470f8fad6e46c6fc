/** Storage plugins among each other: their order, what they depend on, and which functions they share. */

import { copyFileSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { Plugins, type Verdict } from "../../src/plugin/index.ts";
import { compile, minimal, newFolder } from "../fixtures/compile.ts";
import { storagePlugin } from "../fixtures/storage-plugin.ts";
import { codesOf, facts } from "./files.ts";

const depends = (...names: string[]) =>
  `const char *BASE_dependencies[] = { ${names.map((name) => `"${name}", `).join("")}0 };`;
const defines = (name: string) => `int ${name}(void); int ${name}(void) { return 1; }`;
const uses = (name: string) => `int ${name}(void); __attribute__((used)) static int calls(void) { return ${name}(); }`;

function directoryOf(...files: readonly string[]): string {
  const directory = newFolder();
  for (const file of files) copyFileSync(file, join(directory, basename(file)));
  return directory;
}

function find(directory: string, more: { files?: readonly string[]; shipped?: readonly string[] } = {}): Plugins {
  return Plugins.find({ directory, shipped: [], facts, ...more });
}

function order(plugins: Plugins, names: readonly string[] | null = null): string[] {
  return plugins.storage(names).plugins.map(({ manifest }) => manifest.name);
}

function refusals(plugins: Plugins): string[] {
  return plugins.verdicts.flatMap(told);
}

function told(verdict: Verdict): string[] {
  return verdict.kind === "refused" ? verdict.problems.map(({ code, message }) => `${code} ${message}`) : [];
}

test("the order is that of file names without lib, byte by byte", () => {
  const names = [
    "lib95_a_plugin.so",
    "20_b_plugin.so",
    "lib_c_plugin.so",
    "05_d_plugin.so",
    "libvsmtp-plugin-e-1.0.0.so",
  ];
  const files = names.map((file, index) => storagePlugin({ name: "abcde"[index] ?? "", file }));
  expect(order(find(directoryOf(...files)))).toEqual(["d", "b", "a", "c", "e"]);
});

test("a link is ordered by its own name, and one file under two names is one plugin", () => {
  const directory = directoryOf(storagePlugin({ name: "second", file: "50_second_plugin.so" }));
  const real = storagePlugin({ name: "first", file: "libvsmtp-plugin-first-1.0.0.so" });
  symlinkSync(real, join(directory, "10_first_plugin.so"));
  symlinkSync(real, join(directory, "libvsmtp-plugin-first-1.0.0.so"));
  const plugins = find(directory);
  expect(order(plugins)).toEqual(["first", "second"]);
  expect(plugins.verdicts.length).toBe(2);
});

test("two files of one base name are both refused", () => {
  const files = ["10_twin_plugin.so", "20_twin_plugin.so"].map((file) =>
    storagePlugin({ name: "twin", file, more: defines(`f${file.slice(0, 2)}`) }),
  );
  const plugins = find(directoryOf(...files));
  expect(order(plugins)).toEqual([]);
  expect(refusals(plugins).map((text) => text.split(" ")[0])).toEqual(["PLUGIN_NAME_TWICE", "PLUGIN_NAME_TWICE"]);
});

const quota = storagePlugin({ name: "quota", file: "10_quota_plugin.so", more: defines("quota_root") });
const trash = storagePlugin({
  name: "trash",
  file: "11_trash_plugin.so",
  more: `${depends("quota")}${uses("quota_root")}`,
});

test("a plugin may use what one that it depends on defines", () => {
  const plugins = find(directoryOf(quota, trash));
  expect(refusals(plugins)).toEqual([]);
  expect(order(plugins)).toEqual(["quota", "trash"]);
});

test("also what those depend on define", () => {
  const third = storagePlugin({
    name: "third",
    file: "12_third_plugin.so",
    more: `${depends("trash_plugin")}${uses("quota_root")}`,
  });
  expect(refusals(find(directoryOf(quota, trash, third)))).toEqual([]);
});

test("without it the plugin is refused, and so are those that depend on that one", () => {
  const third = storagePlugin({ name: "third", file: "12_third_plugin.so", more: depends("trash") });
  const plugins = find(directoryOf(trash, third));
  expect(refusals(plugins)).toEqual([
    expect.stringMatching(
      /^PLUGIN_DEPENDENCY .*11_trash_plugin\.so depends on the plugin quota, but that one is not there/,
    ),
    expect.stringMatching(/^PLUGIN_DEPENDENCY .*12_third_plugin\.so depends on the plugin trash/),
  ]);
});

test("one that would be loaded before what it depends on is refused, naming both", () => {
  const early = storagePlugin({ name: "early", file: "05_early_plugin.so", more: depends("quota") });
  expect(refusals(find(directoryOf(early, quota)))).toEqual([
    expect.stringMatching(
      /^PLUGIN_ORDER .*05_early_plugin\.so depends on the plugin quota, .*10_quota_plugin\.so comes later/,
    ),
  ]);
});

test("a plugin for rules is not what a storage plugin can depend on", () => {
  const rules = compile(minimal.replace('"probe"', '"quota"'), { name: "libvsmtp-plugin-quota-1.0.0.so" });
  expect(refusals(find(directoryOf(rules, trash)))).toEqual([
    expect.stringContaining("depends on the plugin quota, but that one is no storage plugin"),
  ]);
});

test("a name that neither the library nor the plugins that it depends on define is refused", () => {
  const wrong = storagePlugin({
    name: "wrong",
    file: "12_wrong_plugin.so",
    more: `${depends("quota")}${uses("quota_mistyped")}`,
  });
  const [text = ""] = refusals(find(directoryOf(quota, wrong)));
  expect(text).toContain("PLUGIN_UNDEFINED");
  expect(text).toContain("uses quota_mistyped");
});

test("names of a plugin that others see may not be defined again", () => {
  const clashing = storagePlugin({ name: "clashing", file: "30_clashing_plugin.so", more: defines("quota_root") });
  expect(refusals(find(directoryOf(quota, trash, clashing)))).toEqual([
    expect.stringMatching(
      /^PLUGIN_CLASH .*30_clashing_plugin\.so exports quota_root, but so does .*10_quota_plugin\.so.*because trash depends on it/,
    ),
  ]);
  expect(refusals(find(directoryOf(quota, clashing)))).toEqual([]);
});

test("only the plugins that are named take part, in any spelling and always in their order", () => {
  const log = storagePlugin({ name: "mail_log", file: "20_mail_log_plugin.so" });
  const plugins = find(directoryOf(quota, trash, log));
  expect(order(plugins)).toEqual(["quota", "trash", "mail-log"]);
  expect(order(plugins, ["mail_log", "quota", "notify"])).toEqual(["quota", "mail-log"]);
  expect(order(plugins, ["mail-log"])).toEqual(["mail-log"]);
  expect(order(plugins, [])).toEqual([]);
});

test("what is named and cannot take part is a problem that says why", () => {
  const older = storagePlugin({ name: "older", file: "30_older_plugin.so", flags: ['-DVSMTP_VERSION="0.9.0"'] });
  const rules = compile(minimal, { name: "libvsmtp-plugin-probe-1.0.0.so" });
  const plugins = find(directoryOf(quota, trash, older, rules));
  const { problems } = plugins.storage(["quotta", "trash", "older", "probe"]);
  expect(problems.map(({ code, message, fix }) => `${code} ${message}. ${fix}`)).toEqual([
    expect.stringMatching(/^STORAGE_PLUGIN The storage plugin quotta .* none has that name\. Did you mean quota\?/),
    expect.stringMatching(/^STORAGE_PLUGIN The storage plugin older .*30_older_plugin\.so is refused/),
    expect.stringMatching(/^STORAGE_PLUGIN The storage plugin probe .*is none\./),
    expect.stringMatching(/^STORAGE_PLUGIN_DEPENDENCY The storage plugin trash needs quota/),
  ]);
});

test("a file that somebody names takes the place of a plugin of that name in the directory", () => {
  const own = storagePlugin({ name: "quota", file: "libvsmtp-plugin-quota.so" });
  const plugins = find(directoryOf(quota), { files: [own] });
  expect(plugins.storage().plugins.map(({ file }) => file)).toEqual([own]);
});

test("the same file in the directory is no second plugin", () => {
  const directory = directoryOf(quota);
  const plugins = find(directory, { files: [join(directory, basename(quota))] });
  expect(refusals(plugins)).toEqual([]);
  expect(order(plugins)).toEqual(["quota"]);
});

test("a script that imports a storage plugin reads that it has no functions", () => {
  const plugins = find(directoryOf(quota));
  const verdict = plugins.lookup("plugins/quota") as Verdict;
  expect(plugins.load(verdict)).toMatchObject({ code: "PLUGIN_NO_FUNCTIONS" });
});

test.each([
  ["without a SONAME", [], 'const char *BASE_dependencies[] = { "base", 0 };'],
  ["without naming it as a dependency", ["-Wl,-soname,20_base_plugin.so"], ""],
])("a plugin that is linked with another one %s is refused", (_, flags, more) => {
  const base = storagePlugin({
    name: "base",
    file: "20_base_plugin.so",
    more: "int base_count(void); int base_count(void) { return 1; }",
    flags,
  });
  const link = { name: "user", file: "21_user_plugin.so", flags: [base, `-Wl,-rpath,${dirname(base)}`] };
  const user = storagePlugin({ ...link, more: `${more}\nint base_count(void);`, init: "(void)module; base_count();" });
  const plugins = Plugins.find({ directory: undefined, files: [base, user], shipped: [], facts });
  expect(plugins.verdicts.map(codesOf)).toEqual([[], ["PLUGIN_NEIGHBOUR"]]);
});
