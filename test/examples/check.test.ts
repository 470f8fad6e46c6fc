/** What holds for every example alike. */

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { program } from "../fixtures/host.ts";
import { examples } from "./example.ts";

const entries = readdirSync(examples, { withFileTypes: true });
const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);

describe.each(names)("%s", (name) => {
  const config = join(examples, name, "vsmtp.vsl");

  test("`vsmtp check` finds no problem", () => {
    const output = execFileSync(process.execPath, [program, "check", "-c", config], { encoding: "utf8" });
    expect(output).toBe(`${config}: no problems\n`);
  });

  test("a README says what it is for", () => {
    expect(existsSync(join(examples, name, "README.md"))).toBe(true);
  });
});

test("examples/README.md lists them all", () => {
  const listed = [...readFileSync(join(examples, "README.md"), "utf8").matchAll(/^\| \[(.+)\]\(\1\)/gm)];
  expect(listed.map(([, name]) => name).sort()).toEqual(names.sort());
});
