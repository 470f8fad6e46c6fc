/** Reading a marker: what is said by a process that works, by one that is dead, and by bytes that make no sense. */

import { randomFillSync } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { CELL, MARKER, Marker, MarkerView } from "../../src/observe/index.ts";

let memory: ArrayBuffer;
let marker: Marker;
let view: MarkerView;

beforeEach(() => {
  memory = new ArrayBuffer(MARKER.bytes);
  marker = new Marker(memory);
  view = new MarkerView(memory);
});

/** As a thread that calls a function: 16 cells a slot. */
function call(slot: number, tid: number, id: number, situation = 0): void {
  const { cells } = marker;
  const at = slot * (MARKER.slots.size / 4);
  const now = ((cells[CELL.clock] as number) + 1) | 0;
  cells[CELL.clock] = now;
  cells[CELL.last + id] = now;
  cells[CELL.began + at] = now;
  cells[CELL.tid + at] = tid;
  cells[CELL.situation + at] = situation;
  cells[CELL.function + at] = id;
}

function leave(text: string): void {
  const bytes = Buffer.from(memory);
  const size = bytes.write(text, MARKER.crash.at + 8);
  bytes.writeInt32LE(2, MARKER.crash.at);
  bytes.writeInt32LE(size, MARKER.crash.at + 4);
}

describe("a process that works", () => {
  it("says who it is and that its event loop turns", () => {
    expect([view.pid, view.beat]).toEqual([process.pid, 0]);
    marker.beat();
    expect(view.beat).toBe(1);
  });

  it("shows the calls in flight, with thread and situation", () => {
    const situation = marker.begin({ mail: "m", directive: "d", user: "größe" });
    call(0, 100, marker.functionId("one", "f"), situation);
    call(7, 107, marker.functionId("two", "db.query"));
    expect(view.inFlight()).toEqual([
      { slot: 0, tid: 100, plugin: "one", function: "f", situation: { mail: "m", directive: "d", user: "größe" } },
      { slot: 7, tid: 107, plugin: "two", function: "db.query", situation: undefined },
    ]);
  });

  it("shows for whom the storage thread works, though no function is known", () => {
    call(1, 101, 0, marker.begin({ user: "jane", stage: "save" }));
    expect(view.inFlight()).toEqual([]);
    expect(view.threads()).toMatchObject([{ slot: 1, tid: 101, call: undefined, situation: { user: "jane" } }]);
  });

  it("does not show for whom a call was that is over", () => {
    call(0, 100, marker.functionId("one", "f"), marker.begin({ mail: "m" }));
    marker.cells[CELL.function] = 0;
    expect(view.threads()).toMatchObject([{ slot: 0, call: undefined, situation: undefined }]);
  });

  it.each([0, 5])("tells a new call from one that did not come back, in slot %i", (slot) => {
    const id = marker.functionId("one", "f");
    call(slot, 100, id);
    const first = view.threads()[0]?.began;
    expect(view.threads()[0]?.began).toBe(first);
    call(slot, 100, id);
    expect(view.threads()[0]?.began).not.toBe(first);
  });

  it("knows which functions were called last, also when the clock has begun anew", () => {
    marker.cells[CELL.clock] = 0x7fff_ffff - 1;
    for (const name of ["a", "b", "c", "b", "d"]) call(0, 100, marker.functionId("one", name));
    expect(view.lastCalled(3).map((called) => called.function)).toEqual(["d", "b", "c"]);
    expect(view.lastCalled(9)).toHaveLength(4);
  });
});

describe("a process that is dead", () => {
  const record =
    "kind=signal\nsignal=SIGSEGV\ntid=107\naddress=0x8\npc=0x1\nplugin=bad\nfunction=bad_null\noffset=0x11d7\n" +
    "file=/p/bad.so\nbuild-id=00ff\nby=place\nframe=bad.so+0x11d7 (bad_null+0x3)\nframe=libc.so.6+0x10\n";

  it("has left nothing unless there was a fault", () => {
    expect(view.crash()).toBeUndefined();
  });

  it("has left what its handler wrote", () => {
    leave(record);
    expect(view.crash()).toEqual({
      kind: "signal",
      signal: "SIGSEGV",
      pid: process.pid,
      tid: 107,
      address: "0x8",
      plugin: "bad",
      function: "bad_null",
      offset: "0x11d7",
      file: "/p/bad.so",
      buildId: "00ff",
      by: "place",
      backtrace: ["bad.so+0x11d7 (bad_null+0x3)", "libc.so.6+0x10"],
    });
  });

  it("names the situation of the thread that faulted, not that of others", () => {
    call(0, 100, marker.functionId("one", "f"), marker.begin({ mail: "other" }));
    call(7, 107, marker.functionId("bad", "null"), marker.begin({ mail: "this" }));
    leave(record);
    expect(view.crash()?.situation).toEqual({ mail: "this" });
  });

  it("blames the call that was in flight on the thread when the place was nobody's", () => {
    call(7, 107, marker.functionId("bad", "text"));
    leave("kind=signal\nsignal=SIGSEGV\ntid=107\n");
    expect(view.crash()).toMatchObject({ plugin: "bad", function: "text", by: "marker" });
  });

  it("blames nobody when only others were in a call", () => {
    call(7, 107, marker.functionId("bad", "text"));
    leave("kind=signal\nsignal=SIGSEGV\ntid=100\n");
    expect(view.crash()?.plugin).toBeUndefined();
  });

  it("may take back a suspicion, or correct it", () => {
    leave(`${record}plugin=\n`);
    expect([view.crash()?.plugin, view.crash()?.function]).toEqual([undefined, undefined]);
    leave(`${record}plugin=worse\nfunction=(static)\nby=stack\n`);
    expect(view.crash()).toMatchObject({ plugin: "worse", function: "(static)", by: "stack" });
  });
});

it("reads no sense into a region that a plugin has written over", () => {
  for (let round = 0; round < 50; round++) {
    randomFillSync(new Uint8Array(memory));
    view.threads();
    view.inFlight();
    expect(view.lastCalled(20).length).toBeLessThanOrEqual(20);
    view.crash();
  }
});
