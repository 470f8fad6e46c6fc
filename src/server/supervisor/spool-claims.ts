/** Who carries which entries of the spool, across all generations: what a process leaves, another goes on with. */

import { afterEntries, type Claim, type SpoolPlaces, withEntries } from "../../queue/index.ts";
import type { WorkerProcess } from "./worker.ts";

/** Of a process: what this has to know of it. */
export type Carrier = Pick<WorkerProcess, "pid" | "namesAfter" | "send">;

export class SpoolClaims {
  readonly #held = new Map<Carrier, Claim[]>();
  /** Those who may be given more; the one that was given something last stands last. */
  readonly #takers = new Set<Carrier>();
  /** Nobody carries these now. */
  #left: Claim[];
  readonly #places: SpoolPlaces;

  /** @param found what earlier hosts left there */
  constructor(places: SpoolPlaces, found: Claim) {
    this.#places = places;
    this.#left = [found];
  }

  /** From now on the process writes entries, and takes over those of others. */
  join(process: Carrier): void {
    this.#held.set(process, [{ pid: process.pid, from: process.namesAfter, until: undefined }]);
    this.#takers.add(process);
    this.#settle();
  }

  /** It keeps what it has and is given no more. */
  retire(process: Carrier): void {
    this.#takers.delete(process);
  }

  /** It is gone, and another may get its number now, whose entries are no business of those who go on with these. */
  leave(process: Carrier): void {
    const held = this.#held.get(process);
    if (!held) return;
    this.#takers.delete(process);
    this.#held.delete(process);
    const until = afterEntries(this.#places);
    this.#left.push(...held.map((claim) => ({ ...claim, until: claim.until ?? until })));
    this.#settle();
  }

  #settle(): void {
    const [taker] = this.#takers;
    if (!taker || this.#left.length === 0) return;
    const claims = [...this.#left.filter(isAnybodys), ...withEntries(this.#places, this.#left.filter(isOnes))];
    this.#left = [];
    if (claims.length === 0) return;
    this.#held.get(taker)?.push(...claims);
    this.#takers.delete(taker);
    this.#takers.add(taker);
    taker.send({ kind: "adopt", claims });
  }
}

function isOnes({ pid }: Claim): boolean {
  return pid !== undefined;
}

/** Whoever gets it also looks for what does not belong into the spool. */
function isAnybodys(claim: Claim): boolean {
  return !isOnes(claim);
}
