/**
 * What is wrong with single directives: rules that can end without a status, functions that are called before what
 * they tell is known, and directives behind one that always answers.
 */

import { type Place, VsmtpError } from "../errors.ts";
import type { Ending, ScriptAnalysis, syntax } from "../vsl/index.ts";
import { head, type StageDirectives } from "./check-stages.ts";
import { isAvailable, isStage, type RuleStage } from "./stage.ts";

export function directiveProblems(script: ScriptAnalysis, found: readonly StageDirectives[]): VsmtpError[] {
  return found.flatMap(({ stage, directives }) => [
    ...directives.flatMap((directive) => [...withoutStatus(script, directive), ...tooEarly(script, directive, stage)]),
    ...unreachable(script, directives, stage),
  ]);
}

/** An action answers nothing; rules and delegations must answer with a status, whichever way they end. */
function withoutStatus(script: ScriptAnalysis, { directive, name, body }: syntax.Directive): VsmtpError[] {
  if (directive === "action") return [];
  const wrong = endingsOf(script, body).filter(({ types }) => types && [...types].some((type) => type !== "status"));
  return wrong.map(({ kind, types, place }) => {
    const found = kind === "value" ? `a value of type ${[...(types ?? [])].join(" or ")}` : "no value";
    return new VsmtpError("RULES_NO_STATUS", { name, found, hint: HINTS[kind] }, { place });
  });
}

const HINTS: Readonly<Record<Ending["kind"], string>> = {
  value: "End with a status here, such as `state::next()`; an `action` needs none",
  "no-else": "Add `else { state::next() }`",
  "no-default": "Add the case `_ => state::next()`",
  empty: "Write a status into the block, such as `state::next()`",
  statement: "Add a status after it, such as `state::next()`",
  loop: "Add a status after the loop, such as `state::next()`",
};

/** Functions whose `stage` is later than the one in which the directive stands. */
function tooEarly(script: ScriptAnalysis, { name: directive, body }: syntax.Directive, stage: RuleStage): VsmtpError[] {
  const code = script.body(evaluateOf(script, body));
  if (!code) return [];
  const problems = new Map<string, VsmtpError>();
  for (const { name, functions, place } of script.natives(code)) {
    const stages = functions.map((fn) => fn.stage).filter((from) => from !== undefined);
    const [from] = stages;
    if (from === undefined || stages.length < functions.length || !stages.every((at) => isLater(at, stage))) continue;
    const problem = misplaced(name, from, directive, stage, place);
    problems.set(`${name} ${place.file}:${place.line}:${place.column}`, problem);
  }
  return [...problems.values()];
}

function misplaced(name: string, from: string, directive: string, stage: RuleStage, place: Place): VsmtpError {
  const facts = { name, from, directive, stage };
  if (from === "storage") return new VsmtpError("RULES_STORAGE_ONLY", facts, { place });
  return new VsmtpError(stage === "storage" ? "RULES_NO_CLIENT" : "RULES_TOO_EARLY", facts, { place });
}

function isLater(from: string, stage: RuleStage): boolean {
  return isStage(from) && !isAvailable(from, stage);
}

/** The rest of a stage, once a directive always answers something other than `next`. */
function unreachable(script: ScriptAnalysis, directives: readonly syntax.Directive[], stage: RuleStage): VsmtpError[] {
  for (const [i, directive] of directives.entries()) {
    const status = answer(script, directive);
    const next = directives[i + 1];
    if (status === undefined || !next) continue;
    const facts = { name: next.name, earlier: directive.name, stage, status };
    return [new VsmtpError("RULES_UNREACHABLE", facts, { place: script.place(head(next)) })];
  }
  return [];
}

/** The statuses that a rule always answers with, none of which goes on. */
function answer(script: ScriptAnalysis, { directive, body }: syntax.Directive): string | undefined {
  if (directive !== "rule") return undefined;
  const calls = endingsOf(script, body).map(({ call }) => call);
  const statuses = calls.map((call) => /^(?:state::)?(accept|faccept|deny|reject|quarantine)$/.exec(call ?? "")?.[1]);
  if (statuses.length === 0 || statuses.includes(undefined)) return undefined;
  return [...new Set(statuses)].join(" or ");
}

function endingsOf(script: ScriptAnalysis, body: syntax.Expression): Ending[] {
  const code = script.body(evaluateOf(script, body));
  return code ? script.endings(code) : [];
}

/** The function of a directive: its body, or what the body's map has as `evaluate`. */
function evaluateOf(script: ScriptAnalysis, body: syntax.Expression): syntax.Expression {
  const found = script.resolved(body);
  if (found.kind !== "map") return found;
  return found.entries.find(({ key }) => key === "evaluate")?.value ?? found;
}
