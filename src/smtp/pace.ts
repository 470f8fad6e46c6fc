/**
 * Slows a client down that makes many errors, and says when it has made too many (`server.smtp.error`).
 *
 * Replies that wait keep their order, and the session asks {@link Pace.afterReplies} before it goes on, so that a
 * client that pipelines its commands gains nothing.
 */

import type { Hardening } from "./settings.ts";

export class Pace {
  readonly #hardening: Hardening;
  #errors = 0;
  /** Replies that wait for their time, and what waits for them. */
  #held: { readonly waits: boolean; readonly run: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(hardening: Hardening) {
    this.#hardening = hardening;
  }

  /** Takes note of a reply; whether it is the last that this client gets. */
  isLast(code: number): boolean {
    if (code < 400) return false;
    this.#errors += 1;
    return reached(this.#errors, this.#hardening.hardCount);
  }

  /** Writes a reply, now or when its time has come. */
  reply(write: () => void): void {
    const { softCount, delay } = this.#hardening;
    this.#do({ waits: delay > 0 && reached(this.#errors, softCount), run: write });
  }

  /** Goes on when all replies so far are written. */
  afterReplies(next: () => void): void {
    this.#do({ waits: false, run: next });
  }

  /** The client is gone: nothing is written any more. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#held = [];
  }

  #do(item: { readonly waits: boolean; readonly run: () => void }): void {
    if (!item.waits && this.#held.length === 0) return item.run();
    this.#held.push(item);
    if (this.#held.length === 1) this.#advance();
  }

  /** The first one stays in its place until it has run: what it leads to comes behind it. */
  #advance(): void {
    const first = this.#held[0];
    if (first === undefined) return;
    if (!first.waits) return this.#finish(first.run);
    this.#timer = setTimeout(() => this.#finish(first.run), this.#hardening.delay);
  }

  #finish(run: () => void): void {
    run();
    this.#held.shift();
    this.#advance();
  }
}

function reached(count: number, limit: number): boolean {
  return limit >= 0 && count >= limit;
}
