/**
 * Makes a vSL module of a plugin: its functions under their vSL names, its object types with their methods.
 *
 * Everything that `vsmtp check` needs comes from the manifest alone; calls need the loaded plugin as well. How a call
 * is made is decided here once for each function: on the event loop (guard.ts), on a thread or in another process
 * (call.ts), or on the event loop when no thread uses the object.
 */

import { native } from "../native/index.ts";
import { traces } from "../observe/index.ts";
import { type HostType, type NativeFunction, NativeModule } from "../vsl/index.ts";
import { traced } from "./bind-trace.ts";
import { blockingGuard } from "./call.ts";
import type { Caller } from "./caller.ts";
import { quickGuard } from "./guard.ts";
import { Site, typeOf } from "./guard-site.ts";
import { whenFree } from "./handle-turns.ts";
import { kindsOf } from "./kinds.ts";
import type { LoadedPlugin } from "./load.ts";
import type { FunctionRecord, Manifest, ObjectRecord } from "./manifest-types.ts";
import { argumentsOf, type Signature, transactionUse } from "./signature.ts";
import { Watch } from "./watch.ts";

type Call = NativeFunction["call"];
/** Makes the callable of a function. */
type MakeCall = (fn: FunctionRecord, site: Site) => Call;
/** Object types of a plugin as vSL knows them, by C type. */
type Types = ReadonlyMap<string, HostType>;

/** @param loaded undefined: signatures only, and calling one is an error that says so */
export function bindModule(manifest: Manifest, loaded: LoadedPlugin | undefined): NativeModule {
  const module = new NativeModule(manifest.module ?? manifest.name, manifest.description);
  const types: Types = new Map(manifest.objects.map((object) => [object.cType, makeType(object)]));
  for (const type of types.values()) module.types.set(type.name, type);

  const nameOf = (cType: string): string => types.get(cType)?.name ?? cType;
  const callOf = loaded === undefined ? describedCaller : loadedCaller(manifest, loaded, types);
  for (const fn of manifest.functions) {
    const site = new Site(manifest, fn, nameOf);
    const bound: NativeFunction = {
      name: fn.name,
      parameters: argumentsOf(fn.signature).map(({ name, passing }) => ({ name, type: typeOf(passing, nameOf) })),
      returns: resultType(fn.signature, nameOf),
      suspends: waits(fn, manifest, loaded?.caller),
      doc: documentation(fn),
      call: callOf(fn, site),
    };
    if (fn.method === undefined) module.add(bound);
    else addMethod(module.types.get(fn.method), bound);
  }
  return module;
}

function makeType({ name, doc }: ObjectRecord): HostType {
  return { name, doc, methods: new Map(), getters: new Map() };
}

/** What the author wrote, and what the transaction has to do with it: scripts cannot see that otherwise. */
function documentation({ doc, signature }: FunctionRecord): string {
  const use = transactionUse(signature);
  if (use === undefined) return doc;
  const sentence =
    use === "changes" ? "Reads the transaction, and may change header fields." : "Reads the transaction.";
  return `${doc === "" ? "" : `${doc}\n`}${sentence} For directives only.`;
}

function addMethod(type: HostType | undefined, method: NativeFunction): void {
  const overloads = type?.methods.get(method.name);
  if (overloads === undefined) type?.methods.set(method.name, [method]);
  else overloads.push(method);
}

function resultType({ result, out }: Signature, nameOf: (cType: string) => string): string {
  if (out) return "any";
  if (result.kind === "void") return "()";
  return typeOf(result.kind === "given-string" ? { kind: "string" } : result, nameOf);
}

function describedCaller(_fn: FunctionRecord, site: Site): Call {
  return () => {
    throw site.error("PLUGIN_NOT_CALLABLE");
  };
}

function loadedCaller(manifest: Manifest, loaded: LoadedPlugin, types: Types): MakeCall {
  const { symbols, caller } = loaded;
  const addon = native();
  const kinds = kindsOf(manifest, loaded, types);
  const { threadsafe } = manifest;
  const guarded: MakeCall = (fn, site) => {
    // loadPlugin has found every symbol of the manifest
    const address = symbols.get(fn.symbol) as bigint;
    const watch = new Watch(site);
    if (caller || fn.call === "blocking") {
      return blockingGuard(address, fn.signature, watch, { kinds, threadsafe, caller: caller ?? addon });
    }
    const guard = quickGuard(address, fn.signature, watch, { kinds, native: addon });
    return waits(fn, manifest, caller) ? whenFree(guard, site) : guard;
  };
  return traces.call.hasSubscribers ? (fn, site) => traced(guarded(fn, site), site) : guarded;
}

/**
 * Whether a call may answer with a promise: a blocking function, every function of another process, and a quick one
 * that takes an object which a blocking call may be using at that moment.
 */
function waits(fn: FunctionRecord, { threadsafe, functions }: Manifest, caller: Caller | undefined): boolean {
  if (fn.call === "blocking" || caller) return true;
  if (threadsafe) return false;
  const used = new Set(functions.filter(({ call }) => call === "blocking").flatMap(objectTypes));
  return objectTypes(fn).some((cType) => used.has(cType));
}

function objectTypes({ signature }: FunctionRecord): string[] {
  return signature.parameters.flatMap(({ passing }) => (passing.kind === "object" ? passing.cType : []));
}
