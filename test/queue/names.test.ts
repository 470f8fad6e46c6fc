import { expect, test } from "vitest";
import { EntryNames, isEntryName } from "../../src/queue/names.ts";

test("names are the first part of a Maildir name", () => {
  const name = new EntryNames().next();
  expect(name).toMatch(new RegExp(`^\\d+\\.M\\d{6}P${process.pid}Q1$`));
  expect(isEntryName(name)).toBe(true);
});

test("no two names are equal, and their order is that of time", () => {
  const names = new EntryNames();
  const made = Array.from({ length: 10_000 }, () => names.next());
  const stamps = made.map((name) => name.split("P")[0]);
  expect(new Set(stamps).size).toBe(made.length);
  expect([...stamps].sort()).toEqual(stamps);
});

test("names come after those of an earlier process, even when the clock went back", () => {
  const names = new EntryNames();
  names.follow("9999999999.M000007P1Q5");
  expect(names.next()).toMatch(/^9999999999\.M000008P/);
});

test.each(["tmp", "x", "1.M2P3", "1.M2P3Q4.host", ""])("%j is no name of an entry", (name) => {
  expect(isEntryName(name)).toBe(false);
});
