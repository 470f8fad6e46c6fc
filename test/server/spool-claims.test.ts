/** Who goes on with which entries when processes come and go; the processes here are only names. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isClaimed } from "../../src/queue/claim.ts";
import { type Claim, now } from "../../src/queue/index.ts";
import { type Carrier, SpoolClaims } from "../../src/server/supervisor/spool-claims.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "vsmtp-claims-"));
  mkdirSync(join(directory, "mails"), { recursive: true });
});

afterEach(() => rmSync(directory, { recursive: true }));

const FOUND: Claim = { pid: undefined, from: 0, until: 1_000_000 };

function claims(): SpoolClaims {
  return new SpoolClaims({ directory, quarantine: join(directory, "quarantine") }, FOUND);
}

interface Told extends Carrier {
  readonly told: (readonly Claim[])[];
}

/** With an entry of its own in the spool. */
function carrier(pid: number): Told {
  writeFileSync(join(directory, "mails", `2.M000000P${pid}Q1`), "x");
  const told: (readonly Claim[])[] = [];
  return {
    pid,
    namesAfter: 1_000_000,
    told,
    send: (message) => {
      if (message.kind === "adopt") told.push(message.claims);
    },
  };
}

/** What a process has left. */
function own({ pid, namesAfter }: Carrier): Claim {
  return { pid, from: namesAfter, until: expect.any(Number) as number };
}

test("the first process takes up what earlier hosts left, those after it nothing", () => {
  const all = claims();
  const [one, two] = [carrier(1), carrier(2)];
  all.join(one);
  all.join(two);
  expect([one.told, two.told]).toEqual([[[FOUND]], []]);
});

test("what a process leaves goes to one of the others, with what that one had taken over before", () => {
  const all = claims();
  const [one, two, three] = [carrier(1), carrier(2), carrier(3)];
  all.join(one);
  all.join(two);
  all.leave(one);
  expect(two.told).toEqual([[FOUND, own(one)]]);
  all.join(three);
  all.leave(two);
  expect(three.told).toEqual([[FOUND, own(two), own(one)]]);
});

test("what nobody is there for waits for the next process", () => {
  const all = claims();
  const [one, two] = [carrier(1), carrier(2)];
  all.join(one);
  all.leave(one);
  all.join(two);
  expect(two.told).toEqual([[FOUND, own(one)]]);
});

test("a process that is about to leave is given nothing, and what it has is given on when it has left", () => {
  const all = claims();
  const [old, crashed, fresh] = [carrier(1), carrier(2), carrier(3)];
  all.join(old);
  all.join(crashed);
  all.retire(old);
  all.leave(crashed);
  expect(old.told).toEqual([[FOUND]]);
  all.join(fresh);
  all.leave(old);
  expect(fresh.told).toEqual([[own(crashed)], [FOUND, own(old)]]);
});

test("claims on entries that are done are forgotten", () => {
  const all = claims();
  const [one, two] = [carrier(1), carrier(2)];
  all.join(one);
  all.join(two);
  rmSync(join(directory, "mails", "2.M000000P2Q1"));
  all.leave(two);
  expect(one.told).toEqual([[FOUND]]);
});

test("a process that has the number of one that is gone has its entries for itself", () => {
  const all = claims();
  const [one, two] = [carrier(1), carrier(2)];
  all.join(one);
  all.join(two);
  all.leave(one);
  const later = now() + 1;
  const left = (two.told[0] ?? []).filter(({ pid }) => pid === 1);
  expect(isClaimed("2.M000000P1Q1", left)).toBe(true);
  expect(isClaimed(`${Math.floor(later / 1e6)}.M${String(later % 1e6).padStart(6, "0")}P1Q1`, left)).toBe(false);
});
