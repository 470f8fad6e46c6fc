/**
 * The private copies that plugins run from: sealed files in memory with the bytes that were judged. Whatever happens to
 * the original afterwards, and whoever writes over it while its functions run, the host does not notice.
 *
 * The loader knows a library by the path that it was given, and here that is /proc/self/fd/<descriptor>. A descriptor
 * that a library was loaded from is therefore never closed: another file in its place would be taken for the library.
 */

import { hash } from "node:crypto";
import { closeSync, fstatSync } from "node:fs";
import { basename } from "node:path";
import { reasonOf, VsmtpError } from "../errors.ts";
import { native } from "../native/index.ts";
import type { Admitted } from "./admit.ts";

/** 249, less what a character takes that is cut in two. */
const MAX_NAME_BYTES = 240;

export class SealedCopy {
  readonly descriptor: number;
  readonly #identity: string | undefined;
  #used = false;

  /** @param descriptor of the sealed file; nobody else closes it */
  constructor(descriptor: number) {
    this.descriptor = descriptor;
    this.#identity = identityOf(descriptor);
  }

  /** For the dynamic loader of this process. From now on the descriptor stays open. */
  get path(): string {
    this.#used = true;
    return `/proc/self/fd/${this.descriptor}`;
  }

  /** Whether the descriptor is still that of the copy: code in this process may have closed it and opened another. */
  get intact(): boolean {
    return this.#identity !== undefined && identityOf(this.descriptor) === this.#identity;
  }

  /** Closes a copy that nothing was loaded from. */
  letGo(): void {
    if (!this.#used && this.intact) closeSync(this.descriptor);
  }
}

/** The bytes that a verdict is about; once they are sealed, only their hash. */
export class Content {
  #bytes: Uint8Array | undefined;
  #sha256: string | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Not computed before somebody asks: that takes as long as a tenth of judging the file. */
  get sha256(): string {
    this.#sha256 ??= hash("sha256", this.bytes);
    return this.#sha256;
  }

  get bytes(): Uint8Array {
    if (this.#bytes) return this.#bytes;
    throw new Error("the bytes of this plugin are sealed already");
  }

  forget(): void {
    this.#sha256 = this.sha256;
    this.#bytes = undefined;
  }
}

const contents = new WeakMap<Admitted, Content>();
const copies = new WeakMap<Admitted, SealedCopy>();
/** Of this process, by path and hash: bytes that were loaded already are not loaded again as something else. */
const loadable = new Map<string, SealedCopy>();

export function keepContent(verdict: Admitted, content: Content): void {
  contents.set(verdict, content);
}

/** Takes over a copy that another process made and handed down. */
export function adoptCopy(verdict: Admitted, descriptor: number): void {
  copies.set(verdict, new SealedCopy(descriptor));
}

/** A copy for processes that this one starts. The bytes themselves are forgotten. */
export function sealCopy(verdict: Admitted): SealedCopy | VsmtpError {
  const copy = copies.get(verdict) ?? seal(verdict);
  if (copy instanceof SealedCopy) copies.set(verdict, copy);
  return copy;
}

/** Closes the copy that {@link sealCopy} made, unless this process itself has loaded it. */
export function letGoCopy(verdict: Admitted): void {
  copies.get(verdict)?.letGo();
}

/** The copy that this process loads the plugin from. */
export function copyToLoad(verdict: Admitted): SealedCopy | VsmtpError {
  const key = `${verdict.realFile}\0${verdict.sha256}`;
  const copy = loadable.get(key) ?? sealCopy(verdict);
  if (copy instanceof VsmtpError) return copy;
  loadable.set(key, copy);
  if (copy.intact) return copy;
  const hint =
    "A plugin that is loaded closes descriptors that are not its own: find it (close_range, closefrom), and start again";
  return noCopy(verdict, "its descriptor was closed by something in this process", hint);
}

function seal(verdict: Admitted): SealedCopy | VsmtpError {
  const content = contents.get(verdict);
  if (!content) throw new Error(`${verdict.file} was not judged in this process`);
  try {
    const copy = new SealedCopy(native().sealedFile(copyName(verdict.realFile), content.bytes));
    content.forget();
    return copy;
  } catch (error) {
    if (error instanceof VsmtpError) return error;
    const hint =
      "Plugins run from files in memory: raise the limit of open files (LimitNOFILE=), and let vm.memfd_noexec be 0 or 1";
    return noCopy(verdict, reasonOf(error), hint);
  }
}

/** What debuggers and /proc/PID/maps show; the kernel takes no longer ones. */
function copyName(file: string): string {
  return Buffer.from(basename(file)).toString("utf8", 0, MAX_NAME_BYTES);
}

function noCopy({ file }: Admitted, reason: string, hint: string): VsmtpError {
  return new VsmtpError("PLUGIN_COPY", { file, reason, hint });
}

function identityOf(descriptor: number): string | undefined {
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
