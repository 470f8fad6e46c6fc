/** `vsmtp plugin explain NAME`: why a plugin is refused, failed or quarantined, and what mends that. */

import type { Command } from "commander";
import type { Config } from "../config/index.ts";
import { VsmtpError } from "../errors.ts";
import type { CrashRecord } from "../observe/index.ts";
import { type Plugins, printable, storageName, type Verdict } from "../plugin/index.ts";
import { askCrashes, findPlugins, type QuarantineEntry, storedQuarantine } from "../server/index.ts";
import { command, exits } from "./command.ts";
import { type Configured, configured, readConfig } from "./configured.ts";
import { crashText } from "./crash-text.ts";
import { manual } from "./manual.ts";
import { runningHost } from "./plugin-list.ts";
import { buildName, nameOf } from "./plugin-list-details.ts";
import { type RunningFacts, runningFacts } from "./plugin-running.ts";
import { fileText, problemText, verdictJson } from "./plugin-verdict.ts";
import { printJson, printProblems } from "./print.ts";

interface Explanation {
  readonly name: string;
  /** Undefined: there is no such file any more. */
  readonly verdict: Verdict | undefined;
  /** Undefined: no server runs. */
  readonly running: RunningFacts | undefined;
  readonly quarantine: QuarantineEntry | undefined;
  /** Of this plugin, the latest first. */
  readonly crashes: readonly CrashRecord[];
}

export function explainCommand(): Command {
  const made = configured(
    command("explain", "tell why a plugin is refused, failed or quarantined, and what mends that"),
  )
    .argument("<name>", "the plugin, by its name or that of its file")
    .option("--json", "print it as JSON");
  return manual(made, {
    about: [
      "Tells what became of a plugin: everything that speaks against its file, each with the fact that differs and the command that mends it; whether the running server has it in service, and if not, why; since when it is quarantined, and what is known of its last crash.",
    ],
    exit: { 0: "nothing speaks against it", 1: "something does, or there is no such plugin" },
    examples: [["vsmtp plugin explain mysql", "the log says that it is refused"]],
  }).action(exits(explain));
}

async function explain({ json = false }: Configured, self: Command): Promise<number> {
  const config = await readConfig(self);
  const explained = Array.isArray(config) ? config : await explanationOf(self.args[0] ?? "", config);
  if (Array.isArray(explained)) {
    printProblems(explained, json);
    return 1;
  }
  const good = isGood(explained);
  if (json) printJson({ ok: good, ...explanationJson(explained) });
  else process.stdout.write(explanationText(explained));
  return good ? 0 : 1;
}

async function explanationOf(asked: string, config: Config): Promise<Explanation | VsmtpError[]> {
  const plugins = findPlugins(config);
  const verdict = plugins.lookup(`plugins/${asked.slice(asked.lastIndexOf("/") + 1)}`);
  const name = verdict ? nameOf(verdict) || asked : storageName(asked);
  const { host, unasked } = await runningHost(config);
  if (unasked.length > 0) return [...unasked];
  const running = host && runningFacts(host, name);
  const quarantine = storedQuarantine(config).get(name);
  const known = await askCrashes(config);
  const crashes = Array.isArray(known) ? [] : known.crashes.filter(({ plugin }) => plugin === name);
  if (!verdict && !running?.state && !quarantine) return [unknown(asked, plugins, config)];
  return { name, verdict, running, quarantine, crashes };
}

function unknown(name: string, plugins: Plugins, { app }: Config): VsmtpError {
  const [near] = plugins.near(`plugins/vsmtp-plugin-${name}`);
  const look = "`vsmtp plugin list` shows what there is";
  const hint = near === undefined ? look : `Did you mean ${near.replace("plugins/vsmtp-plugin-", "")}? ${look}`;
  return new VsmtpError("PLUGIN_UNKNOWN", { name: printable(name), directory: app.plugins.directory, hint });
}

function isGood({ verdict, running, quarantine }: Explanation): boolean {
  const state = running?.state?.state;
  return verdict?.kind === "admitted" && !quarantine && state !== "failed" && state !== "quarantined";
}

function explanationJson({ name, verdict, running, quarantine, crashes }: Explanation): Record<string, unknown> {
  const [lastCrash = null] = crashes;
  const file = verdict ? verdictJson(verdict) : null;
  return { name, file, running: running ?? null, quarantine: quarantine ?? null, lastCrash };
}

function explanationText({ name, verdict, running, quarantine, crashes }: Explanation): string {
  const [last] = crashes;
  return [
    ...fileLines(name, verdict),
    ...(running ? runningLines(name, verdict, running) : ["No server of this configuration runs."]),
    ...(quarantine ? quarantineLines(name, quarantine) : []),
    ...(last ? ["", "The last crash:", crashText(last, crashes).trimEnd()] : []),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function fileLines(name: string, verdict: Verdict | undefined): string[] {
  if (!verdict) return [`${printable(name)}: its file is not there any more`];
  if (verdict.kind === "not-a-plugin") return [`${fileText(verdict.file, undefined)} is no plugin: ${verdict.reason}`];
  if (verdict.kind === "refused") {
    return [`${name}: ${fileText(verdict.file, undefined)} is refused`, ...verdict.problems.map(problemText)];
  }
  const { file, realFile } = verdict;
  return [`${name}: ${fileText(file, realFile)} is admitted, ${buildName(verdict)}`];
}

function runningLines(name: string, verdict: Verdict | undefined, { state }: RunningFacts): string[] {
  if (!state) return ["The running server does not have it: `vsmtp reload` takes it into service."];
  const stale = verdict?.kind === "admitted" && verdict.sha256 !== state.sha256;
  const other = stale ? [`The server runs another build, ${buildName(state)}: \`vsmtp reload\` exchanges it.`] : [];
  if (state.state === "quarantined") return other;
  if (state.state !== "failed") return [`In service: \`vsmtp plugin list\` shows how it does.`, ...other];
  const why = printable(state.reason ?? "");
  return [
    `Not in service in the running server: ${why}`,
    `    help: mend that, then \`vsmtp reload\`; the log has more about ${name}`,
    ...other,
  ];
}

function quarantineLines(name: string, { since, reason }: QuarantineEntry): string[] {
  return [
    `Quarantined since ${printable(since)}: ${printable(reason)}`,
    `    help: exchange its file for a mended one, then \`vsmtp reload\`; or \`vsmtp plugin release ${name}\` as it is`,
  ];
}
