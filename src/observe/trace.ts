/**
 * What happens to a mail, as it happens: published on diagnostics channels that cost nothing while nobody listens.
 *
 * The log (level `trace`), tests and tools subscribe; the parts that publish do not know who does.
 */

import { channel } from "node:diagnostics_channel";

export interface Trace {
  /** A directive of a stage was run. `mail` is the message id once there is one. */
  directive: { stage: string; kind: string; name: string; status: string; mail: string | undefined };
  /** A plugin function returned (`result`) or failed (`error`). Values are shown as vSL prints them. */
  call: { plugin: string; function: string; arguments: string[]; result?: string; error?: string };
  /** A mail was synced to the spool. */
  spooled: { mail: string; file: string; bytes: number };
  /** A mail became a file of a recipient's mailbox. */
  delivered: { mail: string; recipient: string; file: string };
}

export const traces = {
  directive: channel("vsmtp:directive"),
  call: channel("vsmtp:call"),
  spooled: channel("vsmtp:spooled"),
  delivered: channel("vsmtp:delivered"),
} as const satisfies Record<keyof Trace, unknown>;
