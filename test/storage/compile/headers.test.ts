/** Every header for storage plugins: complete on its own, and without a warning in any mode. */

import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compilersHere, dovecot, everyWay, messages } from "./compiling.ts";

const strict = [
  "-Wall",
  "-Wextra",
  "-Wpedantic",
  "-Wshadow",
  "-Wmissing-prototypes",
  "-Wstrict-prototypes",
  `-I${dovecot}`,
];
const headers = readdirSync(dovecot).filter((name) => name.endsWith(".h"));
/** Changes the meaning of a word, so it comes last and only where it is wanted. */
const everyday = headers.filter((name) => name !== "lib.h" && name !== "seed-verbatim.h");

const including = (...names: readonly string[]) =>
  `#include "lib.h"\n${names.map((name) => `#include "${name}"\n`).join("")}typedef int not_empty;\n`;

describe.each(everyWay)("%s -std=%s", (compiler, standard) => {
  it("takes all of them at once, and twice", () => {
    const source = including(...everyday, ...everyday, "seed-verbatim.h");
    expect(messages(compiler, [`-std=${standard}`, ...strict], source)).toBe("");
  });

  it("takes them in the opposite order", () => {
    expect(messages(compiler, [`-std=${standard}`, ...strict], including(...everyday.toReversed()))).toBe("");
  });
});

describe.each(compilersHere)("%s -std=c11", (compiler) => {
  it.each(headers)("takes %s alone after lib.h", (name) => {
    expect(messages(compiler, ["-std=c11", ...strict], including(name))).toBe("");
  });
});
