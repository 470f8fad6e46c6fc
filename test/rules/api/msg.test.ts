/** `msg::…` on the bytes that will be delivered. */

import { afterAll, describe, expect, it } from "vitest";
import { Runner } from "./running.ts";

const runner = new Runner();
afterAll(() => runner.remove());

const MAIL = [
  "Received: from a",
  "\tby b;",
  " now",
  'From: "J\xf6rg, the one" <from@a.example>',
  "To: Mary <mary@b.example>, john@b.example (John),",
  " Friends: ann@c.example, bob@c.example;",
  "Subject: \xe9t\xe9",
  "x-odd : one",
  "X-Odd: two",
  "",
  "body \xff",
  ".",
].join("\r\n");

describe("reading", () => {
  it.each<[string, unknown]>([
    [`msg::has_header("SUBJECT")`, true],
    [`msg::has_header(identifier("subject"))`, true],
    [`msg::has_header("Cc")`, false],
    [`msg::count_header("x-odd")`, 2],
    [`msg::count_header("Cc")`, 0],
    [`msg::get_header("received")`, "from a\tby b; now"],
    [`msg::get_header("Cc")`, ""],
    [`msg::get_all_headers("x-odd")`, ["one", "two"]],
    [`msg::get_all_headers().len()`, 6],
    [`msg::get_all_headers()[4]`, "x-odd : one"],
    [`msg::get_header_untouched("received")`, ["Received: from a\r\n\tby b;\r\n now\r\n"]],
  ])("%s", async (code, expected) => {
    expect(await runner.value(code, { mail: MAIL })).toEqual(expected);
  });

  it("The whole mail is there as text, by either name.", async () => {
    const mail = "A: 1\r\n\r\nbody";
    expect(await runner.value(`[msg::mail(), msg().to_string(), \`\${msg()}\`]`, { mail })).toEqual([mail, mail, mail]);
  });

  it("Reading changes no byte, whatever the mail is.", async () => {
    const code = `msg::has_header("x"); msg::get_all_headers(); msg::count_header("From"); msg::mail();`;
    for (const mail of [MAIL, "", "\r\n", "no header at all", "A: 1\nB: 2\n\nx", "A: 1"]) {
      expect((await runner.run(code, { mail })).mail).toBe(mail);
    }
  });
});

describe("changing", () => {
  it("A field is put behind the others, before the empty line.", async () => {
    const { mail } = await runner.run(`msg::append_header("X-New", "1")`, { mail: MAIL });
    expect(mail).toBe(MAIL.replace("X-Odd: two\r\n", "X-Odd: two\r\nX-New: 1\r\n"));
  });

  it("A field is put in front of the others, with an object for its value.", async () => {
    const { mail } = await runner.run(`msg::prepend_header("X-From", ctx::mail_from())`, { mail: MAIL });
    expect(mail).toBe(`X-From: from@a.example\r\n${MAIL}`);
  });

  it("A last line without an end does not swallow the next field.", async () => {
    expect((await runner.run(`msg::append_header("B", "2")`, { mail: "A: 1" })).mail).toBe("A: 1\r\nB: 2\r\n");
    expect((await runner.run(`msg::set_header("B", "2")`, { mail: "A: 1" })).mail).toBe("A: 1\r\nB: 2\r\n");
  });

  it("A folded field is replaced as a whole.", async () => {
    const { mail } = await runner.run(`msg::set_header("received", "by c")`, { mail: MAIL });
    expect(mail).toBe(MAIL.replace("Received: from a\r\n\tby b;\r\n now", "received: by c"));
  });

  it("Renaming needs no space behind the colon.", async () => {
    const { mail } = await runner.run(`msg::rename_header("a", "B")`, { mail: "A:1\r\nA:2\r\n\r\n" });
    expect(mail).toBe("B:1\r\nA:2\r\n\r\n");
  });

  it("A folded field is removed as a whole, and only the first.", async () => {
    const ran = await runner.run(`[msg::rm_header("Received"), msg::rm_header("x-odd"), msg::rm_header("Cc")]`, {
      mail: MAIL,
    });
    expect(ran.mail).toBe(MAIL.slice(MAIL.indexOf("From:")).replace("x-odd : one\r\n", ""));
  });

  it("What cannot be a field's name or value is refused.", async () => {
    expect(await runner.error(`msg::append_header("A: b", "c")`)).toContain("cannot be the name of a header field");
    expect(await runner.error(`msg::rename_header("A", "B C")`, { mail: "A: 1\r\n" })).toContain("cannot be the name");
    expect(await runner.error(`msg::set_header("A", "b\\x00")`)).toContain("control character");
  });
});

describe("before the mail is there", () => {
  it("Fields of connect and helo rules begin every mail of the client.", async () => {
    const { connection } = await runner.run(`msg::append_header("A", "1"); msg::prepend_header("B", "2")`, {
      stage: "connect",
    });
    expect(Buffer.from(connection.early.bytes).toString()).toBe("B: 2\r\nA: 1\r\n");
  });

  it("Fields of mail and rcpt rules come first in the mail.", async () => {
    const { transaction } = await runner.run(`msg::append_header("A", "1")`, { stage: "rcpt" });
    transaction.message.receive(Buffer.from("C: 3\r\n\r\nx"));
    expect(Buffer.from(transaction.message.bytes).toString()).toBe("A: 1\r\nC: 3\r\n\r\nx");
  });

  it("Addresses of fields are not there yet.", async () => {
    expect(await runner.error(`msg::add_rcpt("x@y.example")`, { stage: "rcpt" })).toContain(
      "`msg::add_rcpt` is available in [preq, postq, delivery], not in rcpt",
    );
  });
});

describe("addresses in From and To", () => {
  const changed = async (code: string, mail = MAIL) => (await runner.run(code, { mail })).mail;

  it("The sender's address is replaced, the name before it stays to the byte.", async () => {
    expect(await changed(`msg::rw_mail_from("new@c.example")`)).toBe(
      MAIL.replace("<from@a.example>", "<new@c.example>"),
    );
  });

  it.each([
    ["From: a@b.example\r\n\r\n", "From: n@c.example\r\n\r\n"],
    ["From:a@b.example (me)\n\nx", "From:n@c.example (me)\n\nx"],
    ["From: <@relay.example:a@b.example>\r\n\r\n", "From: <@relay.example:n@c.example>\r\n\r\n"],
    ["From: A <a@b.example>, B <b@b.example>\r\n\r\n", "From: n@c.example\r\n\r\n"],
    ["From: \r\n\r\n", "From: n@c.example\r\n\r\n"],
    ["Subject: x\r\n\r\n", "Subject: x\r\nFrom: n@c.example\r\n\r\n"],
    ["From: a@b.example", "From: n@c.example"],
  ])("rw_mail_from on %j", async (mail, expected) => {
    expect(await changed(`msg::rw_mail_from(address("n@c.example"))`, mail)).toBe(expected);
  });

  it.each([
    ["mary@b.example", "Mary <mary@b.example>", "Mary <new@c.example>"],
    ["john@B.EXAMPLE", "john@b.example (John)", "new@c.example (John)"],
    ["bob@c.example", "bob@c.example;", "new@c.example;"],
    ["ary@b.example", "", ""],
  ])("rw_rcpt replaces %s where it stands", async (old, before, after) => {
    expect(await changed(`msg::rw_rcpt("${old}", "new@c.example")`)).toBe(MAIL.replace(before, after));
  });

  it("add_rcpt goes behind the others, also in a folded field.", async () => {
    expect(await changed(`msg::add_rcpt("new@c.example")`)).toBe(
      MAIL.replace("bob@c.example;", "bob@c.example;, new@c.example"),
    );
    expect(await changed(`msg::add_rcpt("n@c.example")`, "To: a@b.example")).toBe("To: a@b.example, n@c.example");
    expect(await changed(`msg::add_rcpt("n@c.example")`, "A: 1\r\n\r\n")).toBe("A: 1\r\nTo: n@c.example\r\n\r\n");
    expect(await changed(`msg::add_rcpt("n@c.example")`, "To:\r\n\r\n")).toBe("To: n@c.example\r\n\r\n");
  });

  it.each([
    ["mary@b.example", "To: Mary <mary@b.example>, john", "To: john"],
    ["john@b.example", ", john@b.example (John)", ""],
    ["ann@c.example", " ann@c.example,", ""],
    ["bob@c.example", ", bob@c.example", ""],
    ["nobody@c.example", "", ""],
  ])("rm_rcpt removes %s with one comma", async (gone, before, after) => {
    expect(await changed(`msg::rm_rcpt("${gone}")`)).toBe(MAIL.replace(before, after));
  });

  it("Neighbours that go leave no comma behind.", async () => {
    const mail = (list: string) => `To: ${list}\r\n\r\n`;
    expect(await changed(`msg::rm_rcpt("a@b.example")`, mail("a@b.example, A <a@b.example>, c@b.example"))).toBe(
      mail("c@b.example"),
    );
    expect(await changed(`msg::rm_rcpt("a@b.example")`, mail("c@b.example, a@b.example,a@b.example"))).toBe(
      mail("c@b.example"),
    );
    expect(await changed(`msg::rm_rcpt("a@b.example")`, mail("G: a@b.example, a@b.example;, c@b.example"))).toBe(
      mail("G:;, c@b.example"),
    );
    expect(await changed(`msg::rm_rcpt("a@b.example")`, mail("a@b.example,\r\n c@b.example"))).toBe(
      "To:\r\n c@b.example\r\n\r\n",
    );
  });

  it("A field of very many addresses is edited at once.", async () => {
    const mail = `To: ${"a@b.example,".repeat(200_000)}c@b.example\r\n\r\n`;
    expect(await changed(`msg::rm_rcpt("a@b.example")`, mail)).toBe("To: c@b.example\r\n\r\n");
  });

  it("A field that names nobody any more goes.", async () => {
    expect(await changed(`msg::rm_rcpt("a@b.example")`, "A: 1\r\nTo: a@b.example\r\n\r\nx")).toBe("A: 1\r\n\r\nx");
  });

  it("Quotes, comments and escapes hide separators.", async () => {
    const mail = 'To: "a, \\"b@c.example\\"" <x@y.example>, (c@d.example, (n)) z@y.example\r\n\r\n';
    expect(await changed(`msg::rm_rcpt("b@c.example"); msg::rm_rcpt("c@d.example")`, mail)).toBe(mail);
    expect(await changed(`msg::rm_rcpt("x@y.example")`, mail)).toBe("To: (c@d.example, (n)) z@y.example\r\n\r\n");
  });
});
