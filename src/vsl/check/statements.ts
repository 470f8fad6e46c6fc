/** What the names in statements mean, and what they declare. */

import type { Assign, Block, Let, Statement } from "../syntax/ast.ts";
import { resolveExpression } from "./expressions.ts";
import type { Resolver } from "./resolver.ts";
import { noteChange } from "./variables.ts";

export function resolveStatement(resolver: Resolver, statement: Statement): void {
  switch (statement.kind) {
    case "let":
      return resolveLet(resolver, statement);
    case "assign":
      return resolveAssignment(resolver, statement);
    case "import":
      if (resolver.scope.parent !== resolver.imports) resolver.import(statement, resolver.scope);
      return;
    case "export":
      return checkExport(resolver, statement.name, statement.at, statement.end);
    case "function":
      return;
    case "break":
    case "continue":
      if (!resolver.inLoop) resolver.report("VSL_OUTSIDE_LOOP", { word: statement.kind }, statement.at, statement.end);
      if (statement.kind === "break" && statement.value) resolveExpression(resolver, statement.value);
      return;
    case "return":
    case "throw":
      if (statement.value) resolveExpression(resolver, statement.value);
      return;
    case "try":
      resolveBlock(resolver, statement.body);
      return resolver.inner(() => {
        if (statement.variable) resolver.declare(statement.variable, statement.variable.name, false);
        resolveBlock(resolver, statement.handler);
      });
    case "expression":
      return resolveExpression(resolver, statement.expression);
  }
}

export function resolveBlock(resolver: Resolver, block: Block): void {
  resolver.inner(() => {
    for (const statement of block.statements) resolveStatement(resolver, statement);
  });
}

function resolveLet(resolver: Resolver, statement: Let): void {
  if (statement.init) resolveExpression(resolver, statement.init);
  resolver.declare(statement, statement.name, statement.constant, statement.init);
}

function checkExport(resolver: Resolver, name: string, at: number, end: number): void {
  if (!resolver.unit.variables.has(name)) {
    resolver.report("VSL_UNKNOWN_VARIABLE", { name, hint: "Only variables of the top level can be exported" }, at, end);
  }
}

function resolveAssignment(resolver: Resolver, statement: Assign): void {
  resolveExpression(resolver, statement.value);
  resolveExpression(resolver, statement.target);
  noteChange(resolver, statement.target, statement.at, statement.target.end);
}
