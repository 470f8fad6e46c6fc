/** Loading storage plugins: opened in their order, with the names of the storage library, and called by nobody here. */

import { copyFileSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import koffi from "koffi";
import { expect, test } from "vitest";
import { VsmtpError } from "../../src/errors.ts";
import { Plugins, pluginOf, type StoragePlugin } from "../../src/plugin/index.ts";
import { compile, newFolder } from "../fixtures/compile.ts";
import { storagePlugin } from "../fixtures/storage-plugin.ts";

function directoryOf(...files: readonly string[]): string {
  const directory = newFolder();
  for (const file of files) copyFileSync(file, join(directory, basename(file)));
  return directory;
}

/** All storage plugins of these files, loaded. */
function load(directory: string): (StoragePlugin | VsmtpError)[] {
  const plugins = Plugins.find({ directory, shipped: [] });
  return plugins.storage().plugins.map((verdict) => plugins.openStorage(verdict));
}

function loaded(directory: string): StoragePlugin[] {
  return load(directory).map((plugin) => {
    if (plugin instanceof VsmtpError) throw plugin;
    return plugin;
  });
}

/** Calls `void init(struct module *)` with a number to write to in place of a module. */
function answerOf({ init }: StoragePlugin): number {
  const answer = Int32Array.of(0);
  koffi.call(init, koffi.proto("void (void *)"), answer);
  return answer[0] ?? 0;
}

const answers = (expression: string) => `*(int *)(void *)module = ${expression};`;

test("a plugin is opened as a private copy, and known by the name that it was found under", () => {
  const directory = directoryOf(
    storagePlugin({ name: "mail_log", file: "libvsmtp-plugin-mail-log.so", init: answers("41") }),
  );
  renameSync(join(directory, "libvsmtp-plugin-mail-log.so"), join(directory, "real"));
  symlinkSync("real", join(directory, "20_mail_log_plugin.so"));
  const [plugin] = loaded(directory);
  expect(plugin).toMatchObject({
    name: "mail-log",
    base: "mail_log_plugin",
    path: join(directory, "20_mail_log_plugin.so"),
    realFile: expect.stringMatching(/^\/proc\/self\/fd\/\d+$/),
    preinit: undefined,
  });
  expect(pluginOf(plugin?.realFile ?? "")).toBe("mail-log");
  expect(answerOf(plugin as StoragePlugin)).toBe(41);
});

test("nothing of a plugin is called while it is loaded", () => {
  const file = join(newFolder(), "called");
  const touch = `{ FILE *f = fopen("${file}", "a"); if (f) fclose(f); }`;
  const more = `#include <stdio.h>\nvoid BASE_preinit(void); void BASE_preinit(void) ${touch}`;
  const [plugin] = loaded(directoryOf(storagePlugin({ name: "quiet", more, init: `(void)module; ${touch}` })));
  expect(plugin?.preinit).toBeTypeOf("bigint");
  expect(() => readFileSync(file)).toThrow("ENOENT");
});

test("a dependent calls the functions of what it depends on; others keep their own", () => {
  const give = (value: number) => `int clashing_value(void); int clashing_value(void) { return ${value}; }`;
  const depends = 'const char *BASE_dependencies[] = { "base", 0 };\nint base_value(void);';
  const [first, second, third, base, dependent] = loaded(
    directoryOf(
      storagePlugin({ name: "one", file: "10_one_plugin.so", more: give(1), init: answers("clashing_value()") }),
      storagePlugin({ name: "two", file: "11_two_plugin.so", more: give(2), init: answers("clashing_value()") }),
      storagePlugin({ name: "three", file: "12_three_plugin.so", more: give(3), init: answers("clashing_value()") }),
      storagePlugin({
        name: "base",
        file: "20_base_plugin.so",
        more: "int base_value(void); int base_value(void) { return 7; }",
      }),
      storagePlugin({ name: "user", file: "21_user_plugin.so", more: depends, init: answers("base_value() * 6") }),
    ),
  );
  expect([first, second, third, dependent].map((plugin) => plugin && answerOf(plugin))).toEqual([1, 2, 3, 42]);
  expect(base?.name).toBe("base");
});

test("the names of the storage library are there for a plugin that is linked with nothing", () => {
  const more = 'static const char *const words[] = { "a", "b", "c", NULL };';
  const [plugin] = loaded(
    directoryOf(storagePlugin({ name: "naming", more, init: answers("str_array_length(words)") })),
  );
  expect(plugin && answerOf(plugin)).toBe(3);
});

test("a plugin that is both is one library for rules and for storage", () => {
  const include = `#include <vsmtp/plugin.h>\n#include <lib.h>\nVSMTP_PLUGIN("both")`;
  const more = `
    static int count;
    static const char *const words[] = { "a", NULL };
    VSMTP_FUNCTION(int64_t, both_count, (void), VSMTP_QUICK) { return count * str_array_length(words); }`;
  const init = `count++; ${answers("count")}`;
  const file = storagePlugin({ name: "both", include, more, init, flags: ["build/native/libvsmtp.so.1"] });
  const plugins = Plugins.find({ directory: directoryOf(file), shipped: [] });
  const [verdict] = plugins.storage().plugins;
  if (!verdict) throw new Error(JSON.stringify(plugins.verdicts));
  const module = plugins.load(verdict);
  if (module instanceof VsmtpError) throw module;
  const plugin = plugins.openStorage(verdict);
  if (plugin instanceof VsmtpError) throw plugin;
  expect(answerOf(plugin)).toBe(1);
  const [count] = module.functions.get("both_count") ?? [];
  expect(count?.call({} as never)).toBe(1);
});

test("the answer to a second load is the same", () => {
  const plugins = Plugins.find({ directory: directoryOf(storagePlugin({ name: "again" })), shipped: [] });
  const [verdict] = plugins.storage().plugins;
  if (!verdict) throw new Error("there is none");
  expect(plugins.openStorage(verdict)).toBe(plugins.openStorage(verdict));
});

test("what was judged is opened, whatever was put in the place of the file since", () => {
  const swapped = storagePlugin({ name: "swapped", file: "10_swapped_plugin.so", init: answers("17") });
  const directory = directoryOf(swapped);
  const plugins = Plugins.find({ directory, shipped: [] });
  writeFileSync(join(directory, "new"), "no plugin");
  renameSync(join(directory, "new"), join(directory, basename(swapped)));
  const [verdict] = plugins.storage().plugins;
  const plugin = verdict && plugins.openStorage(verdict);
  expect(plugin instanceof VsmtpError ? plugin : plugin && answerOf(plugin)).toBe(17);
});

test("a plugin that is linked with one that it depends on shares it", () => {
  const base = storagePlugin({
    name: "base",
    file: "20_base_plugin.so",
    more: `static int count; int base_count(void); int base_count(void) { return ++count; }`,
    flags: ["-Wl,-soname,20_base_plugin.so"],
    init: answers("base_count()"),
  });
  const user = storagePlugin({
    name: "user",
    file: "21_user_plugin.so",
    more: 'const char *BASE_dependencies[] = { "base", 0 };\nint base_count(void);',
    init: answers("base_count()"),
    flags: [base, "-Wl,-rpath,$ORIGIN"],
  });
  const [first, second] = loaded(directoryOf(base, user));
  expect([first, second].map((plugin) => plugin && answerOf(plugin))).toEqual([1, 2]);
});

test("what the loader itself refuses names the file and the reason", () => {
  // An initial-exec thread variable of this size has no room in a process that is running already.
  const more = `__thread char big[1 << 24] __attribute__((tls_model("initial-exec"), used));`;
  const [outcome] = load(directoryOf(storagePlugin({ name: "thread", more, init: "(void)module; big[0] = 1;" })));
  expect(outcome).toMatchObject({ code: "PLUGIN_NOT_LOADABLE" });
  expect(String(outcome)).toContain("lib10_thread_plugin.so");
});

test("a plugin for rules is none", () => {
  const file = compile(`#include <vsmtp/plugin.h>\nVSMTP_PLUGIN("rules")`, { name: "libvsmtp-plugin-rules.so" });
  const plugins = Plugins.find({ directory: directoryOf(file), shipped: [] });
  const [verdict] = plugins.verdicts;
  expect(verdict?.kind === "admitted" && plugins.openStorage(verdict)).toMatchObject({ code: "PLUGIN_NOT_STORAGE" });
});
