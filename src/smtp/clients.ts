/**
 * The connections of a process, counted together with those of all others: the limit of clients is that of the host,
 * whichever process the system gives them to.
 */

import type { SMTPConnection } from "smtp-server/lib/smtp-connection.js";

/** Memory that all processes share: a count each. */
export interface SharedCounts {
  readonly counts: Int32Array;
  /** Whose is this process's. */
  readonly own: number;
}

export class Clients extends Set<SMTPConnection> {
  readonly #shared: SharedCounts | undefined;

  /** @param shared undefined: this is the only process */
  constructor(shared?: SharedCounts) {
    super();
    this.#shared = shared;
  }

  override add(connection: SMTPConnection): this {
    super.add(connection);
    this.#tell();
    return this;
  }

  override delete(connection: SMTPConnection): boolean {
    const deleted = super.delete(connection);
    this.#tell();
    return deleted;
  }

  /** Those of all processes. */
  get everywhere(): number {
    if (!this.#shared) return this.size;
    return this.#shared.counts.reduce((sum, count) => sum + count, 0);
  }

  #tell(): void {
    if (this.#shared) this.#shared.counts[this.#shared.own] = this.size;
  }
}
