/** examples/greylist: first "come back later", then welcome. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../fixtures/host.ts";
import { Example } from "./example.ts";

/** The wait is an hour here, which tests let pass by themselves; whoever is in 127.0.9.0/24 never waits. */
const settings = `export const wait = 3600; export const known_networks = [rg4("127.0.9.0/24")];`;
const mail = { from: "a@else.example", to: ["x@example.com"], client: "127.0.0.2" };

let example: Example;

beforeAll(async () => {
  example = await Example.start("greylist", { files: { "objects/greylist.vsl": settings } });
});

afterAll(() => example.stop());

/** What was noted so far becomes an hour older. */
function anHourLater(): void {
  const directory = example.site.path("app/greylist");
  for (const name of readdirSync(directory)) {
    const file = join(directory, name);
    writeFileSync(file, `${Number(readFileSync(file, "utf8")) - 3600}\n`);
  }
}

test("the first try and one that follows at once are put off, a later one is taken", async () => {
  expect(await example.send(mail)).toMatchObject({ code: 451 });
  expect(await example.send(mail)).toMatchObject({ code: 451 });
  anHourLater();
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
