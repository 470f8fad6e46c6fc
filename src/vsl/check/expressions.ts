/** What the names in expressions mean. Calls are in calls.ts, variables in variables.ts. */

import type { Expression, Statement } from "../syntax/ast.ts";
import { resolveCall } from "./calls.ts";
import type { Resolver } from "./resolver.ts";
import { resolveBlock, resolveStatement } from "./statements.ts";
import { noteReceiver, resolveVariable } from "./variables.ts";

export function resolveExpression(resolver: Resolver, node: Expression): void {
  switch (node.kind) {
    case "literal":
      return;
    case "this":
      if (resolver.code.node.kind === "script") resolver.report("VSL_THIS", {}, node.at, node.end);
      resolver.code.usesThis = true;
      return;
    case "template":
      for (const part of node.parts) if (typeof part !== "string") resolveBlock(resolver, part);
      return;
    case "array":
      return resolveExpressions(resolver, node.items);
    case "map":
      return resolveExpressions(
        resolver,
        node.entries.map((entry) => entry.value),
      );
    case "variable":
      return resolveVariable(resolver, node);
    case "unary":
      return resolveExpression(resolver, node.operand);
    case "binary":
      return resolveExpressions(resolver, [node.left, node.right]);
    case "property":
      return resolveExpression(resolver, node.object);
    case "index":
      return resolveExpressions(resolver, [node.object, node.index]);
    case "call":
      resolveExpressions(resolver, node.args);
      return resolveCall(resolver, node);
    case "method":
      resolveExpressions(resolver, [node.object, ...node.args]);
      noteReceiver(resolver, node);
      return resolveCall(resolver, node);
    case "closure":
      return resolver.closure(node);
    case "directive":
      resolveExpressions(resolver, [node.service, node.body]);
      // Only the host runs it: no function pointer of a script leads there.
      if (node.body.kind === "closure") resolver.names.unpointed.add(node.body);
      return;
    case "block":
      return resolveBlock(resolver, node);
    case "if":
      resolveExpression(resolver, node.condition);
      resolveBlock(resolver, node.then);
      return resolveExpressions(resolver, [node.otherwise]);
    case "switch":
      return resolveSwitch(resolver, node.subject, node.cases);
    case "while":
      resolveExpressions(resolver, [node.condition]);
      return resolver.loop(() => resolveBlock(resolver, node.body));
    case "do":
      resolver.loop(() => resolveBlock(resolver, node.body));
      return resolveExpression(resolver, node.condition);
    case "for":
      resolveExpression(resolver, node.source);
      return resolver.loop(() => {
        resolver.declare(node.variable, node.variable.name, false);
        if (node.counter) resolver.declare(node.counter, node.counter.name, false);
        resolveBlock(resolver, node.body);
      });
  }
}

function resolveExpressions(resolver: Resolver, list: readonly (Expression | undefined)[]): void {
  for (const expression of list) if (expression) resolveExpression(resolver, expression);
}

function resolveSwitch(
  resolver: Resolver,
  subject: Expression,
  cases: readonly { guard: Expression | undefined; body: Statement }[],
): void {
  resolveExpression(resolver, subject);
  for (const { guard, body } of cases) {
    resolveExpressions(resolver, [guard]);
    resolver.inner(() => resolveStatement(resolver, body));
  }
}
