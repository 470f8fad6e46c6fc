/** The face of this folder: the spool and what carries mails through it. */

export { type Claim, EVERYTHING } from "./claim.ts";
export type { First, Passage } from "./direct.ts";
export type { Step } from "./entry.ts";
export { contentDigest, fingerprintOf } from "./fingerprint.ts";
export { HELD } from "./held.ts";
export { carry } from "./journey.ts";
export { now } from "./names.ts";
export { type Mail, Queue, type QueueOptions } from "./queue.ts";
export { afterEntries, Spool, type SpoolFiles, type SpoolOptions, type SpoolPlaces, withEntries } from "./spool.ts";
