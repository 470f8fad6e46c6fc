/** examples/family: one domain with different rules for what comes in, goes out and stays. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../fixtures/host.ts";
import { Example } from "./example.ts";

const anna = "anna@rivers.example";
const ben = "ben@rivers.example";
const cleo = "cleo@rivers.example";
const fridge = "fridge@rivers.example";

let example: Example;

beforeAll(async () => {
  example = await Example.start("family");
});

afterAll(() => example.stop());

test("what goes to the child, a parent reads too", async () => {
  const content = "To: cleo@rivers.example\r\nSubject: homework\r\n\r\nx";
  expect(await example.send({ from: "teacher@school.example", to: [cleo], content })).toMatchObject({ code: 250 });
  await until(() => example.site.mails(cleo).length === 1 && example.site.mails(anna).length === 1);
  expect(example.site.mails(anna)[0]).toContain("Subject: homework");
});

test("what goes to a grown-up, nobody else reads", async () => {
  const before = example.site.mails(anna).length;
  expect(await example.send({ from: "boss@work.example", to: [ben] })).toMatchObject({ code: 250 });
  await until(() => example.site.mails(ben).length === 1 && example.site.spooled().length === 0);
  expect(example.site.mails(anna)).toHaveLength(before);
});

test("nobody outside writes to the fridge, everybody inside may", async () => {
  expect(await example.send({ from: "a@else.example", to: [fridge] })).toMatchObject({ code: 550 });
  expect(await example.send({ from: cleo, to: [fridge] })).toMatchObject({ code: 250 });
  await until(() => example.site.mails(fridge).length === 1);
});

test("the child's mail to a stranger is kept for the parents, and the child reads 250", async () => {
  expect(await example.send({ from: cleo, to: ["who@else.example"] })).toMatchObject({ code: 250 });
  await until(() => example.site.quarantined("children").length === 1);
  const [file = ""] = example.site.quarantined("children");
  expect(readFileSync(file, "latin1")).toContain("Subject: test");
});

test.each([
  [cleo, "the child to a school"],
  [ben, "a grown-up to anybody"],
])("mail from %s, %s, waits in the spool for its way out", async (from) => {
  const before = example.site.spooled().length;
  const to = [from === cleo ? "teacher@school.example" : "who@else.example"];
  expect(await example.send({ from, to })).toMatchObject({ code: 250 });
  expect(example.site.spooled()).toHaveLength(before + 1);
});

test("a mail from inside to inside and outside is two mails", async () => {
  const before = example.site.mails(anna).length;
  const reply = await example.send({ from: ben, to: [anna, "who@else.example"] });
  expect(reply.lines).toHaveLength(2);
  await until(() => example.site.mails(anna).length === before + 1);
});

test("a known spammer is refused, and so is mail that has nothing to do with the family", async () => {
  expect(await example.send({ from: "prize77@else.example", to: [ben] })).toMatchObject({ code: 554 });
  expect(await example.send({ from: "a@else.example", to: ["b@other.example"] })).toMatchObject({ code: 554 });
});
