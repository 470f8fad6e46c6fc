import { expect, it } from "vitest";
import { Histogram } from "../../src/plugin/statistics.ts";

const MICROSECOND = 0.001;

function of(...microseconds: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const time of microseconds) histogram.add(time * MICROSECOND);
  return histogram;
}

it("Nothing is known of the time of what never happened.", () => {
  expect(of().quantile(0.5)).toBe(undefined);
});

it.each([0.1, 1, 12, 250, 1000, 30_000, 1e6, 6e7, 3.6e9])("A time of %d µs is told from others by a fifth.", (time) => {
  const found = of(time).quantile(0.5) ?? 0;
  expect(found / time).toBeGreaterThan(1 / 1.2);
  expect(found / time).toBeLessThan(1.2);
});

it("The median and the slowest of a hundred are those of the times.", () => {
  const histogram = of(...Array.from({ length: 98 }, () => 10), 5000, 90_000);
  expect(histogram.quantile(0.5)).toBeCloseTo(11, -1);
  expect((histogram.quantile(0.99) ?? 0) / 5000).toBeCloseTo(1, 0);
  expect((histogram.quantile(1) ?? 0) / 90_000).toBeCloseTo(1, 0);
});

it("Times that no clock can tell, and those of years, are counted as well.", () => {
  const histogram = of(0, 1e15);
  expect(histogram.quantile(0.5)).toBeLessThan(0.1);
  expect(histogram.quantile(1)).toBeGreaterThan(1e9);
});
