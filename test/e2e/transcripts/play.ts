/**
 * Plays SMTP transcripts against a server on loopback:
 *
 *     S: 220 mx.example.com …      a reply; `…` stands for any end of its line, a code alone for any one line
 *     C: EHLO client.example       a line of the client; several in a row are one write, as in pipelining
 *     S: 250-mx.example.com        a reply of several lines, with all of them
 *     S: 250 SIZE …
 *     S: closed                    the server ends the connection
 *
 * `\t` and `\xNN` in client lines are bytes, `{x*1000}` is a repetition.
 */

import { expect } from "vitest";
import { native } from "../../../src/native/index.ts";
import { SmtpService } from "../../../src/smtp/index.ts";
import { SmtpClient } from "../../fixtures/smtp-client.ts";
import { Model, type ModelOptions } from "../../rules/model.ts";

/** A model that listens. */
export class Listening {
  readonly model: Model;
  readonly port: number;
  readonly #smtp: SmtpService;

  private constructor(model: Model, smtp: SmtpService, port: number) {
    this.model = model;
    this.#smtp = smtp;
    this.port = port;
  }

  static async open(options: ModelOptions): Promise<Listening> {
    const model = await Model.open(options);
    const descriptor = native().listenOn({ host: "127.0.0.1", port: 0 }, 511);
    const port = Number(native().socketName(descriptor)?.split(":").at(-1));
    const smtp = new SmtpService(model);
    await smtp.serve([{ descriptor, protocol: "smtp" }]);
    return new Listening(model, smtp, port);
  }

  async close(): Promise<void> {
    await this.#smtp.stop(0);
    await this.model.close();
  }
}

/** Throws at the first reply that is another. */
export async function play(port: number, transcript: string): Promise<void> {
  const client = await SmtpClient.connect(port);
  try {
    for (const step of stepsOf(transcript)) {
      if (step.kind === "say") client.write(step.bytes);
      else if (step.kind === "closed") expect(await client.closedByServer(), "closed by the server").toBe(true);
      else await expectReply(client, step.lines);
    }
  } finally {
    client.vanish();
  }
}

type Step =
  | { readonly kind: "say"; readonly bytes: Buffer }
  | { readonly kind: "reply"; readonly lines: readonly string[] }
  | { readonly kind: "closed" };

function stepsOf(transcript: string): Step[] {
  const steps: Step[] = [];
  let said: Buffer[] = [];
  let lines: string[] = [];
  const flush = () => {
    if (said.length > 0) steps.push({ kind: "say", bytes: Buffer.concat(said) });
    said = [];
  };
  for (const line of transcript.split("\n").map((text) => text.trim())) {
    const [, who, text = ""] = /^([CS]): ?(.*)$/.exec(line) ?? [];
    if (who === "C") said.push(bytesOf(text));
    if (who !== "S") continue;
    flush();
    if (text === "closed") steps.push({ kind: "closed" });
    else lines.push(text);
    if (/^\d{3}(?: |$)/.test(text)) {
      steps.push({ kind: "reply", lines });
      lines = [];
    }
  }
  flush();
  return steps;
}

function bytesOf(text: string): Buffer {
  const repeated = text.replace(/\{(.)\*(\d+)\}/g, (_, char: string, count: string) => char.repeat(Number(count)));
  const parts = repeated.split(/(\\t|\\x[0-9a-f]{2})/).map((part) => {
    if (part === "\\t") return Buffer.from("\t");
    return part.startsWith("\\x") ? Buffer.from(part.slice(2), "hex") : Buffer.from(part);
  });
  return Buffer.concat([...parts, Buffer.from("\r\n")]);
}

async function expectReply(client: SmtpClient, wanted: readonly string[]): Promise<void> {
  const { code, lines } = await client.reply();
  const got = lines.map((line, i) => `${code}${i < lines.length - 1 ? "-" : " "}${line}`);
  const fits = got.length === wanted.length && got.every((line, i) => isLike(line, wanted[i] as string));
  expect(fits ? wanted : got).toEqual(wanted);
}

function isLike(line: string, wanted: string): boolean {
  if (/^\d{3}$/.test(wanted)) return line.startsWith(`${wanted} `);
  return wanted.endsWith("…") ? line.startsWith(wanted.slice(0, -1)) : line === wanted;
}
