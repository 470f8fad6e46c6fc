/** Whatever clients send, the server goes on and everybody else's mail arrives. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { Listening } from "../e2e/transcripts/play.ts";
import { until } from "../fixtures/host.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

const WORDS = [
  "HELO a",
  "EHLO client.example",
  "EHLO",
  "MAIL FROM:<a@a.example>",
  "MAIL FROM:<>",
  "MAIL FROM:<a@a.example> SIZE=10 BODY=8BITMIME",
  "MAIL FROM:<ä@a.example> SMTPUTF8",
  "RCPT TO:<b@b.example>",
  "RCPT TO:<b@b.example> NOTIFY=NEVER",
  "RCPT TO:<>",
  "DATA",
  ".",
  "..",
  "\n.\r",
  "RSET",
  "NOOP",
  "VRFY x",
  "EXPN",
  "QUIT",
  "AUTH PLAIN AGEAYg==",
  "STARTTLS",
  "BDAT 5 LAST",
  "\0\xff\x80",
  "x".repeat(3000),
  "GET / HTTP/1.1",
  "",
];

let server: Listening;

beforeAll(async () => {
  server = await Listening.open({
    filter: `#{ rcpt: [ action "d" || transport::maildir_all() ] }`,
    config: "config.server.client_count_max = -1; config.server.smtp.error.soft_count = -1;",
  });
});

afterAll(() => server.close());

/** The same numbers in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("with arbitrary commands and bytes, seed %d", async (seed) => {
  const random = numbers(seed);
  for (let session = 0; session < 10; session++) {
    const client = await SmtpClient.connect(server.port);
    await client.reply();
    for (let i = 0; i < 20; i++) {
      const word = WORDS[Math.floor(random.next().value * WORDS.length)] as string;
      const cut = random.next().value < 0.1 ? Math.floor(random.next().value * word.length) : word.length;
      client.write(Buffer.from(word.slice(0, cut) + (random.next().value < 0.05 ? "\n" : "\r\n"), "latin1"));
    }
    if (random.next().value < 0.5) await new Promise((resolve) => setImmediate(resolve));
    client.vanish();
  }
  const client = await SmtpClient.open(server.port);
  const to = `after${seed}@b.example`;
  expect(await client.mail("a@a.example", [to], "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
  await until(() => server.model.site.mails(to).length === 1);
  expect(server.model.lines.filter((line) => line.includes("bug"))).toEqual([]);
});
