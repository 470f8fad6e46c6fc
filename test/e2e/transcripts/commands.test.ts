/** Transcripts of commands: their order, their arguments, and what a client is told about each. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../fixtures/host.ts";
import { SmtpClient } from "../../fixtures/smtp-client.ts";
import { Listening, play } from "./play.ts";

const FILTER = `#{ rcpt: [
  rule "no" || if ctx::rcpt().local_part == "no" { state::reject("550 5.1.1 not here") } else { state::next() },
  action "to the maildir" || transport::maildir_all(),
] }`;

let server: Listening;

beforeAll(async () => {
  server = await Listening.open({
    filter: FILTER,
    config: `config.server.smtp.rcpt_count_max = 5; config.server.smtp.error.soft_count = -1;
      config.server.smtp.error.hard_count = -1; config.server.message_size_limit = 1000;`,
  });
});

afterAll(() => server.close());

const HELLO = `
  S: 220 mx.example.com …
  C: HELO client.example
  S: 250 mx.example.com
`;

const sessions: Readonly<Record<string, string>> = {
  "one mail": `${HELLO}
    C: MAIL FROM:<a@a.example>
    S: 250
    C: RCPT TO:<b@b.example>
    S: 250
    C: DATA
    S: 354
    C: Subject: x
    C:
    C: hello
    C: .
    S: 250
    C: QUIT
    S: 221
    S: closed`,
  "commands out of their order": `
    S: 220 mx.example.com …
    C: foo
    S: 500
    C: MAIL FROM:<a@a.example>
    S: 503
    C: RCPT TO:<b@b.example>
    S: 503
    C: HELO client.example
    S: 250
    C: RCPT TO:<b@b.example>
    S: 503
    C: DATA
    S: 503
    C: MAIL FROM:<a@a.example>
    S: 250
    C: MAIL FROM:<a@a.example>
    S: 503
    C: NOOP
    S: 250`,
  "DATA after a finished mail": `${HELLO}
    C: MAIL FROM:<a@a.example>
    C: RCPT TO:<b@b.example>
    C: DATA
    S: 250
    S: 250
    S: 354
    C: .
    S: 250
    C: DATA
    S: 503
    C: MAIL FROM:<a@a.example>
    S: 250`,
  "a recipient too many": `${HELLO}
    C: MAIL FROM:<a@a.example>
    S: 250
    C: RCPT TO:<b1@b.example>
    C: RCPT TO:<b2@b.example>
    C: RCPT TO:<b3@b.example>
    C: RCPT TO:<b4@b.example>
    C: RCPT TO:<b5@b.example>
    C: RCPT TO:<b6@b.example>
    S: 250
    S: 250
    S: 250
    S: 250
    S: 250
    S: 452`,
  "RSET at every point": `${HELLO}
    C: RSET
    S: 250
    C: MAIL FROM:<a@a.example>
    S: 250
    C: RSET
    S: 250
    C: RCPT TO:<b@b.example>
    S: 503
    C: MAIL FROM:<a@a.example>
    S: 250
    C: RCPT TO:<b@b.example>
    S: 250
    C: RSET
    S: 250
    C: DATA
    S: 503
    C: MAIL FROM:<a@a.example>
    S: 250`,
  "a mail beyond the limit": `${HELLO}
    C: MAIL FROM:<a@a.example> SIZE=1001
    S: 552
    C: MAIL FROM:<a@a.example> SIZE=1000
    S: 250
    C: RCPT TO:<b@b.example>
    S: 250
    C: DATA
    S: 354
    C: {x*1001}
    C: .
    S: 552
    C: MAIL FROM:<a@a.example>
    S: 250
    C: QUIT
    S: 221`,
  "pipelined commands, one of them unknown": `${HELLO}
    C: MAIL FROM:<a@a.example>
    C: BAD
    C: RCPT TO:<b@b.example>
    C: DATA
    S: 250
    S: 500
    S: 250
    S: 354
    C: x
    C: .
    C: RSET
    C: NOOP
    S: 250
    S: 250
    S: 250`,
  "pipelined commands without a recipient": `${HELLO}
    C: MAIL FROM:<a@a.example>
    C: DATA
    C: RSET
    S: 250
    S: 503
    S: 250`,
  "pipelined commands with a refused recipient in the middle": `${HELLO}
    C: MAIL FROM:<a@a.example>
    C: RCPT TO:<b@b.example>
    C: RCPT TO:<no@b.example>
    C: RCPT TO:<c@b.example>
    C: DATA
    S: 250
    S: 250
    S: 550 5.1.1 not here
    S: 250
    S: 354
    C: x
    C: .
    S: 250`,
  "DATA when every recipient was refused": `${HELLO}
    C: MAIL FROM:<a@a.example>
    C: RCPT TO:<no@b.example>
    C: RCPT TO:<nobody>
    C: DATA
    S: 250
    S: 550
    S: 501
    S: 503`,
  "commands that do nothing": `${HELLO}
    C: VRFY postmaster
    S: 502
    C: EXPN list
    S: 502
    C: TURN
    S: 502
    C: HELP
    S: 214
    C: NOOP with words
    S: 250
    C: rset
    S: 250
    C: quit
    S: 221`,
  "parameters of delivery status notifications (RFC 3461)": `${HELLO}
    C: MAIL FROM:<Alice@Example.ORG> RET=HDRS ENVID=QQ314159
    S: 250
    C: RCPT TO:<Bob@Example.COM> NOTIFY=SUCCESS ORCPT=rfc822;Bob@Example.COM
    S: 250
    C: RCPT TO:<Carol@Ivory.EDU> NOTIFY=FAILURE ORCPT=rfc822;Carol@Ivory.EDU
    S: 250
    C: RCPT TO:<Dana@Ivory.EDU> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Dana@Ivory.EDU
    S: 250
    C: RCPT TO:<Eric@Bombs.AF.MIL> NOTIFY=FAILURE ORCPT=rfc822;Eric@Bombs.AF.MIL
    S: 250
    C: RCPT TO:<Fred@Bombs.AF.MIL> NOTIFY=NEVER
    S: 250
    C: RSET
    S: 250
    C: MAIL FROM:<> RET=FULL
    S: 250`,
  "addresses and names that are not ASCII": `
    S: 220 mx.example.com …
    C: EHLO cliént.example
    S: 501
    C: EHLO client.example
    S: 250-mx.example.com
    S: 250-PIPELINING
    S: 250-8BITMIME
    S: 250-SMTPUTF8
    S: 250 SIZE 1000
    C: MAIL FROM:<jöhn@a.example>
    S: 550
    C: MAIL FROM:<john@ä.example>
    S: 550
    C: MAIL FROM:<john@a.example>
    S: 250
    C: RCPT TO:<jané@b.example>
    S: 553
    C: RCPT TO:<jane@xn--mnchen-3ya.example>
    S: 250
    C: RSET
    S: 250
    C: MAIL FROM:<jöhn@ä.example> SMTPUTF8 BODY=8BITMIME
    S: 250
    C: RCPT TO:<jané@b.example>
    S: 250
    C: DATA
    S: 354
    C: Subject: grüße
    C:
    C: größe
    C: .
    S: 250
    C: MAIL FROM:<j\\xffhn@a.example> SMTPUTF8
    S: 501`,
  "a line that is too long": `${HELLO}
    C: NOOP {x*2000}
    S: 500
    C: NOOP
    S: 250
    C: NOOP {x*20000}
    S: 421
    S: closed`,
  "several HELO": `${HELLO}
    C: MAIL FROM:<a@a.example>
    S: 250
    C: EHLO other.example
    S: 250-mx.example.com
    S: 250-PIPELINING
    S: 250-8BITMIME
    S: 250-SMTPUTF8
    S: 250 SIZE 1000
    C: RCPT TO:<b@b.example>
    S: 503`,
};

test.each(Object.entries(sessions))("%s", async (_name, transcript) => {
  await play(server.port, transcript);
});

describe("HELO and EHLO", () => {
  const refused = [
    ["HELO", 500],
    ["HELO \\x20", 501],
    ["HELO\\tclient.example", 500],
    ["HELO \\tclient.example", 501],
    ["HELO client.example\\t", 501],
    ["HELO client example", 501],
    ["HELO 192.0.2.1", 501],
    ["HELO [192.0.2.1]", 501],
    ["HELO -client.example", 501],
    ["HELO {x*1000}", 501],
    ["EHLO", 500],
    ["EHLO 192.0.2.1", 501],
    ["EHLO 2001:db8::1", 501],
    ["EHLO [192.0.2.300]", 501],
    ["EHLO [2001:db8::1]", 501],
    ["EHLO [client.example]", 501],
    ["EHLO c\\xffient.example", 501],
  ] as const;

  test.each(refused)("%s is %d, and a session without a name", async (command, code) => {
    await play(server.port, `S: 220 mx.example.com …\nC: ${command}\nS: ${code}\nC: MAIL FROM:<a@a.example>\nS: 503`);
  });

  test.each(["HELO client", "HELO client_1.example", "helo client.example  "])("%s is welcome", async (command) => {
    await play(server.port, `S: 220 mx.example.com …\nC: ${command}\nS: 250\nC: MAIL FROM:<a@a.example>\nS: 250`);
  });

  test.each(["EHLO [192.0.2.1]", "EHLO [IPv6:2001:db8::1]", "EHLO xn--mnchen-3ya.example"])(
    "%s is",
    async (command) => {
      const client = await SmtpClient.connect(server.port);
      await client.reply();
      expect(await client.say(command)).toMatchObject({ code: 250 });
      await client.quit();
    },
  );
});

describe("MAIL", () => {
  const cases = [
    ["MAIL FROM:<>", 250],
    ["MAIL FROM: <a@a.example>", 250],
    ["mail from:<a@a.example>", 250],
    ["MAIL FROM:<a@a.example> BODY=7BIT", 250],
    ["MAIL FROM:<a@a.example> BODY=8BITMIME SIZE=100", 250],
    ["MAIL FROM:<a@a.example> body=8bitmime", 250],
    ["MAIL FROM:<@relay.example:a@a.example>", 250],
    ["MAIL FROM:<a@[192.0.2.1]>", 250],
    ["MAIL FROM:<a@a.example> SIZE=x", 501],
    ["MAIL FROM:<a@a.example> SIZE", 501],
    ["MAIL FROM:<a@a.example> SIZE=1 SIZE=2", 501],
    ["MAIL FROM:<a@a.example> AUTH=<>", 501],
    ["MAIL FROM:<a@a.example> WHAT", 501],
    ["MAIL FROM:<a@a.example> RET=ALL", 501],
    ["MAIL FROM:<a@a.example> NOTIFY=NEVER", 501],
    ["MAIL FROM:a@a.example", 501],
    ["MAIL FROM:<a>", 501],
    ["MAIL FROM:<a b@a.example>", 501],
    ["MAIL FROM:<a@a..example>", 501],
    ["MAIL", 501],
    ["MAIL TO:<a@a.example>", 501],
  ] as const;

  test.each(cases)("%s is %d", async (command, code) => {
    await play(server.port, `${HELLO}\nC: ${command}\nS: ${code}\nC: NOOP\nS: 250`);
  });
});

describe("RCPT", () => {
  const cases = [
    ["RCPT TO:<postmaster>", 250],
    ["RCPT TO: <b@b.example>", 250],
    ["rcpt to:<b@b.example>", 250],
    ["RCPT TO:<b@b.example> NOTIFY=SUCCESS,DELAY", 250],
    ["RCPT TO:<b@b.example> NOTIFY=NEVER,DELAY", 501],
    ["RCPT TO:<b@b.example> NOTIFY", 501],
    ["RCPT TO:<b@b.example> SIZE=1", 501],
    ["RCPT TO:<>", 501],
    ["RCPT TO:<b>", 501],
    ["RCPT", 501],
  ] as const;

  test.each(cases)("%s is %d", async (command, code) => {
    await play(server.port, `${HELLO}\nC: MAIL FROM:<a@a.example>\nS: 250\nC: ${command}\nS: ${code}\nC: NOOP\nS: 250`);
  });
});

test("two mails in one session keep the name that each was sent under", async () => {
  const mail = (name: string) => `
    C: HELO ${name}
    S: 250
    C: MAIL FROM:<a@a.example>
    C: RCPT TO:<names@b.example>
    C: DATA
    S: 250
    S: 250
    S: 354
    C: Subject: ${name}
    C: .
    S: 250`;
  await play(server.port, `S: 220 mx.example.com …\n${mail("one.example")}\n${mail("two.example")}`);
  const mails = await until(() => {
    const found = server.model.site.mails("names@b.example");
    return found.length === 2 && found;
  });
  for (const name of ["one.example", "two.example"]) {
    expect(mails.find((text) => text.includes(`Subject: ${name}`))).toContain(`Received: from ${name} `);
  }
});

test("replies to commands that came in one write come in one", async () => {
  const client = await SmtpClient.open(server.port);
  client.write("NOOP\r\nRSET\r\nNOOP\r\nMAIL FROM:<a@a.example>\r\n");
  const first = await client.reply();
  expect(first.code).toBe(250);
  expect(client.waiting.match(/^250 /gm)).toHaveLength(3);
  client.vanish();
});
