/** Whatever data a script holds survives the way to JSON and back. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { debug, Engine, Float, type Script, type Value, VslArray, VslMap } from "../../src/vsl/index.ts";

const directory = mkdtempSync(join(tmpdir(), "vsmtp-vsl-"));
afterAll(() => rmSync(directory, { recursive: true }));

let state = 20261120;
/** xorshift: the same values on every machine. */
function below(limit: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

const integers = [0, 1, -1, 42, 2 ** 31, -(2 ** 53) + 1, 9007199254740993n, -(2n ** 63n), 2n ** 63n - 1n];
const floats = [0.5, -1.25, 1e21, 1e-7, 123456789.125, 5e-324, 1.7976931348623157e308];
const texts = [
  "",
  "plain",
  'quote " and \\',
  "line\r\nend\t",
  "\u0000\u001f\u2028",
  "é 😀",
  "__proto__",
  "constructor",
];

function pick<T>(list: readonly T[]): T {
  return list[below(list.length)] as T;
}

function random(depth: number): Value {
  switch (below(depth > 0 ? 7 : 5)) {
    case 0:
      return undefined;
    case 1:
      return below(2) === 0;
    case 2:
      return pick(integers);
    case 3:
      return new Float(pick(floats));
    case 4:
      return pick(texts);
    case 5:
      return new VslArray(Array.from({ length: below(5) }, () => random(depth - 1)));
    default:
      return map(depth);
  }
}

function map(depth: number): VslMap {
  const made = new VslMap();
  for (let i = below(5); i > 0; i--) made.set(pick(texts), random(depth - 1));
  return made;
}

async function scriptOf(text: string): Promise<Script> {
  writeFileSync(join(directory, "json.vsl"), text);
  const [script] = await new Engine({ directory }).load(["json.vsl"]);
  if (!script) throw new Error("nothing was loaded");
  return script;
}

it("A map comes back from JSON as it was, types and all.", async () => {
  const script = await scriptOf("fn there(value) { value.to_json() } fn back(text) { parse_json(text) }");
  for (let i = 0; i < 3_000; i++) {
    const value = map(4);
    const text = (await script.call("there", [value])) as string;
    expect(() => JSON.parse(text), text).not.toThrow();
    expect(debug(await script.call("back", [text])), text).toBe(debug(value));
  }
});
