/** What a stage answers where there is no script to ask: a server that nobody configured lets nobody through. */

import type { ScriptRole } from "./scripts.ts";
import type { Stage } from "./stage.ts";
import { NEXT, type Status } from "./status.ts";

/** The stage at which the absence of a script refuses; mails inside a domain need none. */
const refusing: Readonly<Record<ScriptRole, Stage | undefined>> = {
  root: "connect",
  incoming: "rcpt",
  outgoing: "mail",
  internal: undefined,
};

export function statusWithoutScript(role: ScriptRole, stage: Stage): Status {
  return refusing[role] === stage ? { kind: "deny", reply: undefined } : NEXT;
}
