/** What all commands of `vsmtp mail` do first and last: from the options to a session with the user's storage. */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Config } from "../config/index.ts";
import { mailboxNamed, mailUser, type Owner, userDatabase } from "../delivery/index.ts";
import { VsmtpError } from "../errors.ts";
import { collectLog, type LogLine } from "../observe/index.ts";
import { type LoadedStorage, type Plugins, pluginOf, printable } from "../plugin/index.ts";
import { Rules } from "../rules/index.ts";
import { findPlugins } from "../server/index.ts";
import { type MailSession, type MailUser, openStorage, type StorageLogLine } from "../storage/index.ts";
import { ScriptProblems } from "../vsl/index.ts";
import { configFile, DEFAULT_CONFIG, exits } from "./command.ts";
import { readConfig } from "./configured.ts";
import { printProblems } from "./print.ts";

/** Of `vsmtp mail` itself. */
interface UserOptions {
  readonly user?: string;
  readonly option?: Readonly<Record<string, string>>;
  readonly plugin?: readonly string[];
}

interface JsonOptions {
  readonly json?: boolean;
}

/** What a command does in a session. */
type Work<Options> = (session: MailSession, options: Options, self: Command) => Promise<void>;

/** Makes an action of it: the session is opened before and closed after it, and what goes wrong is told. */
export function inSession<Options extends JsonOptions>(work: Work<Options>) {
  return exits<Options>(async (options, self) => {
    const problems = await attempt((session) => work(session, options, self), self);
    if (problems.length > 0) printProblems(problems, options.json ?? false);
    await new Promise<void>((written) => process.stdout.write("", () => written()));
    // What a plugin still runs on a thread of its own must not keep the process.
    process.exit(problems.length > 0 ? 1 : 0);
  });
}

/** What is in the way, or went wrong. */
async function attempt(work: (session: MailSession) => Promise<void>, self: Command): Promise<readonly VsmtpError[]> {
  const { user, option = {}, plugin: files = [] }: UserOptions = optionsOf(self);
  if (user === undefined) self.error("error: name the user with -u USER, before the name of the command");
  const config = await readConfigIfAny(self, option.maildir !== undefined);
  if (Array.isArray(config)) return config;
  const plugins = findPlugins(config, files);
  const refused = files.flatMap((file) => refusal(file, plugins));
  if (refused.length > 0) return refused;
  const loaded = plugins.loadStorage(wanted(config, plugins, files));
  if (loaded.problems.length > 0) return loaded.problems;
  try {
    const owner = config && option.maildir === undefined ? await ownerOf(user, config, plugins) : {};
    await withStorage(loaded.plugins, userOf(user, option, config, owner), work);
    return [];
  } catch (error) {
    if (error instanceof ScriptProblems) return error.problems;
    if (error instanceof VsmtpError) return [error];
    throw error;
  }
}

async function withStorage(
  plugins: LoadedStorage["plugins"],
  user: MailUser,
  work: (session: MailSession) => Promise<void>,
): Promise<void> {
  const storage = openStorage({ plugins, log: tell });
  try {
    const session = await storage.open(user);
    try {
      await work(session);
    } finally {
      await session.close();
    }
  } finally {
    await storage.close();
  }
}

/** The options of `vsmtp mail`, wherever below it a command stands. */
function optionsOf(self: Command): UserOptions {
  for (let command: Command | null = self; command; command = command.parent) {
    if (command.name() === "mail") return command.opts();
  }
  return {};
}

/** Undefined: none is there, and none is needed. */
async function readConfigIfAny(self: Command, optional: boolean): Promise<Config | VsmtpError[] | undefined> {
  if (optional && configFile(self) === DEFAULT_CONFIG && !existsSync(DEFAULT_CONFIG)) return undefined;
  return readConfig(self);
}

/** Why a file of -p cannot take part. */
function refusal(file: string, plugins: Plugins): VsmtpError[] {
  const verdict = plugins.verdicts.find((one) => one.file === resolve(file));
  // One that is there under another name of -p, too, is judged under that.
  if (verdict === undefined) return [];
  if (verdict.kind === "refused") return [...verdict.problems];
  if (verdict.kind === "not-a-plugin") {
    return [new VsmtpError("STORAGE_PLUGIN_FILE", { file, reason: verdict.reason })];
  }
  return verdict.manifest.storage ? [] : [new VsmtpError("PLUGIN_NOT_STORAGE", { file })];
}

/** The plugins of the configuration, and those of -p; null: all that there are. */
function wanted(config: Config | undefined, plugins: Plugins, files: readonly string[]): readonly string[] | null {
  const configured = config?.app.storage.plugins;
  if (configured === null) return null;
  const paths = files.map((file) => resolve(file));
  const named = plugins.storage().plugins.filter(({ file }) => paths.includes(file));
  return [...(configured ?? []), ...named.map(({ manifest }) => manifest.name)];
}

/** What the configuration knows of whoever owns these mailboxes. The rules are loaded only if it asks them. */
async function ownerOf(name: string, config: Config, plugins: Plugins): Promise<Owner> {
  let rules: Promise<Rules> | undefined;
  const users = await userDatabase(config, async (called, argument) => {
    rules ??= Rules.open({ config, plugins, log: collectLog("error", tellLine) });
    return (await rules).ask(called, argument);
  });
  const owner = await users.find(mailboxNamed(name));
  if (owner === undefined) throw new VsmtpError("MAILBOX_UNKNOWN", { address: name });
  return owner;
}

function userOf(
  name: string,
  options: Readonly<Record<string, string>>,
  config: Config | undefined,
  owner: Owner,
): MailUser {
  const settings = Object.entries(options).flatMap(([key, value]) =>
    key.startsWith("plugin/") ? [[key.slice("plugin/".length), value] as const] : [],
  );
  const user: Partial<MailUser> = config ? mailUser(config, name, owner) : {};
  const location = options.maildir === undefined ? user.location : `maildir:${resolve(options.maildir)}`;
  return {
    name,
    ...user,
    location: location ?? "",
    settings: { ...user.settings, ...Object.fromEntries(settings) },
    service: "vsmtp",
    admin: true,
  };
}

/** What the core and plugins log goes to stderr, under the name of the plugin. */
function tell({ level, text, file }: StorageLogLine): void {
  const plugin = pluginOf(file);
  process.stderr.write(`${level}: ${plugin === undefined ? "" : `${plugin}: `}${printable(text)}\n`);
}

/** So do lines of the rules. */
function tellLine({ level, text }: LogLine): void {
  process.stderr.write(`${level}: ${printable(text)}\n`);
}
