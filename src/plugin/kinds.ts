/**
 * The object types of a loaded plugin, and how the host ends objects of each: by the destructor that the manifest
 * names, on the event loop or wherever the plugin's calls are carried out.
 */

import { native } from "../native/index.ts";
import type { HostType } from "../vsl/index.ts";
import type { Kinds } from "./guard-arguments.ts";
import type { ObjectKind } from "./handle.ts";
import type { LoadedPlugin } from "./load.ts";
import type { Manifest, ObjectRecord } from "./manifest-types.ts";
import { Mark } from "./mark.ts";
import { rawFunction } from "./prototype-koffi.ts";
import { runningPlugin } from "./running.ts";
import type { Signature } from "./signature.ts";

/** @param types as vSL knows them, by C type */
export function kindsOf(manifest: Manifest, loaded: LoadedPlugin, types: ReadonlyMap<string, HostType>): Kinds {
  const plugin = runningPlugin(manifest.name);
  return new Map(
    manifest.objects.map((object) => {
      // bindModule has made a type of every record, and loadPlugin has found every symbol
      const type = types.get(object.cType) as HostType;
      const kind: ObjectKind = { type, destroy: destructor(object, manifest, loaded), owned: new Set() };
      plugin.add(kind);
      return [object.cType, kind];
    }),
  );
}

const DESTROY: Signature = {
  parameters: [{ name: "self", passing: { kind: "int", bits: 64, signed: false } }],
  out: false,
  result: { kind: "void" },
};

function destructor({ destroy }: ObjectRecord, { name }: Manifest, loaded: LoadedPlugin): ObjectKind["destroy"] {
  const { caller, symbols } = loaded;
  const address = symbols.get(destroy) as bigint;
  const end = caller ? (pointer: bigint) => caller.destroy(address, pointer) : here(address, new Mark(name, destroy));
  const plugin = runningPlugin(name);
  return (pointer) => {
    // a plugin that is out of service leaves its objects as they are
    if (plugin.stopped === undefined) end(pointer);
  };
}

function here(address: bigint, mark: Mark): ObjectKind["destroy"] {
  const raw = rawFunction(address, DESTROY);
  const addon = native();
  return (pointer) => {
    mark.begin(0);
    raw(pointer);
    mark.end();
    // nobody is there who could be told of a failure
    if (addon.failed[0] !== 0) addon.takeFailure();
  };
}
