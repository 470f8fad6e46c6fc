/** Values of every type that vSL has, ordinary ones and those that C code is rarely ready for. */

import { Blob, Char, Float, Range, Timestamp, VslArray, VslMap } from "../../../dist/vsl/index.js";

/** xorshift: the same seed gives the same values again. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed || 1;
  }

  below(limit) {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  of(list) {
    return list[this.below(list.length)];
  }

  once(times) {
    return this.below(times) === 0;
  }
}

const INTEGERS = [
  ...[0, -0, 1, -1, 7, 127, 128, 255, 256, -128, -129, 32_767, 32_768, 65_535, 65_536],
  ...[2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, -(2 ** 53) + 1],
  ...[2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), 0x7fff_8000_0000n, 0xdead_beefn],
];
const FLOATS = [0, -0, 1.5, -1e308, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 63];
const STRINGS = [
  ...["", "%s%s%n%n", "\0", "a\0b", "\n.\r\n", "é€😀", "\ud800", "\udfff\ud800", "\u202e", "../../../etc/passwd", "-1"],
  ...["X-Field", "a: b\r\nc: d", "john@example.com", "<>", "5s", "99999999999h", "'; DROP TABLE mails; --"],
];
const HUGE = ["x".repeat(1_000_000), "é\0".repeat(500_000), "%n".repeat(300_000), "a".repeat(16 * 1024 * 1024)];

/** What a parameter of that vSL type takes, mostly; objects are made by the plugin. */
export function fitting(random, type, objects) {
  switch (type) {
    case "i64":
      return random.of(INTEGERS);
    case "f64":
      return new Float(random.of(FLOATS));
    case "bool":
      return random.once(2);
    case "string":
      return text(random);
    case "any":
      return random.once(4) ? command(random) : anything(random, objects, 0);
    default:
      return random.of(objects.get(type) ?? [undefined]);
  }
}

export function anything(random, objects, depth = 0) {
  switch (random.below(depth > 6 ? 8 : 14)) {
    case 0:
      return undefined;
    case 1:
      return random.once(2);
    case 2:
    case 3:
      return random.of(INTEGERS);
    case 4:
      return new Float(random.of(FLOATS));
    case 5:
    case 6:
      return text(random);
    case 7:
      return new Char(random.of([0, 65, 0x20ac, 0x1f600, 0x10ffff]));
    case 8:
      return new Blob(Uint8Array.from({ length: random.below(300) }, () => random.below(256)));
    case 9:
      return new Range(random.of(INTEGERS), random.of(INTEGERS), random.once(2));
    case 10:
      return random.once(2) ? new Timestamp(random.below(1000)) : random.of([...objects.values()].flat());
    case 11:
      return nested(random.below(300));
    case 12:
      return new VslArray(Array.from({ length: random.below(6) }, () => anything(random, objects, depth + 1)));
    default:
      return map(random, objects, depth);
  }
}

function text(random) {
  if (random.once(300)) return random.of(HUGE);
  return random.once(2) ? random.of(STRINGS) : random.of(STRINGS) + random.of(STRINGS);
}

/** What the plugin `command` takes, nearly; the program does nothing, whatever it is given. */
function command(random) {
  const made = new VslMap();
  made.set("command", "/bin/true");
  if (random.once(2)) made.set("timeout", random.of(["1s", "0ms", "-1s", text(random)]));
  if (random.once(2)) made.set("args", new VslArray(Array.from({ length: random.below(4) }, () => text(random))));
  return made;
}

/** Keys that a plugin may know, with values that it may not. */
function map(random, objects, depth) {
  const made = new VslMap();
  for (let i = random.below(6); i > 0; i--) {
    const key = random.of(["command", "args", "timeout", "user", "group", "", "a\0b", "%s", "x".repeat(1000)]);
    made.set(key, anything(random, objects, depth + 1));
  }
  return made;
}

function nested(depth) {
  let value = new VslArray();
  for (let i = 0; i < depth; i++) value = new VslArray([value]);
  return value;
}
