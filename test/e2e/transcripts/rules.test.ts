/** Transcripts of what rules make of a session: replies, refusals, quarantines, mails in two parts. */

import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { ModelOptions } from "../../rules/model.ts";
import { Listening, play } from "./play.ts";

let server: Listening;

afterEach(() => server.close());

const GREETED = `
  S: 220 mx.example.com …
  C: HELO client.example
  S: 250 mx.example.com
`;

const MAILED = `${GREETED}
  C: MAIL FROM:<a@a.example>
  S: 250
  C: RCPT TO:<b@b.example>
  S: 250
  C: DATA
  S: 354
  C: Subject: x
  C:
  C: x
  C: .
`;

async function serve(options: ModelOptions): Promise<number> {
  server = await Listening.open(options);
  return server.port;
}

describe("refusals", () => {
  const codes = {
    'code(501, "4.7.1", "client.example is blacklisted on this server")':
      "501 4.7.1 client.example is blacklisted on this server",
    'code(554, "go away")': "554 go away",
    '"501 4.7.1 nobody.example is blacklisted"': "501 4.7.1 nobody.example is blacklisted",
  } as const;

  test.each(Object.entries(codes))("deny(%s) is told, and ends the session", async (code, reply) => {
    const port = await serve({ filter: `#{ helo: [ rule "no" || state::deny(${code}) ] }` });
    await play(port, `S: 220 mx.example.com …\nC: HELO client.example\nS: ${reply}\nS: closed`);
  });

  test("a name from the client in a reply is text", async () => {
    const filter = `#{ helo: [ rule "no" || state::reject(\`550 5.7.1 \${ctx::helo()} and \${ctx::server_name()}\`) ] }`;
    const port = await serve({ filter });
    await play(port, `S: 220 …\nC: EHLO [192.0.2.7]\nS: 550 5.7.1 192.0.2.7 and mx.example.com\nC: NOOP\nS: 250`);
  });

  test("a reply of several lines has its codes on every one", async () => {
    const filter = `#{ mail: [ rule "no" || state::reject(code(550, "5.7.1", "no\\nnever\\nnowhere")) ] }`;
    const port = await serve({ filter });
    await play(
      port,
      `${GREETED}
      C: MAIL FROM:<a@a.example>
      S: 550-5.7.1 no
      S: 550-5.7.1 never
      S: 550 5.7.1 nowhere
      C: RCPT TO:<b@b.example>
      S: 503`,
    );
  });

  test("a recipient that rules removed and refused, in the middle of a pipeline, harms no other", async () => {
    const filter = `#{ rcpt: [ rule "no" || {
      if ctx::rcpt().local_part != "no" { return state::next(); }
      envelop::rm_rcpt(ctx::rcpt());
      state::reject("554 5.7.1 not for you")
    } ] }`;
    const port = await serve({ filter });
    await play(
      port,
      `${GREETED}
      C: MAIL FROM:<a@a.example>
      C: RCPT TO:<b@b.example>
      C: RCPT TO:<no@b.example>
      C: DATA
      S: 250
      S: 250
      S: 554 5.7.1 not for you
      S: 354
      C: x
      C: .
      S: 250`,
    );
    expect(recipients(server.model.site.spooled())).toEqual([["b@b.example"]]);
  });

  test("a mail that rules left without recipients is refused, and the session goes on", async () => {
    const port = await serve({ filter: `#{ preq: [ action "rm" || envelop::rm_rcpt("b@b.example") ] }` });
    await play(port, `${MAILED}\nS: 554\nC: NOOP\nS: 250`);
    expect(server.model.site.spooled()).toEqual([]);
  });

  test("a domain directory without scripts lets nobody send for the domain", async () => {
    const port = await serve({ domains: { "example.com/README": "" } });
    await play(port, `${GREETED}\nC: MAIL FROM:<any@example.com>\nS: 554\nS: closed`);
  });

  test("without a root filter nobody is greeted", async () => {
    const port = await serve({ filter: undefined });
    await play(port, "S: 554\nS: closed");
  });
});

describe("what is known at a stage", () => {
  const accessors = {
    helo: ["ctx::helo()", ["connect"]],
    mail: ["ctx::mail_from()", ["connect", "helo"]],
    rcpt: ["ctx::rcpt_list()", ["connect", "helo", "mail"]],
  } as const;
  const cases = Object.values(accessors).flatMap(([call, stages]) => stages.map((stage) => [call, stage] as const));

  test.each(cases)("%s at %s is an error: 451, or 421 and the end", async (call, stage) => {
    // Behind a function that the checker does not follow per stage.
    const port = await serve({
      filter: `fn early() { ${call}; state::next() }\n#{ ${stage}: [ rule "early" || early() ] }`,
    });
    if (stage === "connect") return play(port, "S: 421 4.3.0 …\nS: closed");
    const before = stage === "mail" ? `${GREETED}\nC: MAIL FROM:<a@a.example>` : "S: 220 …\nC: HELO client.example";
    await play(port, `${before}\nS: 451 4.3.0 …\nC: NOOP\nS: 250`);
    expect(server.model.lines.join("\n")).toContain('"directive":"early"');
    return undefined;
  });
});

describe("accepting", () => {
  test("faccept at MAIL answers with its line there, and later stages are skipped", async () => {
    const filter = `#{
      mail: [ rule "chief" || state::faccept("250 welcome aboard chief") ],
      rcpt: [ rule "no" || state::deny() ],
      preq: [ rule "no too" || state::deny() ],
    }`;
    const port = await serve({ filter });
    await play(
      port,
      `${GREETED}
      C: MAIL FROM:<a@a.example>
      S: 250 welcome aboard chief
      C: RCPT TO:<b@b.example>
      S: 250
      C: DATA
      S: 354
      C: .
      S: 250`,
    );
  });

  test("an environment variable in a reply", async () => {
    process.env.VSMTP_TEST_WELCOME = "foobar";
    const filter = `#{ helo: [ rule "hi" || state::accept(\`250 \${ctx::server_name()} welcome \${env("VSMTP_TEST_WELCOME")}\`) ] }`;
    const port = await serve({ filter });
    await play(port, "S: 220 …\nC: HELO client.example\nS: 250 mx.example.com welcome foobar");
  });

  test("a mail to both sides of a domain has one reply of two lines", async () => {
    const preq = (text: string) => `#{ preq: [ rule "ok" || state::accept("250 ${text}") ] }`;
    const port = await serve({
      filter: "#{}",
      domains: { "example.com/outgoing": preq("out it goes"), "example.com/internal": preq("in it stays") },
    });
    await play(
      port,
      `${GREETED}
      C: MAIL FROM:<john@example.com>
      C: RCPT TO:<jack@foreign.example>
      C: RCPT TO:<jane@example.com>
      C: DATA
      S: 250
      S: 250
      S: 250
      S: 354
      C: Subject: x
      C: .
      S: 250-in it stays
      S: 250 out it goes
      C: NOOP
      S: 250`,
    );
    expect(recipients(server.model.site.spooled())).toEqual([["jane@example.com"], ["jack@foreign.example"]]);
  });
});

describe("quarantine", () => {
  test.each(["connect", "helo", "mail", "rcpt", "preq"])(
    "at %s shows the client nothing but success",
    async (stage) => {
      const port = await serve({ filter: `#{ ${stage}: [ rule "hold" || state::quarantine("john/${stage}") ] }` });
      await play(port, `${MAILED}\nS: 250\nC: QUIT\nS: 221`);
      expect(server.model.site.quarantined(`john/${stage}`)).toHaveLength(1);
      expect(server.model.site.spooled()).toEqual([]);
    },
  );

  const names = {
    "../../etc": "__/__/etc",
    "/abs": "abs",
    "a//b": "a/b",
    "": "unnamed",
    "..": "__",
    "x\\u0000y": "x_y",
  };

  test.each(Object.entries(names))("named %j stays below the quarantine directory", async (name, where) => {
    const port = await serve({ filter: `#{ preq: [ rule "hold" || state::quarantine("${name}") ] }` });
    await play(port, `${MAILED}\nS: 250`);
    expect(server.model.site.quarantined(where)).toHaveLength(1);
  });

  test("with a very long name is one all the same", async () => {
    const port = await serve({ filter: `#{ preq: [ rule "hold" || state::quarantine("${"ü".repeat(500)}") ] }` });
    await play(port, `${MAILED}\nS: 250`);
    expect(server.model.site.quarantined("ü".repeat(80))).toHaveLength(1);
  });
});

function recipients(files: readonly string[]): string[][] {
  return files.map((file) => {
    const { transaction } = JSON.parse(readFileSync(file, "latin1").split("\n")[0] ?? "");
    return transaction.recipients.map(
      ({ address }: { address: { localPart: string; domain: string } }) => `${address.localPart}@${address.domain}`,
    );
  });
}
