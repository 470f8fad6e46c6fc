/**
 * The face of the native addon: what TypeScript can ask of C.
 *
 * Four things cannot be done well in JavaScript: to run plugin functions that wait on threads of their own, to put
 * mails on stable storage beside the event loop, to share a call frame (failure, result) with plugin code, and to run
 * mailboxes and storage plugins, which share one thread. The addon does these and nothing else; what values and
 * signatures mean is the business of `src/plugin`, what requests to the storage thread mean that of `src/storage`.
 */

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { reasonOf, VsmtpError } from "../errors.ts";

/** A call of a plugin function on a call thread. */
export interface CallRequest {
  /** Address of the C function. */
  readonly fn: bigint;
  /** How the C result is read; `string` and `given-string` are copied on the call thread, right after the call. */
  readonly result: "void" | "int" | "double" | "string" | "given-string" | "pointer";
  /** 6 integer slots: a value, or (see `addressSlots`) an offset into `block`. */
  readonly ints: BigInt64Array;
  /** Bit mask of the slots of `ints` that hold offsets into `block`, to be turned into addresses. */
  readonly addressSlots: number;
  /** The slot that gets the thread's `vsmtp_out *`; -1: none. */
  readonly outSlot: number;
  /** 8 slots for `double` parameters. */
  readonly doubles: Float64Array;
  /** Strings, encoded values and `vsmtp_value` structs; copied before `call` returns, at an address divisible by 16. */
  readonly block: Uint8Array;
  /** Offsets in `block` of 8-byte words that hold offsets into `block`, to be turned into addresses. */
  readonly relocations: Uint32Array;
  /** The transaction that the function takes; undefined: none. */
  readonly transaction?: HandedTransaction | undefined;
  /** What the marker says while the call runs: the function's id there, and the situation's. */
  readonly marked?: { readonly function: number; readonly situation: number } | undefined;
}

export interface HandedTransaction {
  /** The slot that gets the `vsmtp_transaction *`. */
  readonly slot: number;
  /** Where the encoded facts lie in `block`. */
  readonly begin: number;
  readonly end: number;
  /** The mail, which is not copied: do not change it before the call is over. Undefined: there is none yet. */
  readonly data: Uint8Array | undefined;
}

export interface CallResult {
  /** The text of `vsmtp_fail`, or what is wrong with the value in `out`; the other fields mean nothing then. */
  readonly failure: string | undefined;
  /**
   * int and pointer: the whole 64-bit register as a signed bigint (a NULL pointer is 0n); what lies above the bits of
   * the C type is undefined, so cut it to the type. double: number. Strings: string, undefined for NULL.
   */
  readonly value: bigint | number | string | undefined;
  /** The encoded value that the function wrote; undefined: none. */
  readonly out: Uint8Array | undefined;
  /** What the function wants changed in the transaction, encoded; undefined: nothing. */
  readonly changes: Uint8Array | undefined;
}

/** A call on its way. */
export interface PendingCall {
  readonly result: Promise<CallResult>;
  /**
   * Gives it up. "waiting": it had not begun and never will; "running": its thread is lost and replaced, and the
   * arguments stay alive until the function returns, if it ever does; "over": too late. In the first two cases
   * `result` stays unsettled for ever, and no longer keeps the process alive.
   */
  abandon(): "waiting" | "running" | "over";
}

/** As whom a process of root goes on when it gives its rights away. */
export interface Privileges {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups; all others go. */
  readonly groups: readonly number[];
  /** Capabilities that stay, "setuid", "setgid", "chown", "dac_override", "fowner"; all others go. */
  readonly keep: readonly string[];
}

/** Of setrlimit; undefined: as it is. */
export interface ResourceLimits {
  /** Bytes of writable memory (RLIMIT_DATA). */
  readonly memory?: number | undefined;
  readonly files?: number | undefined;
  readonly processes?: number | undefined;
  /** Seconds of processor time. */
  readonly cpu?: number | undefined;
}

/** A library of a plugin, for the records of crashes. */
export interface NotedLibrary {
  /** As the dynamic loader knows it. */
  readonly path: string;
  readonly plugin: string;
  /** As it was found. */
  readonly file: string;
  /** Empty: it has none. */
  readonly buildId: string;
}

/** A failure of a writer, as Node's own file errors look. */
export interface WriterError extends Error {
  /** The name of errno: "ENOSPC". */
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  readonly path: string;
}

/** The storage thread's answer to a request. */
export interface StorageReply {
  /** `bytes` is the encoded result (empty: it has none), else the encoded failure; see native/core/storage/host/host.h. */
  readonly done: boolean;
  readonly bytes: Uint8Array;
}

export type StorageVerdict = "allow" | "refuse" | "tempfail";

export interface Native {
  /**
   * Memory outside V8's heap, for the arguments of quick calls: a view of it and its address, which is divisible by
   * 16. Filled with zeros; lives until the process ends.
   */
  allocate(bytes: number): { buffer: ArrayBuffer; address: bigint };

  /** Of this thread's call frame: `failed[0]` is not 0 after `vsmtp_fail`. */
  readonly failed: Int32Array;
  /** The text of `vsmtp_fail`, and clears it. Empty when nothing failed. What was written to `out` is dropped. */
  takeFailure(): string;
  /** The address of this thread's `vsmtp_out`, to be passed as that parameter. */
  readonly out: bigint;
  /**
   * A copy of the encoded value that was written to `out` since the last take; complete and valid. Undefined: nothing
   * was written. A mistake in writing it (see value.h) sets `failed`, and nothing is returned.
   */
  takeOut(): Uint8Array | undefined;

  /** The address of the `vsmtp_transaction` of quick calls, to be passed as that parameter. */
  readonly transaction: bigint;
  /**
   * Fills it for one call, with facts in memory of {@link allocate} and the mail's bytes, which are not copied. False:
   * the facts are damaged.
   */
  beginTransaction(facts: Uint8Array, data: Uint8Array | undefined): boolean;
  /**
   * Empties it again. What the function wants changed, encoded; undefined: nothing, or the call has failed. A change
   * that was refused sets `failed`.
   */
  endTransaction(): Uint8Array | undefined;

  /** Runs a C function on a call thread. Never rejects because of what the function does; a crash ends the process. */
  call(request: CallRequest): PendingCall;
  /** The same at once, on this thread: for quick functions where koffi does not know them. */
  callNow(request: CallRequest): CallResult;

  /**
   * Who gets what plugins log from any thread, on the event loop, in order. `file` is the path of the library that
   * called `vsmtp_log`, as the dynamic loader knows it. One listener a process; until there is one, lines wait. What
   * still waits when the process ends goes to standard error. Levels: 10 trace, 20 debug, 30 info, 40 warn, 50 error.
   */
  onLog(listener: (file: string, level: number, text: string) => void): void;

  /**
   * Puts `parts`, one after the other, in the file `directory/name`, atomically and durably: once resolved, the file
   * survives a crash of the machine. Written as `directory/tmp/name` first (`tmp` is made when missing), so it appears
   * complete or not at all. An existing file of that name is replaced. Rejects with a {@link WriterError}.
   *
   * The parts are not copied: do not change them before the promise settles.
   */
  writeSpool(directory: string, name: string, parts: readonly Uint8Array[]): Promise<void>;

  /** Removes a file; a missing one is no error. The removal itself is not synced: a crash may bring the file back. */
  removeFile(path: string): Promise<void>;

  /**
   * Locks an open file against writers, as fcntl(2) does, without waiting; whether nobody else has it. The lock goes
   * when the file is closed. Rejects with a {@link WriterError}.
   */
  lockFile(descriptor: number): Promise<boolean>;

  /**
   * Starts the storage thread, if it does not run yet, and says who gets its events and its questions, encoded, on the
   * event loop. Call it once. Replies, events and questions come in the order in which the thread gives them.
   * `situation` is that of the request which the question belongs to; 0: none.
   */
  startStorage(
    onEvent: (event: Uint8Array) => void,
    onQuestion: (number: bigint, question: Uint8Array, situation: number) => void,
  ): void;
  /**
   * Asks the storage thread for something: an encoded map, which is copied. `mail`: its parts, which are not copied and
   * must not change before the promise settles, or an open file. `situation`: for whom, as the marker knows it. Never
   * rejects.
   */
  storageRequest(request: Uint8Array, mail?: readonly Uint8Array[] | number, situation?: number): Promise<StorageReply>;
  /** Answers a question. The thread waits for it; an answer that comes too late is without effect. */
  storageAnswer(number: bigint, verdict: StorageVerdict, text?: string): void;
  /**
   * As {@link onLog}, for what is logged on the storage thread, which comes before the replies and events that were
   * given after it. `file` is the shared object that logged. Lines of level 60 do not come: they go to standard error,
   * because the process ends after them. `situation` is that of the request under way, 0: none.
   */
  onStorageLog(listener: (file: string, level: number, text: string, situation: number) => void): void;

  /**
   * Takes the region of the marker (native/core/marker.h): an inherited descriptor, or undefined for memory of its
   * own. Once a process. The memory stays as long as the process.
   */
  openMarker(descriptor: number | undefined): ArrayBuffer;
  /**
   * From now on a fault in this process leaves a record in its marker: handlers for SIGSEGV, SIGBUS, SIGILL, SIGFPE and
   * SIGABRT with a stack of their own on every thread that calls plugins, before those that are there (V8's), and one
   * for exit().
   * After {@link openMarker}.
   */
  watchCrashes(): void;
  /** Tells the crash handler whose a library is. After it was loaded. */
  noteLibrary(library: NotedLibrary): void;

  /**
   * Memory that others can map, of a size that nobody can change: its descriptor and this process's view of it. Zeros.
   * As all descriptors from here it is closed on exec, except where `stdio` of spawn hands it over.
   */
  sharedMemory(name: string, bytes: number): { readonly descriptor: number; readonly memory: ArrayBuffer };
  /** This process's view of memory that another made with {@link sharedMemory}: an inherited descriptor. */
  mapMemory(descriptor: number): ArrayBuffer;
  /** A file in memory with these bytes that nobody can change any more (memfd, all seals). The caller keeps it open. */
  sealedFile(name: string, bytes: Uint8Array): number;
  /** Opens a socket that listens: an address (no name), or a path with the mode of its file. Throws a WriterError. */
  listenOn(
    address: { readonly host: string; readonly port: number } | { readonly path: string; readonly mode: number },
    backlog: number,
  ): number;
  /** Where a listening socket is, `127.0.0.1:25`, `[::1]:25`, `unix:/path`; undefined: it is no such socket. */
  socketName(descriptor: number): string | undefined;
  /**
   * Gives rights of the process away for good: all threads get these ids; capabilities that stay are those of this
   * thread and of all that are started later. Throws when anything is left; the process must end then.
   */
  dropPrivileges(privileges: Privileges): void;
  /** No exec by this thread, or by threads and processes that it starts later, gives more rights from now on. */
  noNewPrivileges(): void;
  /**
   * The kernel ends this process when the one that started it ends. False: it has ended already. A change of user
   * takes it back, so call it after {@link dropPrivileges}.
   */
  dieWithParent(parent: number): boolean;
  limitResources(limits: ResourceLimits): void;
  /**
   * Tells a service manager lines like `READY=1`, as sd_notify(3) does; `socket` is a path, or `@name`. Waits up to a
   * second. False: nobody listens there. Throws a {@link WriterError}.
   */
  notifyManager(socket: string, text: string): boolean;
  /** Sends a signal to one thread of a process (tgkill). False: there is none such. */
  signalThread(process: number, thread: number, signal: number): boolean;
  /** flock(2) of a whole file, without waiting, kept as long as any process has the descriptor. Whether nobody has it. */
  lockForHost(descriptor: number): boolean;
  /** Ends the process at once: no hooks, no waiting for threads. */
  exitNow(status: number): never;

  /** Upper limits, 1 to 256; threads start when there is work for them. Default 4 writers, 16 calls. */
  setThreads(counts: { writers: number; calls: number }): void;
}

const file = fileURLToPath(new URL("../../build/native/vsmtp.node", import.meta.url));
let loaded: Native | undefined;

/** The addon, loaded on first use: commands that only read files work without it. */
export function native(): Native {
  loaded ??= load();
  return loaded;
}

function load(): Native {
  try {
    return createRequire(import.meta.url)(file) as Native;
  } catch (error) {
    throw new VsmtpError("NATIVE_NOT_LOADED", { file, reason: reasonOf(error) }, { cause: error });
  }
}
