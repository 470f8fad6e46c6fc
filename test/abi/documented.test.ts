/** docs/storage-plugins.md: what it prints compiles, as it says, and is admitted. */

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cc, includeFolder, newFolder } from "../fixtures/compile.ts";
import { judgeFile, wordsOf } from "./files.ts";

const page = readFileSync(new URL("../../docs/storage-plugins.md", import.meta.url), "utf8");
const [, source = ""] = /```c\n([\s\S]*?)```/.exec(page) ?? [];

test("the plugin of the page is one, and needs nothing that is not there", () => {
  const folder = newFolder();
  writeFileSync(join(folder, "count_plugin.c"), source);
  const file = join(folder, "10_count_plugin.so");
  const cflags = [`-I${includeFolder}/dovecot`, `-I${includeFolder}`, "-fPIC", "-Wall", "-Wextra", "-Werror"];
  execFileSync(cc(), ["-shared", ...cflags, join(folder, "count_plugin.c"), "-o", file], { stdio: "pipe" });
  expect(wordsOf(file)).toBe("admitted");
  expect(judgeFile(file)).toMatchObject({ manifest: { name: "count", storage: { base: "count_plugin" } } });
});
