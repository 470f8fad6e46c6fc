/** Whether an input is to go on, for prompts that take more than one line. */

import { VsmtpError } from "../errors.ts";
import { parse } from "./syntax/parser.ts";
import { Source } from "./syntax/source.ts";

/** Whether more lines could make an input whole: a bracket, a text or a comment is open, or an operand is missing. */
export function isUnfinished(text: string): boolean {
  try {
    parse(new Source("", text));
    return false;
  } catch (error) {
    if (!(error instanceof VsmtpError) || error.code !== "VSL_SYNTAX") throw error;
    const { reason } = error.facts;
    // A string ends in its line, unless a backslash ends the line.
    if (reason === "this string never ends") return text.endsWith("\\");
    return /found the end of the script|never ends$/.test(String(reason));
  }
}
