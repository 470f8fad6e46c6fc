/** `dns::…`: names and addresses, asked of the servers that `server.dns` names. Rules wait, the event loop does not. */

import { NativeModule, native, ScriptError, type Value, VslArray } from "../../vsl/index.ts";
import { isDomain } from "../address.ts";
import type { Names } from "./names.ts";
import { fqdnOf, ipObject, ObjectValue, textOf } from "./object.ts";

export function dnsModule(names: Names): NativeModule {
  return new NativeModule("dns", "Names and addresses.").add(
    native(
      "lookup",
      "host: string|object -> array",
      "The addresses of a host; an error when it has none.",
      async (_: unknown, host: Value) => {
        const name = textOf(host);
        if (!isDomain(name.replace(/\.$/, ""))) throw new ScriptError(`dns::lookup: "${name}" is no host name`);
        const found = await asked("dns::lookup", name, names.addresses(name));
        return new VslArray(found.map(ipObject).filter((address) => address !== undefined));
      },
      { suspends: true },
    ),
    native(
      "rlookup",
      "ip: string|object -> array",
      "The names of an address; an error when it has none.",
      async (_: unknown, ip: Value) => {
        const address = textOf(ip);
        if (!ipObject(address)) throw new ScriptError(`dns::rlookup: "${address}" is no IP address`);
        const found = await asked("dns::rlookup", address, names.names(address));
        return new VslArray(found.map(nameObject));
      },
      { suspends: true },
    ),
  );
}

/** Whoever runs a reverse zone may write anything there. */
function nameObject(name: string): ObjectValue {
  const text = name.replace(/\.$/, "");
  return isDomain(text) ? fqdnOf(text) : new ObjectValue({ variant: "identifier", text });
}

async function asked(what: string, subject: string, answer: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await answer;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ScriptError(`${what}: ${subject}: ${REASONS[code ?? ""] ?? message}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "there is no such name",
  ENODATA: "there is no such record",
  ETIMEOUT: "no server answered in time",
  ESERVFAIL: "the server failed",
  EREFUSED: "the server refused to answer",
  ECONNREFUSED: "no server could be reached",
};
