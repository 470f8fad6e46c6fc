/**
 * What smtp-server lets pass in MAIL and RCPT: parameters that nobody knows, and addresses with characters that were
 * not agreed on (RFC 6531 section 3.4). Everything else about their syntax is its business.
 */

import { isUtf8 } from "node:buffer";
import { type Reply, reply } from "../rules/index.ts";

/** What is wrong with a MAIL command, if anything. `smtputf8`: this server offers the extension. */
export function refusalOfMail(command: Buffer, smtputf8: boolean): Reply | undefined {
  const { path, parameters } = partsOf(command);
  const known = smtputf8 ? OF_MAIL : new Map([...OF_MAIL].filter(([name]) => name !== "SMTPUTF8"));
  const agreed = smtputf8 && parameters.some((parameter) => parameter.toUpperCase() === "SMTPUTF8");
  if (isAscii(path) || agreed) return wrongBytes(command) ?? wrongParameter(parameters, known);
  return reply(550, "An address with characters beyond ASCII needs SMTPUTF8", "5.6.7");
}

/** What is wrong with a RCPT command, if anything. `agreed`: MAIL had SMTPUTF8. */
export function refusalOfRcpt(command: Buffer, agreed: boolean): Reply | undefined {
  const { path, parameters } = partsOf(command);
  if (isAscii(path) || agreed) return wrongBytes(command) ?? wrongParameter(parameters, OF_RCPT);
  return reply(553, "An address with characters beyond ASCII needs SMTPUTF8", "5.6.7");
}

/**
 * Parameters and the values they may have; without one here, smtp-server judges. Those of RFC 3461 are taken by
 * servers that do not offer it as long as they are well formed: nothing is lost by that.
 */
const OF_MAIL: ReadonlyMap<string, RegExp | undefined> = new Map([
  ["SIZE", undefined],
  ["BODY", undefined],
  ["SMTPUTF8", undefined],
  ["RET", /^(?:FULL|HDRS)$/i],
  ["ENVID", /^[\x21-\x7e]+$/],
]);

const OF_RCPT: ReadonlyMap<string, RegExp | undefined> = new Map([
  ["NOTIFY", /^(?:NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY))*)$/i],
  ["ORCPT", /^[\w-]+;.+$/],
]);

function partsOf(command: Buffer): { path: string; parameters: string[] } {
  const text = command.toString();
  const [, path = "", rest = ""] = /^[^:]*:\s*(<[^<>]*>)?(.*)$/s.exec(text) ?? [];
  return { path, parameters: rest.split(/\s+/).filter((parameter) => parameter !== "") };
}

function wrongParameter(
  parameters: readonly string[],
  known: ReadonlyMap<string, RegExp | undefined>,
): Reply | undefined {
  for (const parameter of parameters) {
    const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(parameter) ?? [];
    const key = name.toUpperCase();
    if (!known.has(key)) return reply(501, `There is no parameter ${printable(name)} here`, "5.5.4");
    const shape = known.get(key);
    if (shape && !shape.test(value)) return reply(501, `The parameter ${key} has a wrong value`, "5.5.4");
  }
  return undefined;
}

function wrongBytes(command: Buffer): Reply | undefined {
  return isUtf8(command) ? undefined : reply(501, "These bytes are no UTF-8", "5.5.2");
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}

function printable(text: string): string {
  return text.slice(0, 40).replace(/[^\x21-\x7e]/g, "?");
}
