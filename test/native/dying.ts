/**
 * Processes that end badly: children with a marker that is shared with the test, as the supervisor shares it with its
 * workers, on descriptor 3.
 */

import { spawn } from "node:child_process";
import { closeSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { native } from "../../src/native/index.ts";
import { CELL, MARKER, Marker, MarkerView } from "../../src/observe/index.ts";
import { nativeFolder, temporaryFolder } from "./compile.ts";

export interface End {
  readonly pid: number | undefined;
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly printed: string;
  /** Of the marker, which outlives the process. */
  readonly view: MarkerView;
}

/** Called whenever the child has printed more, with all that it has printed. */
export type OnPrinted = (printed: string, pid: number, view: MarkerView) => void;

/** What calls of {@link callPlugin} are for. */
export const situation = { mail: "mail-1", fingerprint: "f00d", stage: "preq", directive: "scan" } as const;
export const buildId = "0123abcd";

/**
 * Runs a script in a child that has loaded a plugin from a sealed copy, as workers do. It has `quick(name, result)` and
 * `blocking(name, result)`, which call functions of the plugin as guards do, `native`, and `koffi`.
 *
 * @param functions those that are called so
 */
export function callPlugin(plugin: string, functions: readonly string[], script: string, onPrinted?: OnPrinted) {
  const { descriptor, memory } = native().sharedMemory("marker", MARKER.bytes);
  const marker = new Marker(memory);
  const ids = Object.fromEntries(functions.map((name) => [name, marker.functionId("bad", name)]));
  const whole = `${prelude(plugin, ids, marker.begin(situation))}\n${script}`;
  return run(["-e", whole], descriptor, memory, onPrinted);
}

/** Runs a program that opens its marker itself, and waits for its end. */
export function runProgram(script: string, onPrinted?: OnPrinted): Promise<End> {
  const { descriptor, memory } = native().sharedMemory("marker", MARKER.bytes);
  return run(["--input-type=module", "-e", script], descriptor, memory, onPrinted);
}

async function run(args: string[], descriptor: number, memory: ArrayBuffer, onPrinted?: OnPrinted): Promise<End> {
  // where the system may put a core
  const cwd = temporaryFolder("dying");
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe", descriptor], cwd });
  closeSync(descriptor);
  const view = new MarkerView(memory);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      onPrinted?.(printed, child.pid as number, view);
    });
  }
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on("error", reject).on("close", (code, name) => resolve([code, name]));
  });
  rmSync(cwd, { recursive: true });
  return { pid: child.pid, status, signal, printed, view };
}

function prelude(plugin: string, ids: Readonly<Record<string, number>>, situationId: number): string {
  const text = JSON.stringify;
  return `
    const native = require(${text(join(nativeFolder, "vsmtp.node"))});
    const koffi = require(${text(createRequire(import.meta.url).resolve("koffi"))});
    const { readFileSync } = require("node:fs");
    const cells = new Int32Array(native.openMarker(3));
    native.watchCrashes();
    const path = "/proc/self/fd/" + native.sealedFile("bad.so", readFileSync(${text(plugin)}));
    const library = koffi.load(path);
    native.noteLibrary({ path, plugin: "bad", file: ${text(plugin)}, buildId: ${text(buildId)} });
    const ids = ${text(ids)};
    function quick(name, result = "int64") {
      const f = library.func(name, result, []);
      const id = ids[name];
      cells[${CELL.last} + id] = ++cells[${CELL.clock}];
      cells[${CELL.situation}] = ${situationId};
      cells[${CELL.function}] = id;
      const value = f();
      cells[${CELL.function}] = 0;
      return value;
    }
    function blocking(name, result = "int") {
      return native.call({
        fn: library.symbol(name), result, ints: new BigInt64Array(6), addressSlots: 0, outSlot: -1,
        doubles: new Float64Array(8), block: new Uint8Array(0), relocations: new Uint32Array(0),
        marked: { function: ids[name], situation: ${situationId} },
      }).result;
    }`;
}
