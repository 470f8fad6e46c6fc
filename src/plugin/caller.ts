/**
 * Who carries out the calls of a plugin's functions and ends its objects: the threads of this process, unless the
 * plugin has a process of its own (isolated/).
 *
 * A caller that stands for another process gives addresses and pointers numbers of its own choice: guards only hand
 * them back.
 */

import type { CallRequest, PendingCall } from "../native/index.ts";

export interface Caller {
  call(request: CallRequest): PendingCall;
  /** Ends an object by the function at `fn`. Waits for nothing and throws nothing. */
  destroy(fn: bigint, pointer: bigint): void;
}
