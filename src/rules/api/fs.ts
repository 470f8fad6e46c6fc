/** `fs::…`: copies of the mail and of what is known of it, below `app.dirpath` and nowhere else. */

import { mkdir, realpath, rename, writeFile } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { reasonOf } from "../../errors.ts";
import { NativeModule, native, type Run, ScriptError, type Value } from "../../vsl/index.ts";
import { textOf } from "./object.ts";
import { at, mailFunction, type Situation, transactionAt } from "./situation.ts";
import { contextOf } from "./texts.ts";

/** `root` is `app.dirpath`. */
export function fsModule(root: string): NativeModule {
  return new NativeModule("fs", "Copies of the mail below `app.dirpath`.").add(
    mailFunction(
      "fs",
      "preq",
      "write",
      "directory: string|object",
      "Writes the mail to `<app.dirpath>/<directory>/<message id>.eml`.",
      ({ id, message }, directory: Value) => save(root, textOf(directory), `${id}.eml`, message.bytes),
      { suspends: true },
    ),
    native(
      "dump",
      "directory: string|object",
      "Writes what is known of the mail to `<app.dirpath>/<directory>/<message id>.json`.",
      (run: Run, directory: Value) => {
        const { id } = transactionAt(run, "fs::dump", "mail");
        const situation: Situation = at(run, "fs::dump", "mail");
        const text = `${JSON.stringify(contextOf(situation), undefined, 2)}\n`;
        return save(root, textOf(directory), `${id}.json`, Buffer.from(text));
      },
      { suspends: true, stage: "mail" },
    ),
  );
}

/** The file appears complete or not at all. */
async function save(root: string, directory: string, name: string, bytes: Uint8Array): Promise<undefined> {
  const inside = checked(directory);
  try {
    const folder = await made(root, inside);
    const unfinished = join(folder, `.${name}.${process.pid}`);
    await writeFile(unfinished, bytes, { mode: 0o640 });
    await rename(unfinished, join(folder, name));
    return undefined;
  } catch (error) {
    if (error instanceof ScriptError) throw error;
    throw new ScriptError(`${join(root, inside, name)} cannot be written: ${reasonOf(error)}`);
  }
}

/** A script may name directories with what clients sent: nothing may lead out of the root. */
function checked(directory: string): string {
  const levels = directory.split("/");
  if (isAbsolute(directory) || levels.includes("..") || directory.includes("\0")) {
    throw new ScriptError(`"${directory}" is no directory below app.dirpath`);
  }
  return directory;
}

/** Links that are already there may lead elsewhere, so where it really is counts. */
async function made(root: string, inside: string): Promise<string> {
  const folder = join(root, inside);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const [top, real] = await Promise.all([realpath(root), realpath(folder)]);
  const way = relative(top, real);
  if (way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    throw new ScriptError(`"${inside}" leads out of app.dirpath`);
  }
  return real;
}
