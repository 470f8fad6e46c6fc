/** examples/greylist: first "come back later", then welcome. */

import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../fixtures/host.ts";
import { Example } from "./example.ts";

/** The wait is a second here; whoever is in 127.0.9.0/24 never waits. */
const settings = `export const wait = 1; export const known_networks = [rg4("127.0.9.0/24")];`;
const mail = { from: "a@else.example", to: ["x@example.com"], client: "127.0.0.2" };

let example: Example;

beforeAll(async () => {
  example = await Example.start("greylist", { files: { "objects/greylist.vsl": settings } });
});

afterAll(() => example.stop());

test("the first try and one that follows at once are put off, a later one is taken", async () => {
  expect(await example.send(mail)).toMatchObject({ code: 451 });
  expect(await example.send(mail)).toMatchObject({ code: 451 });
  await new Promise((resolve) => setTimeout(resolve, 2100));
  // From a neighbour of the first client.
  expect(await example.send({ ...mail, client: "127.0.0.3" })).toMatchObject({ code: 250 });
  await until(() => example.site.mails("x@example.com").length === 1);
  expect(await example.send({ ...mail, to: ["y@example.com"] })).toMatchObject({ code: 451 });
});

test("two first tries at the same time are both put off, and noted once", async () => {
  const before = readdirSync(example.site.path("app/greylist")).length;
  const twins = { ...mail, from: "twin@else.example" };
  const replies = await Promise.all([example.send(twins), example.send(twins)]);
  expect(replies.map((reply) => reply.code)).toEqual([451, 451]);
  expect(readdirSync(example.site.path("app/greylist"))).toHaveLength(before + 1);
});

test("what a sender is called cannot become shell", async () => {
  const from = "`touch$IFS$9pwned`@else.example";
  expect(await example.send({ ...mail, from })).toMatchObject({ code: 451 });
  expect(readdirSync(example.site.directory)).not.toContain("pwned");
});

test("a known network does not wait", async () => {
  expect(await example.send({ ...mail, client: "127.0.9.1" })).toMatchObject({ code: 250 });
});

test("when nothing can be noted, mail is taken, and the log says why", async () => {
  const broken = await Example.start("greylist", { files: { "app/greylist": "a file, not a directory" } });
  expect(await broken.send(mail)).toMatchObject({ code: 250 });
  await broken.host.logged((line) => line.msg.startsWith("greylist: "));
  await broken.stop();
});
