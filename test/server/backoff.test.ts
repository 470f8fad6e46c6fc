import { expect, test } from "vitest";
import { Backoff } from "../../src/server/supervisor/backoff.ts";

/** One whose clock the test turns, in milliseconds. */
function backoff(): { readonly of: Backoff; pass(milliseconds: number): void } {
  let now = 0;
  const of = new Backoff(() => now);
  return { of, pass: (milliseconds) => (now += milliseconds) };
}

test("a process that ends now and then is replaced at once", () => {
  const { of, pass } = backoff();
  for (let death = 0; death < 100; death++) {
    expect(of.after(true)).toBe(0);
    pass(2_000);
  }
});

test("some deaths in a row are followed at once, those after them by a second each", () => {
  const { of } = backoff();
  const waits = Array.from({ length: 15 }, () => of.after(true));
  expect(waits.slice(0, 10)).toEqual(Array(10).fill(0));
  expect(waits.slice(10)).toEqual(Array(5).fill(1_000));
});

test("after a while without deaths they are followed at once again", () => {
  const { of, pass } = backoff();
  for (let death = 0; death < 20; death++) of.after(true);
  pass(11_000);
  expect(of.after(true)).toBe(0);
});

test("a process that dies before it is ready is tried again ever later, but always", () => {
  const { of } = backoff();
  const waits = Array.from({ length: 10 }, () => of.after(false));
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(of.after(true)).toBe(0);
});
