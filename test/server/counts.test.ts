/** What the supervisor counts and sums, whatever processes have written. */

import { expect, test } from "vitest";
import { native } from "../../src/native/index.ts";
import { sumOf } from "../../src/server/incidents/figures.ts";
import { ClientCounts } from "../../src/server/supervisor/client-counts.ts";

test("what a process wrote over the counts of others is gone when it is, but for those of the living", () => {
  const clients = new ClientCounts();
  const counts = new Int32Array(native().mapMemory(clients.descriptor));
  const [dead = -1, living = -1] = [clients.take(), clients.take()];
  counts.fill(77);
  counts[living] = 3;
  clients.giveBack(dead);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
  clients.close();
});

test("a type of objects may have a name that every object has", () => {
  const of = (count: number) => ({ plugin: "p", functions: [], handles: { constructor: count } });
  expect(sumOf([of(1), of(2)])).toEqual([of(3)]);
});
