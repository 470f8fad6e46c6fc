/** `vsmtp sdk`: what a compiler has to be told to build a plugin, for makefiles and scripts. */

import type { Command } from "commander";
import { hostVersion } from "../plugin/index.ts";
import { dovecotConfigFile, dovecotIncludeDirectory, includeDirectory, libraryDirectory } from "../server/index.ts";
import { command, exits } from "./command.ts";
import { manual } from "./manual.ts";
import { printJson } from "./print.ts";

/** By the option that asks for it; printed in the order in which they stand here. */
const answers = {
  cflags: { text: "the flags for the compiler", value: `-I${includeDirectory} -fPIC -fvisibility=hidden` },
  libs: {
    text: "the flags for the linker",
    value: `-shared -L${libraryDirectory} -l:libvsmtp.so.1 -Wl,-z,now -Wl,-z,nodelete -Wl,-z,defs`,
  },
  dovecotCflags: {
    text: "the flags for the compiler of a storage plugin in Dovecot's style",
    value: `-I${dovecotIncludeDirectory} -I${includeDirectory} -fPIC`,
  },
  includeDir: { text: "the directory of the headers", value: includeDirectory },
  dovecotIncludeDir: { text: "the directory of the headers for storage plugins", value: dovecotIncludeDirectory },
  dovecotConfig: { text: "the path of dovecot-config, for configure --with-dovecot", value: dovecotConfigFile },
  version: { text: "the version that plugins are built for", value: hostVersion() },
} as const;

type Name = keyof typeof answers;

export function sdkCommand(): Command {
  const sdk = command("sdk", "print what a build of a plugin needs").option("--json", "print everything as JSON");
  for (const [name, { text }] of Object.entries(answers)) sdk.option(`--${dashed(name)}`, `print ${text}`);
  manual(sdk, {
    about: ["Prints the answers to the options that are given, on one line, for makefiles and scripts."],
    exit: { 0: "the answers were printed", 1: "no option was given" },
    examples: [
      ["cc $(vsmtp sdk --cflags) plugin.c -o libvsmtp-plugin-x-1.0.0.so $(vsmtp sdk --libs)", "a whole build"],
      ["cc -shared $(vsmtp sdk --dovecot-cflags) plugin.c -o 10_x_plugin.so", "the same of a storage plugin"],
      ['./configure --with-dovecot="$(dirname "$(vsmtp sdk --dovecot-config)")"', "one that uses dovecot.m4"],
    ],
  });
  return sdk.action(exits<Partial<Record<Name | "json", boolean>>>(print));
}

function print(asked: Partial<Record<Name | "json", boolean>>, self: Command): number {
  const names = Object.keys(answers) as Name[];
  if (asked.json) {
    printJson(Object.fromEntries(names.map((name) => [dashed(name), answers[name].value])));
    return 0;
  }
  const wanted = names.filter((name) => asked[name]);
  if (wanted.length === 0) self.help({ error: true });
  process.stdout.write(`${wanted.map((name) => answers[name].value).join(" ")}\n`);
  return 0;
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
