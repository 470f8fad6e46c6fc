/**
 * The objects of an isolated plugin, in its own process: C pointers behind numbers, which each connection gets for
 * itself and can only hand back.
 *
 * Several workers may hold the same pointer, when the plugin gives it out more than once; it ends when the last of
 * them has let it go and no call uses it. A worker sees to it that its own calls take turns (handle-turns.ts); here
 * they take turns with those of other workers.
 */

/** How objects of one C type end. */
export type Destroy = (pointer: bigint) => void;

class Shared {
  readonly pointer: bigint;
  /** Connections that hold it, and calls that use it. */
  holders = 0;
  /** The end of the last call that waits for its turn or runs. */
  busy: Promise<void> | undefined = undefined;

  constructor(pointer: bigint) {
    this.pointer = pointer;
  }
}

/** All objects of one C type. */
export class SharedObjects {
  readonly #destroy: Destroy;
  readonly #all = new Map<bigint, Shared>();

  constructor(destroy: Destroy) {
    this.#destroy = destroy;
  }

  hold(pointer: bigint): Shared {
    let object = this.#all.get(pointer);
    if (object === undefined) {
      object = new Shared(pointer);
      this.#all.set(pointer, object);
    }
    object.holders++;
    return object;
  }

  release(object: Shared): void {
    if (--object.holders > 0) return;
    // before, not after: once C has freed it, the next object may get the same address
    this.#all.delete(object.pointer);
    this.#destroy(object.pointer);
  }
}

/** An object that one connection holds. */
export interface HeldObject {
  readonly kind: SharedObjects;
  readonly object: Shared;
}

/** Those of one connection. */
export class HeldObjects {
  readonly #byNumber = new Map<number, HeldObject>();
  readonly #numbers = new Map<Shared, number>();
  #last = 0;

  /** The number of what a function has returned: always the same for the same object. */
  adopt(kind: SharedObjects, pointer: bigint): number {
    const object = kind.hold(pointer);
    const known = this.#numbers.get(object);
    if (known !== undefined) {
      kind.release(object);
      return known;
    }
    const number = ++this.#last;
    this.#numbers.set(object, number);
    this.#byNumber.set(number, { kind, object });
    return number;
  }

  /** Undefined: there is none of that type. */
  find(kind: SharedObjects, number: bigint): HeldObject | undefined {
    const held = this.#byNumber.get(Number(number));
    return held?.kind === kind ? held : undefined;
  }

  /** False: there is none. */
  release(number: number): boolean {
    const held = this.#byNumber.get(number);
    if (held === undefined) return false;
    this.#byNumber.delete(number);
    this.#numbers.delete(held.object);
    held.kind.release(held.object);
    return true;
  }

  releaseAll(): void {
    for (const number of [...this.#byNumber.keys()]) this.release(number);
  }
}

/**
 * Keeps objects alive while `work` runs, and until the promise that it gives settles, if it gives one. With `alone` it
 * begins once no other call uses them; at once when none does.
 */
export function using(all: readonly HeldObject[], alone: boolean, work: () => Promise<void> | undefined): void {
  for (const { object } of all) object.holders++;
  const release = (): void => {
    for (const { kind, object } of all) kind.release(object);
  };
  const before = alone ? all.flatMap(({ object }) => object.busy ?? []) : [];
  const running = before.length === 0 ? work() : Promise.all(before).then(work);
  if (running === undefined) return release();
  const ended = running.then(release);
  for (const { object } of all) object.busy = ended;
  void ended.then(() => {
    for (const { object } of all) if (object.busy === ended) object.busy = undefined;
  });
}
