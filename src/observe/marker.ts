/**
 * What a process is doing inside plugins, in memory that somebody else can still read when the process hangs or is
 * dead: which function is in flight on which thread, for which mail and directive.
 *
 * The layout is that of native/core/marker.h, which call threads and the storage thread write; the JavaScript thread
 * writes its own slot here, with plain stores, because it does so at every call of a plugin. Reading is marker-view.ts.
 */

import { encodeSituation, type SituationFacts } from "./situation.ts";

/** Offsets and sizes in bytes, as marker.h has them. */
export const MARKER = {
  magic: 0x76534d50,
  layout: 1,
  slots: { at: 64, count: 64, size: 64 },
  last: { at: 4160, count: 2048, size: 4 },
  names: { at: 12_352, count: 2048, size: 128 },
  situations: { at: 274_496, count: 256, size: 512 },
  crash: { at: 405_568, text: 32_760 },
  bytes: 438_336,
} as const;

/** Indexes of 32-bit cells: of the region, then of slot 0, which is the JavaScript thread's. */
export const CELL = {
  magic: 0,
  layout: 1,
  pid: 2,
  beat: 3,
  functions: 4,
  clock: 5,
  function: 16,
  situation: 17,
  began: 18,
  tid: 19,
  last: MARKER.last.at / 4,
} as const;

export class Marker {
  /** The whole region. Guards write it directly: `clock`, `last` of the function, `situation`, `function`. */
  readonly cells: Int32Array;
  readonly #bytes: Buffer;
  readonly #ids = new Map<string, number>();
  readonly #free: number[] = [];
  readonly #kept = new Set<number>();
  #used = 0;

  /** @param memory a fresh region of {@link MARKER}.bytes, filled with zeros or opened by the addon */
  constructor(memory: ArrayBuffer) {
    this.cells = new Int32Array(memory);
    this.#bytes = Buffer.from(memory);
    this.cells[CELL.magic] = MARKER.magic;
    this.cells[CELL.layout] = MARKER.layout;
    this.cells[CELL.pid] = process.pid;
  }

  /** The same number for the same function in this process; 0, which means none, when there are too many. */
  functionId(plugin: string, name: string): number {
    const text = `${plugin} ${name}`;
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.#ids.size + 1;
    if (id >= MARKER.names.count) return 0;
    this.#write(MARKER.names, id, text);
    this.#ids.set(text, id);
    this.cells[CELL.functions] = id;
    return id;
  }

  /** Notes a situation until {@link end}; 0, which means none, when there are too many. */
  begin(facts: SituationFacts): number {
    const id = this.#free.pop() ?? (this.#used + 1 < MARKER.situations.count ? ++this.#used : 0);
    if (id !== 0) this.#write(MARKER.situations, id, encodeSituation(facts));
    return id;
  }

  end(situation: number): void {
    if (situation === 0 || this.#kept.has(situation)) return;
    this.#bytes[MARKER.situations.at + situation * MARKER.situations.size] = 0;
    this.#free.push(situation);
  }

  /**
   * From now on {@link end} leaves the situation as it is: a thread that nobody waits for any more still shows it. Only
   * for as many as there are threads with a slot.
   */
  keep(situation: number): void {
    if (this.#kept.size < MARKER.slots.count) this.#kept.add(situation);
  }

  /** What {@link begin} noted under this number, for another process that works for the same mail. */
  situation(situation: number): string {
    const start = MARKER.situations.at + situation * MARKER.situations.size;
    const text = this.#bytes.subarray(start, start + MARKER.situations.size);
    const end = text.indexOf(0);
    return text.toString("utf8", 0, end === -1 ? undefined : end);
  }

  /** The event loop turns. */
  beat(): void {
    this.cells[CELL.beat] = ((this.cells[CELL.beat] as number) + 1) | 0;
  }

  /** The text, cut to the room there is, and a NUL. */
  #write({ at, size }: { readonly at: number; readonly size: number }, index: number, text: string): void {
    const start = at + index * size;
    const written = this.#bytes.write(text, start, size - 1, "utf8");
    this.#bytes[start + written] = 0;
  }
}

let current: Marker | undefined;

/** That of this process; memory of its own until {@link useMarker}. */
export function marker(): Marker {
  current ??= new Marker(new ArrayBuffer(MARKER.bytes));
  return current;
}

/** Shares it with whoever has the same memory. Once, before any plugin is bound. */
export function useMarker(memory: ArrayBuffer): Marker {
  current = new Marker(memory);
  return current;
}
