/**
 * An isolated plugin, in its own process: carries out what workers ask for over their connections.
 *
 * The functions run as they would in a worker: quick ones on the event loop, the others on call threads. Workers are
 * ours and are believed as to what their scripts may do, but a damaged message must not be the plugin's end: what does
 * not fit the function's signature ends the connection. Objects belong to a connection and end with it.
 */

import type { Socket } from "node:net";
import { VsmtpError } from "../../errors.ts";
import { type CallRequest, type Native, native } from "../../native/index.ts";
import { marker } from "../../observe/index.ts";
import { Site } from "../guard-site.ts";
import type { LoadedPlugin } from "../load.ts";
import type { FunctionRecord, Manifest } from "../manifest-types.ts";
import { SharedObjects } from "./objects.ts";
import { Peer } from "./peer.ts";
import { writeProblem } from "./problem.ts";
import { type Shape, shapeOf } from "./shape.ts";

export interface ServerOptions {
  readonly manifest: Manifest;
  /** Of the plugin's file, in hexadecimal digits. */
  readonly sha256: string;
  /** An error: nothing can be called, and workers are told why. */
  readonly loaded: LoadedPlugin | VsmtpError;
  /** A call did not come back in time, and its thread is lost. */
  readonly onLost: () => void;
  /** A connection was ended because of what came over it. */
  readonly onDamage: (reason: string) => void;
}

/** A function that can be called here. */
export interface ServedFunction {
  readonly address: bigint;
  readonly shape: Shape;
  readonly quick: boolean;
  /** In the marker. */
  readonly id: number;
}

/** What connections share. */
export interface Served {
  readonly sha256: string;
  /** As JSON; empty: none. */
  readonly problem: string;
  readonly functions: readonly ServedFunction[];
  /** By C type. */
  readonly objects: ReadonlyMap<string, SharedObjects>;
  readonly threadsafe: boolean;
  readonly native: Native;
  readonly onLost: () => void;
  readonly onDamage: (reason: string) => void;
}

export class IsolatedServer {
  readonly #served: Served;
  readonly #peers = new Set<Peer>();
  #whenAlone: (() => void)[] = [];

  constructor({ manifest, sha256, loaded, onLost, onDamage }: ServerOptions) {
    const failed = loaded instanceof VsmtpError;
    this.#served = {
      sha256,
      problem: failed ? writeProblem(loaded) : "",
      ...(failed ? NOTHING : servedBy(manifest, loaded)),
      threadsafe: manifest.threadsafe,
      native: native(),
      onLost,
      onDamage,
    };
  }

  accept(socket: Socket): void {
    const peer = new Peer(socket, this.#served, () => {
      this.#peers.delete(peer);
      if (this.#peers.size === 0) for (const tell of this.#whenAlone.splice(0)) tell();
    });
    this.#peers.add(peer);
  }

  /** Resolves once nobody is connected. */
  async alone(): Promise<void> {
    if (this.#peers.size > 0) await new Promise<void>((resolve) => this.#whenAlone.push(resolve));
  }

  /** Ends all connections, whatever is under way. */
  close(): void {
    for (const peer of this.#peers) peer.close();
  }
}

const NOTHING: Pick<Served, "functions" | "objects"> = { functions: [], objects: new Map() };

function servedBy(manifest: Manifest, { symbols }: LoadedPlugin): Pick<Served, "functions" | "objects"> {
  const addon = native();
  // loadPlugin has found every symbol of the manifest
  const addressOf = (symbol: string): bigint => symbols.get(symbol) as bigint;
  const functions = manifest.functions.map((fn) => ({
    address: addressOf(fn.symbol),
    shape: shapeOf(fn.signature),
    quick: fn.call === "quick",
    id: marker().functionId(manifest.name, nameOf(manifest, fn)),
  }));
  const objects = manifest.objects.map(({ cType, name, destroy }) => {
    const id = marker().functionId(manifest.name, name);
    return [cType, new SharedObjects((pointer) => end(addon, addressOf(destroy), pointer, id))] as const;
  });
  return { functions, objects: new Map(objects) };
}

function nameOf(manifest: Manifest, fn: FunctionRecord): string {
  return new Site(manifest, fn, (cType) => cType).name;
}

function end(addon: Native, fn: bigint, pointer: bigint, id: number): void {
  const ints = new BigInt64Array(6);
  ints[0] = pointer;
  // nobody is there who could be told of a failure
  addon.callNow({ ...DESTROY, fn, ints, marked: { function: id, situation: 0 } });
}

const DESTROY: Omit<CallRequest, "fn" | "ints" | "marked"> = {
  result: "void",
  addressSlots: 0,
  outSlot: -1,
  doubles: new Float64Array(8),
  block: new Uint8Array(0),
  relocations: new Uint32Array(0),
};
