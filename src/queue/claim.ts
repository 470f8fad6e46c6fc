/**
 * Which entries of the spool a process has to carry. Several processes work on one spool, and each entry is carried
 * by one of them: the one that wrote it, or, when that is gone, the one that is told to go on with what it left.
 */

import { writerOf } from "./names.ts";

export interface Claim {
  /** Those that this process wrote; undefined: whoever wrote them. */
  readonly pid: number | undefined;
  /** Those of names from the first to before the last of these times, in microseconds since 1970. */
  readonly from: number;
  readonly until: number | undefined;
}

/** Whether the name is that of an entry which is claimed. */
export function isClaimed(name: string, claims: readonly Claim[]): boolean {
  const writer = writerOf(name);
  if (!writer) return false;
  const { pid, time } = writer;
  return claims.some(
    (claim) => (claim.pid ?? pid) === pid && time >= claim.from && (claim.until === undefined || time < claim.until),
  );
}

/** Everything that is there: for a process that is the first on a spool. */
export const EVERYTHING: Claim = { pid: undefined, from: 0, until: undefined };
