/** Holds what the folders of src/ import against the table of who may import whom. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));

/** Nothing else is allowed, except errors and observe, which everyone may import. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  observe: [],
  native: [],
  vsl: [],
  config: ["vsl"],
  plugin: ["vsl", "native"],
  storage: ["plugin", "native"],
  auth: ["config"],
  rules: ["vsl", "config", "plugin", "auth"],
  delivery: ["storage", "config"],
  queue: ["rules", "delivery"],
  smtp: ["rules", "queue", "config"],
};

/** These put everything together. */
const all = new Set(["server", "cli"]);
const forEveryone = new Set(["errors", "observe"]);

interface Import {
  /** The importing file, and the imported one, below src/. */
  readonly from: string;
  readonly to: string;
}

/** `errors.ts` and `errors/` are one part. */
function folderOf(file: string): string {
  return (file.split("/")[0] ?? "").replace(/\.ts$/, "");
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const specifiers = text.matchAll(
    /^\s*(?:import|export)\b[^;"']*?\bfrom\s*["'](\.[^"']*)["']|\bimport\(\s*["'](\.[^"']*)["']/gm,
  );
  return [...specifiers].map(([, fromClause, dynamic]) => ({
    from: relative(src, file),
    to: relative(src, resolve(dirname(file), fromClause ?? dynamic ?? "")),
  }));
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
const imports = files.flatMap((name) => importsOf(join(src, name)));
const between = imports.filter(({ from, to }) => folderOf(from) !== folderOf(to));

test("every folder of src has its line in the table", () => {
  const known = new Set([...Object.keys(mayImport), ...all]);
  expect([...new Set(files.map(folderOf))].filter((folder) => !known.has(folder))).toEqual([]);
});

test("no folder imports one that it may not", () => {
  const wrong = between.filter(({ from, to }) => {
    const [importer, imported] = [folderOf(from), folderOf(to)];
    return !all.has(importer) && !forEveryone.has(imported) && !mayImport[importer]?.includes(imported);
  });
  expect(wrong).toEqual([]);
});

test("a folder is imported through its index only", () => {
  const faces = new Set(["errors.ts"]);
  expect(between.filter(({ to }) => !faces.has(to) && !/^[^/]+\/index\.ts$/.test(to))).toEqual([]);
});

test("nothing outside cli imports server or cli", () => {
  const wrong = between.filter(
    ({ from, to }) => folderOf(to) === "cli" || (folderOf(to) === "server" && folderOf(from) !== "cli"),
  );
  expect(wrong).toEqual([]);
});

test("the imports of this project are found at all", () => {
  expect(imports.length).toBeGreaterThan(files.length / 2);
});
