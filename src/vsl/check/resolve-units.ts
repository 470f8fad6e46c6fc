/** Resolves scripts in an order in which each stands behind those that it imports. */

import type { VsmtpError } from "../../errors.ts";
import type { Unit } from "../unit.ts";
import type { Names } from "./names.ts";
import { Resolver } from "./resolver.ts";
import type { Surroundings } from "./surroundings.ts";

export interface ResolvedUnits {
  readonly names: ReadonlyMap<Unit, Names>;
  readonly problems: readonly VsmtpError[];
}

export function resolveUnits(units: readonly Unit[], surroundings: Surroundings): ResolvedUnits {
  const names = new Map<Unit, Names>();
  const problems: VsmtpError[] = [];
  for (const unit of units) {
    const resolver = new Resolver(unit, surroundings);
    surroundings.resolved(unit, resolver.names);
    resolver.resolve();
    names.set(unit, resolver.names);
    problems.push(...resolver.problems);
  }
  return { names, problems };
}
