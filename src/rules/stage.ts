/** The stages of an SMTP transaction at which directives run, in the order in which a mail passes them. */

export const stages = ["connect", "helo", "authenticate", "mail", "rcpt", "preq", "postq", "delivery"] as const;

export type Stage = (typeof stages)[number];

export function isStage(name: string): name is Stage {
  return (stages as readonly string[]).includes(name);
}

/** Whether what becomes known at `from` can be read at `stage`. */
export function isAvailable(from: Stage, stage: Stage): boolean {
  return stages.indexOf(stage) >= stages.indexOf(from);
}
