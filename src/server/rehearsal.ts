/**
 * Takes one mail through the rules of a configuration, as a client would bring it and the queue would carry it, but
 * without socket, spool and delivery. Everything else is the real thing: plugins are loaded, and what rules do to the
 * world is done.
 */

import { hostname } from "node:os";
import { loadConfig } from "../config/index.ts";
import { knownUsers, LocalRecipients } from "../delivery/index.ts";
import type { VsmtpError } from "../errors.ts";
import { finishPlugins } from "../plugin/index.ts";
import { carry, type Mail } from "../queue/index.ts";
import { Rules, showAddress, type Transaction, type Transport } from "../rules/index.ts";
import { Session } from "../smtp/index.ts";
import { findPlugins, logPlugins } from "./plugins.ts";
import { problemsOf } from "./problems.ts";
import { type CommandRecord, type Event, Transcript } from "./transcript.ts";

export interface RehearsalOptions {
  /** The path of vsmtp.vsl. */
  readonly config: string;
  readonly clientIp: string;
  readonly helo: string;
  /** Empty: the null sender. */
  readonly from: string;
  readonly recipients: readonly string[];
  /** The mail with CRLF line ends, as a client sends it. */
  readonly raw: Uint8Array;
}

/** One mail as it would be handed to transports; a mail that was split is several. */
export interface FinalMail {
  readonly id: string;
  /** Empty: the null sender. */
  readonly from: string;
  readonly recipients: readonly { readonly address: string; readonly transport: Transport }[];
  /** Fields with their folds, without the last line end. */
  readonly headers: readonly string[];
  /** Of the whole mail. */
  readonly bytes: number;
  /** `delivery`, `quarantine NAME`, `refused` or `retry`. */
  readonly outcome: string;
}

export interface Rehearsal {
  /** The client read 250 after the mail, and no rule refused it later. */
  readonly accepted: boolean;
  readonly before: readonly Event[];
  readonly commands: readonly CommandRecord[];
  readonly mails: readonly FinalMail[];
}

/** What became of the mail, or what is wrong with the configuration or its scripts. */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsal | VsmtpError[]> {
  const config = await loadConfig(options.config);
  if (Array.isArray(config)) return config;
  const transcript = new Transcript();
  return transcript.listening(async () => {
    const plugins = findPlugins(config);
    logPlugins(plugins, transcript.log);
    const rules = await Rules.open({ config, plugins, log: transcript.log }).catch(problemsOf);
    if (Array.isArray(rules)) return rules;
    const accepted: Mail[] = [];
    const queue = {
      accept: async (...mails: readonly Mail[]) => void accepted.push(...mails),
      deliver: async (mail: Mail) => {
        accepted.push(mail);
        return { kind: "served" as const, failures: new Map<string, unknown>() };
      },
      holds: () => false,
    };
    const users = knownUsers(config, (name, argument) => rules.ask(name, argument));
    const watched = transcript.watch(rules);
    const route: Rules["route"] = (sender, recipient) => rules.route(sender, recipient);
    const handles: Rules["handles"] = (address) => rules.handles(address);
    const mailboxes = new LocalRecipients(users, config);
    const tools = { rules: { ...watched, route, handles }, queue, mailboxes, log: transcript.log("smtp") };
    const client = { ip: options.clientIp, port: 50_000 };
    const server = { ip: "127.0.0.1", port: 25 };
    const session = new Session(client, server, config.server.name, tools);
    const taken = await converse(session, options, transcript);
    const mails: FinalMail[] = [];
    for (const mail of accepted) mails.push(await afterwards(mail, watched, transcript));
    const refused = mails.some(({ outcome }) => outcome === "refused");
    finishPlugins();
    return { accepted: taken && !refused, before: transcript.before, commands: transcript.commands, mails };
  });
}

/** The client's side. Whether the mail was taken. */
async function converse(session: Session, options: RehearsalOptions, transcript: Transcript): Promise<boolean> {
  const { clientIp, helo, from, recipients, raw } = options;
  let open = true;
  const say = async (command: string, run: () => ReturnType<Session["connect"]>): Promise<boolean> => {
    if (!open) return false;
    const told = transcript.command(command);
    const { passed, reply, close } = await run();
    open = !close;
    told.passed = passed;
    told.reply = reply && linesOf(reply);
    return passed;
  };
  if (!(await say(`connect from ${clientIp}`, () => session.connect()))) return false;
  if (!(await say(`EHLO ${helo}`, () => session.helo(helo, true)))) return false;
  if (!(await say(`MAIL FROM:<${from}>`, () => session.mail(from)))) return false;
  let taken = 0;
  for (const recipient of recipients) {
    if (await say(`RCPT TO:<${recipient}>`, () => session.rcpt(recipient))) taken++;
  }
  return taken > 0 && (await say("DATA", () => session.data(raw, () => true)));
}

function linesOf({ code, enhanced, lines }: NonNullable<Awaited<ReturnType<Session["connect"]>>["reply"]>): string[] {
  return lines.map((line, i) => {
    const text = enhanced === undefined ? line : `${enhanced} ${line}`;
    return `${code}${i < lines.length - 1 ? "-" : " "}${text}`;
  });
}

/** What the queue does with a mail that was accepted, up to the transports. */
async function afterwards(mail: Mail, rules: Pick<Rules, "run">, transcript: Transcript): Promise<FinalMail> {
  const { transaction, protocol, step, quarantine } = mail;
  if (quarantine !== undefined) return finalMail(transaction, `quarantine ${quarantine}`);
  const told = transcript.command(`queue ${transaction.id}`);
  const entry = {
    name: transaction.id,
    host: hostname(),
    protocol,
    transaction,
    step,
    done: new Set<string>(),
    held: false,
    failed: new Map(),
  };
  const nowhere = async () => {};
  const transports = new Map(["deliver", "maildir", "mbox", "forward"].map((kind) => [kind, nowhere]));
  const outcome = await carry(entry, false, { rules, transports, log: transcript.log("queue"), parallel: 1 });
  told.passed = outcome.kind === "delivered" || outcome.kind === "quarantine";
  if (outcome.kind === "quarantine") return finalMail(transaction, `quarantine ${outcome.name}`);
  return finalMail(transaction, outcome.kind === "delivered" ? "delivery" : outcome.kind);
}

function finalMail({ id, mailFrom, recipients, message }: Transaction, outcome: string): FinalMail {
  return {
    id,
    from: mailFrom ? showAddress(mailFrom) : "",
    recipients: recipients.map(({ address, transport }) => ({ address: showAddress(address), transport })),
    headers: message.untouched().map((field) => field.replace(/\r?\n$/, "")),
    bytes: message.bytes.length,
    outcome,
  };
}
