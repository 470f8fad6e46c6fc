/** The marker: C and TypeScript write one region, so they must mean the same bytes. */

import { execFile, execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CELL, MARKER } from "../../src/observe/index.ts";
import { cc, includes, nativeFolder, root, temporaryFolder } from "./compile.ts";

let folder = "";

beforeAll(() => {
  folder = temporaryFolder("marker");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a script with the addon in a process of its own, whose descriptor 3 is a file as large as a region. */
async function run(script: string, bytes: number = MARKER.bytes): Promise<{ printed: string; region: Buffer }> {
  const file = join(folder, "region");
  const load = `const native = require(${JSON.stringify(join(nativeFolder, "vsmtp.node"))});`;
  writeFileSync(file, "");
  const descriptor = openSync(file, "r+");
  ftruncateSync(descriptor, bytes);
  closeSync(descriptor);
  const opened = `const fd = require("node:fs").openSync(${JSON.stringify(file)}, "r+");`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", `${load}\n${opened}\n${script}`]);
  return { printed: stdout, region: readFileSync(file) };
}

it("has the same layout in C as in TypeScript", () => {
  const source = `
#include <stdio.h>
#include <marker.h>
#define AT(field) offsetof(vsmtp_marker, field)
#define SLOT(field) (AT(slots) + offsetof(vsmtp_marker_slot, field))
int main(void)
{
    printf("{\\"magic\\":%d,\\"layout\\":%d,", VSMTP_MARKER_MAGIC, VSMTP_MARKER_LAYOUT);
    printf("\\"slots\\":{\\"at\\":%zu,\\"count\\":%d,\\"size\\":%zu},", AT(slots), VSMTP_MARKER_SLOTS, sizeof(vsmtp_marker_slot));
    printf("\\"last\\":{\\"at\\":%zu,\\"count\\":%d,\\"size\\":4},", AT(last), VSMTP_MARKER_FUNCTIONS);
    printf("\\"names\\":{\\"at\\":%zu,\\"count\\":%d,\\"size\\":%zu},", AT(names), VSMTP_MARKER_FUNCTIONS, AT(names[1]) - AT(names));
    printf("\\"situations\\":{\\"at\\":%zu,\\"count\\":%d,\\"size\\":%zu},", AT(situations), VSMTP_MARKER_SITUATIONS,
           AT(situations[1]) - AT(situations));
    printf("\\"crash\\":{\\"at\\":%zu,\\"text\\":%d},\\"bytes\\":%zu,", AT(crash_phase), VSMTP_MARKER_CRASH_TEXT, sizeof(vsmtp_marker));
    printf("\\"text\\":%zu,\\"crashSize\\":%zu,", AT(crash_text), AT(crash_size));
    printf("\\"cells\\":[%zu,%zu,%zu,%zu,%zu,%zu,%zu,%zu,%zu,%zu,%zu]}", AT(magic) / 4, AT(layout) / 4, AT(pid) / 4, AT(beat) / 4,
           AT(functions) / 4, AT(clock) / 4, SLOT(function) / 4, SLOT(situation) / 4, SLOT(began) / 4, SLOT(tid) / 4,
           AT(last) / 4);
    return 0;
}`;
  const program = join(folder, "layout");
  const flags = ["-std=gnu11", "-xc", "-", "-o", program, ...includes, `-I${join(root, "native/core")}`];
  execFileSync(cc(), flags, { input: source });
  const { cells, text, crashSize, ...layout } = JSON.parse(execFileSync(program, { encoding: "utf8" }));
  expect(layout).toEqual(MARKER);
  expect([crashSize, text]).toEqual([MARKER.crash.at + 4, MARKER.crash.at + 8]);
  expect(cells).toEqual(Object.values(CELL));
});

it("maps what it inherited, so that others see its process and threads", async () => {
  const { printed, region } = await run(`
    const cells = new Int32Array(native.openMarker(fd));
    cells[${CELL.beat}] = 7;
    console.log(process.pid);`);
  const cell = (index: number): number => region.readInt32LE(index * 4);
  expect([cell(CELL.magic), cell(CELL.layout), cell(CELL.beat)]).toEqual([MARKER.magic, MARKER.layout, 7]);
  // the JavaScript thread is the first of its process
  expect([cell(CELL.pid), cell(CELL.tid)]).toEqual([Number(printed), Number(printed)]);
});

it("has memory of its own without a descriptor", async () => {
  const { printed } = await run("console.log(native.openMarker().byteLength);");
  expect(Number(printed)).toBe(MARKER.bytes);
});

it("refuses a file that is too short, and a second region", async () => {
  const script = `
    const say = (call) => { try { call(); console.log("opened"); } catch (error) { console.log(error.message); } };
    say(() => native.openMarker(fd));
    say(() => native.openMarker(99999));
    say(() => native.openMarker());
    say(() => native.openMarker());`;
  expect((await run(script, 4096)).printed.trim().split("\n")).toEqual([
    "openMarker: the memory cannot be mapped: Invalid argument",
    "openMarker: the memory cannot be mapped: Bad file descriptor",
    "opened",
    "openMarker: this process has its marker already",
  ]);
});

it("has crashes watched only where a record has room, and knows libraries only when they are loaded", async () => {
  const library = `{ path: "/none.so", plugin: "p", file: "/none.so", buildId: "" }`;
  const script = `
    const say = (call) => { try { call(); console.log("done"); } catch (error) { console.log(error.message); } };
    say(() => native.watchCrashes());
    native.openMarker(fd);
    say(() => native.watchCrashes());
    say(() => native.noteLibrary(${library}));
    say(() => native.noteLibrary({}));`;
  expect((await run(script)).printed.trim().split("\n")).toEqual([
    "watchCrashes: there is no marker to leave records in",
    "done",
    "noteLibrary: /none.so is not loaded",
    "noteLibrary: no path",
  ]);
});
