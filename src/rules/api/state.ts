/** `state::…`: the statuses that rules answer with. */

import { HostObject, type HostType, NativeModule, native, type Value } from "../../vsl/index.ts";
import { NEXT, type Status, type StatusKind } from "../status.ts";
import { toReply } from "./object.ts";

/** A status as scripts hold it. */
export class StatusValue extends HostObject {
  readonly type = statusType;
  readonly status: Status;

  constructor(status: Status) {
    super();
    this.status = status;
  }

  toText(): string {
    return this.status.kind;
  }
}

const statusType: HostType = {
  name: "status",
  methods: new Map(),
  getters: new Map(),
  equals: (self, other) => other instanceof StatusValue && other.status.kind === (self as StatusValue).status.kind,
};

type Answer = "accept" | "faccept" | "deny" | "reject";

const ANSWERS: Readonly<Record<Answer, string>> = {
  accept: "Passes this stage, with a reply if one is given.",
  faccept: "Passes this stage and all that follow.",
  deny: "Refuses, with the given reply or 554, and ends the session.",
  reject: "Refuses this command only, with the given reply or 451.",
};

export function stateModule(): NativeModule {
  const module = new NativeModule("state", "What a rule answers.");
  module.types.set(statusType.name, statusType);
  module.add(native("next", "-> status", "Goes on with the next directive.", () => new StatusValue(NEXT)));
  for (const kind of Object.keys(ANSWERS) as Answer[]) module.add(...answers(kind));
  return module.add(
    native(
      "quarantine",
      "name: string -> status",
      "Puts the mail into a quarantine; the client sees success.",
      (_, name: string) => {
        return new StatusValue({ kind: "quarantine", name });
      },
      { stage: "connect" },
    ),
  );
}

/** `deny()` and `reject()` are there without a path too. */
export function stateGlobals() {
  return [...answers("deny"), ...answers("reject")].filter(({ parameters }) => parameters.length === 0);
}

function answers(kind: StatusKind & Answer) {
  const doc = ANSWERS[kind];
  return [
    native(kind, "-> status", doc, () => new StatusValue({ kind, reply: undefined })),
    native(
      kind,
      "code: string|object -> status",
      doc,
      (_, code: Value) => new StatusValue({ kind, reply: toReply(code) }),
    ),
  ];
}
