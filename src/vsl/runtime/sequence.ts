/**
 * What `for` can go through without there being a container: numbers in steps, characters, bits. A sequence is made
 * anew by every loop that goes through it.
 */

import { HostObject, type HostType } from "../host.ts";
import type { Value } from "../value.ts";

const sequenceType: HostType = { name: "range", methods: new Map(), getters: new Map() };

export class Sequence extends HostObject {
  override readonly type = sequenceType;
  readonly #text: string;
  readonly #values: () => Iterator<Value>;

  constructor(text: string, values: () => Iterator<Value>) {
    super();
    this.#text = text;
    this.#values = values;
  }

  [Symbol.iterator](): Iterator<Value> {
    return this.#values();
  }

  override toText(): string {
    return this.#text;
  }
}
