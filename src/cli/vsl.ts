/** `vsmtp vsl`: the language by itself, without mail. */

import type { Command } from "commander";
import { command, exits } from "./command.ts";
import { manual } from "./manual.ts";
import { evalScript } from "./vsl-eval.ts";
import { repl } from "./vsl-repl.ts";

export function vslCommand(): Command {
  return command("vsl", "run vSL, the language of rules, by itself")
    .helpCommand(false)
    .addCommand(evalCommand())
    .addCommand(replCommand());
}

function evalCommand(): Command {
  const made = command("eval", "run a plain vSL script and print its value")
    .argument("[file]", 'the script; "-" or nothing: stdin')
    .option("-e, --expression <script>", "run this text instead of a file")
    .option("--json", "print the value, or what is wrong, as JSON")
    .option("--jsonl", "run a script a line of stdin, see below");
  return manual(made, {
    about: [
      "Runs a script without any of the modules that rules have. What it imports is relative to the directory of FILE, or to the current one. The value of its last statement is printed as `print` shows it; nothing is printed for `()`.",
      'With --json the value is printed with its type, {"ok":true,"value":{"type":"i64","value":"42"}}. Types are those of type_of; the value of an i64 is a string of digits, of a blob base64, of a map an object, of an array a list of such values, of `()` null.',
      'With --jsonl each line of stdin is {"id":…,"script":"…"}. Each is run by itself, with limits of its own, and answered on stdout in the order of the lines: {"id":…,"ok":true,"value":…}, or {"id":…,"ok":false,"error":{"kind","message","line","column"}}. The kind is input, syntax, check, runtime, limit or internal. What scripts print goes to stderr.',
    ],
    exit: { 0: "it ran; always with --jsonl", 1: "it could not run to its end; what is wrong is on stderr" },
    examples: [
      ["vsmtp vsl eval -e '[1, 2, 3].map(|x| x * x)'", "prints [1, 4, 9]"],
      ["vsmtp vsl eval script.vsl --json", "for programs"],
      ['echo \'{"id":1,"script":"1 + 1"}\' | vsmtp vsl eval --jsonl', "one process for many scripts"],
    ],
  }).action(exits(evalScript));
}

function replCommand(): Command {
  const made = command("repl", "talk to the language, line by line").option(
    "-c, --config <file>",
    "offer the modules that rules of this configuration have",
  );
  return manual(made, {
    about: [
      "Reads statements, runs them and prints their values. Variables, functions and imports stay for later lines; a line that fails declares nothing. A line that leaves a bracket open goes on in the next one; an empty line gives up waiting.",
      "Tab completes names of variables and functions, and after `module::` what that module offers. Ctrl-C throws the line away, Ctrl-D ends. The history is kept in $XDG_STATE_HOME/vsmtp/history, or below ~/.local/state.",
      "With -c the built-in modules of rules and those of plugins are there; functions that need a client or a mail fail. Plugins are loaded.",
    ],
    exit: { 0: "the input came to its end", 1: "the configuration of -c is wrong" },
    examples: [
      ["vsmtp vsl repl", "a calculator for vSL"],
      ["vsmtp vsl repl -c /etc/vsmtp/vsmtp.vsl", "tries functions of plugins"],
      ["vsmtp vsl repl < lines.vsl", "without a terminal: no prompts, no history"],
    ],
  }).action(exits(repl));
}
