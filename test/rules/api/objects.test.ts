/** Objects: what can be made, what equals what, what contains what. */

import { afterAll, describe, expect, it } from "vitest";
import { Runner } from "./running.ts";

const runner = new Runner();
afterAll(() => runner.remove());

describe("constructors", () => {
  it.each([
    [`ip4("10.1.2.3")`, "10.1.2.3"],
    [`ip6("2001:DB8:0:0:0:0:0:1")`, "2001:db8::1"],
    [`ip6("::ffff:192.0.2.1")`, "::ffff:c000:201"],
    [`ip6("::")`, "::"],
    [`rg4("10.0.0.0/8")`, "10.0.0.0/8"],
    [`rg4("10.1.2.3/8")`, "10.0.0.0/8"],
    [`rg6("2001:db8::1/32")`, "2001:db8::/32"],
    [`address("John@Example.COM")`, "John@example.com"],
    [`fqdn("MX.Example.com")`, "mx.example.com"],
    [`regex("^a+$")`, "^a+$"],
    [`identifier("anything at all")`, "anything at all"],
    [`code(250, "Ok")`, "250 Ok"],
    [`code(451, "5.7.3", "later")`, "451 5.7.3 later"],
    [`code(250, "Ok\\r\\n")`, "250 Ok"],
  ])("%s shows as %s", async (code, text) => {
    expect(await runner.value(`${code}.to_string()`)).toBe(text);
  });

  it("Each is there under obj:: too.", async () => {
    expect(await runner.value(`obj::address("a@b.example") == address("a@b.example")`)).toBe(true);
  });

  it("All are of one type.", async () => {
    expect(await runner.value(`[type_of(ip4("10.0.0.1")), type_of(regex("a"))]`)).toEqual(["object", "object"]);
  });

  it.each([
    [`ip4("10.1.2.300")`, "is no IPv4 address"],
    [`ip4("::1")`, "is no IPv4 address"],
    [`ip6("10.0.0.1")`, "is no IPv6 address"],
    [`rg4("10.0.0.0")`, "is no range of IPv4 addresses"],
    [`rg4("10.0.0.0/33")`, "is no range"],
    [`rg6("10.0.0.0/8")`, "is no range of IPv6 addresses"],
    [`address("nobody")`, "is no mail address"],
    [`fqdn("-bad-.example")`, "is no host name"],
    [`regex("(a")`, "is no regular expression"],
    [`code(99, "no")`, "expected a code"],
  ])("%s is an error", async (code, message) => {
    expect(await runner.error(code)).toContain(message);
  });
});

describe("equality", () => {
  it.each([
    [`ip4("10.0.0.1") == ip4("10.0.0.1")`, true],
    [`ip6("::1") == ip6("0:0:0:0:0:0:0:1")`, true],
    [`ip6("::1") == "0:0:0:0:0:0:0:1"`, true],
    [`"10.0.0.1" == ip4("10.0.0.1")`, true],
    [`ip4("10.0.0.1") == "not an address"`, false],
    [`rg4("10.0.0.0/8") == rg4("10.9.9.9/8")`, true],
    [`rg4("10.0.0.0/8") == rg4("10.0.0.0/9")`, false],
    [`address("a@b.example") == "a@B.EXAMPLE"`, true],
    [`address("a@b.example") == "A@b.example"`, false],
    [`fqdn("b.example") == "B.example"`, true],
    [`fqdn("b.example") == identifier("b.example")`, false],
    [`identifier("john") == "john"`, true],
    [`regex("^j") == "john"`, true],
    [`regex("^j") == "mary"`, false],
    [`regex("a") == regex("a")`, true],
    [`address("spam@x.example") == regex("^spam@")`, true],
    [`regex("^spam@") == address("ham@x.example")`, false],
    [`code(250, "Ok") == code(250, "Ok")`, true],
    [`ip4("10.0.0.1") == 5`, false],
    [`ip4("10.0.0.1") != "10.0.0.2"`, true],
  ])("%s is %s", async (code, expected) => {
    expect(await runner.value(code)).toBe(expected);
  });

  it.each(['rg4("10.0.0.0/8")', 'rg6("::/0")', 'code(250, "Ok")'])("%s has no text to be equal to", async (code) => {
    expect(await runner.error(`${code} == "text"`)).toContain("cannot be compared to a string");
  });
});

describe("in", () => {
  it.each([
    [`"10.1.2.3" in rg4("10.0.0.0/8")`, true],
    [`"11.1.2.3" in rg4("10.0.0.0/8")`, false],
    [`"10.1.0.0/16" in rg4("10.0.0.0/8")`, true],
    [`"10.0.0.0/7" in rg4("10.0.0.0/8")`, false],
    [`ip4("10.1.2.3") in rg4("10.0.0.0/8")`, true],
    [`"::ffff:10.1.2.3" in rg4("10.0.0.0/8")`, true],
    [`"2001:db8::5" in rg6("2001:db8::/32")`, true],
    [`ip6("2001:db9::5") in rg6("2001:db8::/32")`, false],
    [`rg4("10.0.0.0/8").contains("10.1.2.3")`, true],
    [`"mail.example.com" in regex("^mail\\\\.")`, true],
    [`address("a@b.example") in regex("b\\\\.example$")`, true],
    [`"a" in address("a@b.example")`, true],
    [`"B.example" in address("a@b.example")`, true],
    [`fqdn("b.example") in address("a@b.example")`, true],
    [`identifier("b.example") in address("a@b.example")`, false],
    [`identifier("john") in ["john"]`, true],
    [`"john" in [identifier("mary"), identifier("john")]`, true],
    [`"10.1.2.3" in [ip4("10.1.2.4"), rg4("10.0.0.0/8")]`, true],
    [`"x" in [code(250, "Ok"), rg4("10.0.0.0/8")]`, false],
    [`"spammer@x.example" in [regex("^spam")]`, true],
    [`address("a@b.example") in #{ "a@b.example": 1 }`, true],
    [`5 in rg4("10.0.0.0/8")`, false],
  ])("%s is %s", async (code, expected) => {
    expect(await runner.value(code)).toBe(expected);
  });

  it("The client's address is found in the ranges that are not routed.", async () => {
    const code = `[ctx::client_ip() in net::non_routable(), ctx::client_ip() in net::rg_172(), ctx::client_ip() in net::rg_10()]`;
    expect(await runner.value(code, { ip: "172.31.0.1" })).toEqual([true, true, false]);
    expect(await runner.value(code, { ip: "192.0.2.7" })).toEqual([false, false, false]);
  });
});

describe("parts of addresses", () => {
  it("An address has a local part and a domain.", async () => {
    const code = `let a = address("john@b.example"); [a.local_part, a.domain == fqdn("b.example"), a.domain.to_string()]`;
    expect(await runner.value(code)).toEqual(["john", true, "b.example"]);
  });

  it("So have all addresses of an array.", async () => {
    const code = `let l = ctx::rcpt_list(); [l.local_parts, "c.example" in l.domains, l.domains.len()]`;
    expect(await runner.value(code, { rcpt: ["x@b.example", "y@c.example"] })).toEqual([["x", "y"], true, 2]);
  });

  it("Other objects have neither, and neither has an array with others in it.", async () => {
    expect(await runner.error(`fqdn("b.example").domain`)).toContain("`domain` belongs to addresses, not to fqdn");
    expect(await runner.error(`ctx::mail_from().local_part`, { from: null })).toContain("not to identifier `null`");
    expect(await runner.error(`[1].domains`)).toContain("`domain` belongs to addresses");
  });
});

describe("file", () => {
  const files = { "lists/hosts": "a.example\n\n  B.example \r\n" };

  it("Each line is an object, and elements are found as others are.", async () => {
    const code = `let l = file("lists/hosts", "fqdn"); [l.len(), "b.example" in l, "c.example" in l]`;
    expect(await runner.value(code, { files })).toEqual([2, true, false]);
  });

  it("A line that is none is named.", async () => {
    expect(await runner.error(`file("lists/hosts", "ip4")`, { files })).toMatch(/lists\/hosts, line 1: "a\.example"/);
  });

  it("Unknown types and missing files are errors.", async () => {
    expect(await runner.error(`file("lists/hosts", "host")`, { files })).toContain("is no type of objects");
    expect(await runner.error(`file("lists/none", "ip4")`)).toContain("lists/none cannot be read");
  });
});
