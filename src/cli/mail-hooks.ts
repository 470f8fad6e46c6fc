/** `vsmtp mail hooks`: which functions a call of each method goes through, the outermost plugin first. */

import { basename } from "node:path";
import type { Command } from "commander";
import { FunctionNames, originalOf, printable, storageName } from "../plugin/index.ts";
import type { HookChain } from "../storage/index.ts";
import { command } from "./command.ts";
import { inSession } from "./mail-session.ts";
import { columns, printLines } from "./mail-words.ts";
import { manual } from "./manual.ts";
import { printJson } from "./print.ts";

export function hooksCommand(): Command {
  const made = command("hooks", "show which plugins override which methods").option("--json", "print it as JSON");
  manual(made, {
    about: [
      "Opens the user's INBOX and prints for each method of the user, its mailbox lists, storages, mailboxes and mails the functions that a call goes through, the outermost first: plugin, function and file. The last one is the storage's own. A method that nobody has is printed with `none`.",
      "Functions are named as in the plugin's source; of a file that was stripped, static ones are its name and an offset.",
    ],
    exit: { 0: "it was printed", 1: "the storage of the user cannot be opened" },
    examples: [["vsmtp mail -u john -p ./10_trash_plugin.so hooks", "does the plugin override what it should?"]],
  });
  return made.action(
    inSession<{ json?: boolean }>(async (session, { json }) => {
      const chains = named(await session.hooks());
      if (json) printJson(chains);
      else printLines(hookLines(chains));
    }),
  );
}

export interface NamedChain extends Pick<HookChain, "object" | "slot"> {
  readonly links: readonly { readonly plugin: string | null; readonly function: string; readonly file: string }[];
}

/** The same with names for people. Null for the plugin: the storage itself. */
export function named(chains: readonly HookChain[]): NamedChain[] {
  const names = new FunctionNames();
  return chains.map(({ object, slot, links }) => ({
    object,
    slot,
    links: links.map(({ module, file: loaded, offset }) => {
      const file = originalOf(loaded) ?? loaded;
      return {
        plugin: module === undefined ? null : storageName(module),
        function: names.at(loaded, offset) ?? `${basename(file)}+0x${offset.toString(16)}`,
        file,
      };
    }),
  }));
}

/** A line for each function; the method stands before the first one. */
export function hookLines(chains: readonly NamedChain[]): string[] {
  const rows = chains.flatMap(({ object, slot, links }) => {
    const name = `${object}.${slot}`;
    if (links.length === 0) return [[name, "none", "", ""]];
    return links.map((link, i) => [
      i === 0 ? name : "",
      link.plugin ?? "(storage)",
      printable(link.function),
      printable(link.file),
    ]);
  });
  return columns(rows);
}
