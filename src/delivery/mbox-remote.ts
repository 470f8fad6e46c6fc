/**
 * The `mbox` transport where another process has the rights for it: files of users of the system are written by a
 * process of root, which loads no plugin and talks to no network, and is asked over a socket.
 */

import * as z from "zod";
import { catalogue, type ErrorCode, type Facts, reasonOf, VsmtpError } from "../errors.ts";
import { type ChannelReply, type ChannelRequest, decodeReply, encodeReply, RemoteChannel } from "../storage/index.ts";
import { showMailbox } from "./letter.ts";
import type { Transport } from "./transport.ts";

const OPERATION = "mbox";

/** What such a process can be asked for. */
export const MBOX_OPERATIONS: ReadonlySet<string> = new Set([OPERATION]);

/** Rejects as the transport itself does, or with STORAGE_UNAVAILABLE while the process is not there. */
export function remoteMbox(path: string): Transport {
  const channel = new RemoteChannel({ path });
  return async ({ message, ...letter }, { address }) => {
    const situation = { mail: letter.id, user: showMailbox(address) };
    const asked = { operation: OPERATION, letter, address };
    const { done, bytes } = await channel.request({ asked, mail: [message], situation });
    if (!done) throw errorOf(decodeReply(bytes));
  };
}

const mailbox = z.object({ localPart: z.string().min(1), domain: z.string() });

/** The processes that ask have fewer rights than the one that is asked. */
const Asked = z.object({
  address: mailbox,
  letter: z.object({
    id: z.string(),
    name: z.string(),
    host: z.string(),
    again: z.boolean(),
    sender: mailbox.optional(),
    received: z.string(),
    serverName: z.string(),
    fingerprint: z.string().optional(),
  }),
});

/** The other side: what a client asked for, done by the transport of this process. */
export function mboxService(transport: Transport): (request: ChannelRequest) => Promise<ChannelReply> {
  return async ({ asked, mail }) => {
    const { data, error } = Asked.safeParse(asked);
    if (error || !Array.isArray(mail)) throw new VsmtpError("STORAGE_UNAVAILABLE", { reason: "no letter", hint: "" });
    const { address, letter } = data;
    const { sender, fingerprint, ...rest } = letter;
    const message = Buffer.concat(mail);
    try {
      await transport({ ...rest, sender, fingerprint, message }, { address, transport: { kind: OPERATION } });
      return encodeReply(true);
    } catch (failure) {
      if (!(failure instanceof VsmtpError)) throw failure;
      return encodeReply(false, { code: failure.code, facts: failure.facts });
    }
  };
}

function errorOf(value: unknown): VsmtpError {
  const { code, facts } = value as { readonly code: string; readonly facts: Facts };
  if (Object.hasOwn(catalogue, code)) return new VsmtpError(code as ErrorCode, facts);
  return new VsmtpError("STORAGE_UNAVAILABLE", { reason: reasonOf(code), hint: "See the log" });
}
