/**
 * The stages at which directives run: those of an SMTP transaction, in the order in which a mail passes them, and
 * `storage`, which stands apart. It runs when something is about to happen in a mailbox, where no client is known.
 */

export const stages = ["connect", "helo", "authenticate", "mail", "rcpt", "preq", "postq", "delivery"] as const;

export type Stage = (typeof stages)[number];

export const ruleStages = [...stages, "storage"] as const;

/** What a rule script may name. */
export type RuleStage = (typeof ruleStages)[number];

export function isStage(name: string): name is RuleStage {
  return (ruleStages as readonly string[]).includes(name);
}

/** Whether what becomes known at `from` can be read at `stage`. */
export function isAvailable(from: RuleStage, stage: RuleStage): boolean {
  if (from === "storage" || stage === "storage") return from === stage;
  return stages.indexOf(stage) >= stages.indexOf(from);
}
