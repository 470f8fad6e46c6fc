/**
 * The syntax tree of vSL. Nodes are plain and never changed after parsing; what names mean is found out by the
 * resolver (check/) and kept beside the tree. `at` and `end` are offsets into the source.
 */

import type { Value } from "../value.ts";

interface Node {
  readonly at: number;
  readonly end: number;
}

// Expressions

export interface Literal extends Node {
  readonly kind: "literal";
  readonly value: Value;
}

/** Pieces of text and blocks whose values are shown between them. */
export interface Template extends Node {
  readonly kind: "template";
  readonly parts: readonly (string | Block)[];
}

export interface ArrayLiteral extends Node {
  readonly kind: "array";
  readonly items: readonly Expression[];
}

export interface MapEntry extends Node {
  readonly key: string;
  readonly value: Expression;
}

export interface MapLiteral extends Node {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
}

/** `name`, or `a::b::name` with the path a, b; the path `global` reaches the constants of the script. */
export interface Variable extends Node {
  readonly kind: "variable";
  readonly path: readonly string[];
  readonly name: string;
}

export interface This extends Node {
  readonly kind: "this";
}

export interface Unary extends Node {
  readonly kind: "unary";
  readonly operator: "-" | "+" | "!";
  readonly operand: Expression;
}

/** `&&`, `||` and `??` evaluate their right side only when they must. */
export interface Binary extends Node {
  readonly kind: "binary";
  readonly operator: string;
  /** Where the operator stands. */
  readonly operatorAt: number;
  readonly left: Expression;
  readonly right: Expression;
}

/** `object.name`; `?.` gives `()` for `()`. */
export interface Property extends Node {
  readonly kind: "property";
  readonly object: Expression;
  readonly name: string;
  readonly nameAt: number;
  readonly optional: boolean;
}

export interface Index extends Node {
  readonly kind: "index";
  readonly object: Expression;
  readonly index: Expression;
  readonly optional: boolean;
}

export interface Call extends Node {
  readonly kind: "call";
  readonly path: readonly string[];
  readonly name: string;
  readonly args: readonly Expression[];
}

export interface MethodCall extends Node {
  readonly kind: "method";
  readonly object: Expression;
  readonly name: string;
  readonly nameAt: number;
  readonly args: readonly Expression[];
  readonly optional: boolean;
}

export interface Parameter extends Node {
  readonly name: string;
}

export interface Closure extends Node {
  readonly kind: "closure";
  readonly parameters: readonly Parameter[];
  readonly body: Block;
}

export interface If extends Node {
  readonly kind: "if";
  readonly condition: Expression;
  readonly then: Block;
  readonly otherwise: Block | If | undefined;
}

/** A value, or a range of integers; the parser lets only literals through. */
export type CasePattern =
  | { readonly kind: "value"; readonly value: Value }
  | {
      readonly kind: "range";
      readonly from: number | bigint;
      readonly to: number | bigint;
      readonly inclusive: boolean;
    };

export interface SwitchCase extends Node {
  /** Empty for `_`. */
  readonly patterns: readonly CasePattern[];
  readonly guard: Expression | undefined;
  readonly body: Statement;
}

export interface Switch extends Node {
  readonly kind: "switch";
  readonly subject: Expression;
  readonly cases: readonly SwitchCase[];
}

export interface Block extends Node {
  readonly kind: "block";
  readonly statements: readonly Statement[];
}

export interface While extends Node {
  readonly kind: "while";
  /** Undefined for `loop`. */
  readonly condition: Expression | undefined;
  readonly body: Block;
}

/** `do { … } while c` or `… until c`. */
export interface DoLoop extends Node {
  readonly kind: "do";
  readonly body: Block;
  readonly condition: Expression;
  readonly until: boolean;
}

export interface For extends Node {
  readonly kind: "for";
  readonly variable: Parameter;
  readonly counter: Parameter | undefined;
  readonly source: Expression;
  readonly body: Block;
}

/** `rule "name" body`, `action "name" body`, `delegate service "name" body`. */
export interface Directive extends Node {
  readonly kind: "directive";
  readonly directive: "rule" | "action" | "delegate";
  readonly name: string;
  readonly service: Expression | undefined;
  readonly body: Expression;
}

export type Expression =
  | Literal
  | Template
  | ArrayLiteral
  | MapLiteral
  | Variable
  | This
  | Unary
  | Binary
  | Property
  | Index
  | Call
  | MethodCall
  | Closure
  | If
  | Switch
  | Block
  | While
  | DoLoop
  | For
  | Directive;

// Statements

export interface Let extends Node {
  readonly kind: "let";
  readonly name: string;
  readonly nameAt: number;
  readonly constant: boolean;
  readonly exported: boolean;
  readonly init: Expression | undefined;
  readonly doc: string;
}

export interface Assign extends Node {
  readonly kind: "assign";
  /** `=`, or the operator before it: `+`, `**` … */
  readonly operator: string;
  readonly target: Expression;
  readonly value: Expression;
}

export interface Import extends Node {
  readonly kind: "import";
  readonly specifier: string;
  readonly specifierAt: number;
  readonly specifierEnd: number;
  /** Undefined: for its effects only. */
  readonly alias: string | undefined;
}

export interface Export extends Node {
  readonly kind: "export";
  readonly name: string;
  readonly alias: string;
}

export interface FunctionDeclaration extends Node {
  readonly kind: "function";
  readonly name: string;
  readonly nameAt: number;
  readonly private: boolean;
  /** `fn type.name()`: only for a `this` of that type. */
  readonly thisType: string | undefined;
  readonly parameters: readonly Parameter[];
  readonly body: Block;
  readonly doc: string;
}

export interface Return extends Node {
  readonly kind: "return";
  readonly value: Expression | undefined;
}

export interface Throw extends Node {
  readonly kind: "throw";
  readonly value: Expression | undefined;
}

export interface Break extends Node {
  readonly kind: "break";
  readonly value: Expression | undefined;
}

export interface Continue extends Node {
  readonly kind: "continue";
}

export interface Try extends Node {
  readonly kind: "try";
  readonly body: Block;
  readonly variable: Parameter | undefined;
  readonly handler: Block;
}

export interface ExpressionStatement extends Node {
  readonly kind: "expression";
  readonly expression: Expression;
}

export type Statement =
  | Let
  | Assign
  | Import
  | Export
  | FunctionDeclaration
  | Return
  | Throw
  | Break
  | Continue
  | Try
  | ExpressionStatement;

/** A whole script. */
export interface Tree {
  readonly kind: "script";
  readonly statements: readonly Statement[];
  /** All imports, also those inside of functions and blocks. */
  readonly imports: readonly Import[];
  /** Names that pieces with syntax errors may have declared. */
  readonly unsure?: ReadonlySet<string>;
  readonly end: number;
}
