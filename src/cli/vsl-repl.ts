/** `vsmtp vsl repl`: a conversation with the language, in a terminal or through a pipe. */

import { createInterface, type Interface } from "node:readline";
import { describe, VsmtpError } from "../errors.ts";
import { debug, type EngineOptions, isUnfinished, ScriptProblems, Session } from "../vsl/index.ts";
import { printProblems } from "./print.ts";
import { complete } from "./vsl-complete.ts";
import { History } from "./vsl-history.ts";
import { failureOf } from "./vsl-value.ts";

const PROMPT = "> ";
const MORE = "… ";

export async function repl({ config }: { config?: string }): Promise<number> {
  const options = config === undefined ? { directory: process.cwd() } : await surroundingsOf(config);
  if (Array.isArray(options)) {
    printProblems(options, false);
    return 1;
  }
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  await talk(new Session(options), terminal);
  return 0;
}

/** The parts of a mail server are loaded only when somebody asks for them. */
async function surroundingsOf(file: string): Promise<EngineOptions | VsmtpError[]> {
  const { loadConfig } = await import("../config/index.ts");
  const { ruleSurroundings } = await import("../rules/index.ts");
  const { findPlugins } = await import("../server/index.ts");
  const config = await loadConfig(file);
  return Array.isArray(config) ? config : ruleSurroundings(config, findPlugins(config), "run");
}

async function talk(session: Session, terminal: boolean): Promise<void> {
  const history = terminal ? new History() : undefined;
  const lines = createInterface({
    input: process.stdin,
    ...(terminal && {
      output: process.stdout,
      prompt: PROMPT,
      historySize: 1000,
      history: history?.lines.slice() ?? [],
    }),
    terminal,
    completer: (line: string) => complete(session, line),
  });
  let pending = "";
  let inputs = 0;
  const ask = () => {
    if (!terminal) return;
    lines.setPrompt(pending === "" ? PROMPT : MORE);
    lines.prompt();
  };
  lines.on("SIGINT", () => {
    pending = "";
    clearLine(lines);
    ask();
  });
  ask();
  for await (const line of lines) {
    history?.add(line);
    pending = pending === "" ? line : `${pending}\n${line}`;
    // An empty line asks for what there is, so that nobody is caught in a bracket.
    if (line.trim() === "" || !isUnfinished(pending)) {
      const text = pending;
      pending = "";
      if (text.trim() !== "") await answer(session, text, `input ${++inputs}`);
    }
    ask();
  }
  if (pending.trim() !== "") await answer(session, pending, `input ${++inputs}`);
  if (terminal) process.stdout.write("\n");
}

async function answer(session: Session, text: string, name: string): Promise<void> {
  try {
    const value = await session.evaluate(text, name);
    if (value !== undefined) process.stdout.write(`${debug(value)}\n`);
  } catch (error) {
    for (const problem of error instanceof ScriptProblems ? error.problems : [error]) {
      const known = problem instanceof VsmtpError;
      process.stderr.write(`${known ? describe(problem) : `error: ${failureOf(problem).message}`}\n`);
    }
  }
}

/** Throws away what is typed. */
function clearLine(lines: Interface): void {
  process.stdout.write("^C\n");
  lines.write(null, { ctrl: true, name: "e" });
  lines.write(null, { ctrl: true, name: "u" });
}
