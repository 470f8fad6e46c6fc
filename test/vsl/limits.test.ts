/** What a person is told when a script was stopped; what stops one is in limits/. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Engine } from "../../src/vsl/index.ts";

const directory = mkdtempSync(join(tmpdir(), "vsmtp-vsl-"));
afterAll(() => rmSync(directory, { recursive: true }));

it.each(["loop {}", "fn f() { f() } f()", 'let s = "x"; loop { s += s; }'])(
  "`%s` is told as a limit, with where to raise it and without advice to catch it",
  async (text) => {
    writeFileSync(join(directory, "limit.vsl"), text);
    const failure = new Engine({ directory }).load(["limit.vsl"]);
    await expect(failure).rejects.toMatchObject({ code: "VSL_LIMIT", fix: expect.stringContaining("app.vsl.limits") });
  },
);
