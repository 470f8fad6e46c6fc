/**
 * What the supervisor believes to be a message of one of its processes. A plugin there can write to the channel too, so
 * everything is looked at that the supervisor uses later.
 */

import * as z from "zod";
import { catalogue } from "../../errors.ts";
import type { FromWorker } from "../messages.ts";

/** Undefined: it is none. */
export function fromWorker(message: unknown): FromWorker | undefined {
  return Message.safeParse(message).success ? (message as FromWorker) : undefined;
}

const Count = z.number().nonnegative();

const State = z.object({
  name: z.string(),
  file: z.string(),
  sha256: z.string(),
  buildId: z.string().optional(),
  release: z.string(),
  state: z.enum(["ready", "loaded", "failed", "quarantined", "isolated"]),
  reason: z.string().optional(),
});

const Place = z.object({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  length: z.number().optional(),
  source: z.string().optional(),
});

const Problem = z.object({
  code: z.string().refine((code) => Object.hasOwn(catalogue, code)),
  message: z.string(),
  fix: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.bigint(), z.undefined()])),
  place: Place.optional(),
});

const Figures = z.object({
  plugins: z.array(
    z.object({
      plugin: z.string(),
      functions: z.array(
        z.object({
          function: z.string(),
          calls: Count,
          errors: Count,
          lost: Count,
          p50: Count.optional(),
          p99: Count.optional(),
        }),
      ),
      handles: z.record(z.string(), Count),
    }),
  ),
  smtp: z.object({ connections: Count, accepted: Count, waiting: Count }).optional(),
  storage: z.object({ operations: Count, failures: Count }).optional(),
});

const Message = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready"), plugins: z.array(State) }),
  z.object({ kind: z.literal("failed"), problems: z.array(Problem) }),
  z.object({ kind: z.literal("lost"), plugin: z.string(), function: z.string() }),
  z.object({ kind: z.literal("renew"), reason: z.string() }),
  z.object({ kind: z.literal("closed") }),
  z.object({ kind: z.literal("hung"), what: z.string() }),
  z.object({ kind: z.literal("reported"), number: z.number(), figures: Figures }),
  z.object({ kind: z.literal("ask"), number: z.number(), what: z.literal("figures") }),
]);
