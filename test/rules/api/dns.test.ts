/** `dns::…` against a real DNS server on loopback. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { NameServer } from "./name-server.ts";
import { Runner } from "./running.ts";

const runner = new Runner();
let server: NameServer;

beforeAll(async () => {
  server = await NameServer.open({
    "mx.example.com": ["192.0.2.1", "192.0.2.2", "2001:db8::25"],
    "v4.example.com": ["192.0.2.4"],
    "empty.example.com": [],
    "refused.example.com": ["REFUSED"],
    "silent.example.com": ["SILENT"],
    "1.2.0.192.in-addr.arpa": ["PTR mx.example.com", "PTR odd name.example"],
    "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa": ["PTR six.example.com"],
  });
});

afterAll(() => {
  server.close();
  runner.remove();
});

function value(code: string, options = ""): Promise<unknown> {
  return runner.value(code, { stage: "connect", config: configured(options) });
}

function error(code: string, options = ""): Promise<string> {
  return runner.error(code, { stage: "connect", config: configured(options) });
}

function configured(options: string): string {
  return `config.server.dns = #{ type: "custom", config: #{ name_servers: ["${server.address}"] } };
    config.server.dns.options = #{ timeout: "300ms", attempts: 1 ${options} };`;
}

it("A host's addresses of both kinds are objects.", async () => {
  const code = `let l = dns::lookup("mx.example.com"); [l.len(), ip4("192.0.2.2") in l, "2001:db8::25" in l, l[0] in rg4("192.0.2.0/24")]`;
  expect(await value(code)).toEqual([3, true, true, true]);
});

it("One kind is enough, and fqdn objects are names too.", async () => {
  expect(await value(`dns::lookup(fqdn("V4.example.com"))[0].to_string()`)).toBe("192.0.2.4");
});

it("The strategy decides which addresses are asked for, and which come first.", async () => {
  expect(await value(`dns::lookup("mx.example.com").len()`, `, ip_strategy: "Ipv4Only"`)).toBe(2);
  expect(await value(`dns::lookup("mx.example.com")[0].to_string()`, `, ip_strategy: "Ipv6thenIpv4"`)).toBe(
    "2001:db8::25",
  );
});

it("The hosts file is asked first, unless it is switched off.", async () => {
  expect(await value(`"127.0.0.1" in dns::lookup("localhost")`)).toBe(true);
  expect(await error(`dns::lookup("localhost")`, ", use_hosts_file: false")).toContain("there is no such name");
});

it("An address's names are host names, and what is none is an identifier.", async () => {
  const code = `let l = dns::rlookup("192.0.2.1"); [fqdn("mx.example.com") in l, identifier("odd name.example") in l]`;
  expect(await value(code)).toEqual([true, true]);
  expect(await value(`dns::rlookup(ip6("2001:db8::25"))[0] == "six.example.com"`)).toBe(true);
});

it.each([
  [`dns::lookup("none.example.com")`, "dns::lookup: none.example.com: there is no such name"],
  [`dns::lookup("empty.example.com")`, "dns::lookup: empty.example.com: there is no such record"],
  [`dns::lookup("refused.example.com")`, "the server refused to answer"],
  [`dns::lookup("silent.example.com")`, "no server answered in time"],
  [`dns::lookup("no name")`, "is no host name"],
  [`dns::rlookup("192.0.2.9")`, "dns::rlookup: 192.0.2.9: there is no such name"],
  [`dns::rlookup("mx.example.com")`, "is no IP address"],
])("%s is an error", async (code, message) => {
  expect(await error(code)).toContain(message);
});

it("A rule may catch what a block list answers.", async () => {
  const code = `try { dns::lookup("7.2.0.192.bl.example.com"); "listed" } catch (e) { "not listed" }`;
  expect(await value(code)).toBe("not listed");
  expect(server.asked).toContain("7.2.0.192.bl.example.com");
});
