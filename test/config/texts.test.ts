import { expect, test } from "vitest";
import { isDuration, milliseconds, parseListenAddress, showListenAddress } from "../../src/config/index.ts";

test.each([
  ["100ms", 100],
  ["0s", 0],
  ["30s", 30_000],
  ["5m", 300_000],
  ["1h 30m", 5_400_000],
  ["1h30m", 5_400_000],
  ["2d", 172_800_000],
  ["2 hours 5min", 7_500_000],
  ["1500us", 2],
])("the duration %s is %d milliseconds", (text, expected) => {
  expect(isDuration(text)).toBe(true);
  expect(milliseconds(text)).toBe(expected);
});

test.each(["", "5", "s", "5 parsecs", "-5s", "1.5s", "5s!", "99999999999999999d"])("%j is no duration", (text) => {
  expect(isDuration(text)).toBe(false);
});

test.each([
  ["127.0.0.1:25", { host: "127.0.0.1", port: 25 }],
  ["0.0.0.0:0", { host: "0.0.0.0", port: 0 }],
  ["[::1]:2525", { host: "::1", port: 2525 }],
  ["[fe80::1%eth0]:25", { host: "fe80::1%eth0", port: 25 }],
  ["mail.example.com:25", { host: "mail.example.com", port: 25 }],
])("%s is an address to listen on", (text, expected) => {
  expect(parseListenAddress(text)).toEqual(expected);
  expect(showListenAddress(expected)).toBe(text);
});

test.each([
  "127.0.0.1",
  "127.0.0.1:65536",
  "::1:25",
  "[127.0.0.1]:25",
  "1.2.3.4.5:25",
  "mail_:25",
  ":25",
  "1.2.3:25",
  "",
])("%j is no address to listen on", (text) => {
  expect(parseListenAddress(text)).toBeUndefined();
});
