/**
 * Gives every name of a script its meaning, and reports those that have none. One walk over the tree, after which the
 * compiler never looks a name up again.
 *
 * Functions see their parameters, the imports of the script and, by `global::`, its constants; closures see everything
 * around them. What calls mean is in calls.ts.
 */

import { type ErrorCode, type Facts, VsmtpError } from "../../errors.ts";
import type {
  Assign,
  Block,
  Closure,
  Expression,
  FunctionDeclaration,
  Import,
  Let,
  MethodCall,
  Parameter,
  Statement,
  Tree,
  Variable,
} from "../syntax/ast.ts";
import { functionKey, type Unit } from "../unit.ts";
import { resolveCall } from "./calls.ts";
import { moduleAt, moduleVariable } from "./modules.ts";
import { type Binding, type Code, type Names, rootOf } from "./names.ts";
import { didYouMean } from "./nearest.ts";
import { Scope } from "./scope.ts";
import type { Surroundings } from "./surroundings.ts";

export class Resolver {
  readonly unit: Unit;
  readonly surroundings: Surroundings;
  readonly problems: VsmtpError[] = [];
  readonly names: Names;
  /** Imports at the top level, which functions see. */
  readonly #imports: Scope;
  scope: Scope;
  #loops = 0;
  #nextId = 0;

  constructor(unit: Unit, surroundings: Surroundings) {
    this.unit = unit;
    this.surroundings = surroundings;
    const top = this.#code(unit.tree);
    this.names = {
      top,
      codes: new Map([[unit.tree, top]]),
      variables: new Map(),
      declarations: new Map(),
      calls: new Map(),
      callees: new Map(),
      pointed: new Set(),
      unpointed: new Set(),
    };
    this.#imports = new Scope(top);
    this.scope = new Scope(top, this.#imports);
  }

  resolve(): void {
    const { statements } = this.unit.tree;
    this.#duplicates();
    for (const statement of statements) if (statement.kind === "import") this.#import(statement, this.#imports);
    const bodies = statements.filter((statement) => statement.kind === "function");
    for (const declaration of bodies) this.names.codes.set(declaration, this.#code(declaration));
    for (const statement of statements) this.#statement(statement);
    for (const declaration of bodies) this.#function(declaration);
  }

  report(code: ErrorCode, facts: Facts, at: number, end: number): void {
    this.problems.push(new VsmtpError(code, facts, { place: this.unit.source.place(at, end) }));
  }

  get code(): Code {
    return this.scope.code;
  }

  #code(node: Tree | FunctionDeclaration | Closure): Code {
    return {
      node,
      unit: this.unit,
      usesThis: false,
      changesThis: false,
      captures: new Set(),
      calls: new Set(),
      suspends: false,
    };
  }

  #duplicates(): void {
    for (const declarations of this.unit.functions.values()) {
      const types = new Set<string | undefined>();
      for (const { name, parameters, thisType, nameAt } of declarations) {
        if (types.has(thisType)) {
          this.report("VSL_DUPLICATE_FUNCTION", { name, count: parameters.length }, nameAt, nameAt + name.length);
        }
        types.add(thisType);
      }
    }
  }

  #function(declaration: FunctionDeclaration): void {
    const code = this.names.codes.get(declaration) as Code;
    this.#body(new Scope(code, this.#imports), declaration.parameters, declaration.body);
  }

  #closure(closure: Closure): void {
    const code = this.#code(closure);
    this.names.codes.set(closure, code);
    this.#body(new Scope(code, this.scope), closure.parameters, closure.body);
  }

  #body(scope: Scope, parameters: readonly Parameter[], body: Block): void {
    const { scope: outer } = this;
    const loops = this.#loops;
    this.#loops = 0;
    this.scope = scope;
    for (const parameter of parameters) this.#declare(parameter, parameter.name, false);
    for (const statement of body.statements) this.#statement(statement);
    this.scope = outer;
    this.#loops = loops;
  }

  #declare(node: object, name: string, constant: boolean): Binding {
    const top = this.scope.parent === this.#imports && this.code === this.names.top;
    const binding = { id: this.#nextId++, name, constant, owner: this.code, top, captured: false };
    this.names.declarations.set(node, binding);
    this.scope.declare(binding);
    return binding;
  }

  #inner(walk: () => void): void {
    const { scope: outer } = this;
    this.scope = new Scope(outer.code, outer);
    walk();
    this.scope = outer;
  }

  block(block: Block): void {
    this.#inner(() => {
      for (const statement of block.statements) this.#statement(statement);
    });
  }

  #loop(walk: () => void): void {
    this.#loops++;
    this.#inner(walk);
    this.#loops--;
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case "let":
        return this.#let(statement);
      case "assign":
        return this.#assign(statement);
      case "import":
        if (this.scope.parent !== this.#imports) this.#import(statement, this.scope);
        return;
      case "export":
        return this.#export(statement.name, statement.at, statement.end);
      case "function":
        return;
      case "break":
      case "continue":
        if (this.#loops === 0) this.report("VSL_OUTSIDE_LOOP", { word: statement.kind }, statement.at, statement.end);
        if (statement.kind === "break" && statement.value) this.expression(statement.value);
        return;
      case "return":
      case "throw":
        if (statement.value) this.expression(statement.value);
        return;
      case "try":
        this.block(statement.body);
        return this.#inner(() => {
          if (statement.variable) this.#declare(statement.variable, statement.variable.name, false);
          this.block(statement.handler);
        });
      case "expression":
        return this.expression(statement.expression);
    }
  }

  #let(statement: Let): void {
    if (statement.init) this.expression(statement.init);
    this.#declare(statement, statement.name, statement.constant);
  }

  #export(name: string, at: number, end: number): void {
    if (!this.unit.variables.has(name)) {
      this.report("VSL_UNKNOWN_VARIABLE", { name, hint: "Only variables of the top level can be exported" }, at, end);
    }
  }

  #import(statement: Import, scope: Scope): void {
    if (statement.alias !== undefined) scope.importAs(statement.alias, this.unit.imports.get(statement.specifier));
  }

  #assign(statement: Assign): void {
    this.expression(statement.value);
    this.expression(statement.target);
    this.#change(statement.target, statement.at, statement.target.end);
  }

  /** Something assigns to the root of `target` or changes it in place. */
  #change(target: Expression, at: number, end: number): void {
    const root = rootOf(target);
    if (root.kind === "this") this.code.changesThis = true;
    if (root.kind !== "variable") return;
    const meaning = this.names.variables.get(root);
    if (meaning === undefined) return;
    if (meaning.kind !== "binding" || meaning.binding.constant) {
      this.report("VSL_CONSTANT", { name: root.name }, at, end);
    }
  }

  /** A method was called that changes its receiver, or may do so; which, is known only when it runs. */
  receiver({ object, name, args, at, end }: MethodCall): void {
    if (this.surroundings.alwaysMutates(name, args.length)) return this.#change(object, at, end);
    const may = this.surroundings.mayMutate(name) || this.unit.functions.has(functionKey(name, args.length));
    if (may && rootOf(object).kind === "this") this.code.changesThis = true;
  }

  expressions(list: readonly (Expression | undefined)[]): void {
    for (const expression of list) if (expression) this.expression(expression);
  }

  expression(node: Expression): void {
    switch (node.kind) {
      case "literal":
        return;
      case "this":
        this.code.usesThis = true;
        return;
      case "template":
        for (const part of node.parts) if (typeof part !== "string") this.block(part);
        return;
      case "array":
        return this.expressions(node.items);
      case "map":
        return this.expressions(node.entries.map((entry) => entry.value));
      case "variable":
        return this.#variable(node);
      case "unary":
        return this.expression(node.operand);
      case "binary":
        return this.expressions([node.left, node.right]);
      case "property":
        return this.expression(node.object);
      case "index":
        return this.expressions([node.object, node.index]);
      case "call":
        this.expressions(node.args);
        return resolveCall(this, node);
      case "method":
        this.expressions([node.object, ...node.args]);
        this.receiver(node);
        return resolveCall(this, node);
      case "closure":
        return this.#closure(node);
      case "directive":
        this.expressions([node.service, node.body]);
        // Only the host runs it: no function pointer of a script leads there.
        if (node.body.kind === "closure") this.names.unpointed.add(node.body);
        return;
      case "block":
        return this.block(node);
      case "if":
        this.expression(node.condition);
        this.block(node.then);
        return this.expressions([node.otherwise]);
      case "switch":
        return this.#switch(node.subject, node.cases);
      case "while":
        this.expressions([node.condition]);
        return this.#loop(() => this.block(node.body));
      case "do":
        this.#loop(() => this.block(node.body));
        return this.expression(node.condition);
      case "for":
        this.expression(node.source);
        return this.#loop(() => {
          this.#declare(node.variable, node.variable.name, false);
          if (node.counter) this.#declare(node.counter, node.counter.name, false);
          this.block(node.body);
        });
    }
  }

  #switch(subject: Expression, cases: readonly { guard: Expression | undefined; body: Statement }[]): void {
    this.expression(subject);
    for (const { guard, body } of cases) {
      this.expressions([guard]);
      this.#inner(() => this.#statement(body));
    }
  }

  #variable(node: Variable): void {
    if (node.path.length > 0) return this.#qualified(node);
    const binding = this.scope.variable(node.name);
    if (!binding) {
      const hint = this.#variableHint(node.name);
      return this.report("VSL_UNKNOWN_VARIABLE", { name: node.name, hint }, node.at, node.end);
    }
    this.names.variables.set(node, { kind: "binding", binding });
    this.#capture(binding);
  }

  #variableHint(name: string): string {
    const constant = this.unit.variables.get(name);
    if (constant?.constant && this.code.node.kind === "function")
      return `Functions see constants as \`global::${name}\``;
    return didYouMean(name, this.scope.variableNames(), `Declare it before with \`let ${name} = …\``);
  }

  #capture(binding: Binding): void {
    for (let scope: Scope | undefined = this.scope; scope && scope.code !== binding.owner; scope = scope.parent) {
      scope.code.captures.add(binding);
      binding.captured = true;
    }
  }

  #qualified(node: Variable): void {
    if (node.path.length === 1 && node.path[0] === "global") return this.#global(node);
    const module = moduleAt(this, node.path, node.at, node.end);
    const meaning = module && moduleVariable(this, module, node);
    if (meaning) this.names.variables.set(node, meaning);
  }

  #global(node: Variable): void {
    const declaration = this.unit.variables.get(node.name);
    if (!declaration?.constant) {
      const constants = [...this.unit.variables.values()]
        .filter((variable) => variable.constant)
        .map(({ name }) => name);
      const hint = didYouMean(node.name, constants, `Declare it with \`const ${node.name} = …\` at the top level`);
      return this.report("VSL_UNKNOWN_VARIABLE", { name: `global::${node.name}`, hint }, node.at, node.end);
    }
    this.names.variables.set(node, { kind: "script-variable", unit: this.unit, name: node.name });
  }
}
