/** Every status at every stage, in every script that a stage can ask. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Route, type ScriptRole, type Stage, type Status, stages } from "../../src/rules/index.ts";
import { connection, Model, transaction } from "./model.ts";

/** What a rule answers to the client of that port, and what the stage answers then. */
const answers: readonly (readonly [string, string, Partial<Status>])[] = [
  ["next", "state::next()", { kind: "next" }],
  ["accept", "state::accept()", { kind: "accept", reply: undefined }],
  ["accept with a reply", `state::accept("250 2.1.0 fine")`, { kind: "accept", reply: reply(250, "2.1.0", "fine") }],
  ["faccept", "state::faccept()", { kind: "faccept", reply: undefined }],
  ["deny", `state::deny(code(554, "5.7.1", "no"))`, { kind: "deny", reply: reply(554, "5.7.1", "no") }],
  ["reject", `state::reject("451 later")`, { kind: "reject", reply: reply(451, undefined, "later") }],
  ["quarantine", `state::quarantine("john/box")`, { kind: "quarantine", name: "john/box" }],
  ["no status", "42", { kind: "error" }],
  ["an error", `parse_int("x")`, { kind: "error" }],
];

function reply(code: number, enhanced: string | undefined, text: string) {
  return { code, enhanced, lines: [text] };
}

const scripts: Readonly<Record<ScriptRole, readonly Stage[]>> = {
  root: stages,
  incoming: ["rcpt", "preq", "postq", "delivery"],
  outgoing: ["mail", "rcpt", "preq", "postq", "delivery"],
  internal: ["rcpt", "preq", "postq", "delivery"],
};

const envelopes: Readonly<Record<ScriptRole, readonly [string, string]>> = {
  root: ["a@foreign.example", "b@foreign.example"],
  incoming: ["a@foreign.example", "b@example.com"],
  outgoing: ["a@example.com", "b@foreign.example"],
  internal: ["a@example.com", "b@example.com"],
};

/** Ends with whatever is asked for, and says in the second directive that it was reached. */
function script(role: ScriptRole): string {
  const cases = answers.map(([, answer], port) => `${port} => ${answer}`).join(", ");
  const directives = (stage: Stage) =>
    `${stage}: [ rule "${role} ${stage}" || switch ctx::client_port() { ${cases} }, action "after ${role} ${stage}" || () ]`;
  return `#{ ${scripts[role].map(directives).join(",\n")} }`;
}

let model: Model;

beforeAll(async () => {
  model = await Model.open({
    filter: script("root"),
    domains: {
      "example.com/incoming": script("incoming"),
      "example.com/outgoing": script("outgoing"),
      "example.com/internal": script("internal"),
    },
  });
});

afterAll(() => model.close());

describe.each(Object.keys(scripts) as ScriptRole[])("%s", (role) => {
  const cases = scripts[role].flatMap((stage) => answers.map((answer, port) => ({ stage, port, name: answer[0] })));

  test.each(cases)("$name at $stage", async ({ stage, port }) => {
    const client = connection(port);
    const [from, to] = envelopes[role];
    const route: Route = role === "root" ? { role } : { role, domain: "example.com" };
    const early = stage === "connect" || stage === "helo";
    const mail = early ? undefined : transaction(client, from, to, stage === "mail" ? undefined : route);
    model.ran.length = 0;
    const status = await model.rules.run(stage, client, mail);
    const [, , wanted] = answers[port] as (typeof answers)[number];
    expect(status).toMatchObject(wanted);
    if (wanted.kind === "error")
      expect(status).toMatchObject({ reply: { code: stage === "connect" ? 421 : 451, enhanced: "4.3.0" } });
    const after = wanted.kind === "next" ? [`after ${role} ${stage}`] : [];
    expect(model.ran).toEqual([`${role} ${stage}`, ...after]);
    const holder = mail ?? client;
    const stays = stage !== "authenticate" && ["faccept", "deny", "quarantine"].includes(wanted.kind as string);
    expect(holder.sticky?.kind).toBe(stays ? wanted.kind : undefined);
  });
});

test("an error is a line in the log with file, line and directive", async () => {
  model.lines.length = 0;
  await model.rules.run("helo", connection(8));
  const [line = ""] = model.lines;
  expect(line).toContain(model.site.path("filter.vsl"));
  expect(line).toMatch(/"line":\d/);
  expect(line).toContain('"directive":"root helo"');
});
