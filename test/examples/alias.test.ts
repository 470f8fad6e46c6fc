/** examples/alias: recipients that are other names of somebody. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../fixtures/host.ts";
import { Example } from "./example.ts";

let example: Example;

beforeAll(async () => {
  example = await Example.start("alias");
});

afterAll(() => example.stop());

/** Waits until nothing is under way, and says how many mails each of them got since the last time. */
async function received(...addresses: string[]): Promise<number[]> {
  await until(() => example.site.spooled().length === 0);
  return addresses.map((address) => example.site.mails(address).length);
}

test("an alias stands for several people, who get one copy each", async () => {
  const to = ["sales@example.com", "postmaster@example.com", "john@example.com"];
  expect(await example.send({ from: "a@else.example", to, content: "To: sales@example.com\r\n\r\nx" })).toMatchObject({
    code: 250,
  });
  expect(await received("mary@example.com", "john@example.com", "sales@example.com")).toEqual([1, 1, 0]);
  expect(example.site.mails("mary@example.com")[0]).toContain("To: sales@example.com\r\n");
});

test("what follows a plus is dropped, also among ourselves, and case does not matter for aliases", async () => {
  await example.send({ from: "a@else.example", to: ["paul+news@example.com"] });
  await example.send({ from: "mary@example.com", to: ["Postmaster@EXAMPLE.com", "paul@example.com"] });
  expect(await received("paul@example.com", "paul+news@example.com")).toEqual([2, 0]);
});

test("mail that has nothing to do with the domain is refused", async () => {
  expect(await example.send({ from: "a@else.example", to: ["sales@other.example"] })).toEqual({
    code: 554,
    lines: ["5.7.1 Relay access denied"],
  });
});
