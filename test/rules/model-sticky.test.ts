/** Statuses that decide about later stages, and how long they are remembered. */

import { afterEach, expect, test } from "vitest";
import { connection, Model, traced, transaction } from "./model.ts";

let model: Model;

afterEach(() => model.close());

async function open(stages: Parameters<typeof traced>[1]): Promise<void> {
  model = await Model.open({ filter: traced("root", stages) });
}

test.each(["faccept", "deny", "quarantine"])("%s at helo holds for every later stage", async (kind) => {
  const argument = kind === "quarantine" ? `"box"` : "";
  await open({ helo: `rule "stays" || state::${kind}(${argument})` });
  const client = connection();
  expect(await model.rules.run("helo", client)).toMatchObject({ kind });
  model.ran.length = 0;
  const mail = transaction(client, "a@foreign.example", "b@foreign.example");
  for (const stage of ["mail", "rcpt", "preq"] as const) {
    expect(await model.rules.run(stage, client, mail)).toMatchObject({ kind });
  }
  expect(model.ran).toEqual([]);
});

test.each(["next", "accept", "reject"])("%s holds for its stage only", async (kind) => {
  await open({ helo: `rule "passes" || state::${kind}()` });
  const client = connection();
  await model.rules.run("helo", client);
  model.ran.length = 0;
  expect(await model.rules.run("mail", client, transaction(client, "a@x.example", "b@x.example"))).toMatchObject({
    kind: "next",
  });
  expect(model.ran).toEqual(["root mail"]);
});

test("an error is not remembered", async () => {
  await open({ helo: `rule "broken" || 42` });
  const client = connection();
  await model.rules.run("helo", client);
  await model.rules.run("helo", client);
  expect(model.ran).toEqual(["root helo", "broken", "root helo", "broken"]);
});

test("the authenticate stage neither reads nor writes what is remembered", async () => {
  await open({ authenticate: `rule "no" || state::deny()` });
  const client = connection();
  expect(await model.rules.run("authenticate", client)).toMatchObject({ kind: "deny" });
  expect(await model.rules.run("helo", client)).toMatchObject({ kind: "next" });
  client.sticky = { kind: "faccept", reply: undefined };
  expect(await model.rules.run("authenticate", client)).toMatchObject({ kind: "deny" });
});

test("the reply of faccept is for the command that got it only", async () => {
  await open({ mail: `rule "chief" || state::faccept("250 welcome aboard chief")` });
  const session = model.session();
  expect((await session.mail("a@x.example")).reply?.lines).toEqual(["welcome aboard chief"]);
  expect(await session.rcpt("b@x.example")).toMatchObject({ passed: true, reply: undefined });
});

test("a quarantine at rcpt ends with its mail: the next MAIL begins anew", async () => {
  await open({
    rcpt: `rule "bad" || if ctx::rcpt() == "bad@x.example" { state::quarantine("box") } else { state::next() }`,
  });
  const session = model.session();
  await session.mail("a@x.example");
  await session.rcpt("bad@x.example");
  await session.data(Buffer.from("Subject: 1\r\n\r\n"), () => true);
  session.reset();
  await session.mail("a@x.example");
  await session.rcpt("good@x.example");
  await session.data(Buffer.from("Subject: 2\r\n\r\n"), () => true);
  expect(model.site.quarantined("box")).toHaveLength(1);
});

test("RSET ends what a mail remembered, and keeps what the connection did", async () => {
  await open({
    helo: `rule "named" || if ctx::helo() == "bad.example" { state::quarantine("helo") } else { state::next() }`,
    mail: `rule "m" || if ctx::mail_from() == "bad@x.example" { state::quarantine("mail") } else { state::next() }`,
  });
  const session = model.session();
  await session.helo("good.example", true);
  await session.mail("bad@x.example");
  session.reset();
  await session.mail("a@x.example");
  model.ran.length = 0;
  await session.rcpt("b@x.example");
  expect(model.ran).toEqual(["root rcpt"]);

  await session.helo("bad.example", true);
  session.reset();
  model.ran.length = 0;
  await session.mail("a@x.example");
  expect(model.ran).toEqual([]);
});
