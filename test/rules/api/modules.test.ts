/** The smaller modules: codes, time, utils, machine, log, files, configuration, and what is still missing. */

import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readRules, registrableDomain } from "../../../src/rules/api/public-suffix.ts";
import { builtinRules } from "../../../src/rules/api/public-suffix-table.ts";
import type { Stage } from "../../../src/rules/index.ts";
import { Runner } from "./running.ts";

const runner = new Runner();
afterAll(() => runner.remove());

describe("state and code", () => {
  it.each(["next", "accept", "faccept", "deny", "reject"])(
    "state::%s() is a status that shows its name",
    async (name) => {
      expect(await runner.value(`[state::${name}().to_string(), type_of(state::${name}())]`)).toEqual([name, "status"]);
    },
  );

  it("Statuses are compared by their kind.", async () => {
    const code = `[state::next() == state::next(), state::deny() == deny(), state::accept() != state::reject()]`;
    expect(await runner.value(code)).toEqual([true, true, true]);
  });

  it("A status takes a code, or a text that is one.", async () => {
    expect(await runner.value(`state::deny(code::c554_7_1()) == state::deny("554 5.7.1 no")`)).toBe(true);
    expect(await runner.error(`state::deny(fqdn("a.example"))`)).toContain("expected a code");
    expect(await runner.error(`state::accept("fine")`)).toContain("expected a code");
  });

  it.each([
    ["c554_7_1", "554 5.7.1 Relay access denied"],
    ["c550_7_20", "550 5.7.20 No passing DKIM signature found"],
    ["c550_7_21", "550 5.7.21 No acceptable DKIM signature found"],
    ["c550_7_22", "550 5.7.22 No valid author-matched DKIM signature found"],
    ["c550_7_23", "550 5.7.23 SPF validation failed"],
    ["c550_7_24", "550 5.7.24 SPF validation error"],
    ["c550_7_25", "550 5.7.25 Reverse DNS validation failed"],
    ["c500_7_26", "500 5.7.26 Multiple authentication checks failed"],
    ["c550_7_27", "550 5.7.27 Sender address has null MX"],
    ["c556_1_10", "556 5.1.10 Recipient address has null MX"],
    ["c451_7_1", "451 4.7.1 Sender is not authorized. Please try again."],
    ["c451_3_0", "451 4.3.0 Multiple destination domains per transaction is unsupported. Please try again."],
    ["c550_1_1", "550 5.1.1 The email account that you tried to reach does not exist. Please try again."],
  ])("code::%s()", async (name, text) => {
    expect(await runner.value(`code::${name}().to_string()`)).toBe(text);
  });
});

describe("time, utils, unix, cfg", () => {
  it("The clock on the wall is shown in UTC.", async () => {
    expect(await runner.value("time::date()")).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(await runner.value("time::now()")).toMatch(/^\d\d:\d\d:\d\d$/);
  });

  it("The machine is asked with and without a path.", async () => {
    process.env.VSMTP_TEST_API = "here";
    const code = `[env("VSMTP_TEST_API"), utils::env(identifier("VSMTP_TEST_API")), unix::env("NO_SUCH"), hostname()]`;
    expect(await runner.value(code)).toEqual(["here", "here", null, hostname()]);
    expect(await runner.value(`[user_exist("root"), user_exist(identifier("no-such-user"))]`)).toEqual([true, false]);
  });

  it("Rules read the configuration.", async () => {
    const code = `[cfg::server.name, cfg::server.smtp.rcpt_count_max, cfg::app.logs.filename, cfg::server.dns.options.timeout]`;
    expect(await runner.value(code)).toEqual(["mx.example.com", 1000, null, "5s"]);
  });

  it("The server shows itself as text.", async () => {
    expect(JSON.parse((await runner.value("srv().to_string()")) as string)).toMatchObject({ name: "mx.example.com" });
  });

  it.each([
    ["mx.example.com", "example.com"],
    ["Example.COM", "example.com"],
    ["a.b.example.co.uk", "example.co.uk"],
    ["x.city.kawasaki.jp", "city.kawasaki.jp"],
    ["a.b.kawasaki.jp", "a.b.kawasaki.jp"],
    ["www.ck", "www.ck"],
    ["a.b.c.ck", "b.c.ck"],
    ["co.uk", "co.uk"],
    ["a.example.unheard", "example.unheard"],
    ["localhost", "localhost"],
    ["x.münchen.example", "münchen.example"],
  ])("The registered part of %s is %s", (domain, expected) => {
    const list = readRules([
      "// comment",
      "com",
      "co.uk",
      "uk",
      "jp",
      "*.kawasaki.jp",
      "!city.kawasaki.jp",
      "*.ck",
      "!www.ck",
      "example",
    ]);
    expect(registrableDomain(domain, list)).toBe(expected);
  });

  it("Without an installed list the larger countries are known.", () => {
    const list = readRules(builtinRules());
    expect(["a.b.co.uk", "a.b.com.au", "a.b.de", "a.b.c.bd"].map((domain) => registrableDomain(domain, list))).toEqual([
      "b.co.uk",
      "b.com.au",
      "b.de",
      "b.c.bd",
    ]);
  });

  it("Rules ask for it with a text or a host name.", async () => {
    const code = `[utils::get_root_domain("mx.example.com"), utils::get_root_domain(fqdn("a.b.example.co.uk"))]`;
    expect(await runner.value(code)).toEqual(["example.com", "example.co.uk"]);
    expect(await runner.error(`utils::get_root_domain(address("a@b.example"))`)).toContain("fqdn object is needed");
  });
});

describe("log", () => {
  it("Lines go out with their level, from texts and objects.", async () => {
    const code = `log("INFO", "one"); log("error", ctx::mail_from()); logging::log("odd", "two");`;
    expect((await runner.run(code)).logged).toEqual(["info: one", "error: from@a.example", "odd: two"]);
  });

  it("Numbers are interpolated first.", async () => {
    expect(await runner.error(`log("info", 5)`)).toContain("log(string, i64)");
  });
});

describe("fs", () => {
  const mail = "A: 1\r\n\r\nbody \xff";

  it("The mail is written byte for byte, under its identifier.", async () => {
    const { site, transaction } = await runner.run(`fs::write("held/today")`, { mail });
    expect(readFileSync(site.path("app/held/today", `${transaction.id}.eml`), "latin1")).toBe(mail);
  });

  it("What is known of it is written as JSON.", async () => {
    const { site, transaction } = await runner.run(`fs::dump(identifier("held"))`, { stage: "mail" });
    const dumped: unknown = JSON.parse(readFileSync(site.path("app/held", `${transaction.id}.json`), "utf8"));
    expect(dumped).toMatchObject({ id: transaction.id, stage: "mail", mailFrom: { localPart: "from" } });
  });

  it.each(["../up", "a/../../up", "/tmp", "a\\x00b"])(
    "Nothing leaves the application's directory: %s",
    async (path) => {
      expect(await runner.error(`fs::write("${path}")`, { mail })).toContain("is no directory below app.dirpath");
    },
  );

  it("Not even through a link that is there.", async () => {
    const { site } = await runner.run("1");
    mkdirSync(site.path("app"));
    symlinkSync(site.path("mailboxes"), site.path("app/out"));
    mkdirSync(site.path("mailboxes"));
    const message = await runner.error(`fs::write("out")`, {
      mail,
      config: `config.app.dirpath = "${site.path("app")}";`,
    });
    expect(message).toContain("leads out of app.dirpath");
    expect(existsSync(join(site.path("mailboxes"), "out"))).toBe(false);
  });

  it("The mail must be there.", async () => {
    expect(await runner.error(`fs::write("x")`, { stage: "rcpt" })).toContain("not in rcpt");
    expect(await runner.error(`fs::dump("x")`, { stage: "helo" })).toContain("not in helo");
  });
});

describe("what is still missing", () => {
  it.each([
    ["auth::unix_users()", "auth::unix_users", "SMTP authentication"],
    ["auth::is_authenticated()", "auth::is_authenticated", "SMTP authentication"],
    ["auth::credentials()", "auth::credentials", "SMTP authentication"],
    ["spf::check()", "spf::check", "SPF"],
    [`spf::check(#{ header: "spf" })`, "spf::check", "SPF"],
    ["spf::check_raw()", "spf::check_raw", "SPF"],
    ["dkim::verify()", "dkim::verify", "DKIM"],
    ["dkim::has_result()", "dkim::has_result", "DKIM"],
    ["dkim::result()", "dkim::result", "DKIM"],
    [`dkim::store(#{ status: "pass" })`, "dkim::store", "DKIM"],
    [`dkim::get_private_keys("a.example")`, "dkim::get_private_keys", "DKIM"],
    [`dkim::sign(#{ selector: "x" })`, "dkim::sign", "DKIM"],
    ["dmarc::check()", "dmarc::check", "DMARC"],
    ["smtp::connect(#{})", "smtp::connect", "delegation"],
  ])("%s says so, and can be caught", async (code, name, capability) => {
    expect(await runner.error(code)).toBe(`\`${name}\` needs ${capability}, which this vSMTP does not have yet`);
    expect(await runner.value(`try { ${code} } catch (e) { "caught" }`)).toBe("caught");
  });

  it("The checker knows how they are called.", async () => {
    expect(await runner.error("dkim::sign()")).toContain("takes 1 arguments, but 0 are given");
  });
});

describe("plugins", () => {
  it("They see client, envelope and fields, and change fields by the same rules.", async () => {
    const { Situation } = await import("../../../src/rules/api/situation.ts");
    const { transaction, connection } = await runner.run("1", { mail: "A: 1\r\n 2\r\nodd line\r\n\r\nx", from: null });
    const situation = new Situation({ stage: "preq", connection, transaction, log: () => undefined });
    const view = situation.transactionView();
    expect(view).toMatchObject({ client: { ip: "192.0.2.7" }, helo: "client.example", mailFrom: null });
    expect(view.recipients).toEqual(["to@b.example"]);
    expect(view.mail?.fields()).toEqual([{ name: "A", raw: " 1\r\n 2" }]);
    expect(view.mail?.fields()).toBe(view.mail?.fields());
    const before = view.mail?.bytes;
    view.mail?.set("A", "3");
    view.mail?.append("B", "4");
    view.mail?.remove("none");
    expect(Buffer.from(before ?? []).toString()).toBe("A: 1\r\n 2\r\nodd line\r\n\r\nx");
    expect(Buffer.from(view.mail?.bytes ?? []).toString()).toBe("A: 3\r\nodd line\r\nB: 4\r\n\r\nx");
  });

  it("Before MAIL they add to every mail of the client, before the end of DATA there are no bytes.", async () => {
    const { Situation } = await import("../../../src/rules/api/situation.ts");
    const { transaction, connection } = await runner.run("1");
    const at = (stage: Stage, mail = false) =>
      new Situation({ stage, connection, transaction: mail ? transaction : undefined, log: () => undefined });
    expect(at("helo").transactionView()).toMatchObject({ mailFrom: undefined, id: undefined });
    at("helo").transactionView().mail?.append("A", "1");
    expect(connection.early.values("A")).toEqual(["1"]);
    expect(at("mail", true).transactionView().mail?.bytes).toBeUndefined();
  });
});
