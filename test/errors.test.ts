/** The catalogue of errors, its page for readers, and how an error is shown. */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { catalogue, type ErrorRow, describe as shown, VsmtpError } from "../src/errors.ts";

it("docs/errors.md says what the catalogue says.", () => {
  const script = fileURLToPath(new URL("../scripts/document-errors.js", import.meta.url));
  expect(spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" })).toMatchObject({
    status: 0,
    stderr: "",
  });
});

it("Every error says what happened and what to do, without a final stop.", () => {
  for (const [code, { what, fix }] of Object.entries<ErrorRow>(catalogue)) {
    expect(what.length, code).toBeGreaterThan(0);
    expect(fix.length, code).toBeGreaterThan(0);
    expect(`${what}|${fix}`, code).not.toMatch(/\.(\||$)/);
  }
});

it("An error with a place is shown with its line and a caret.", () => {
  const place = { file: "a.vsl", line: 2, column: 3, length: 3, source: "\t😀foo" };
  const error = new VsmtpError("VSL_UNKNOWN_VARIABLE", { name: "foo", hint: "Declare it" }, { place });
  expect(shown(error)).toBe(
    "a.vsl:2:3: There is no variable `foo` here [VSL_UNKNOWN_VARIABLE]\n  2 | \t😀foo\n    | \t ^^^\n  help: Declare it",
  );
});
