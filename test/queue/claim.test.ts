import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isClaimed } from "../../src/queue/claim.ts";
import { afterEntries, EVERYTHING, Spool, withEntries } from "../../src/queue/index.ts";
import { nativeFiles } from "../../src/server/files.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "vsmtp-claims-"));
  mkdirSync(join(directory, "mails", "tmp"), { recursive: true });
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string): void {
  writeFileSync(join(directory, "mails", name), "x");
}

function spool(): Spool {
  return new Spool({ directory, quarantine: join(directory, "quarantine"), files: nativeFiles() });
}

/** The time 1000.5 s. */
const NAME = "1000.M500000P77Q1";
const TIME = 1_000_500_000;

test("a claim is for the names of a process, and for a time from which on and before which", () => {
  expect(isClaimed(NAME, [{ pid: 77, from: TIME, until: TIME + 1 }])).toBe(true);
  expect(isClaimed(NAME, [{ pid: 77, from: TIME + 1, until: undefined }])).toBe(false);
  expect(isClaimed(NAME, [{ pid: 77, from: 0, until: TIME }])).toBe(false);
  expect(isClaimed(NAME, [{ pid: 78, from: 0, until: undefined }])).toBe(false);
  expect(isClaimed(NAME, [EVERYTHING])).toBe(true);
  expect(isClaimed("notes.txt", [EVERYTHING])).toBe(false);
});

test("of several claims one is enough", () => {
  const others = { pid: 78, from: 0, until: undefined };
  expect(isClaimed(NAME, [others, { pid: 77, from: 0, until: undefined }])).toBe(true);
  expect(isClaimed(NAME, [])).toBe(false);
});

test("a spool gives out the entries that are claimed, oldest first, and leaves those of others alone", () => {
  for (const name of ["1002.M000000P77Q2", NAME, "1001.M000000P78Q1"]) write(name);
  const { entries, strangers } = spool().takeUp([{ pid: 77, from: 0, until: undefined }]);
  expect(entries).toEqual([NAME, "1002.M000000P77Q2"]);
  expect(strangers).toEqual([]);
});

test("only whoever takes up everything is told of files that are no entries", () => {
  write("notes.txt");
  expect(spool().takeUp([{ pid: 77, from: 0, until: undefined }]).strangers).toEqual([]);
  expect(spool().takeUp([EVERYTHING]).strangers).toEqual([join(directory, "mails", "notes.txt")]);
});

test("claims on nothing can be forgotten; a file that its writer had not finished is something", () => {
  write(NAME);
  write("tmp/1000.M000000P78Q1");
  const places = { directory, quarantine: join(directory, "quarantine") };
  const of = (pid: number) => ({ pid, from: 0, until: undefined });
  expect(withEntries(places, [of(77), of(78), of(79)])).toEqual([of(77), of(78)]);
});

test("where the directories cannot be read, every claim is kept", () => {
  rmSync(join(directory, "mails", "tmp"), { recursive: true });
  write("tmp");
  const places = { directory, quarantine: join(directory, "quarantine") };
  expect(withEntries(places, [EVERYTHING])).toEqual([EVERYTHING]);
  expect(afterEntries(places)).toBeGreaterThan(0);
});

test("names of a spool's entries come after all that are there, whatever the clock says", () => {
  const later = "4102444800.M000000P77Q1";
  write(later);
  expect(afterEntries({ directory, quarantine: join(directory, "quarantine") })).toBe(4_102_444_800_000_001);
  expect(spool().names.next() > later).toBe(true);
});
