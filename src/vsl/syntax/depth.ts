/**
 * How deep a tree is. Passes over trees call themselves for each level, so one that is too deep would exhaust their
 * stack; brackets are counted while they are parsed, but chains such as `a + b + …` and `a.b.c…` grow without any.
 */

import type { Statement } from "./ast.ts";
import { childrenOf, type TreeNode } from "./walk.ts";

/** More than anybody writes, and less than what the stack holds. */
export const MAX_DEPTH = 500;

/** A node that lies too deep in the statement. */
export function tooDeep(statement: Statement): TreeNode | undefined {
  const open: { readonly node: TreeNode; readonly depth: number }[] = [{ node: statement, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next;
    if (depth > MAX_DEPTH) return node;
    for (const child of childrenOf(node)) open.push({ node: child, depth: depth + 1 });
  }
  return undefined;
}
