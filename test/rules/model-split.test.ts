/** Mails from inside to recipients inside and outside become two, each with rules, headers and an entry of its own. */

import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { Model } from "./model.ts";

let model: Model;

afterEach(() => model.close());

interface Flow {
  readonly mail?: string;
  readonly rcpt?: string;
  readonly preq?: string;
  readonly postq?: string;
}

const stage = (name: keyof Flow, flow: Flow) => (flow[name] === undefined ? "" : `${name}: [ ${flow[name]} ],`);
const script = (flow: Flow) =>
  `#{ ${(["mail", "rcpt", "preq", "postq"] as const).map((name) => stage(name, flow)).join(" ")} }`;

/** Mails stay where they are: the queue is not what is looked at here. */
async function open(outgoing: Flow, internal: Flow): Promise<void> {
  model = await Model.open({
    filter: "#{}",
    domains: { "example.com/outgoing": script(outgoing), "example.com/internal": script(internal) },
  });
}

const BOTH = ["jane@example.com", "jack@foreign.example"];

interface Stored {
  readonly id: string;
  readonly recipients: readonly string[];
  readonly body: string;
}

/** What lies in the spool. */
function stored(files = model.site.spooled()): Stored[] {
  return files.map((file) => {
    const text = readFileSync(file, "latin1");
    const end = text.indexOf("\n");
    const { transaction } = JSON.parse(text.slice(0, end));
    const recipients = transaction.recipients.map(({ address }: { address: { domain: string } }) => address.domain);
    return { id: transaction.id, recipients, body: text.slice(end + 1) };
  });
}

describe("a mail to both sides", () => {
  test("becomes two entries, and one reply names both", async () => {
    await open({}, {});
    const answer = await model.send("john@example.com", BOTH);
    const [internal, outgoing] = stored();
    expect(internal?.recipients).toEqual(["example.com"]);
    expect(outgoing?.recipients).toEqual(["foreign.example"]);
    expect(internal?.id).not.toBe(outgoing?.id);
    expect(answer).toMatchObject({
      passed: true,
      reply: { code: 250, lines: [`Ok: queued as ${internal?.id}`, `Ok: queued as ${outgoing?.id}`] },
    });
  });

  test.each([BOTH, [...BOTH].reverse()])(
    "has the headers of its own flow only, whoever is named first (%s)",
    async (...to) => {
      await open(
        {
          mail: `action "c" || msg::append_header("X-CUSTOM", "c")`,
          preq: `action "o" || msg::append_header("X-OUTGOING", "o")`,
        },
        { preq: `action "i" || msg::prepend_header("X-INTERNAL", "i")` },
      );
      await model.send("john@example.com", to, "Subject: x\r\n\r\nbody\r\n");
      const [internal, outgoing] = stored();
      expect(internal?.body).toBe("X-INTERNAL: i\r\nX-CUSTOM: c\r\nSubject: x\r\n\r\nbody\r\n");
      expect(outgoing?.body).toBe("X-CUSTOM: c\r\nSubject: x\r\nX-OUTGOING: o\r\n\r\nbody\r\n");
    },
  );

  test("has a recipient list and an id of its own in rules", async () => {
    const note = `log("info", \`\${ctx::rcpt_list().len()} \${ctx::message_id()}\`)`;
    await open({ preq: `action "o" || ${note}` }, { preq: `action "i" || ${note}` });
    await model.send("john@example.com", [...BOTH, "june@example.com"]);
    const notes = model.lines.filter((line) => /^[12] [0-9a-f-]{36} /.test(line)).map((line) => line.split(" "));
    expect(notes.map(([count]) => count)).toEqual(["2", "1"]);
    expect(notes[0]?.[1]).not.toBe(notes[1]?.[1]);
  });

  test("is merged from the replies of both", async () => {
    await open(
      { preq: `rule "o" || state::accept("250 2.0.1 out")` },
      { preq: `rule "i" || state::accept("250 2.0.0 in")` },
    );
    const { reply } = (await model.send("john@example.com", BOTH)) ?? {};
    expect(reply).toEqual({ code: 250, enhanced: undefined, lines: ["2.0.0 in", "2.0.1 out"] });
  });

  test.each(["outgoing", "internal"])("that %s rules refuse reaches nobody", async (who) => {
    const no = { preq: `rule "no" || state::reject("550 5.7.1 no")` };
    await open(who === "outgoing" ? no : {}, who === "internal" ? no : {});
    expect(await model.send("john@example.com", BOTH)).toMatchObject({ passed: false, reply: { code: 550 } });
    expect(stored()).toEqual([]);
  });

  test("goes on with postq and delivery of its own rules", async () => {
    await open({ postq: `action "out" || ()` }, { postq: `action "in" || ()` });
    model.ran.length = 0;
    await model.send("john@example.com", BOTH);
    await model.queue.stop(1000);
    expect(model.ran.sort()).toEqual(["in", "out"]);
  });

  test("can be held back in part", async () => {
    await open({ preq: `rule "hold" || state::quarantine("out/going")` }, {});
    expect(await model.send("john@example.com", BOTH)).toMatchObject({ passed: true });
    expect(stored().map(({ recipients }) => recipients)).toEqual([["example.com"]]);
    expect(stored(model.site.quarantined("out/going")).map(({ recipients }) => recipients)).toEqual([
      ["foreign.example"],
    ]);
  });
});

describe("a mail inside the domain", () => {
  test("is one entry with one reply, though the outgoing rules ran", async () => {
    await open({ preq: `rule "o" || state::reject()` }, {});
    const answer = await model.send("john@example.com", ["jane@example.com", "june@example.com"]);
    expect(answer).toMatchObject({ passed: true });
    expect(answer?.reply?.lines).toHaveLength(1);
    expect(stored()).toMatchObject([{ recipients: ["example.com", "example.com"] }]);
  });

  test("can get recipients outside from its outgoing rules", async () => {
    await open({ preq: `action "copy" || envelop::bcc("archive@foreign.example")` }, {});
    await model.send("john@example.com", ["jane@example.com"]);
    expect(stored().map(({ recipients }) => recipients)).toEqual([["example.com"], ["foreign.example"]]);
  });

  test("whose recipients were all refused leaves no transaction behind", async () => {
    await open({}, { rcpt: `rule "no" || state::reject("550 5.1.1 no")`, preq: `action "i" || ()` });
    model.ran.length = 0;
    expect(await model.send("john@example.com", BOTH)).toMatchObject({ passed: true });
    expect(model.ran).toEqual(["no"]);
    expect(stored().map(({ recipients }) => recipients)).toEqual([["foreign.example"]]);
  });
});

describe("what is remembered", () => {
  test("by MAIL holds for both", async () => {
    await open({ mail: `rule "hold" || state::quarantine("all")` }, { preq: `rule "no" || state::deny()` });
    expect(await model.send("john@example.com", BOTH)).toMatchObject({ passed: true });
    expect(model.site.quarantined("all")).toHaveLength(2);
  });

  test("by the rules of one recipient holds for its transaction only", async () => {
    await open(
      { rcpt: `rule "relay" || state::reject("554 5.7.1 no relaying")` },
      { rcpt: `rule "in" || state::faccept()` },
    );
    const session = model.session();
    await session.mail("john@example.com");
    expect(await session.rcpt("jane@example.com")).toMatchObject({ passed: true });
    expect(await session.rcpt("jack@foreign.example")).toMatchObject({ passed: false, reply: { code: 554 } });
  });
});

test("a mail that rules left without recipients is 554, and nothing crashes", async () => {
  const all = `action "rm" || { for rcpt in ctx::rcpt_list() { envelop::rm_rcpt(rcpt) } }`;
  await open({ preq: all }, { preq: all });
  expect(await model.send("john@example.com", BOTH)).toMatchObject({ passed: false, reply: { code: 554 } });
  expect(stored()).toEqual([]);
});

test("a mail of which rules left one side is accepted for that side", async () => {
  await open({}, { preq: `action "rm" || envelop::rm_rcpt("jane@example.com")` });
  expect(await model.send("john@example.com", BOTH)).toMatchObject({ passed: true });
  expect(stored().map(({ recipients }) => recipients)).toEqual([["foreign.example"]]);
});
