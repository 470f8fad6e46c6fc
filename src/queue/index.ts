/** The face of this folder: the spool and what carries mails through it. */

export type { First, Passage } from "./direct.ts";
export type { Step } from "./entry.ts";
export { carry } from "./journey.ts";
export { type Mail, Queue, type QueueOptions } from "./queue.ts";
export { Spool, type SpoolFiles, type SpoolOptions } from "./spool.ts";
