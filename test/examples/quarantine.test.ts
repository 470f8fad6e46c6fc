/** examples/quarantine: mails that nobody gets before somebody has looked at them. */

import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../fixtures/host.ts";
import { Example } from "./example.ts";

let example: Example;

beforeAll(async () => {
  example = await Example.start("quarantine");
});

afterAll(() => example.stop());

const mail = { from: "a@else.example", to: ["x@example.com"] };

test("whoever calls itself by our name is kept aside, and reads 250", async () => {
  expect(await example.send({ ...mail, helo: "MX.example.com" })).toMatchObject({ code: 250 });
  await until(() => example.site.quarantined("impostors").length === 1);
  expect(example.site.mails("x@example.com")).toEqual([]);
});

test("a mail with a program is kept aside, with what is known of it", async () => {
  const content = `Subject: holiday\r\nContent-Disposition: attachment; filename="photo.jpg.EXE"\r\n\r\nMZ`;
  expect(await example.send({ ...mail, content })).toMatchObject({ code: 250 });
  await until(() => example.site.quarantined("programs").length === 1);
  const evidence = readdirSync(example.site.path("app/evidence"));
  expect(evidence).toHaveLength(1);
  expect(JSON.parse(readFileSync(example.site.path("app/evidence", evidence[0] ?? ""), "utf8"))).toBeTypeOf("object");
  expect(example.site.mails("x@example.com")).toEqual([]);
});

test("any other mail is delivered, and a copy stays in the journal", async () => {
  const content = `Subject: photos\r\nContent-Disposition: attachment; filename="photo.jpg"\r\n\r\nexe`;
  expect(await example.send({ ...mail, content })).toMatchObject({ code: 250 });
  await until(() => example.site.mails("x@example.com").length === 1);
  const [copy = ""] = readdirSync(example.site.path("app/journal"));
  expect(example.site.read(`app/journal/${copy}`)).toContain("Subject: photos");
});
