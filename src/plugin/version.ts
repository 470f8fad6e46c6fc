/**
 * Which of two vSMTP versions is the newer one. Admission asks only whether two are equal, whole string; this is for
 * telling an admin which side to update. Semantic Versioning 2.0.0, clause 11.
 */

/** Negative: `one` is older; positive: it is newer; 0: neither, though the texts may differ. */
export function compareVersions(one: string, other: string): number {
  const [coreOne = "", before1] = split(one);
  const [coreOther = "", before2] = split(other);
  const core = compareFields(coreOne.split("."), coreOther.split("."));
  if (core !== 0) return core;
  if (before1 === undefined && before2 === undefined) return 0;
  if (before1 === undefined) return 1;
  if (before2 === undefined) return -1;
  return compareFields(before1.split("."), before2.split("."));
}

/** The three numbers, and what comes before the release. */
function split(version: string): [string, string | undefined] {
  const [text = ""] = version.split("+");
  const dash = text.indexOf("-");
  return dash < 0 ? [text, undefined] : [text.slice(0, dash), text.slice(dash + 1)];
}

function compareFields(one: readonly string[], other: readonly string[]): number {
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const order = compareField(one[index], other[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A missing field is lower than any, a number lower than a word. */
function compareField(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined) return Number(other === undefined) - Number(one === undefined);
  const numeric = [one, other].map((field) => /^\d+$/.test(field));
  if (numeric[0] && numeric[1]) return Number(one) - Number(other);
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  return one < other ? -1 : one > other ? 1 : 0;
}
