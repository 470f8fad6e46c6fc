/** SMTP replies (RFC 5321 section 4.2) with an optional enhanced status code (RFC 3463). */

export interface Reply {
  /** Three digits, 200 to 599. */
  readonly code: number;
  /** `x.y.z`, or undefined. */
  readonly enhanced: string | undefined;
  /** At least one line, none with CR or LF. */
  readonly lines: readonly string[];
}

const SHAPE = /^([2-5]\d\d)(?:[ -](?:([245]\.\d{1,3}\.\d{1,3})(?: |$))?([\s\S]*))?$/;

export function reply(code: number, text: string, enhanced?: string): Reply {
  const lines = text.replace(/[\r\n]+$/, "").split(/\r\n|\r|\n/);
  return { code, enhanced, lines };
}

export function isSuccess({ code }: Reply): boolean {
  return code >= 200 && code < 300;
}

/** Reads `"451 4.3.0 text"`; undefined when the text is no reply. */
export function parseReply(text: string): Reply | undefined {
  const match = SHAPE.exec(text.trim());
  if (!match) return undefined;
  const [, code, enhanced, rest = ""] = match;
  return reply(Number(code), rest, enhanced);
}

/** One line, as `code` objects are shown: `451 4.3.0 text`. */
export function showReply({ code, enhanced, lines }: Reply): string {
  return [code, enhanced, lines.join(" ")].filter((part) => part !== undefined && part !== "").join(" ");
}

/** One reply for two parts of a command that both succeeded: the lines of both, and the code of the second. */
export function mergeReplies(first: Reply, second: Reply): Reply {
  if (first.enhanced === second.enhanced) return { ...second, lines: [...first.lines, ...second.lines] };
  return { code: second.code, enhanced: undefined, lines: [...spelled(first), ...spelled(second)] };
}

/** The lines with their enhanced code as a part of the text. */
function spelled({ enhanced, lines }: Reply): string[] {
  return lines.map((line) => (enhanced === undefined ? line : `${enhanced} ${line}`));
}
