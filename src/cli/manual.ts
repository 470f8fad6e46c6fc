/** What `--help` says beyond usage and options: the chapters of a manual page. */

import type { Command } from "commander";

export interface Manual {
  /** What the command does, in paragraphs. */
  readonly about: readonly string[];
  /** Exit codes, and when the process ends with them. */
  readonly exit: Readonly<Record<number, string>>;
  /** Command lines, and what each is for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[];
}

/** Adds the chapters below the options. */
export function manual(command: Command, { about, exit, examples }: Manual): Command {
  const chapters = [
    chapter(
      "Description",
      about.flatMap((paragraph, i) => [...(i === 0 ? [] : [""]), ...wrapped(paragraph)]),
    ),
    chapter(
      "Exit status",
      Object.entries(exit).map(([code, when]) => `${code}  ${when}`),
    ),
    chapter(
      "Examples",
      examples.flatMap(([line, purpose]) => [`${line}`, `    ${purpose}`]),
    ),
  ];
  return command.addHelpText("after", `\n${chapters.join("\n\n")}`);
}

function chapter(title: string, lines: readonly string[]): string {
  return [`${title}:`, ...lines.map((line) => (line === "" ? "" : `  ${line}`))].join("\n");
}

const WIDTH = 76;

function wrapped(paragraph: string): string[] {
  const lines = [""];
  for (const word of paragraph.split(" ")) {
    const last = lines.at(-1) as string;
    if (last !== "" && last.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}
