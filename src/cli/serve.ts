/** `vsmtp` without a command: the options of the server, some of which commands understand too. */

import type { Command } from "commander";
import { DEFAULT_CONFIG, exits } from "./command.ts";
import { manual } from "./manual.ts";
import type { ServeOptions } from "./serve-run.ts";

/** Adds it to the program itself: it is what runs without a command's name. */
export function addServe(program: Command): void {
  program
    .option("-c, --config <file>", "the configuration", DEFAULT_CONFIG)
    .option("-n, --no-daemon", "stay in the foreground, as this program always does")
    .option("--stdout", "log to stdout too")
    .option("-t, --timeout <duration>", 'stop after this time, such as "30s"')
    .option("-e, --env <file>", "a file of NAME=value lines to add to the environment")
    .option("--json", "print what stops the start as JSON")
    .action(
      exits<ServeOptions>(async (options, self) => {
        // Without a listener Node.js would open its inspector to everybody on this machine.
        process.on("SIGUSR1", () => {});
        const { serve } = await import("./serve-run.ts");
        return serve(options, self);
      }),
    );
  manual(program, {
    about: [
      "Without a command: runs the server in the foreground until SIGTERM or SIGINT. Clients end their mails and the queue what it is at; a second signal ends all processes at once. SIGHUP is `vsmtp reload`, SIGUSR1 opens the log files anew.",
      'Logs go where server.logs.filename says, or to stdout. A duration is such as "500ms", "30s" or "1h 30m". The file of -e has NAME=value lines; quotes, comments and `export` are understood, nothing is expanded, and variables that are set already keep their values.',
    ],
    exit: {
      0: "the server was stopped, or the command did what it is for",
      1: "something is wrong; it is on stderr, with what to do about it",
    },
    examples: [
      ["vsmtp -c /etc/vsmtp/vsmtp.vsl --stdout", "in a terminal or a container"],
      ["vsmtp check && vsmtp", "start only when everything is right"],
      ["vsmtp rules run --help", "what a command does"],
    ],
  });
}
