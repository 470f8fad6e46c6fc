/** Targets of `transport::forward`. */

import { expect, it } from "vitest";
import { parseTarget } from "../../../src/rules/api/target.ts";

const plain = { tls: "opportunistic", credentials: undefined };
const login = { user: "me", password: "p@ss" };

it.each([
  ["192.0.2.1", { host: "192.0.2.1", port: 25, ...plain }],
  ["192.0.2.1:2525", { host: "192.0.2.1", port: 2525, ...plain }],
  ["2001:db8::1", { host: "2001:db8::1", port: 25, ...plain }],
  ["[2001:db8::1]:26", { host: "2001:db8::1", port: 26, ...plain }],
  ["mx.example.com", { host: "mx.example.com", port: 25, ...plain }],
  ["smtp://mx.example.com", { host: "mx.example.com", port: 25, ...plain }],
  ["smtp://[::1]:26?tls=none", { host: "::1", port: 26, tls: "none", credentials: undefined }],
  [
    "smtp://me:p%40ss@mx.example.com?tls=required",
    { host: "mx.example.com", port: 587, tls: "required", credentials: login },
  ],
  ["smtp://me:p@ss@mx.example.com:25", { host: "mx.example.com", port: 25, tls: "opportunistic", credentials: login }],
  ["smtps://me:p%40ss@mx.example.com", { host: "mx.example.com", port: 465, tls: "tunnel", credentials: login }],
  ["smtps://me:p%40ss@mx.example.com:4650", { host: "mx.example.com", port: 4650, tls: "tunnel", credentials: login }],
])("%s", (text, expected) => {
  expect(parseTarget(text)).toEqual(expected);
});

it.each([
  ["", "no address and no host name"],
  ["192.0.2.1:0", "no address"],
  ["1.2.3", "no address"],
  ["mx.example.com:25", "no address"],
  ["smtp://", "missing host"],
  ["smtp://-bad-", "is no host"],
  ["http://x.example", "scheme http is not supported"],
  ["smtps://mx.example.com", "credentials are missing with this scheme"],
  ["smtps://me@mx.example.com", "credentials are `user:password`"],
  ["smtp://a:%zz@mx.example.com", "not percent-encoded"],
  ["smtp://mx.example.com?tls=maybe", "invalid value 'maybe' for parameter 'tls'"],
  ["smtp://mx.example.com?auth=no", "parameter 'auth'/'no' is not supported"],
  ["smtps://a:b@mx.example.com?tls=none", "cannot specify both"],
  ["smtp://mx.example.com:99999", "is no port"],
])("%j is refused", (text, reason) => {
  expect(parseTarget(text)).toContain(reason);
});
