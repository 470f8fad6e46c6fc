/** The C side of values: a C program writes, reads and damages them under AddressSanitizer and UBSan. */

import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "./compile.ts";
import { sanitized } from "./sanitized.ts";

let folder = "";

beforeAll(() => {
  folder = temporaryFolder("values");
});
afterAll(() => rmSync(folder, { recursive: true }));

it("gives back what was written, names mistakes, and reads no byte outside of damaged values", () => {
  for (const file of sanitized(["values.c", "values-damaged.c"], folder)) {
    const printed = execFileSync(file, ["20251120"], { encoding: "utf8" });
    expect(Number.parseInt(printed, 10)).toBeGreaterThan(200_000);
  }
});
