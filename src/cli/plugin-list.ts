/** `vsmtp plugin list`: the files of the plugin directory, and what became of each. */

import { type Plugins, printable, type Verdict } from "../plugin/index.ts";
import { countText, fileText, problemText, verdictJson } from "./plugin-verdict.ts";

export function pluginListJson(plugins: Plugins): Record<string, unknown> {
  const list = plugins.verdicts.map((verdict) => ({
    ...verdictJson(verdict),
    shipped: plugins.isShipped(verdict),
    aliases: plugins.aliasesOf(verdict),
  }));
  return { plugins: list, ignored: plugins.ignored };
}

/** A line for each file, in columns; under it, why it was refused. */
export function pluginListText(plugins: Plugins): string {
  if (plugins.verdicts.length === 0) return "There are no plugins.\n";
  const rows = plugins.verdicts.map((verdict) => ({ verdict, cells: cellsOf(verdict, plugins) }));
  const widths = rows[0]?.cells.map((_, column) => Math.max(...rows.map(({ cells }) => cells[column]?.length ?? 0)));
  const lines = rows.flatMap(({ verdict, cells }) => [
    cells
      .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
      .join("  ")
      .trimEnd(),
    ...(verdict.kind === "refused" ? verdict.problems.map(problemText) : []),
  ]);
  return `${[...lines, ...ignoredLine(plugins)].join("\n")}\n`;
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

function ignoredLine({ ignored }: Plugins): string[] {
  return ignored.length === 0 ? [] : [`Not looked at, because not called *.so: ${ignored.map(printable).join(", ")}`];
}
