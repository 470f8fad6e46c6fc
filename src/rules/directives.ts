/** From the value of a rule script to its directives, stage by stage. */

import { VsmtpError } from "../errors.ts";
import { didYouMean, FnPtr, type Script, typeName, type Value, VslArray, VslMap } from "../vsl/index.ts";
import { isAvailable, isStage, type RuleStage, ruleStages } from "./stage.ts";

export interface Directive {
  readonly kind: "rule" | "action" | "delegate";
  readonly name: string;
  readonly evaluate: FnPtr;
}

export type Directives = ReadonlyMap<RuleStage, readonly Directive[]>;

/** Throws the first thing that is wrong with the map. */
export function directivesOf(script: Script): Directives {
  const { value, file } = script;
  if (!(value instanceof VslMap)) throw new VsmtpError("RULES_NOT_A_MAP", { file, type: typeName(value) });
  const found = new Map<RuleStage, Directive[]>();
  const names = new Set<string>();
  for (const stage of value.keys()) {
    if (!isStage(stage)) {
      const hint = didYouMean(stage, ruleStages, `Stages are ${ruleStages.join(", ")}`);
      throw new VsmtpError("RULES_UNKNOWN_STAGE", { stage, file, hint });
    }
    const list = value.get(stage);
    if (!(list instanceof VslArray)) throw new VsmtpError("RULES_NOT_AN_ARRAY", { stage, file });
    const directives = list.items.map((item, i) => directiveOf(item, stage, i + 1, file));
    for (const { name } of directives) {
      if (names.has(name)) throw new VsmtpError("RULES_DUPLICATE", { name, file });
      names.add(name);
    }
    found.set(stage, directives);
  }
  return found;
}

function directiveOf(item: Value, stage: RuleStage, number: number, file: string): Directive {
  const map = item instanceof VslMap ? item : new VslMap();
  const [kind, name, evaluate] = [map.get("type"), map.get("name"), map.get("evaluate")];
  if (!isKind(kind) || typeof name !== "string" || !(evaluate instanceof FnPtr)) {
    throw new VsmtpError("RULES_NOT_A_DIRECTIVE", { number, stage, file });
  }
  if (kind === "delegate" && !isAvailable("postq", stage)) {
    throw new VsmtpError("RULES_DELEGATE_EARLY", { name, stage, file });
  }
  return { kind, name, evaluate };
}

function isKind(kind: Value): kind is Directive["kind"] {
  return kind === "rule" || kind === "action" || kind === "delegate";
}
