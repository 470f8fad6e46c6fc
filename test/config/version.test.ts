/** `version_requirement`, as Cargo reads it. */

import { expect, test } from "vitest";
import { isFulfilled, isVersionRequirement, ownVersion } from "../../src/config/version.ts";

test.each([
  [">=2.2.1, <3.0.0", "2.2.1", true],
  [">=2.2.1, <3.0.0", "3.0.0", false],
  [">2.2.1", "2.2.1", false],
  [">2.2", "2.2.9", false],
  [">2.2", "2.3.0", true],
  ["<=2.2", "2.2.9", true],
  ["<2.2.1", "2.2.0", true],
  ["2.1", "2.9.0", true],
  ["2.1", "3.0.0", false],
  ["^0.3.1", "0.3.9", true],
  ["^0.3.1", "0.4.0", false],
  ["^0.0.3", "0.0.4", false],
  ["~2.1.3", "2.1.9", true],
  ["~2.1.3", "2.2.0", false],
  ["~2", "2.9.0", true],
  ["=2.2.1", "2.2.1", true],
  ["=2.2", "2.2.7", true],
  ["2.*", "2.9.0", true],
  ["2.*", "3.0.0", false],
  ["*", "9.9.9", true],
  [">=1.4.0-rc.2, <2.0.0", "1.4.0", true],
])("%s of %s: %s", (requirement, version, expected) => {
  expect(isFulfilled(requirement, [version])).toBe(expected);
});

test.each(["", "newest", ">=", "1.2.3.4", ">=2.0 <3.0", "v2"])("%j is no requirement", (text) => {
  expect(isVersionRequirement(text)).toBe(false);
});

test("a requirement of the original's version is met, and so is one of this host's own", () => {
  expect(isFulfilled(">=2.0.0, <3.0.0")).toBe(true);
  expect(isFulfilled(`=${ownVersion}`)).toBe(true);
  expect(isFulfilled(">=4.0.0")).toBe(false);
});
