/**
 * Reading the marker of another process, which runs, hangs, or is dead: what it is doing inside plugins, what it did
 * last, and what its crash handler has left.
 *
 * A process that runs writes while this reads, and a plugin gone wild may have written anywhere: every number is
 * checked before it is used, and what makes no sense is left out.
 */

import type { CallInFlight, CrashRecord, PluginCall } from "./crash-record.ts";
import { type CrashText, decodeCrashText } from "./crash-text.ts";
import { CELL, MARKER } from "./marker.ts";
import { decodeSituation, type SituationFacts } from "./situation.ts";

/** A thread that calls plugins. */
export interface MarkedThread {
  /** 0: the JavaScript thread; 1: the storage thread; others: call threads. */
  readonly slot: number;
  readonly tid: number;
  /** The function in flight; undefined: none, or, on the storage thread, none is known. */
  readonly call?: PluginCall | undefined;
  /** Undefined: it works for nobody in particular. */
  readonly situation?: SituationFacts | undefined;
  /** Changes whenever the thread begins something; the same number again: it has not come back since. */
  readonly began: number;
}

/** All of a {@link CrashRecord} that the dead process itself knows. */
export interface CrashFacts extends Omit<CrashText, "tid">, Pick<CrashRecord, "pid" | "situation"> {
  /** Of the thread that faulted. */
  readonly tid: number | undefined;
}

/** Numbers of a slot's cells. */
const SLOT = {
  function: 0,
  situation: CELL.situation - CELL.function,
  began: CELL.began - CELL.function,
  tid: CELL.tid - CELL.function,
} as const;

export class MarkerView {
  readonly #cells: Int32Array;
  readonly #bytes: Buffer;

  /** @param memory a region that the process has, or had, too */
  constructor(memory: ArrayBuffer) {
    this.#cells = new Int32Array(memory);
    this.#bytes = Buffer.from(memory);
  }

  /** 0: no process has taken the region yet. */
  get pid(): number {
    return this.#cell(CELL.pid);
  }

  /** Changes while the event loop turns. */
  get beat(): number {
    return this.#cell(CELL.beat);
  }

  /** The threads that have a slot. */
  threads(): MarkedThread[] {
    return Array.from({ length: MARKER.slots.count }, (_, slot) => this.#thread(slot)).filter(({ tid }) => tid > 0);
  }

  /** The calls of plugin functions under way. */
  inFlight(): (CallInFlight & { readonly slot: number })[] {
    return this.threads().flatMap(({ slot, tid, call, situation }) =>
      call === undefined ? [] : [{ ...call, slot, tid, situation }],
    );
  }

  /** The functions that were called last, latest first; each once. */
  lastCalled(most: number): PluginCall[] {
    const now = this.#cell(CELL.clock);
    const called: { readonly id: number; readonly age: number }[] = [];
    for (let id = 1; id < MARKER.last.count; id++) {
      const when = this.#cell(CELL.last + id);
      // the clock is a number of 32 bits that begins anew
      if (when !== 0) called.push({ id, age: (now - when) >>> 0 });
    }
    called.sort((a, b) => a.age - b.age);
    return called.slice(0, most).flatMap(({ id }) => this.#name(id) ?? []);
  }

  /** What the crash handler has left; undefined: nothing. */
  crash(): CrashFacts | undefined {
    const at = MARKER.crash.at;
    const [phase, size] = [this.#cell(at / 4), this.#cell(at / 4 + 1)];
    if (phase === 0 || size <= 0 || size > MARKER.crash.text) return undefined;
    const said = decodeCrashText(this.#bytes.toString("utf8", at + 8, at + 8 + size));
    if (said === undefined) return undefined;
    const thread = said.tid === undefined ? undefined : this.threads().find(({ tid }) => tid === said.tid);
    const facts = { ...said, pid: this.pid, situation: thread?.situation };
    // The fault was outside of all plugins, but one had been called and was not back.
    return said.plugin === undefined && thread?.call !== undefined ? { ...facts, ...thread.call, by: "marker" } : facts;
  }

  #cell(index: number): number {
    return this.#cells[index] ?? 0;
  }

  #thread(slot: number): MarkedThread {
    const first = CELL.function + slot * (MARKER.slots.size / 4);
    const id = this.#cell(first + SLOT.function);
    const call = this.#name(id);
    // what a call that is over was for stays there; the storage thread takes back what it worked for
    const works = call !== undefined || slot === 1;
    return {
      slot,
      tid: this.#cell(first + SLOT.tid),
      call,
      situation: works ? this.#situation(this.#cell(first + SLOT.situation)) : undefined,
      // guards on the JavaScript thread note when a function was called, not when the thread called it
      began: slot === 0 ? this.#cell(CELL.last + id) : this.#cell(first + SLOT.began),
    };
  }

  #name(id: number): PluginCall | undefined {
    if (id <= 0 || id >= MARKER.names.count) return undefined;
    const text = this.#text(MARKER.names, id);
    const at = text.indexOf(" ");
    return at < 0 ? undefined : { plugin: text.slice(0, at), function: text.slice(at + 1) };
  }

  #situation(id: number): SituationFacts | undefined {
    if (id <= 0 || id >= MARKER.situations.count) return undefined;
    const text = this.#text(MARKER.situations, id);
    return text === "" ? undefined : decodeSituation(text);
  }

  #text({ at, size }: { readonly at: number; readonly size: number }, index: number): string {
    const bytes = this.#bytes.subarray(at + index * size, at + (index + 1) * size);
    const end = bytes.indexOf(0);
    return bytes.toString("utf8", 0, end < 0 ? size : end);
  }
}
