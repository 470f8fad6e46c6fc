/** What the printer writes reads as the tree that it was given. */

import { expect, it } from "vitest";
import { print } from "../../src/vsl/print.ts";
import type { Tree } from "../../src/vsl/syntax/ast.ts";
import { parse } from "../../src/vsl/syntax/parser.ts";
import { Source } from "../../src/vsl/syntax/source.ts";
import { Mutator, seeds } from "./mutants.ts";

function treeOf(text: string): Tree | undefined {
  try {
    return parse(new Source("print.vsl", text));
  } catch {
    return undefined;
  }
}

/** The tree without its places; BigInts and boxed values as texts. */
function shape(node: unknown): unknown {
  if (typeof node === "bigint") return `${node}n`;
  if (Object.is(node, -0)) return "-0";
  if (node instanceof Map) return [...node].map(([key, value]) => [key, shape(value)]);
  if (Array.isArray(node)) return node.map(shape);
  if (typeof node !== "object" || node === null) return node;
  const places = new Set(["at", "end", "nameAt", "operatorAt", "specifierAt", "specifierEnd", "unsure", "imports"]);
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !places.has(key))
      .map(([key, value]) => [key, shape(value)]),
  );
}

function survives(text: string): boolean {
  const tree = treeOf(text);
  if (!tree) return false;
  const printed = print(tree);
  const again = treeOf(printed);
  if (!again) throw new Error(`${JSON.stringify(text)} was printed as\n${printed}`);
  expect(shape(again), printed).toEqual(shape(tree));
  expect(print(again)).toBe(printed);
  return true;
}

it("Every script of these tests that can be read survives being printed.", () => {
  const survivors = seeds.filter(survives);
  expect(survivors.length).toBeGreaterThan(100);
});

it("So do scripts made of pieces of them.", () => {
  const mutator = new Mutator(20261121);
  let survivors = 0;
  for (let i = 0; i < 6_000; i++) if (survives(mutator.any())) survivors++;
  expect(survivors).toBeGreaterThan(500);
});

it("Parentheses stay where the tree needs them, and only there.", () => {
  const once = (text: string) => print(parse(new Source("print.vsl", text))).trim();
  expect(once("((1 + 2)) * 3 - (4 * 5)")).toBe("(1 + 2) * 3 - 4 * 5;");
  expect(once("a - (b - c) - d")).toBe("a - (b - c) - d;");
  expect(once("2 ** 3 ** 4 ** (5 ** 6)")).toBe("2 ** 3 ** 4 ** 5 ** 6;");
  expect(once("(2 ** 3) ** 4")).toBe("(2 ** 3) ** 4;");
  expect(once("-(-x)")).toBe("-(-x);");
  expect(once("(-1).abs()")).toBe("(-1).abs();");
  expect(once("({ 1 } + 2)")).toBe("({\n  1;\n} + 2);");
});

it("Strings, keys and doc comments come out as they went in.", () => {
  const text = '/// What it\n/// does.\nfn f(a) {\n  #{ a: "\\n\\"\\u2028", "if": 1.0, "a b": \'\\\'\' };\n}\n';
  expect(print(parse(new Source("print.vsl", text)))).toBe(text);
});
