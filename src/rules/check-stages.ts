/**
 * The stages of a rule script and their directives, as far as its text shows them: the script ends with a map literal
 * whose values are arrays of directives. What it computes instead is judged when it is loaded.
 */

import { type ErrorCode, type Facts, VsmtpError } from "../errors.ts";
import { didYouMean, type ScriptAnalysis, type syntax } from "../vsl/index.ts";
import { isAvailable, isStage, type RuleStage, ruleStages } from "./stage.ts";

export interface StageDirectives {
  readonly stage: RuleStage;
  /** In the order in which they run. */
  readonly directives: readonly syntax.Directive[];
}

export interface StagesFound {
  readonly stages: readonly StageDirectives[];
  readonly problems: readonly VsmtpError[];
}

export function stagesOf(script: ScriptAnalysis): StagesFound {
  const problems: VsmtpError[] = [];
  const report = (code: ErrorCode, facts: Facts, node: { readonly at: number; readonly end: number }) => {
    problems.push(new VsmtpError(code, { file: script.file, ...facts }, { place: script.place(node) }));
  };
  const map = mapOf(script, report);
  const found = (map?.entries ?? []).flatMap((entry) => {
    const directives = directivesOf(script, entry, report);
    return isStage(entry.key) ? [{ stage: entry.key, directives }] : [];
  });
  const names = new Set<string>();
  for (const directive of found.flatMap(({ directives }) => directives)) {
    const { name } = directive;
    if (names.has(name)) report("RULES_DUPLICATE", { name }, head(directive));
    names.add(name);
  }
  return { stages: found, problems };
}

/** The word and the name of a directive, without its body. */
export function head({ at, body }: syntax.Directive): { readonly at: number; readonly end: number } {
  return { at, end: body.at - 1 };
}

type Report = (code: ErrorCode, facts: Facts, node: { readonly at: number; readonly end: number }) => void;

/** The map that the script ends with, if that is to be seen. */
function mapOf(script: ScriptAnalysis, report: Report): syntax.MapLiteral | undefined {
  const { last } = script;
  const value = last?.kind === "expression" ? script.resolved(last.expression) : undefined;
  if (value?.kind === "map") return value;
  const types = value ? script.types(value) : new Set(["()"]);
  if (script.isPartial || types === undefined || types.has("map")) return undefined;
  report("RULES_NOT_A_MAP", { type: [...types].join(" or ") }, last ?? { at: 0, end: 1 });
  return undefined;
}

function directivesOf(script: ScriptAnalysis, entry: syntax.MapEntry, report: Report): syntax.Directive[] {
  const stage = entry.key;
  if (!isStage(stage)) {
    report(
      "RULES_UNKNOWN_STAGE",
      { stage, hint: didYouMean(stage, ruleStages, `Stages are ${ruleStages.join(", ")}`) },
      entry,
    );
  }
  const list = script.resolved(entry.value);
  if (list.kind !== "array") {
    const types = script.types(list);
    if (types && !types.has("array")) report("RULES_NOT_AN_ARRAY", { stage }, entry.value);
    return [];
  }
  return list.items.flatMap((item, i) => {
    const directive = script.resolved(item);
    if (directive.kind === "directive") {
      if (directive.directive === "delegate" && isStage(stage) && !isAvailable("postq", stage))
        report("RULES_DELEGATE_EARLY", { name: directive.name, stage }, head(directive));
      return [directive];
    }
    const types = script.types(directive);
    if (types && !types.has("map")) report("RULES_NOT_A_DIRECTIVE", { number: i + 1, stage }, item);
    return [];
  });
}
