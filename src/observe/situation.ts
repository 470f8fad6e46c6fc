/** For whom a plugin works while it is called: what a record of a crash says of the mail that was under way. */

export interface SituationFacts {
  /** The mail's id; undefined before MAIL. */
  readonly mail?: string | undefined;
  /** What tells the mail again when it comes a second time; undefined before the end of DATA. */
  readonly fingerprint?: string | undefined;
  /** The stage of rules, or the operation of the storage. */
  readonly stage?: string | undefined;
  /** The name of the directive. */
  readonly directive?: string | undefined;
  /** The mail's entry in the spool. */
  readonly entry?: string | undefined;
  /** Whose mailbox. */
  readonly user?: string | undefined;
}

const KEYS = ["fingerprint", "mail", "entry", "stage", "user", "directive"] as const;

/** One line a fact, those first that matter most: what does not fit is cut off at the end. */
export function encodeSituation(facts: SituationFacts): string {
  const lines = KEYS.flatMap((key) => {
    const value = facts[key];
    return value === undefined ? [] : [`${key}=${value.replace(/[\n\0]/g, " ")}`];
  });
  return lines.join("\n");
}

/** A process may have died amid writing: whatever cannot be read is left out. */
export function decodeSituation(text: string): SituationFacts {
  const facts: Partial<Record<(typeof KEYS)[number], string>> = {};
  for (const line of text.split("\n")) {
    const at = line.indexOf("=");
    const key = KEYS.find((known) => known === line.slice(0, at));
    if (key !== undefined) facts[key] = line.slice(at + 1);
  }
  return facts;
}
