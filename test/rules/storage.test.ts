/** The stage `storage`: whose rules are asked when a mailbox is about to change, and what their statuses mean. */

import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/index.ts";
import { check, type StorageQuestion } from "../../src/rules/index.ts";
import { findPlugins } from "../../src/server/index.ts";
import { compile } from "../fixtures/compile.ts";
import { Site } from "../fixtures/site.ts";
import { Model } from "./model.ts";

const taking = compile(
  `
  #include <vsmtp/plugin.h>
  #include <vsmtp/transaction.h>
  VSMTP_PLUGIN("taking")
  VSMTP_FUNCTION(int64_t, port, (vsmtp_transaction *transaction), VSMTP_QUICK) {
    return vsmtp_transaction_client_port(transaction);
  }
`,
  { name: "libvsmtp-plugin-taking-1.0.0.so" },
);

/** By the name of the mailbox, the answer of the rule. */
const answers: Readonly<Record<string, string>> = {
  Next: "state::next()",
  Accept: "state::accept()",
  Faccept: `state::faccept("250 fine")`,
  Deny: "state::deny()",
  DenyText: `state::deny("554 5.7.1 Nobody writes here")`,
  DenyLater: `state::deny("451 4.2.0 Not now")`,
  Reject: "state::reject()",
  RejectText: `state::reject("451 4.2.0 In a minute")`,
  RejectForGood: `state::reject("550 5.2.0 Never")`,
  AcceptFailure: `state::accept("450 no success")`,
  Quarantine: `state::quarantine("x")`,
  NoStatus: "42",
  Error: `parse_int("x")`,
  Context: "if ctx::client_port() == 1 { state::next() } else { state::deny() }",
  Message: `if msg::has_header("x") { state::next() } else { state::deny() }`,
  Plugin: "if taking::port() == 1 { state::next() } else { state::deny() }",
  Caught: 'try { ctx::mail_from(); } catch (e) { return state::deny("554 " + e); } state::next()',
  Waits: "sleep(0.001); state::deny()",
  Asked:
    'state::deny("554 " + [storage::operation(), storage::user(), storage::mailbox(), storage::source(), storage::uid(), storage::flags(), storage::keywords(), storage::size()])',
};

const filter = `
import "plugins/vsmtp-plugin-taking" as taking;
#{ storage: [
  action "log" || log("info", \`asked for \${storage::mailbox()}\`),
  rule "answers" || switch storage::mailbox() { ${Object.entries(answers)
    .map(([name, answer]) => `"${name}" => { ${answer} }`)
    .join(", ")}, _ => { state::deny("554 root") } },
  action "after" || (),
] }`;

let model: Model;

beforeAll(async () => {
  model = await Model.open({
    filter,
    domains: {
      "example.com/incoming": `#{ storage: [ rule "incoming" || state::deny("554 incoming of example.com") ] }`,
      "quiet.example/outgoing": `#{ storage: [ rule "outgoing" || state::deny("554 never asked") ] }`,
    },
    plugins: [taking],
  });
});

afterAll(() => model.close());

function ask(question: Partial<StorageQuestion>) {
  return model.rules.runStorage({ user: "john", operation: "save", mailbox: "INBOX", ...question });
}

describe("statuses", () => {
  const refused = "Refused by the rules of this server";
  const later = "Refused for now by the rules of this server, try again later";
  const failed = "Requested action aborted: local error in processing";

  it.each([
    ["Next", { kind: "allow" }],
    ["Accept", { kind: "allow" }],
    ["Faccept", { kind: "allow" }],
    ["Deny", { kind: "refuse", text: refused }],
    ["DenyText", { kind: "refuse", text: "Nobody writes here" }],
    ["DenyLater", { kind: "tempfail", text: "Not now" }],
    ["Reject", { kind: "tempfail", text: later }],
    ["RejectText", { kind: "tempfail", text: "In a minute" }],
    ["RejectForGood", { kind: "refuse", text: "Never" }],
    ["AcceptFailure", { kind: "tempfail", text: "no success" }],
    ["Quarantine", { kind: "tempfail", text: failed }],
    ["NoStatus", { kind: "tempfail", text: failed }],
    ["Error", { kind: "tempfail", text: failed }],
    ["Waits", { kind: "refuse", text: refused }],
  ])("%s", async (mailbox, answer) => {
    expect(await ask({ mailbox })).toEqual(answer);
  });

  it("Directives after the first answer do not run.", async () => {
    model.ran.length = 0;
    await ask({ mailbox: "Deny" });
    expect(model.ran).toEqual(["log", "answers"]);
    await ask({ mailbox: "Next" });
    expect(model.ran).toEqual(["log", "answers", "log", "answers", "after"]);
  });

  it("A failure is a line in the log, with directive and place.", async () => {
    model.lines.length = 0;
    await ask({ mailbox: "Quarantine" });
    const line = model.lines.find((one) => one.includes("RULES_STORAGE_STATUS"));
    expect(line).toContain("The rule `answers` answered with the status quarantine");
    expect(line).toContain('"stage":"storage"');
  });
});

describe("what a rule sees", () => {
  it("The whole operation is there as plain data.", async () => {
    const answer = await ask({
      operation: "copy",
      mailbox: "Asked",
      source: "INBOX",
      uid: 7,
      flags: ["\\Seen"],
      keywords: ["$Work"],
      size: 1234,
    });
    expect(answer).toEqual({
      kind: "refuse",
      text: '["copy", "john", "Asked", "INBOX", 7, ["\\\\Seen"], ["$Work"], 1234]',
    });
  });

  it("What is not known is () or empty.", async () => {
    expect(await ask({ mailbox: "Asked" })).toEqual({
      kind: "refuse",
      text: '["save", "john", "Asked", (), (), [], [], ()]',
    });
  });

  it.each([
    ["Context", "needs a client, and there is none at the stage storage"],
    ["Message", "needs a client, and there is none at the stage storage"],
    ["Plugin", "takes the transaction, and there is none here"],
  ])("%s: client and mail are not there, and asking is a failure", async (mailbox, reason) => {
    model.lines.length = 0;
    expect(await ask({ mailbox })).toMatchObject({ kind: "tempfail" });
    expect(model.lines.join()).toContain(reason);
  });

  it("A rule can catch that, and reads why.", async () => {
    expect(await ask({ mailbox: "Caught" })).toEqual({
      kind: "refuse",
      text: "`ctx::mail_from` needs a client, and there is none at the stage storage",
    });
  });

  it("log() writes to the log of the application.", async () => {
    model.lines.length = 0;
    await ask({ mailbox: "Next" });
    expect(model.lines.join()).toContain("asked for Next");
  });
});

describe("whose rules", () => {
  it.each([
    ["john", "root"],
    ["john@foreign.example", "root"],
    ["john@example.com", "incoming of example.com"],
    ["John@Mail.Example.COM", "incoming of example.com"],
  ])("%s: %s", async (user, text) => {
    expect(await ask({ user })).toEqual({ kind: "refuse", text });
  });

  it("A domain without an incoming.vsl lets everything happen.", async () => {
    expect(await ask({ user: "john@quiet.example" })).toEqual({ kind: "allow" });
  });

  it("It is known whether anybody has to be asked at all.", async () => {
    expect(model.rules.asksStorage).toBe(true);
    const silent = await Model.open({ filter: `#{ connect: [ rule "x" || state::next() ], storage: [] }` });
    expect(silent.rules.asksStorage).toBe(false);
    expect(await silent.rules.runStorage({ user: "a", operation: "save", mailbox: "b" })).toEqual({ kind: "allow" });
    await silent.close();
  });
});

describe("vsmtp check", () => {
  async function problemsOf(text: string) {
    const site = new Site({ filter: text });
    mkdirSync(site.path("plugins"), { recursive: true });
    const config = await loadConfig(site.config);
    if (Array.isArray(config)) throw config[0];
    const problems = check({ config, plugins: findPlugins(config) });
    site.remove();
    return problems.map(({ code, message }) => `${code} ${message}`);
  }

  it("The client is asked for nowhere at this stage, also through functions.", async () => {
    const problems = await problemsOf(`
      fn from() { ctx::client_ip() }
      #{ storage: [ rule "x" || { if from() == "1" { state::deny() } else { state::next() } } ] }`);
    expect(problems).toEqual([
      "RULES_NO_CLIENT `ctx::client_ip` needs a client, and there is none at the stage storage, where `x` runs",
    ]);
  });

  it("The operation is asked for at this stage only.", async () => {
    const problems = await problemsOf(
      `#{ rcpt: [ rule "x" || if storage::user() == "a" { state::deny() } else { state::next() } ] }`,
    );
    expect(problems).toEqual([
      "RULES_STORAGE_ONLY `storage::user` is available at the stage storage only, but `x` runs at rcpt",
    ]);
  });

  it("A quarantine and a delegation mean nothing here.", async () => {
    expect((await problemsOf(`#{ storage: [ rule "x" || state::quarantine("a") ] }`)).join()).toContain(
      "RULES_NO_CLIENT",
    );
    const delegated = await problemsOf(`const s = (); #{ storage: [ delegate s "x" || state::next() ] }`);
    expect(delegated.join()).toContain("RULES_DELEGATE_EARLY");
  });

  it("The stage is one that may be meant.", async () => {
    expect((await problemsOf(`#{ storrage: [] }`)).join()).toContain("RULES_UNKNOWN_STAGE");
  });
});
