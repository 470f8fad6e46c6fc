#!/usr/bin/env node
/** The program `vsmtp`: finds the command and runs it. */

import { Command } from "commander";
import { hostVersion } from "../plugin/index.ts";
import { commands } from "./commands.ts";
import { addServe } from "./serve.ts";

const program = new Command("vsmtp")
  .description("A programmable mail server whose features come from compiled C plugins")
  .version(`vsmtp ${hostVersion()}`, "-v, --version", "print the version")
  .helpOption("-h, --help", "show this help")
  .helpCommand(false)
  // An option after the name of a command is that command's own.
  .enablePositionalOptions();

addServe(program);
for (const make of commands) program.addCommand(make());
await program.parseAsync();
