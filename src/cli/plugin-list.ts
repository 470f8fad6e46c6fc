/** `vsmtp plugin list`: the files of the plugin directory, what became of each, and how it does in the running server. */

import type { Command } from "commander";
import type { Config } from "../config/index.ts";
import type { VsmtpError } from "../errors.ts";
import { type Plugins, printable, type Verdict } from "../plugin/index.ts";
import { askFigures, findPlugins, type HostFigures } from "../server/index.ts";
import { command, exits } from "./command.ts";
import { type Configured, configured, readConfig } from "./configured.ts";
import { manual } from "./manual.ts";
import { nameOf, pluginDetails, servedOnly } from "./plugin-list-details.ts";
import { packagesOf } from "./plugin-package.ts";
import { type RunningFacts, runningFacts } from "./plugin-running.ts";
import { countText, fileText, problemText, verdictJson } from "./plugin-verdict.ts";
import { printJson, printProblems } from "./print.ts";

/** What is known besides the files themselves. */
export interface Surroundings {
  /** Undefined: no server of this configuration runs. */
  readonly host?: HostFigures | undefined;
  /** Names of packages by file. */
  readonly packages?: ReadonlyMap<string, string>;
}

export function listCommand(): Command {
  const made = configured(command("list", "list the files of the plugin directory, and what became of each"));
  made.option("--json", "print the list as JSON");
  return manual(made, {
    about: [
      "Judges every file of the plugin directory as the server does at its start, and the plugins that come with it. Shows name, release, the version of vSMTP that each was built for and its module, and of a refused one everything that speaks against it.",
      "Where the server runs, it also shows whether each is in service, with how many calls, errors, crashes and stalls, and which ones are stale: the server goes on with the bytes that it was started with until it is reloaded.",
    ],
    exit: { 0: "the list was printed, refused plugins or not", 1: "the configuration is wrong" },
    examples: [["vsmtp plugin list -c vsmtp.vsl", "what rules can import"]],
  }).action(exits(list));
}

async function list({ json = false }: Configured, self: Command): Promise<number> {
  const config = await readConfig(self);
  if (Array.isArray(config)) {
    printProblems(config, json);
    return 1;
  }
  const plugins = findPlugins(config);
  const { host, unasked } = await runningHost(config);
  const packages = await packagesOf(realFiles(plugins));
  if (json) printJson(pluginListJson(plugins, { host, packages }));
  else {
    process.stdout.write(pluginListText(plugins, { host, packages }));
    printProblems([...plugins.warnings, ...unasked], false);
  }
  return 0;
}

/** What could not be asked of a server that does run is told; that none runs is no problem. */
export async function runningHost(
  config: Config,
): Promise<{ readonly host: HostFigures | undefined; readonly unasked: readonly VsmtpError[] }> {
  const figures = await askFigures(config);
  if (!Array.isArray(figures)) return { host: figures, unasked: [] };
  return { host: undefined, unasked: figures.filter(({ code }) => code !== "HOST_NOT_RUNNING") };
}

function realFiles({ verdicts }: Plugins): string[] {
  return verdicts.flatMap((verdict) => (verdict.kind === "admitted" ? [verdict.realFile] : []));
}

export function pluginListJson(plugins: Plugins, { host, packages }: Surroundings = {}): Record<string, unknown> {
  const list = plugins.verdicts.map((verdict) => ({
    ...verdictJson(verdict),
    shipped: plugins.isShipped(verdict),
    aliases: plugins.aliasesOf(verdict),
    ...(verdict.kind === "admitted" && { package: packages?.get(verdict.realFile) ?? null }),
    running: runningJson(verdict, host),
  }));
  const served = host ? servedOnly(plugins, host).map((state) => ({ ...state, ...factsJson(host, state.name) })) : [];
  const known = host && { version: host.version, generation: host.generation, since: host.since };
  return { host: known ?? null, plugins: list, gone: served, ignored: plugins.ignored, warnings: plugins.warnings };
}

/** Null: no server runs, or it does not know the plugin. */
function runningJson(verdict: Verdict, host: HostFigures | undefined): Record<string, unknown> | null {
  if (!host || verdict.kind === "not-a-plugin") return null;
  const name = nameOf(verdict);
  const { state } = runningFacts(host, name);
  if (!state) return null;
  const stale = verdict.kind !== "admitted" || verdict.sha256 !== state.sha256;
  return { ...state, stale, ...factsJson(host, name) };
}

function factsJson(host: HostFigures, name: string): Omit<RunningFacts, "state"> {
  const { state: _, ...facts } = runningFacts(host, name);
  return facts;
}

/** A line for each file, in columns; under it, why it was refused, or how it does. */
export function pluginListText(plugins: Plugins, surroundings: Surroundings = {}): string {
  if (plugins.verdicts.length === 0) return "There are no plugins.\n";
  const rows = plugins.verdicts.map((verdict) => ({ verdict, cells: cellsOf(verdict, plugins) }));
  const widths = rows[0]?.cells.map((_, column) => Math.max(...rows.map(({ cells }) => cells[column]?.length ?? 0)));
  const lines = rows.flatMap(({ verdict, cells }) => [
    cells
      .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
      .join("  ")
      .trimEnd(),
    ...(verdict.kind === "refused" ? verdict.problems.map(problemText) : []),
    ...pluginDetails(verdict, surroundings),
  ]);
  return `${[...lines, ...goneLines(plugins, surroundings.host), ...ignoredLine(plugins)].join("\n")}\n`;
}

function cellsOf(verdict: Verdict, plugins: Plugins): string[] {
  const { file } = verdict;
  if (verdict.kind === "not-a-plugin")
    return ["no plugin", "", "", "", "", "", `${fileText(file, undefined)}: ${verdict.reason}`];
  if (verdict.kind === "refused") return ["refused", verdict.name ?? "", "", "", "", "", fileText(file, undefined)];
  const { name, release, vsmtp, module, functions, scripted, storage } = verdict.manifest;
  const origin = plugins.isShipped(verdict) ? " (comes with vSMTP)" : "";
  return [
    "admitted",
    name,
    printable(release),
    `for vSMTP ${vsmtp}`,
    [...(scripted ? [countText(functions.length, "function")] : []), ...(storage ? ["storage"] : [])].join(", "),
    module === undefined ? "" : `module ${module}`,
    fileText(file, verdict.realFile) + origin,
  ];
}

function goneLines(plugins: Plugins, host: HostFigures | undefined): string[] {
  if (!host) return [];
  return servedOnly(plugins, host).map(
    ({ name, release, file }) =>
      `gone      ${name}  ${printable(release)}  ${fileText(file, undefined)}: the server still runs it, and will not after a reload`,
  );
}

function ignoredLine({ ignored }: Plugins): string[] {
  return ignored.length === 0 ? [] : [`Not looked at, because not called *.so: ${ignored.map(printable).join(", ")}`];
}
