/**
 * The objects of plugins as vSL holds them: a C pointer behind a checked handle, which scripts can only hand back.
 *
 * A handle knows its type, is destroyed once, when no script can reach it any more or its owner closes it, and never
 * while a call uses it; one that a lost call (deadline.ts) uses is never destroyed. What a service holds lives as long
 * as the process; nothing is destroyed at its end. Whose turn it is to call is handle-turns.ts's part; checking
 * arguments is the guards'.
 */

import { HostObject, type HostType } from "../vsl/index.ts";
import type { Site } from "./guard-site.ts";

/** An object type of a loaded plugin. */
export interface ObjectKind {
  readonly type: HostType;
  /** Ends the C object. Called once for each, on the event loop; throws nothing. */
  readonly destroy: (pointer: bigint) => void;
  /** Pointers that handles own, so that an object returned twice is not destroyed twice. */
  readonly owned: Set<bigint>;
}

/** What is shared between an object and who watches over it after vSL has let it go. */
export class Handle {
  readonly kind: ObjectKind;
  /** Never shown to vSL. */
  readonly pointer: bigint;
  /** The end of the last call that waits for its turn or runs (handle-turns.ts); undefined: nobody uses the object. */
  busy: Promise<void> | undefined = undefined;
  #uses = 0;
  #closed = false;
  #lost = false;

  constructor(kind: ObjectKind, pointer: bigint) {
    this.kind = kind;
    this.pointer = pointer;
    kind.owned.add(pointer);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** A call that was given up may use it for ever. */
  get lost(): boolean {
    return this.#lost;
  }

  /** No call begins any more, and the object never ends. */
  lose(): void {
    this.#lost = true;
  }

  /** Keeps the object alive until {@link release}, closed or not. */
  use(): void {
    this.#uses++;
  }

  release(): void {
    this.#uses--;
    if (this.#closed && this.#uses === 0) this.#destroy();
  }

  /** No call begins any more; the object ends now or with the last call that uses it. Again: nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#uses === 0) this.#destroy();
  }

  #destroy(): void {
    if (this.#lost) return;
    // before, not after: once C has freed it, the next object may get the same address
    this.kind.owned.delete(this.pointer);
    this.kind.destroy(this.pointer);
  }
}

/** The vSL value. */
export class PluginObject extends HostObject implements Disposable {
  readonly handle: Handle;

  private constructor(handle: Handle) {
    super();
    this.handle = handle;
  }

  /** Takes over a pointer that the function at `site` returned. Throws a VsmtpError when a handle owns it already. */
  static adopt(kind: ObjectKind, pointer: bigint, site: Site): PluginObject {
    if (kind.owned.has(pointer)) throw site.error("PLUGIN_RESULT_TWICE", { type: kind.type.name });
    const object = new PluginObject(new Handle(kind, pointer));
    abandoned.register(object, object.handle, object.handle);
    return object;
  }

  override get type(): HostType {
    return this.handle.kind.type;
  }

  override toText(): string {
    return this.type.name;
  }

  close(): void {
    abandoned.unregister(this.handle);
    this.handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const abandoned = new FinalizationRegistry<Handle>((handle) => handle.close());
