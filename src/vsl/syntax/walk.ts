/** What a node of the tree consists of, in the order of the text; for passes that look at every node. */

import type { Block, Closure, Expression, Statement, SwitchCase } from "./ast.ts";

export type TreeNode = Expression | Statement;

/** The node and everything below it; not what is below nodes that `enter` refuses. */
export function* walk(node: TreeNode, enter: (node: TreeNode) => boolean = () => true): Generator<TreeNode> {
  yield node;
  if (!enter(node)) return;
  for (const child of childrenOf(node)) yield* walk(child, enter);
}

/** The expressions and statements directly below. */
export function childrenOf(node: TreeNode): readonly TreeNode[] {
  switch (node.kind) {
    case "literal":
    case "variable":
    case "this":
    case "continue":
    case "import":
    case "export":
      return [];
    case "template":
      return node.parts.filter((part): part is Block => typeof part !== "string");
    case "array":
      return node.items;
    case "map":
      return node.entries.map(({ value }) => value);
    case "unary":
      return [node.operand];
    case "binary":
      return [node.left, node.right];
    case "property":
      return [node.object];
    case "index":
      return [node.object, node.index];
    case "call":
      return node.args;
    case "method":
      return [node.object, ...node.args];
    case "closure":
    case "function":
      return node.body.statements;
    case "block":
      return node.statements;
    case "if":
      return present(node.condition, node.then, node.otherwise);
    case "switch":
      return [node.subject, ...node.cases.flatMap(caseChildren)];
    case "while":
      return present(node.condition, node.body);
    case "do":
      return [node.body, node.condition];
    case "for":
      return [node.source, node.body];
    case "directive":
      return present(node.service, node.body);
    case "let":
      return present(node.init);
    case "assign":
      return [node.target, node.value];
    case "return":
    case "throw":
    case "break":
      return present(node.value);
    case "try":
      return [node.body, node.handler];
    case "expression":
      return [node.expression];
  }
}

/** For walks that stay in one body of code. */
export function isClosure(node: TreeNode): node is Closure {
  return node.kind === "closure";
}

function caseChildren({ guard, body }: SwitchCase): TreeNode[] {
  return present(guard, body);
}

function present(...nodes: readonly (TreeNode | undefined)[]): TreeNode[] {
  return nodes.filter((node) => node !== undefined);
}
