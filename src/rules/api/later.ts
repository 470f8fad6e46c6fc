/**
 * What rules may call once this host can do more: authentication, SPF, DKIM, DMARC and delegation. The checker knows
 * the signatures already; a call is an error that names what is missing, and that a script can catch.
 */

import { VsmtpError } from "../../errors.ts";
import { type NativeFunction, NativeModule, native } from "../../vsl/index.ts";
import type { Stage } from "../stage.ts";

interface Later {
  readonly module: string;
  readonly doc: string;
  readonly capability: string;
  readonly functions: readonly (readonly [name: string, signature: string, doc: string, stage?: Stage])[];
}

const LATER: readonly Later[] = [
  {
    module: "auth",
    doc: "Who the client proved to be.",
    capability: "SMTP authentication",
    functions: [
      ["unix_users", "-> status", "Asks the system whether the password is right.", "authenticate"],
      ["is_authenticated", "-> bool", "Whether the client has authenticated itself.", "connect"],
      ["credentials", "-> credentials", "What the client authenticated itself with.", "authenticate"],
    ],
  },
  {
    module: "spf",
    doc: "Whether the client may send for the sender's domain (RFC 7208).",
    capability: "SPF",
    functions: [
      ["check", "-> status", "Refuses senders whose domain does not name this client.", "mail"],
      ["check", "options: map -> status", "The same, with `header` and `policy`.", "mail"],
      ["check_raw", "-> map", "The result and the mechanism or the problem.", "mail"],
    ],
  },
  {
    module: "dkim",
    doc: "Signatures of mails (RFC 6376).",
    capability: "DKIM",
    functions: [
      ["verify", "-> map", "Verifies the signatures of the mail.", "preq"],
      ["has_result", "-> bool", "Whether the mail was verified.", "preq"],
      ["result", "-> map", "The result of the verification.", "preq"],
      ["store", "result: map", "Sets the result of the verification.", "preq"],
      ["get_private_keys", "sdid: string -> array", "The keys that `server.virtual` has for a domain.", "preq"],
      ["sign", "options: map", "Adds a signature.", "preq"],
    ],
  },
  {
    module: "dmarc",
    doc: "What the domain of the From field wants done (RFC 7489).",
    capability: "DMARC",
    functions: [["check", "-> status", "Applies the policy of the domain.", "preq"]],
  },
  {
    module: "smtp",
    doc: "Other servers that mails are handed to for a judgement.",
    capability: "delegation",
    functions: [["connect", "options: map -> smtp", "A server that `delegate` directives hand mails to."]],
  },
];

export function laterModules(): NativeModule[] {
  return LATER.map(({ module, doc, capability, functions }) => {
    return new NativeModule(module, doc).add(
      ...functions.map(([name, signature, text, stage]) =>
        missing(`${module}::${name}`, signature, text, capability, stage),
      ),
    );
  });
}

function missing(
  path: string,
  signature: string,
  doc: string,
  capability: string,
  stage: Stage | undefined,
): NativeFunction {
  const name = path.slice(path.indexOf("::") + 2);
  const fail = (): never => {
    throw new VsmtpError("API_LATER", { name: path, capability });
  };
  return native(name, signature, doc, fail, stage === undefined ? {} : { stage });
}
