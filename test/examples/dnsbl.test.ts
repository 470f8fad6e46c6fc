/** examples/dnsbl: block lists, asked of a name server on loopback. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../fixtures/host.ts";
import { NameServer } from "../rules/api/name-server.ts";
import { Example } from "./example.ts";

let names: NameServer;
let example: Example;

beforeAll(async () => {
  names = await NameServer.open({
    "2.0.0.127.bl.example.net": ["127.0.0.4"],
    "3.0.0.127.spam.example.org": ["127.0.0.2"],
    "4.0.0.127.bl.example.net": ["192.0.2.80"],
    "5.0.0.127.bl.example.net": ["REFUSED"],
    "5.0.0.127.spam.example.org": ["REFUSED"],
  });
  example = await Example.start("dnsbl", { config: `config.server.dns.config.name_servers = ["${names.address}"];` });
});

afterAll(async () => {
  await example.stop();
  names.close();
});

const mail = { from: "a@else.example", to: ["x@example.com"] };

test.each([
  ["127.0.0.2", "bl.example.net"],
  ["127.0.0.3", "spam.example.org"],
])("%s is on %s and is turned away before it says a word", async (client, list) => {
  expect(await example.send({ ...mail, client })).toEqual({
    code: 554,
    lines: [`5.7.1 ${client} is listed by ${list}`],
  });
});

test.each([
  ["127.0.0.1", "is on no list"],
  ["127.0.0.4", "has an answer that no list would give"],
  ["127.0.0.5", "cannot be asked about"],
])("%s, who %s, is served", async (client) => {
  const before = example.site.mails("x@example.com").length;
  expect(await example.send({ ...mail, client })).toMatchObject({ code: 250 });
  await until(() => example.site.mails("x@example.com").length === before + 1);
});

test("a client that we trust is not asked about", async () => {
  const lists = `export const zones = ["bl.example.net"]; export const trusted = [rg4("127.0.0.0/8")];`;
  const trusting = await Example.start("dnsbl", {
    config: `config.server.dns.config.name_servers = ["${names.address}"];`,
    files: { "objects/lists.vsl": lists },
  });
  expect(await trusting.send({ ...mail, client: "127.0.0.2" })).toMatchObject({ code: 250 });
  await trusting.stop();
});
