/** examples/antivirus: a scanner that judges each mail, here a script that knows one virus. */

import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { Example, examples } from "./example.ts";

const SCANNER = `#!/bin/sh
for file; do :; done
if grep -q BROKEN "$file"; then echo "no database" >&2; exit 2; fi
if grep -q VIRUS "$file"; then exit 1; fi
`;

const programs = new Site();
const scanner = programs.path("bin/clamdscan");
let example: Example;

beforeAll(async () => {
  programs.write("bin/clamdscan", SCANNER);
  chmodSync(scanner, 0o755);
  const service = readFileSync(join(examples, "antivirus/services/scanner.vsl"), "utf8");
  example = await Example.start("antivirus", {
    files: { "services/scanner.vsl": service.replace("clamdscan ", `${scanner} `) },
  });
});

afterAll(async () => {
  await example.stop();
  programs.remove();
});

const mail = { from: "a@else.example", to: ["x@example.com"] };

test("a clean mail is delivered, and the copy that was scanned is gone", async () => {
  expect(await example.send(mail)).toMatchObject({ code: 250 });
  await until(() => example.site.mails("x@example.com").length === 1);
  expect(readdirSync(example.site.path("app/scan"))).toEqual([]);
});

test("an infected one is refused", async () => {
  expect(await example.send({ ...mail, content: "Subject: x\r\n\r\nVIRUS" })).toEqual({
    code: 554,
    lines: ["5.7.1 This mail carries a virus"],
  });
});

test("when the scanner fails or is not there, the client shall come back", async () => {
  expect(await example.send({ ...mail, content: "Subject: x\r\n\r\nBROKEN" })).toMatchObject({ code: 451 });
  await example.host.logged((line) => line.msg.includes("no database"));
  rmSync(scanner);
  expect(existsSync(scanner)).toBe(false);
  expect(await example.send(mail)).toMatchObject({ code: 451 });
});
