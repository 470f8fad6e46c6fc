/** What a client reads for every status at every stage, and whether its session goes on. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Host } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient, type SmtpReply } from "../fixtures/smtp-client.ts";

const stages = ["connect", "helo", "mail", "rcpt", "preq"] as const;

type Stage = (typeof stages)[number];

/** What the rule of the stage answers to the client that comes from 127.0.0.<number>. */
const answers = {
  next: [2, "state::next()"],
  accept: [3, "state::accept()"],
  "accept with a reply": [4, `state::accept(code(250, "2.1.9", "as you like"))`],
  "accept with several lines": [5, 'state::accept(code(250, "one\\ntwo"))'],
  "accept with a failure": [6, `state::accept("550 5.7.9 no")`],
  faccept: [7, "state::faccept()"],
  deny: [8, "state::deny()"],
  "deny with a reply": [9, `state::deny(code(501, "4.7.1", "is blacklisted"))`],
  reject: [10, "state::reject()"],
  "reject with a reply": [11, `state::reject("550 5.1.1 not here")`],
  quarantine: [12, `state::quarantine("held")`],
  "no status at all": [13, "42"],
  "an error": [14, `this_is_no_function(1)`],
} as const satisfies Record<string, readonly [number, string]>;

type Case = keyof typeof answers;

function filterFor(stage: Stage): string {
  const branches = Object.values(answers).map(([number, answer]) => {
    // A function that does not exist would be found when the script is checked: parse_int fails while it runs.
    const body = answer === "this_is_no_function(1)" ? `parse_int("x")` : answer;
    return `if ctx::client_ip() == "127.0.0.${number}" { return ${body}; }`;
  });
  const rule = `rule "answer" || { ${branches.join("\n")} state::next() }`;
  const toMaildir = `rule "to the maildir" || { transport::maildir_all(); state::next() }`;
  return stage === "rcpt"
    ? `#{ rcpt: [ ${toMaildir}, ${rule} ] }`
    : `#{ ${stage}: [ ${rule} ], rcpt: [ ${toMaildir} ] }`;
}

interface Played {
  readonly reply: SmtpReply;
  /** NOOP works after it. */
  readonly open: boolean;
}

/** A session up to the stage, from the address that stands for the case. */
async function play(port: number, stage: Stage, name: Case): Promise<Played> {
  const client = await SmtpClient.connect(port, `127.0.0.${answers[name][0]}`);
  const commands: Readonly<Record<Stage, string | undefined>> = {
    connect: undefined,
    helo: "EHLO client.example",
    mail: "MAIL FROM:<from@a.example>",
    rcpt: "RCPT TO:<to@b.example>",
    preq: "DATA",
  };
  let reply = await client.reply();
  for (const at of stages.slice(1, stages.indexOf(stage) + 1)) reply = await client.say(commands[at] as string);
  if (stage === "preq") reply = await client.content("Subject: test\r\n\r\nhello");
  const open = await client.say("NOOP").then(
    ({ code }) => code === 250,
    () => false,
  );
  if (open) await client.quit();
  return { reply, open };
}

/** Of a reply that passes: its code, and how it differs from the usual one. */
const usual: Readonly<Record<Stage, number>> = { connect: 220, helo: 250, mail: 250, rcpt: 250, preq: 250 };

describe.each(stages)("at %s", (stage) => {
  let site: Site;
  let host: Host;

  beforeAll(async () => {
    site = new Site({ filter: filterFor(stage) });
    host = await Host.start(site);
  });

  afterAll(async () => {
    expect(await host.stop()).toBe(0);
    site.remove();
  });

  test.each(["next", "accept", "faccept", "quarantine"] as const)("%s is the usual success", async (name) => {
    const { reply, open } = await play(host.port, stage, name);
    expect(reply.code).toBe(usual[stage]);
    expect(open).toBe(true);
  });

  test("accept with a reply tells it in place of the usual one", async () => {
    const { reply, open } = await play(host.port, stage, "accept with a reply");
    expect(reply).toMatchObject({ code: 250 });
    expect(reply.lines[0]).toBe("2.1.9 as you like");
    expect(open).toBe(true);
  });

  test("a reply may have several lines", async () => {
    const { reply } = await play(host.port, stage, "accept with several lines");
    expect(reply.lines.slice(0, 2)).toEqual(["one", "two"]);
  });

  test("accept with a failure refuses", async () => {
    const { reply, open } = await play(host.port, stage, "accept with a failure");
    expect(reply).toEqual({ code: 550, lines: ["5.7.9 no"] });
    expect(open).toBe(stage !== "connect");
  });

  test("deny is 554 and ends the session", async () => {
    const { reply, open } = await play(host.port, stage, "deny");
    expect(reply.code).toBe(554);
    expect(open).toBe(false);
  });

  test("deny with a reply tells it and ends the session", async () => {
    const { reply, open } = await play(host.port, stage, "deny with a reply");
    expect(reply).toEqual({ code: 501, lines: ["4.7.1 is blacklisted"] });
    expect(open).toBe(false);
  });

  test("reject is 451 for this command only", async () => {
    const { reply, open } = await play(host.port, stage, "reject");
    expect(reply.code).toBe(451);
    expect(open).toBe(stage !== "connect");
  });

  test("reject with a reply tells it", async () => {
    const { reply, open } = await play(host.port, stage, "reject with a reply");
    expect(reply).toEqual({ code: 550, lines: ["5.1.1 not here"] });
    expect(open).toBe(stage !== "connect");
  });

  test.each(["no status at all", "an error"] as const)("%s is 451, at connect 421 and the end", async (name) => {
    const { reply, open } = await play(host.port, stage, name);
    expect(reply.code).toBe(stage === "connect" ? 421 : 451);
    expect(open).toBe(stage !== "connect");
  });
});

describe("EHLO", () => {
  test("keeps the list of capabilities under a rule's greeting", async () => {
    const site = new Site({ filter: filterFor("helo") });
    const host = await Host.start(site);
    const { reply } = await play(host.port, "helo", "accept with a reply");
    const { reply: plain } = await play(host.port, "helo", "next");
    expect(reply.lines.slice(1)).toEqual(plain.lines.slice(1));
    expect(plain.lines).toContain("PIPELINING");
    await host.stop();
    site.remove();
  });
});
