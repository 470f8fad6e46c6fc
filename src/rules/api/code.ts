/** `code::…`: replies for the usual reasons to refuse, by their enhanced status code (RFC 3463, 7372). */

import { NativeModule, native } from "../../vsl/index.ts";
import { reply } from "../reply.ts";
import { codeOf } from "./object.ts";

const CODES: readonly (readonly [name: string, code: number, enhanced: string, text: string])[] = [
  ["c554_7_1", 554, "5.7.1", "Relay access denied"],
  ["c550_7_20", 550, "5.7.20", "No passing DKIM signature found"],
  ["c550_7_21", 550, "5.7.21", "No acceptable DKIM signature found"],
  ["c550_7_22", 550, "5.7.22", "No valid author-matched DKIM signature found"],
  ["c550_7_23", 550, "5.7.23", "SPF validation failed"],
  ["c550_7_24", 550, "5.7.24", "SPF validation error"],
  ["c550_7_25", 550, "5.7.25", "Reverse DNS validation failed"],
  ["c500_7_26", 500, "5.7.26", "Multiple authentication checks failed"],
  ["c550_7_27", 550, "5.7.27", "Sender address has null MX"],
  ["c556_1_10", 556, "5.1.10", "Recipient address has null MX"],
  ["c451_7_1", 451, "4.7.1", "Sender is not authorized. Please try again."],
  ["c451_3_0", 451, "4.3.0", "Multiple destination domains per transaction is unsupported. Please try again."],
  ["c550_1_1", 550, "5.1.1", "The email account that you tried to reach does not exist. Please try again."],
];

export function codeModule(): NativeModule {
  const functions = CODES.map(([name, code, enhanced, text]) => {
    return native(name, "-> object", `\`${code} ${enhanced} ${text}\``, () => codeOf(reply(code, text, enhanced)));
  });
  return new NativeModule("code", "Replies for the usual reasons to refuse.").add(...functions);
}
