/** The C side of transactions: a C program reads, changes and damages them under AddressSanitizer and UBSan. */

import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "./compile.ts";
import { sanitized } from "./sanitized.ts";

let folder = "";

beforeAll(() => {
  folder = temporaryFolder("transaction");
});
afterAll(() => rmSync(folder, { recursive: true }));

it("reads what was handed over, refuses hostile changes, and reads no byte outside of damaged facts", () => {
  for (const file of sanitized(["transaction.c"], folder)) {
    const printed = execFileSync(file, ["20251120"], { encoding: "utf8" });
    expect(Number.parseInt(printed, 10)).toBeGreaterThan(200_000);
  }
});
