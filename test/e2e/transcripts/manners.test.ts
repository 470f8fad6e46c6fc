/** How clients are treated that make errors, say nothing, or are too many: `server.smtp` and `server.client_count_max`. */

import { afterEach, expect, test } from "vitest";
import { SmtpClient } from "../../fixtures/smtp-client.ts";
import { Listening, play } from "./play.ts";

let server: Listening;

afterEach(() => server.close());

async function serve(config: string, filter = "#{}"): Promise<number> {
  server = await Listening.open({ filter, config });
  return server.port;
}

const errors = (soft: number, hard: number, delay: string) =>
  `config.server.smtp.error = #{ soft_count: ${soft}, hard_count: ${hard}, delay: "${delay}" };`;

test("errors are slowed down from the soft count on, and end the session at the hard count", async () => {
  const port = await serve(errors(5, 10, "30ms"));
  const start = performance.now();
  const bad = "C: RCPT TO:<b@b.example>\nS: 503\n";
  await play(
    port,
    `S: 220 …\n${bad.repeat(9)}C: foo
     S: 451-…
     S: 451 Too many errors from the client
     S: closed`,
  );
  // Six of ten replies wait.
  expect(performance.now() - start).toBeGreaterThan(6 * 30 * 0.9);
});

test("who pipelines errors gains nothing by it", async () => {
  const port = await serve(errors(2, 4, "20ms"));
  await play(
    port,
    `S: 220 …
     C: one
     C: two
     C: three
     C: four
     C: QUIT
     S: 500
     S: 500
     S: 500
     S: 451-…
     S: 451 Too many errors from the client
     S: closed`,
  );
});

test("good replies wait too once there were too many bad ones, and keep their order", async () => {
  const port = await serve(errors(1, 9, "20ms"));
  const start = performance.now();
  await play(
    port,
    "S: 220 …\nC: bad\nC: HELO client.example\nC: NOOP\nC: QUIT\nS: 500\nS: 250\nS: 250\nS: 221\nS: closed",
  );
  expect(performance.now() - start).toBeGreaterThan(4 * 20 * 0.9);
});

test("refusals by rules count as errors", async () => {
  const port = await serve(errors(-1, 3, "0ms"), `#{ mail: [ rule "no" || state::reject("550 no") ] }`);
  const bad = "C: MAIL FROM:<a@a.example>\n";
  await play(
    port,
    `S: 220 …
     C: HELO client.example
     S: 250
     ${bad}S: 550 no
     ${bad}S: 550 no
     ${bad}S: 451-no
     S: 451 Too many errors from the client
     S: closed`,
  );
});

test("with counts below zero a client may err as often as it likes", async () => {
  const port = await serve(errors(-1, -1, "10s"));
  await play(port, `S: 220 …\n${"C: foo\nS: 500\n".repeat(40)}C: NOOP\nS: 250`);
});

const SHORT = "60ms";
const silences = {
  connect: "S: 220 …",
  helo: "S: 220 …\nC: HELO client.example\nS: 250",
  mail_from: "S: 220 …\nC: HELO client.example\nC: MAIL FROM:<a@a.example>\nS: 250\nS: 250",
  rcpt_to: "S: 220 …\nC: HELO c\nC: MAIL FROM:<a@a.example>\nC: RCPT TO:<b@b.example>\nS: 250\nS: 250\nS: 250",
  data: `S: 220 …\nC: HELO c\nC: MAIL FROM:<a@a.example>\nC: RCPT TO:<b@b.example>\nC: DATA
         S: 250\nS: 250\nS: 250\nS: 354\nC: half a mail`,
} as const;

test.each(Object.entries(silences))("a client that is silent after %s is sent away", async (key, transcript) => {
  const port = await serve(`config.server.smtp.timeout_client.${key} = "${SHORT}";`);
  await play(port, `${transcript}\nS: 421\nS: closed`);
});

test("a client is given the time of its own stage, not of another", async () => {
  const port = await serve(`config.server.smtp.timeout_client.connect = "${SHORT}";`);
  const client = await SmtpClient.connect(port);
  await client.reply();
  await client.say("HELO client.example");
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(await client.say("NOOP")).toMatchObject({ code: 250 });
  await client.quit();
});

test("clients beyond the limit are told to come back, and welcome once another has left", async () => {
  const port = await serve("config.server.client_count_max = 2;");
  const [first, second] = [await SmtpClient.open(port), await SmtpClient.open(port)];
  await play(port, "S: 421\nS: closed");
  await first.quit();
  await play(port, "S: 220 …\nC: QUIT\nS: 221");
  await second.quit();
});

test("extensions that are switched off are neither offered nor taken", async () => {
  const port = await serve("config.server.esmtp = #{ eightbitmime: false, pipelining: false, size: 500 };");
  await play(
    port,
    `S: 220 …
     C: EHLO client.example
     S: 250-mx.example.com
     S: 250 SIZE 500
     C: MAIL FROM:<a@a.example> SMTPUTF8
     S: 501
     C: MAIL FROM:<a@a.example> SIZE=501
     S: 552`,
  );
});
