/** A path in the plugin directory can lead to anything. Nothing is waited for, and what it is is said in words. */

import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, truncateSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { compile, minimal, newFolder, writeNew } from "../fixtures/compile.ts";
import { edited, judgeFile, refusals, wordsOf } from "./files.ts";

test("a text", () => {
  const file = writeNew("libvsmtp-plugin-text-1.0.0.so", "#!/bin/sh\necho no plugin\n");
  expect(refusals(file)).toEqual(["ELF_NOT_ELF"]);
  expect(wordsOf(file)).toContain("it is a text");
});

test("an empty file", () => {
  const file = writeNew("libvsmtp-plugin-empty.so", "");
  expect(refusals(file)).toEqual(["ELF_NOT_ELF"]);
  expect(wordsOf(file)).toContain("it is empty");
});

test("a file of zeros, as an interrupted copy leaves it", () => {
  const file = writeNew("zeros.so", Buffer.alloc(20_000));
  expect(refusals(file)).toEqual(["ELF_NOT_ELF"]);
  expect(wordsOf(file)).toContain("interrupted copy");
});

test("a directory", () => {
  const file = join(newFolder(), "libvsmtp-plugin-directory.so");
  mkdirSync(file);
  expect(refusals(file)).toEqual(["PLUGIN_NOT_A_FILE"]);
  expect(wordsOf(file)).toContain("is a directory");
});

test("a FIFO that nobody writes to", () => {
  const file = join(newFolder(), "fifo.so");
  execFileSync("mkfifo", [file]);
  expect(refusals(file)).toEqual(["PLUGIN_NOT_A_FILE"]);
  expect(wordsOf(file)).toContain("is a FIFO");
});

test("a socket", async () => {
  const file = join(newFolder(), "socket.so");
  const server = createServer().listen(file);
  await new Promise((resolve) => server.once("listening", resolve));
  expect(refusals(file)).toEqual(["PLUGIN_NOT_A_FILE"]);
  await new Promise((resolve) => server.close(resolve));
});

test("a link to a device", () => {
  const file = join(newFolder(), "device.so");
  symlinkSync("/dev/zero", file);
  expect(refusals(file)).toEqual(["PLUGIN_NOT_A_FILE"]);
  expect(wordsOf(file)).toContain("is a device");
});

test("a dangling link, with what it leads to", () => {
  const file = join(newFolder(), "vsmtp-plugin-mysql.so");
  symlinkSync("../lib/libvsmtp-plugin-mysql-1.0.0.so", file);
  expect(refusals(file)).toEqual(["PLUGIN_DANGLING_LINK"]);
  expect(wordsOf(file)).toContain(join(dirname(dirname(file)), "lib/libvsmtp-plugin-mysql-1.0.0.so"));
  expect(wordsOf(file)).toContain("Is the package");
});

test("a link that leads in a circle", () => {
  const folder = newFolder();
  symlinkSync("b.so", join(folder, "a.so"));
  symlinkSync("a.so", join(folder, "b.so"));
  expect(refusals(join(folder, "a.so"))).toEqual(["PLUGIN_LINK_LOOP"]);
});

test("nothing at all", () => {
  expect(refusals(join(newFolder(), "absent.so"))).toEqual(["PLUGIN_UNREADABLE"]);
});

test("a file that is too large to be a plugin", () => {
  const file = edited(compile(minimal), () => undefined);
  truncateSync(file, 300 * 1024 * 1024);
  expect(refusals(file)).toEqual(["PLUGIN_TOO_LARGE"]);
});

test("a good plugin behind links", () => {
  const folder = newFolder();
  const real = compile(minimal);
  symlinkSync(real, join(folder, "one.so"));
  symlinkSync("one.so", join(folder, "vsmtp-plugin-probe.so"));
  expect(judgeFile(join(folder, "vsmtp-plugin-probe.so"))).toMatchObject({ kind: "admitted", realFile: real });
});

test("a file that the host may not read", () => {
  const file = edited(compile(minimal), () => undefined);
  for (const folder of [dirname(file), dirname(dirname(file))]) chmodSync(folder, 0o755);
  chmodSync(file, 0o000);
  expect(asNobody(() => refusals(file))).toEqual(["PLUGIN_UNREADABLE"]);
  expect(asNobody(() => wordsOf(file))).toContain("chmod a+r");
});

test("a library without notes of vSMTP is no plugin, and nothing against anyone", () => {
  const library = compile("int helper(void) { return 1; }", { name: "libhelper.so", core: false });
  expect(judgeFile(library)).toMatchObject({ kind: "not-a-plugin", reason: "it has no notes of vSMTP" });
});

test("a library that is only called like a plugin is told from one", () => {
  const library = compile("int helper(void) { return 1; }", { core: false });
  expect(judgeFile(library)).toMatchObject({ kind: "not-a-plugin", reason: expect.stringContaining("plugin probe") });
});

/** Root may read everything, so it has to be somebody else for a moment. */
function asNobody<T>(run: () => T): T {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65534);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
}
