/** The program as commander knows it: the server's own options, and the command that is called. */

import { Command } from "commander";
import { commands } from "./commands.ts";
import { addServe } from "./serve.ts";

/** For these arguments; it has all commands when they name none of them. */
export async function program(args: readonly string[]): Promise<Command> {
  const program = new Command("vsmtp")
    .description("A programmable mail server whose features come from compiled C plugins")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    // An option after the name of a command is that command's own.
    .enablePositionalOptions();
  addServe(program);
  const called = calledIn(program, args);
  const entry = commands.find(({ name }) => name === called);
  if (entry) return program.addCommand(await entry.load());
  const { hostVersion } = await import("../plugin/index.ts");
  program.version(`vsmtp ${hostVersion()}`, "-v, --version", "print the version");
  for (const { load } of commands) program.addCommand(await load());
  if (called !== undefined) program.error(await unknownCommand(called));
  return program;
}

/** The first word that is neither an option of the program nor the value of one. */
function calledIn(program: Command, args: readonly string[]): string | undefined {
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    if (["-h", "--help", "-v", "--version"].includes(word)) return undefined;
    if (!word.startsWith("-")) return word;
    const option = program.options.find(({ short, long }) => word === short || word === long);
    if (option?.required) i++;
  }
  return undefined;
}

async function unknownCommand(word: string): Promise<string> {
  const { didYouMean } = await import("../vsl/index.ts");
  const names = commands.map(({ name }) => name);
  return `error: unknown command '${word}'\n(${didYouMean(word, names, `Commands are ${names.join(", ")}`)})`;
}
