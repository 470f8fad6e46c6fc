/** What Tab offers in `vsmtp vsl repl`: names that could stand where the cursor is. */

import type { Session } from "../vsl/index.ts";

const KEYWORDS = "break const continue do else fn for if import in let loop return switch throw try until while".split(
  " ",
);

/** The candidates for the end of `line`, and the part of it that they replace; as node:readline asks for them. */
export function complete(session: Pick<Session, "names" | "members">, line: string): [string[], string] {
  const [word = "", path = "", start = ""] = /((?:[A-Za-z_]\w*::)*)([A-Za-z_]\w*)?$/.exec(line) ?? [];
  const { variables, functions, modules } = session.names;
  if (path !== "") {
    const members = session.members(path.split("::").slice(0, -1));
    return [members.filter((name) => name.startsWith(start)).map((name) => path + name), word];
  }
  // After a point there is a method, and any function can be one; with nothing to go by, that would be all of them.
  if (line.slice(0, line.length - word.length).endsWith(".")) return [matching(functions, start), word];
  const names = [...variables, ...functions, ...KEYWORDS, ...modules.map((name) => `${name}::`)];
  return [start === "" ? [] : matching(names, start), word];
}

function matching(names: readonly string[], start: string): string[] {
  return [...new Set(names)].filter((name) => /^\w/.test(name) && name.startsWith(start)).sort();
}
