/**
 * What scripts can call, written down for editors and people: one `.d.vsl` file a module, with the types and the
 * documentation of its functions. It is not run; its tokens are those of the language.
 *
 *     /// The address of the client.
 *     fn client_ip(): string;
 */

import type { HostType, NativeFunction, NativeModule } from "./host.ts";
import { standardLibrary } from "./library/index.ts";
import { typeName } from "./runtime/text.ts";

/** File names and texts: those of the modules, of the functions without a path, and of the standard library. */
export function definitions(modules: ReadonlyMap<string, NativeModule>, globals?: NativeModule): Map<string, string> {
  const files = new Map<string, string>();
  for (const module of [...standardLibrary(), ...(globals ? [globals] : [])]) write(files, module.name, module);
  for (const [name, module] of modules) write(files, name, module);
  return files;
}

function write(files: Map<string, string>, path: string, module: NativeModule): void {
  files.set(`${path}.d.vsl`, moduleText(module));
  for (const [name, inner] of module.modules) write(files, `${path}/${name}`, inner);
}

function moduleText(module: NativeModule): string {
  const head = module.doc === "" ? [] : [comment("//!", module.doc)];
  const variables = [...module.variables].map(([name, value]) => `const ${name}: ${typeName(value)};\n`);
  const functions = [...module.functions.values()].flat().map((fn) => functionText(fn, ""));
  const types = [...module.types.values()].flatMap(typeTexts);
  return [...head, ...variables, ...functions, ...types].join("\n");
}

/** Methods name their receiver's type before the dot; a getter is a method without parentheses. */
function typeTexts(type: HostType): string[] {
  const methods = [...type.methods.values()].flat();
  const getters = [...type.getters.keys()].map((name) => `let ${type.name}.${name};\n`);
  return [...getters, ...methods.map((fn) => functionText(fn, `${type.name}.`))];
}

function functionText(fn: NativeFunction, receiver: string): string {
  const parameters = receiver === "" ? fn.parameters : fn.parameters.slice(1);
  const list = parameters.map(({ name, type }) => `${name}: ${type}`).join(", ");
  const notes = [
    fn.doc,
    fn.mutates === undefined ? "" : "Changes what it is called on.",
    fn.suspends ? "Waits without holding up anybody else." : "",
    fn.stage === undefined ? "" : `From the stage ${fn.stage} on.`,
  ];
  const doc = notes.filter((note) => note !== "").join("\n");
  return `${doc === "" ? "" : comment("///", doc)}fn ${receiver}${fn.name}(${list}): ${fn.returns};\n`;
}

function comment(mark: string, text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => `${mark} ${line}`.trimEnd().concat("\n"))
    .join("");
}
