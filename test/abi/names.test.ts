/** What file names claim, and what imports mean. */

import { expect, test } from "vitest";
import { importedName, isPluginName, nearNames, readFileName } from "../../src/plugin/name.ts";

test.each([
  ["libvsmtp-plugin-mysql-1.0.0.so", "mysql", "1.0.0"],
  ["vsmtp-plugin-mysql-1.0.0.so", "mysql", "1.0.0"],
  ["vsmtp-plugin-mysql.so", "mysql", undefined],
  ["vsmtp-plugin-mysql", "mysql", undefined],
  ["libvsmtp_plugin_mysql.so", "mysql", undefined],
  ["libvsmtp_plugin_my_sql_1.0.0.so", "my-sql", "1.0.0"],
  ["libvsmtp-plugin-my-sql-8-1.0.0-rc.1+deb12.so", "my-sql-8", "1.0.0-rc.1+deb12"],
  ["lib95_imap_quota_plugin.so", "imap-quota", undefined],
  ["lib_trash_plugin.so", "trash", undefined],
  ["10_acl_plugin.so", "acl", undefined],
])("%s claims to be %s for %s", (file, name, version) => {
  expect(readFileName(file)).toEqual({ name, version });
});

test.each([
  "mysql.so",
  "libvsmtp.so",
  "libvsmtp-plugin-.so",
  "libvsmtp-plugin-My.so",
  "vsmtp-plugin-a--b.so",
  "vsmtp-plugin-1a.so",
])("%s claims nothing", (file) => {
  expect(readFileName(file)).toBeUndefined();
});

test("names of plugins are lower-case words and numbers joined by single dashes", () => {
  expect(["a", "mysql", "my-sql", "x2-3d"].filter((name) => !isPluginName(name))).toEqual([]);
  expect(["", "A", "my_sql", "-a", "a-", "a--b", "2a", "a.b", "a\n"].filter(isPluginName)).toEqual([]);
});

test("an import leads to the plugin directory, or elsewhere", () => {
  expect(importedName("plugins/vsmtp-plugin-a.so", "/etc/vsmtp/plugins")).toBe("vsmtp-plugin-a.so");
  expect(importedName("./plugins/a", "/etc/vsmtp/plugins")).toBe("a");
  expect(importedName("/etc/vsmtp/plugins/a", "/etc/vsmtp/plugins/")).toBe("a");
  expect(importedName("services/a", "/etc/vsmtp/plugins")).toBeUndefined();
  expect(importedName("plugins/sub/a", "/etc/vsmtp/plugins")).toBeUndefined();
});

test("near names are those that a slip of a finger leads to, the nearest first", () => {
  expect(nearNames("mysqll", ["mysql", "mssql", "redis", "mysql"])).toEqual(["mysql", "mssql"]);
  expect(nearNames("helo", ["hello", "command"])).toEqual(["hello"]);
});

test("a name made to be hard to read is read in no time", () => {
  const hard = `vsmtp-plugin-${"a-".repeat(50_000)}!`;
  expect(readFileName(hard)).toBeUndefined();
  expect(isPluginName(hard)).toBe(false);
});
