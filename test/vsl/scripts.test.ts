/**
 * Runs the scripts beside this file. The first line of each is the sentence that it proves; then it either says
 * `// expect: VALUE`, its value as `to_debug` shows it, or a line ends with `// error: TEXT` that is found there.
 * What they import is in the folder `imported`.
 */

import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { VsmtpError } from "../../src/errors.ts";
import { debug, defaultLimits, Engine } from "../../src/vsl/index.ts";

const directory = dirname(fileURLToPath(import.meta.url));
const limits = { ...defaultLimits, operations: 100_000, depth: 64 };

const scripts = readdirSync(directory, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".vsl") && dirname(file) !== "imported")
  .sort();

describe.each(Object.entries(byTopic(scripts)))("vSL, %s", (_, files) => {
  it.each(files.map((file) => [sentenceOf(file), file]))("%s", async (_sentence, file) => {
    const text = readFileSync(join(directory, file), "utf8");
    const expected = /^\/\/ expect: (.*)$/m.exec(text)?.[1];
    if (expected !== undefined) return expect(debug(await run(file))).toBe(expected);
    const error = await run(file).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(VsmtpError);
    const { message, place } = error as VsmtpError;
    expect(message).toContain(announced(file).text);
    expect(place && [basename(place.file), place.line]).toEqual([basename(announced(file).file), announced(file).line]);
  });
});

async function run(file: string) {
  const engine = new Engine({ directory, limits });
  const [script] = await engine.load([file]);
  return script?.value;
}

/** Where a script, or a module that it imports, says that there is an error. */
function announced(file: string): { file: string; line: number; text: string } {
  const text = readFileSync(join(directory, file), "utf8");
  const lines = text.split("\n");
  const index = lines.findIndex((line) => line.includes("// error: "));
  if (index !== -1) return { file, line: index + 1, text: (lines[index] as string).split("// error: ")[1] as string };
  const imported = /import "(imported\/[^"]+)"/.exec(text)?.[1];
  if (imported === undefined) throw new Error(`${file} has neither \`// expect:\` nor \`// error:\``);
  return announced(`${imported}.vsl`);
}

function byTopic(files: readonly string[]): Record<string, string[]> {
  const topics: Record<string, string[]> = {};
  for (const file of files) {
    topics[dirname(file)] ??= [];
    topics[dirname(file)]?.push(file);
  }
  return topics;
}

function sentenceOf(file: string): string {
  const [first = ""] = readFileSync(join(directory, file), "utf8").split("\n");
  if (!first.startsWith("// ")) throw new Error(`${relative(".", file)} does not begin with its sentence`);
  return first.slice(3);
}
