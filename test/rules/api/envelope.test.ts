/** What rules see of client and envelope, and how they change the envelope and the transports. */

import { afterAll, describe, expect, it } from "vitest";
import { showAddress } from "../../../src/rules/index.ts";
import { Runner } from "./running.ts";

const runner = new Runner();
afterAll(() => runner.remove());

describe("ctx", () => {
  it.each<[string, unknown]>([
    ["client_address", "192.0.2.7:4321"],
    ["client_ip", "192.0.2.7"],
    ["client_port", 4321],
    ["server_address", "192.0.2.25:25"],
    ["server_ip", "192.0.2.25"],
    ["server_port", 25],
    ["server_name", "mx.example.com"],
    ["is_secured", false],
  ])("%s is known at connect", async (name, expected) => {
    expect(await runner.value(`ctx::${name}()`, { stage: "connect" })).toBe(expected);
  });

  it("An IPv6 client's address is told from its port.", async () => {
    expect(await runner.value("ctx::client_address()", { ip: "2001:db8::1" })).toBe("[2001:db8::1]:4321");
  });

  it("The name that the client says is known from helo on.", async () => {
    expect(await runner.value("ctx::helo()", { stage: "helo" })).toBe("client.example");
    expect(await runner.error("ctx::helo()", { stage: "connect" })).toContain("is available in [helo, ");
  });

  it("Timestamps show as RFC 3339.", async () => {
    const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
    expect(await runner.value(`\`\${ctx::connection_timestamp()}\``, { stage: "connect" })).toMatch(shape);
    expect(await runner.value("ctx::mail_timestamp().to_string()", { stage: "mail" })).toMatch(shape);
  });

  it("Timestamps are equal to themselves and know their seconds.", async () => {
    const code = "let t = ctx::mail_timestamp(); [t == ctx::mail_timestamp(), t.unix > 1000000000, t == 5]";
    expect(await runner.value(code)).toEqual([true, true, false]);
  });

  it("Sender, recipients and identifier are known once they are named.", async () => {
    const { value, transaction } = await runner.run("ctx::message_id()", { stage: "mail" });
    expect(value).toBe(transaction.id);
    expect(await runner.value('ctx::mail_from() == "from@a.example"', { stage: "mail" })).toBe(true);
    expect(await runner.value('ctx::mail_from() == identifier("null")', { from: null })).toBe(true);
    const rcpt = ["x@b.example", "y@b.example"];
    expect(await runner.value(`[\`\${ctx::rcpt()}\`, ctx::rcpt_list().len()]`, { rcpt })).toEqual(["y@b.example", 2]);
  });

  it.each(["message_id", "mail_from", "mail_timestamp", "rcpt", "rcpt_list"])(
    "%s is an error at helo",
    async (name) => {
      expect(await runner.error(`ctx::${name}()`, { stage: "helo" })).toMatch(
        /is available in \[(mail|rcpt), .*not in helo/,
      );
    },
  );

  it("The whole context is JSON text.", async () => {
    const early = JSON.parse((await runner.value("ctx().to_string()", { stage: "connect" })) as string);
    expect(early).toMatchObject({ stage: "connect", connection: { client: { ip: "192.0.2.7" }, helo: null } });
    const late = JSON.parse((await runner.value(`\`\${ctx()}\``)) as string);
    expect(late).toMatchObject({ stage: "preq", mailFrom: { domain: "a.example" }, recipients: [{}] });
  });
});

describe("envelop", () => {
  const recipients = async (code: string, stage: "mail" | "rcpt" = "rcpt") => {
    const { transaction } = await runner.run(code, { stage, rcpt: ["x@b.example", "y@b.example", "x@b.example"] });
    return transaction.recipients.map(({ address }) => showAddress(address));
  };

  it("The sender is replaced by a text or an object.", async () => {
    const { transaction } = await runner.run(`envelop::rw_mail_from("n@C.example")`, { stage: "mail" });
    expect(transaction.mailFrom).toEqual({ localPart: "n", domain: "c.example" });
    const other = await runner.run(`envelop::rw_mail_from(address("m@c.example"))`, { from: null });
    expect(other.transaction.mailFrom).toEqual({ localPart: "m", domain: "c.example" });
  });

  it("A recipient is replaced, added and removed.", async () => {
    expect(await recipients(`envelop::rw_rcpt("y@b.example", address("z@b.example"))`)).toEqual([
      "x@b.example",
      "x@b.example",
      "z@b.example",
    ]);
    expect(await recipients(`envelop::add_rcpt("z@b.example")`, "mail")).toHaveLength(4);
    expect(await recipients(`envelop::bcc(address("z@b.example"))`)).toHaveLength(4);
    expect(await recipients(`envelop::rm_rcpt("x@b.example")`)).toEqual(["y@b.example"]);
    expect(await recipients(`envelop::rm_rcpt("none@b.example")`)).toHaveLength(3);
  });

  it("New recipients leave by `deliver`.", async () => {
    const { transaction } = await runner.run(`transport::maildir_all(); envelop::add_rcpt("n@c.example")`);
    expect(transaction.recipients.map(({ transport }) => transport.kind)).toEqual(["maildir", "deliver"]);
  });

  it("What is no address, and what is too early, is an error.", async () => {
    expect(await runner.error(`envelop::rw_mail_from("nobody")`)).toContain("expected a mail address");
    expect(await runner.error(`envelop::add_rcpt(fqdn("b.example"))`)).toContain("expected a mail address");
    expect(await runner.error(`envelop::rm_rcpt("x@b.example")`, { stage: "mail" })).toContain("not in mail");
    expect(await runner.error(`envelop::add_rcpt("x@b.example")`, { stage: "helo" })).toContain("not in helo");
  });
});

describe("transport", () => {
  const around = { rcpt: ["x@b.example", "y@b.example"] };

  it.each(["maildir", "mbox", "deliver"])("%s is chosen for one recipient or for all", async (kind) => {
    const one = await runner.run(`transport::${kind}("x@b.example")`, around);
    expect(one.transaction.recipients[0]?.transport).toEqual({ kind });
    const all = await runner.run(`transport::${kind}_all()`, around);
    expect(all.transaction.recipients.map(({ transport }) => transport)).toEqual([{ kind }, { kind }]);
  });

  it("forward takes a target.", async () => {
    const one = await runner.run(`transport::forward(ctx::rcpt(), fqdn("mx.c.example"))`, around);
    expect(one.transaction.recipients.map(({ transport }) => transport)).toEqual([
      { kind: "deliver" },
      { kind: "forward", target: "mx.c.example" },
    ]);
    const all = await runner.run(`transport::forward_all("192.0.2.1:26")`, around);
    expect(all.transaction.recipients[0]?.transport).toEqual({ kind: "forward", target: "192.0.2.1:26" });
  });

  it("Strangers, bad targets and early calls are errors.", async () => {
    expect(await runner.error(`transport::maildir("z@b.example")`)).toContain("is no recipient of this mail");
    expect(await runner.error(`transport::forward_all("ftp://x")`)).toContain("scheme ftp is not supported");
    expect(await runner.error(`transport::mbox_all()`, { stage: "mail" })).toContain("not in mail");
  });
});
