/** Plugins as compilers, linkers and packagers make them: all of these are admitted, and say the same of themselves. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { canRun, cc, compile, minimal } from "../fixtures/compile.ts";
import { edited, judgeFile, killedBy, withoutSections } from "./files.ts";

const plain = compile(minimal);

function manifestOf(file: string): unknown {
  const verdict = judgeFile(file);
  return verdict.kind === "admitted" ? verdict.manifest : verdict;
}

test("a plugin says what it is without being loaded", () => {
  expect(manifestOf(plain)).toEqual({
    name: "probe",
    vsmtp: "1.0.0",
    release: "1.2.3",
    description: "answers",
    module: undefined,
    threadsafe: false,
    functions: [
      {
        symbol: "probe_answer",
        prototype: "int64_t probe_answer(void)",
        signature: { parameters: [], out: false, result: { kind: "int", bits: 64, signed: true } },
        name: "answer",
        method: undefined,
        call: "quick",
        doc: "The answer.",
      },
    ],
    objects: [],
    dependencies: [],
    scripted: true,
    storage: undefined,
  });
});

const builds: readonly (readonly string[])[] = [
  ["-O0"],
  ["-O1"],
  ["-O2"],
  ["-O3"],
  ["-Os"],
  ["-O2", "-flto"],
  ["-O2", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"],
  ["-g"],
  ["-s"],
  ["-Wl,--hash-style=sysv"],
  ["-Wl,--hash-style=gnu"],
  ["-Wl,-z,now", "-Wl,-z,relro"],
  ["-Wl,-z,lazy", "-Wl,-z,norelro"],
  ["-Wl,-z,noseparate-code"],
  ["-Wl,-z,nodelete", "-Wl,-z,defs"],
  ["-Wl,-Bsymbolic"],
  ["-Wl,--build-id=none"],
];

test.each(builds.map((flags) => [flags.join(" "), flags] as const))("built with %s", (_, flags) => {
  expect(manifestOf(compile(minimal, { flags }))).toEqual(manifestOf(plain));
});

/** Compilers and linkers that need not be there; those that are must work. */
const tools: readonly (readonly [string, string, readonly string[]])[] = [
  ["clang", "clang", ["-O2"]],
  ["clang", "clang", ["-O2", "-Wl,-z,pack-relative-relocs"]],
  ["g++", "g++", ["-O2"]],
  ["clang++", "clang++", ["-O2"]],
  ["ld.gold", cc(), ["-fuse-ld=gold"]],
  ["ld.lld", cc(), ["-fuse-ld=lld"]],
  ["ld.mold", cc(), ["-fuse-ld=mold"]],
];

test.each(tools.filter(([program]) => canRun(program)))("built by %s, called as %s %j", (_, compiler, flags) => {
  const { functions, ...rest } = manifestOf(compile(minimal, { compiler, flags })) as { functions: unknown[] };
  const { functions: expected, ...others } = manifestOf(plain) as { functions: unknown[] };
  expect(rest).toEqual(others);
  expect(functions.length).toBe(expected.length);
});

test.each([["--strip-all"], ["--strip-unneeded"], ["--strip-debug"]])("after strip %s", (flag) => {
  const file = edited(plain, () => undefined);
  execFileSync("strip", [flag, file]);
  expect(manifestOf(file)).toEqual(manifestOf(plain));
});

test("without section headers, which the loader does not read", () => {
  const file = edited(plain, withoutSections);
  expect(readFileSync(file).length).toBeLessThan(readFileSync(plain).length);
  expect(manifestOf(file)).toEqual(manifestOf(plain));
  expect(killedBy([file])).toEqual([]);
});

test("functions, objects and modules are in the manifest, in an order that no compiler changes", () => {
  const source = `
    #include <vsmtp/plugin.h>
    #include <stdlib.h>
    VSMTP_PLUGIN("probe", VSMTP_MODULE("probing") VSMTP_THREADSAFE)
    typedef struct thing { int a; } thing;
    VSMTP_OBJECT(thing, "thing", thing_end, VSMTP_DOC("A thing.") VSMTP_DOC("Second line."))
    void thing_end(thing *self) { free(self); }
    VSMTP_FUNCTION(thing *, zz_make, (const char *name), VSMTP_NAME("make")) { (void)name; return calloc(1, sizeof(thing)); }
    VSMTP_FUNCTION(void, thing_run, (thing *self, vsmtp_out *out), VSMTP_METHOD("thing") VSMTP_NAME("run")) { (void)self; vsmtp_out_unit(out); }
    VSMTP_FUNCTION(char *, aa_given, (double x), VSMTP_GIVEN VSMTP_QUICK) { (void)x; return NULL; }
    VSMTP_INIT() { return 0; }
    VSMTP_FINI() { }
  `;
  const verdict = judgeFile(compile(source, { flags: ["-O2"] }));
  if (verdict.kind !== "admitted") throw new Error(JSON.stringify(verdict));
  const { manifest } = verdict;
  expect(manifest).toMatchObject({ module: "probing", threadsafe: true });
  expect(manifest.objects).toEqual([
    { cType: "thing", name: "thing", destroy: "thing_end", doc: "A thing.\nSecond line." },
  ]);
  expect(manifest.functions.map(({ name, method, call }) => [method, name, call])).toEqual([
    [undefined, "aa_given", "quick"],
    [undefined, "make", "blocking"],
    ["thing", "run", "blocking"],
  ]);
});
