#!/usr/bin/env node
/** The program `vsmtp`: finds the command and runs it. */

import { program } from "./program.ts";

// Whoever reads our output may stop reading, as `head` does: that is no failure of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
}

await (await program(process.argv.slice(2))).parseAsync();
