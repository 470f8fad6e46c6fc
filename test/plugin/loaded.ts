/** Compiles a plugin of fixtures/, admits it and loads it, the whole real way. */

import { readFileSync } from "node:fs";
import { VsmtpError } from "../../src/errors.ts";
import { bindModule } from "../../src/plugin/bind.ts";
import { admitFile } from "../../src/plugin/index.ts";
import { loadPlugin } from "../../src/plugin/load.ts";
import { type NativeFunction, type NativeModule, Run, type Value } from "../../src/vsl/index.ts";
import { compile } from "../fixtures/compile.ts";

/** The file of the plugin that is made of fixtures/<name>.c; other flags make another plugin of it. */
export function fixture(name: string, flags: readonly string[] = []): string {
  const source = readFileSync(new URL(`./fixtures/${name}.c`, import.meta.url), "utf8");
  return compile(source, { name: `libvsmtp-plugin-${name}-1.0.0.so`, flags: ["-D_GNU_SOURCE", "-Wall", ...flags] });
}

/** The callable module of the plugin in `file`. Throws what admission or loading say against it. */
export function bind(file: string): NativeModule {
  const verdict = admitFile(file);
  if (verdict.kind === "refused") throw verdict.problems[0];
  if (verdict.kind !== "admitted") throw new Error(verdict.reason);
  const loaded = loadPlugin(verdict);
  if (loaded instanceof VsmtpError) throw loaded;
  return bindModule(verdict.manifest, loaded);
}

/** Calls as a script would: the overload with as many parameters. */
export function caller(module: NativeModule): (name: string, ...args: Value[]) => Value | Promise<Value> {
  const run = new Run();
  return (name, ...args) => functionOf(module, name, args.length).call(run, ...args);
}

/** What a call answered that does not wait. */
export function atOnce(result: Value | Promise<Value>): Value {
  if (result instanceof Promise) throw new Error("the call waits");
  return result;
}

export function functionOf(module: NativeModule, name: string, arity: number): NativeFunction {
  const [type, method] = name.split(".");
  const overloads =
    method === undefined ? module.functions.get(name) : module.types.get(type ?? "")?.methods.get(method);
  const found = overloads?.find(({ parameters }) => parameters.length === arity) ?? overloads?.[0];
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}
