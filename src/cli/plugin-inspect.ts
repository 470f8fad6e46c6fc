/** `vsmtp plugin inspect FILE`: everything that a file says about itself, and that can be seen without loading it. */

import { describe } from "../errors.ts";
import {
  type FunctionRecord,
  type Inspection,
  type LibraryFacts,
  type Manifest,
  printable,
  type StorageRecord,
  vslSignature,
} from "../plugin/index.ts";
import { fileText, kindsOf, verdictJson, verdictText } from "./plugin-verdict.ts";

export function pluginInspectJson(inspection: Inspection): Record<string, unknown> {
  const { file, realFile, verdict, manifest, warnings, library } = inspection;
  const { state, reason, problems } = verdictJson(verdict);
  return { file, realFile, state, reason, problems, warnings, manifest: manifest && manifestJson(manifest), library };
}

function manifestJson(manifest: Manifest): Record<string, unknown> {
  const functions = manifest.functions.map((fn) => {
    const { name, method, symbol, prototype, call, doc } = fn;
    return { name, method, signature: vslSignature(fn, manifest), symbol, prototype, call, doc };
  });
  return { kinds: kindsOf(manifest), ...manifest, functions };
}

export function pluginInspectText({ file, realFile, verdict, manifest, warnings, library }: Inspection): string {
  const sections = [
    table([["file", fileText(file, realFile)], ...(manifest ? manifestRows(manifest) : [])]),
    library ? table(libraryRows(library)) : [],
    manifest ? functionLines(manifest) : [],
    manifest ? objectLines(manifest) : [],
    [verdictText(verdict), ...warnings.map((warning) => `warning: ${describe(warning)}`)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

type Row = readonly [label: string, value: string];

function manifestRows(manifest: Manifest): Row[] {
  const { name, release, vsmtp, description, dependencies } = manifest;
  return [
    ["plugin", `${name} ${printable(release)}`.trimEnd()],
    ["kind", kindsOf(manifest).join(" and ")],
    ["does", printable(description)],
    ["built for", `vSMTP ${printable(vsmtp)}`],
    ...(manifest.scripted ? scriptedRows(manifest) : []),
    ...(manifest.storage ? storageRows(manifest.storage) : []),
    ["depends on", dependencies.map(printable).join(", ")],
  ];
}

function scriptedRows({ module, threadsafe }: Manifest): Row[] {
  return [
    ["module", module === undefined ? "none: only by import" : printable(module)],
    ["threads", threadsafe ? "calls on one object may run at the same time" : "one call on an object at a time"],
  ];
}

function storageRows({ base, preinit, binaries }: StorageRecord): Row[] {
  const life = [...(preinit ? ["preinit"] : []), "init", "deinit"].map((name) => `${base}_${name}`);
  return [
    ["begins, ends", life.join(", ")],
    ["programs", binaries?.map(printable).join(", ") ?? "any"],
  ];
}

function libraryRows(library: LibraryFacts): Row[] {
  return [
    ["machine", library.machine],
    ["size", `${library.bytes} bytes`],
    ["version symbol", library.versionSymbol === undefined ? "none" : printable(library.versionSymbol)],
    ["build-id", library.buildId ?? "none"],
    ["soname", printable(library.soname ?? "")],
    ["needs", library.needed.map(printable).join(", ")],
    ["searched first", printable(library.searched ?? "")],
    ["at least", library.versions.map(printable).join(", ")],
    ["exports", library.exports.map(printable).join(", ")],
    ["imports", library.imports.map(printable).join(", ")],
    ["constructors", constructorsText(library.constructors)],
    ["binding", bindingText(library.clashes)],
    ["sha256", library.sha256],
  ];
}

/** Compilers put one entry of their own there, which does nothing in a shared library. */
function constructorsText(count: number): string {
  return count <= 1 ? "none of its own" : `${count - 1} beside the compiler's: they run when the plugin is loaded`;
}

/** Only a clash is worth a line. */
function bindingText(clashes: readonly string[]): string {
  if (clashes.length === 0) return "";
  return `deep: it gets its own ${clashes.slice(0, 8).map(printable).join(", ")}${clashes.length > 8 ? " …" : ""}, of which the server has others`;
}

function functionLines(manifest: Manifest): string[] {
  return manifest.functions.flatMap((fn) => [`function  ${vslSignature(fn, manifest)}`, ...functionDetails(fn)]);
}

function functionDetails({ call, prototype, doc }: FunctionRecord): string[] {
  const where = call === "quick" ? "on the event loop" : "on a thread of its own";
  return [`          ${printable(prototype)}  (${where})`, ...docLines(doc)];
}

function objectLines(manifest: Manifest): string[] {
  return manifest.objects.flatMap(({ name, cType, destroy, doc }) => [
    `object    ${name}  (C: ${cType} *, ended by ${destroy})`,
    ...docLines(doc),
  ]);
}

function docLines(doc: string): string[] {
  return doc === "" ? [] : doc.split("\n").map((line) => `          ${printable(line)}`);
}

/** Labels in a column; rows without a value are left out. */
function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.filter(([, value]) => value !== "").map(([label, value]) => `${label.padEnd(width)}  ${value}`);
}
