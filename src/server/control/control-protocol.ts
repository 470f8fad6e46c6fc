/** What a running host can be asked, and how: one line of JSON a request, one a reply, over a socket of its own. */

import { join } from "node:path";
import * as z from "zod";
import type { Config } from "../../config/index.ts";
import type { Problem } from "../messages.ts";
import { runtimeDirectory } from "../supervisor/directories.ts";

export function controlSocket(config: Config): string {
  return join(runtimeDirectory(config), "control.sock");
}

export const controlRequest = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("reload") }),
  /** Answered with HostFigures. */
  z.strictObject({ do: z.literal("figures") }),
  z.strictObject({ do: z.literal("release"), plugin: z.string(), mails: z.boolean() }),
  z.strictObject({ do: z.literal("reopen-logs") }),
]);

export type ControlRequest = z.output<typeof controlRequest>;

export type ControlReply =
  | { readonly ok: true; readonly value?: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const problem = z.looseObject({ code: z.string(), message: z.string(), fix: z.string() });

export const controlReply: z.ZodType<ControlReply> = z.union([
  z.object({ ok: z.literal(true), value: z.unknown().optional() }),
  z.object({ ok: z.literal(false), problems: z.array(problem) }),
]);

/** Characters of a request. */
export const LONGEST_REQUEST = 65_536;
