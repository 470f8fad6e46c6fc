/** The headers that plugin authors include: they compile without a warning, and write the notes they promise. */

import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cc, compilers, includes, program, root, temporaryFolder } from "./compile.ts";

const strict = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror"];
const shared = ["-shared", "-fPIC", "-fvisibility=hidden"];
let folder = "";

beforeAll(() => {
  folder = temporaryFolder("sdk");
});
afterAll(() => rmSync(folder, { recursive: true }));

function compile(compiler: string, flags: string[], source: string): { file: string; messages: string } {
  const file = join(folder, "plugin.so");
  const run = spawnSync(compiler, [...flags, ...shared, ...includes, source, "-o", file], { encoding: "utf8" });
  return { file, messages: run.stdout + run.stderr };
}

/** The texts of the notes in a file, by kind: found by their header, wherever they are. */
function notes(file: string): { kind: number; text: string }[] {
  const bytes = readFileSync(file);
  const found: { kind: number; text: string }[] = [];
  for (let at = bytes.indexOf("vSMTP\0\0\0"); at >= 12; at = bytes.indexOf("vSMTP\0\0\0", at + 8)) {
    if (bytes.readUInt32LE(at - 12) !== 6) continue;
    const size = bytes.readUInt32LE(at - 8);
    const text = bytes.toString("utf8", at + 8, at + 8 + size);
    expect(text.indexOf("\0")).toBe(size - 1);
    found.push({ kind: bytes.readUInt32LE(at - 4), text: text.slice(0, -1) });
  }
  return found.sort((a, b) => a.kind - b.kind || (a.text < b.text ? -1 : 1));
}

const expected = [
  "name=every-macro\nvsmtp=1.0.0\nrelease=0.3.0\ndescription=uses all of the SDK\nmodule=every\nthreadsafe=yes\n",
  "symbol=counter_build\nprototype=counter * counter_build(const vsmtp_value *options)\ncall=quick\ndoc=builds\n",
  "symbol=counter_next\nprototype=void counter_next(counter *self, vsmtp_out *out)\nmethod=counter\nname=next\n",
  "symbol=every_add\nprototype=int64_t every_add(int64_t a, int64_t b)\n",
  "symbol=every_copy\nprototype=char * every_copy(const char *text)\nresult=given\nname=copy\n",
  "symbol=every_not\nprototype=bool every_not(bool truth)\ncall=quick\nname=not\n",
  "symbol=every_nothing\nprototype=void every_nothing(void)\n",
  "symbol=every_stamp\nprototype=bool every_stamp(vsmtp_transaction *tx, const char *text)\ncall=quick\n",
  "ctype=counter\nname=counter\ndestroy=counter_destroy\ndoc=counts\ndoc=from a start\n",
  "ctype=plain\nname=plain\ndestroy=plain_destroy\n",
  "plugin=ldap\n",
  "plugin=mysql\n",
];

describe.each(compilers("c"))("%s", (compiler) => {
  it.each(["-O0", "-O2 -flto", "-Os -ffunction-sections -fdata-sections -Wl,--gc-sections", "-O3 -g -Wl,-s"])(
    "compiles every macro as C without a warning, and keeps the notes, with %s",
    (flags) => {
      const c = ["-std=gnu11", "-Wmissing-prototypes", "-Wstrict-prototypes", ...strict, ...flags.split(" ")];
      const { file, messages } = compile(compiler, c, program("every-macro.c"));
      expect(messages).toBe("");
      // in C `bool` is a macro of stdbool.h, so some compilers show what it stands for
      expect(notes(file).map(({ text }) => text.replaceAll("_Bool", "bool"))).toEqual(expected);
      expect(notes(file).map(({ kind }) => kind)).toEqual([1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 4, 4]);
    },
  );
});

describe.each(compilers("c++"))("%s", (compiler) => {
  it("compiles every macro as C++17 without a warning, and keeps the notes", () => {
    const { file, messages } = compile(
      compiler,
      ["-x", "c++", "-std=c++17", "-O2", ...strict],
      program("every-macro.c"),
    );
    expect(messages).toBe("");
    expect(notes(file).map(({ text }) => text)).toEqual(expected);
  });
});

it("says in words that options are not separated by commas", () => {
  const source = join(folder, "commas.c");
  writeFileSync(
    source,
    '#include <vsmtp/plugin.h>\nVSMTP_FUNCTION(int, f, (int a), VSMTP_QUICK, VSMTP_NAME("g")) { return a; }\n',
  );
  expect(compile(cc(), ["-std=gnu11"], source).messages).toContain("without commas between them");
});

it("lets a plugin be built for another version of vSMTP", () => {
  const { file } = compile(cc(), ["-std=gnu11", '-DVSMTP_VERSION="9.8.7"'], program("every-macro.c"));
  expect(notes(file)[0]?.text).toContain("\nvsmtp=9.8.7\n");
});

it("has the version of package.json in version.h", () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const header = readFileSync(join(root, "native/include/vsmtp/version.h"), "utf8");
  expect(/^#define VSMTP_VERSION "(.*)"$/m.exec(header)?.[1]).toBe(version);
});
