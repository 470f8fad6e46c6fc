/** `vsmtp plugin handles`: the objects of plugins that are alive in the processes of the running server. */

import type { Command } from "commander";
import { askFigures, type HostFigures, nameOfRole } from "../server/index.ts";
import { command, exits } from "./command.ts";
import { type Configured, configured, readConfig } from "./configured.ts";
import { manual } from "./manual.ts";
import { printJson, printProblems } from "./print.ts";

interface Alive {
  readonly plugin: string;
  /** As scripts call it. */
  readonly type: string;
  readonly count: number;
  readonly process: string;
  readonly pid: number;
}

export function handlesCommand(): Command {
  const made = configured(command("handles", "show which objects of plugins are alive in the running server"))
    .argument("[name]", "only those of this plugin")
    .option("--json", "print them as JSON");
  return manual(made, {
    about: [
      "Shows how many objects of each type are alive in each process, by the plugin that made them. A service is one in each process that has it; what a rule opens goes when nothing refers to it any more. Numbers that only grow tell of scripts that keep objects for ever, or of a plugin that is called more often than objects are collected.",
    ],
    exit: {
      0: "they were printed, if there are any",
      1: "no server of this configuration runs, or it cannot be asked",
    },
    examples: [["vsmtp plugin handles mysql", "how many connections there are"]],
  }).action(exits(handles));
}

async function handles({ json = false }: Configured, self: Command): Promise<number> {
  const config = await readConfig(self);
  const figures = Array.isArray(config) ? config : await askFigures(config);
  if (Array.isArray(figures)) {
    printProblems(figures, json);
    return 1;
  }
  const [name] = self.args;
  const alive = aliveIn(figures).filter(({ plugin }) => name === undefined || plugin === name);
  if (json) printJson({ handles: alive });
  else process.stdout.write(handlesText(alive));
  return 0;
}

/** By plugin, type and process. */
function aliveIn({ processes }: HostFigures): Alive[] {
  const all = processes.flatMap(({ role, pid, plugins }) =>
    plugins.flatMap(({ plugin, handles }) =>
      Object.entries(handles).map(([type, count]) => ({ plugin, type, count, process: nameOfRole(role), pid })),
    ),
  );
  const key = ({ plugin, type, process }: Alive) => [plugin, type, process].join("\0");
  return all.filter(({ count }) => count > 0).sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function handlesText(alive: readonly Alive[]): string {
  if (alive.length === 0) return "No objects of plugins are alive.\n";
  const rows = alive.map(({ plugin, type, count, process, pid }) => [
    plugin,
    type,
    `${count}`,
    `${process} (pid ${pid})`,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}
