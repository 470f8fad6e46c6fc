/** What `vsmtp plugin list`, `inspect` and `check` print. */

import { copyFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { allAdmitted, pluginCheckJson, pluginCheckText } from "../../src/cli/plugin-check.ts";
import { pluginInspectJson, pluginInspectText } from "../../src/cli/plugin-inspect.ts";
import { pluginListJson, pluginListText } from "../../src/cli/plugin-list.ts";
import { inspectFile, Plugins } from "../../src/plugin/index.ts";
import { compile, newFolder } from "../fixtures/compile.ts";
import { storagePlugin } from "../fixtures/storage-plugin.ts";
import { facts, judgeFile } from "./files.ts";

const good = compile(
  `
  #include <vsmtp/plugin.h>
  #include <stdlib.h>
  VSMTP_PLUGIN("store", VSMTP_RELEASE("2.5") VSMTP_DESCRIPTION("keeps things") VSMTP_MODULE("keep"))
  typedef struct thing { int a; } thing;
  VSMTP_OBJECT(thing, "thing", thing_end, VSMTP_DOC("Something kept."))
  void thing_end(thing *self) { free(self); }
  VSMTP_FUNCTION(thing *, thing_make, (const char *name, const vsmtp_value *options), VSMTP_NAME("make") VSMTP_DOC("Makes one.")) {
    (void)name; (void)options; return calloc(1, sizeof(thing));
  }
  VSMTP_FUNCTION(void, thing_run, (thing *self, int64_t times, vsmtp_out *out), VSMTP_METHOD("thing") VSMTP_NAME("run") VSMTP_QUICK) {
    (void)self; (void)times; vsmtp_out_unit(out);
  }
`,
  { name: "libvsmtp-plugin-store-1.0.0.so" },
);
const older = compile(`#include <vsmtp/plugin.h>\nVSMTP_PLUGIN("older")`, {
  name: "libvsmtp-plugin-older-0.9.0.so",
  flags: ['-DVSMTP_VERSION="0.9.0"'],
});

function somePlugins(): Plugins {
  const directory = newFolder();
  copyFileSync(older, join(directory, basename(older)));
  symlinkSync(good, join(directory, "vsmtp-plugin-store.so"));
  copyFileSync(compile("int helper;", { name: "libhelper.so", core: false }), join(directory, "libhelper.so"));
  writeFileSync(join(directory, "README"), "");
  return Plugins.find({ directory, shipped: [], facts });
}

test("the list has a line for each file, and under it why it was refused", () => {
  const lines = pluginListText(somePlugins()).trimEnd().split("\n");
  expect(lines[0]).toMatch(/^no plugin .*libhelper\.so: it has no notes of vSMTP$/);
  expect(lines[1]).toMatch(/^refused +older .*libvsmtp-plugin-older-0\.9\.0\.so$/);
  expect(lines[2]).toMatch(
    /^ {4}\S+ is built for vSMTP 0\.9\.0, which is older than this vSMTP, 1\.0\.0 \[PLUGIN_VERSION\]$/,
  );
  expect(lines[3]).toMatch(/^ {6}help: /);
  expect(lines[4]).toMatch(
    /^admitted +store +2\.5 +for vSMTP 1\.0\.0 +2 functions +module keep +\S+vsmtp-plugin-store\.so -> \S+libvsmtp-plugin-store-1\.0\.0\.so$/,
  );
  expect(lines[5]).toMatch(/^ {4}build-id [0-9a-f]{40}$/);
  expect(lines[6]).toBe("Not looked at, because not called *.so: README");
});

const dependent = storagePlugin({
  name: "mail_log",
  file: "20_mail_log_plugin.so",
  more: `
    const char *BASE_dependencies[] = { "notify", "quota", 0 };
    const char BASE_binary_dependency[] = "imap lmtp";
    void BASE_preinit(void);
    void BASE_preinit(void) { }
    int quota_used(void);
    int used(void);
    int used(void) { return quota_used(); }`,
});

test("a storage plugin is listed as one, and as both when it is both", () => {
  const quota = storagePlugin({ name: "quota", more: "int quota_used(void); int quota_used(void) { return 0; }" });
  const both = storagePlugin({
    name: "both",
    file: "libvsmtp-plugin-both.so",
    include: `#include <vsmtp/plugin.h>\n#include <lib.h>\nVSMTP_PLUGIN("both")`,
  });
  const directory = newFolder();
  for (const file of [dependent, quota, both]) copyFileSync(file, join(directory, basename(file)));
  const plugins = Plugins.find({ directory, shipped: [], facts });
  const lines = pluginListText(plugins).trimEnd().split("\n");
  expect(lines[0]).toMatch(/^admitted +mail-log +for vSMTP 1\.0\.0 +storage +\S+20_mail_log_plugin\.so$/);
  expect(lines[4]).toMatch(/^admitted +both +for vSMTP 1\.0\.0 +0 functions, storage +\S+plugin-both\.so$/);
  const json = JSON.parse(JSON.stringify(pluginListJson(plugins))).plugins;
  expect(json[0]).toMatchObject({
    kinds: ["storage"],
    dependencies: ["quota"],
    storage: { base: "mail_log_plugin", preinit: true, dependencies: ["quota"], binaries: ["imap", "lmtp"] },
  });
  expect(json[2].kinds).toEqual(["rules", "storage"]);
});

test("inspecting a storage plugin shows how it begins and ends, and what it asks for", () => {
  const text = pluginInspectText(inspectFile(dependent, facts));
  for (const part of [
    "plugin        mail-log\n",
    "kind          storage\n",
    "begins, ends  mail_log_plugin_preinit, mail_log_plugin_init, mail_log_plugin_deinit\n",
    "programs      imap, lmtp\n",
    "depends on    quota\n",
  ]) {
    expect(text).toContain(part);
  }
  expect(text).not.toContain("only by import");
  expect(text.trimEnd()).toMatch(/\nadmitted, if quota defines quota_used$/);
});

test("an empty directory is said to be one", () => {
  expect(pluginListText(Plugins.find({ directory: newFolder(), shipped: [], facts }))).toBe("There are no plugins.\n");
});

test("the list as JSON has a stable shape", () => {
  expect(JSON.parse(JSON.stringify(pluginListJson(somePlugins())))).toEqual({
    host: null,
    plugins: [
      {
        file: expect.stringContaining("libhelper.so"),
        state: "not-a-plugin",
        reason: "it has no notes of vSMTP",
        shipped: false,
        aliases: [],
        running: null,
      },
      {
        file: expect.stringContaining("libvsmtp-plugin-older-0.9.0.so"),
        state: "refused",
        name: "older",
        problems: [{ code: "PLUGIN_VERSION", message: expect.any(String), fix: expect.any(String) }],
        shipped: false,
        aliases: [],
        running: null,
      },
      {
        file: expect.stringContaining("vsmtp-plugin-store.so"),
        realFile: good,
        state: "admitted",
        name: "store",
        kinds: ["rules"],
        release: "2.5",
        vsmtp: "1.0.0",
        description: "keeps things",
        module: "keep",
        functions: 2,
        dependencies: [],
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        buildId: expect.stringMatching(/^[0-9a-f]{40}$/),
        deep: false,
        package: null,
        shipped: false,
        aliases: [],
        running: null,
      },
    ],
    gone: [],
    ignored: ["README"],
    warnings: [],
  });
});

test("inspecting shows functions as scripts and as C see them, objects, libraries, and the verdict", () => {
  const text = pluginInspectText(inspectFile(good, facts));
  for (const part of [
    "plugin      store 2.5",
    "does        keeps things",
    "built for   vSMTP 1.0.0",
    "version symbol  1.0.0",
    "function  make(name: string, options: any) -> thing",
    "thing * thing_make(const char *name, const vsmtp_value *options)  (on a thread of its own)",
    "          Makes one.",
    "function  thing.run(times: i64) -> any",
    "object    thing  (C: thing *, ended by thing_end)",
    "          Something kept.",
    "constructors    none of its own",
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toMatch(/build-id +[0-9a-f]{40}\n/);
  expect(text).toMatch(/needs +libvsmtp\.so\.1, libc\.so\.6\n/);
  expect(text.trimEnd()).toMatch(/\nadmitted$/);
});

test("inspecting works for what is refused, too", () => {
  const json = JSON.parse(JSON.stringify(pluginInspectJson(inspectFile(older, facts))));
  expect(json).toMatchObject({
    state: "refused",
    problems: [{ code: "PLUGIN_VERSION" }],
    manifest: { name: "older", vsmtp: "0.9.0" },
    library: { machine: expect.stringContaining("64-bit"), versionSymbol: "0.9.0", exports: ["vsmtp_plugin_version"] },
  });
  expect(pluginInspectText(inspectFile(older, facts))).toContain("refused\n");
});

test("inspecting shows the signature of a method without its object in JSON as in text", () => {
  const json = JSON.parse(JSON.stringify(pluginInspectJson(inspectFile(good, facts))));
  expect(json.manifest.functions.map(({ signature }: { signature: string }) => signature)).toEqual([
    "make(name: string, options: any) -> thing",
    "thing.run(times: i64) -> any",
  ]);
  expect(json.library.exports).toContain("thing_make");
  expect(json.library.imports).toContain("vsmtp_out_unit");
});

test("inspecting says of a path that leads nowhere what is wrong with it", () => {
  const text = pluginInspectText(inspectFile(join(newFolder(), "absent.so"), facts));
  expect(text).toContain("[PLUGIN_UNREADABLE]");
});

test("checking succeeds only when everything is admitted", () => {
  const verdicts = [judgeFile(good), judgeFile(older)];
  expect(allAdmitted(verdicts)).toBe(false);
  expect(allAdmitted([judgeFile(good)])).toBe(true);
  expect(pluginCheckText(verdicts)).toMatch(
    /store-1\.0\.0\.so: admitted\n.*older-0\.9\.0\.so: refused\n {4}.*\[PLUGIN_VERSION\]\n/,
  );
  expect(JSON.parse(JSON.stringify(pluginCheckJson(verdicts)))).toMatchObject({
    ok: false,
    plugins: [
      { state: "admitted", name: "store" },
      { state: "refused", problems: [{ code: "PLUGIN_VERSION" }] },
    ],
  });
});
