/** How a record of a crash is told in a line: what happened, where, and for which mail. */

import { basename } from "node:path";
import type { CrashRecord, SituationFacts } from "../../observe/index.ts";

/** `by SIGSEGV` */
export function endText({ kind, signal, status, sender }: CrashRecord): string {
  if (kind === "hung") return "because a call did not come back";
  if (kind === "exit") return `with status ${status ?? "unknown"}`;
  return sender === undefined ? `by ${signal}` : `by ${signal} from the process ${sender}`;
}

/** `by SIGSEGV in bad_strlen, called as strlen, of libvsmtp-plugin-bad-1.0.0.so+0x11d7` */
export function placeText(record: CrashRecord): string {
  const { function: name, call, file, offset } = record;
  const where = name === undefined ? "" : ` in ${name}`;
  const as = call === undefined || call.function === name ? "" : `, called as ${call.function},`;
  const of = file === undefined ? "" : ` of ${basename(file)}${offset === undefined ? "" : `+${offset}`}`;
  return `${endText(record)}${where}${as}${of}`;
}

/** `mail 7f… at preq in "check" for john@example.com`, as far as it is known; empty: nothing is. */
export function situationText({ mail, stage, directive, user }: SituationFacts): string {
  const parts = [
    mail === undefined ? "" : `mail ${mail}`,
    stage === undefined ? "" : `at ${stage}`,
    directive === undefined ? "" : `in "${directive}"`,
    user === undefined ? "" : `for ${user}`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}
