/**
 * Calls of quick plugin functions against the same calls made by bare koffi: from vSL, and by the guard alone, which
 * checks arguments, marks the call as being in flight and counts it.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import koffi from "koffi";
import { native } from "../dist/native/index.js";
import { useMarker } from "../dist/observe/index.js";
import { Plugins } from "../dist/plugin/index.js";
import { defaultLimits, Engine, Run } from "../dist/vsl/index.js";
import { compilePlugin } from "./compile.js";
import { inTurn, median, ratio, row } from "./measure.js";

const CALLS = 1_000_000;
const ROUNDS = 5;
/** Turns of guards and bare functions are short, so that most of them are not interrupted by other programs. */
const TURN = 20_000;
const TURNS = 300;
const TEXT = "alice.wonderland@example.com";

const SOURCE = `
#include <string.h>
#include <vsmtp/plugin.h>
VSMTP_PLUGIN("bench", VSMTP_RELEASE("1.0.0") VSMTP_DESCRIPTION("Measured by the bench"))
VSMTP_FUNCTION(int, bench_length, (const char *text), VSMTP_QUICK VSMTP_NAME("length")) { return (int)strlen(text); }
VSMTP_FUNCTION(int, bench_add, (int a, int b), VSMTP_QUICK VSMTP_NAME("add")) { return a + b; }
VSMTP_FUNCTION(int, bench_one, (void), VSMTP_QUICK VSMTP_NAME("one")) { return 1; }
`;

/** Each with loops of its own, as each call stands at a place of its own in scripts. */
const KINDS = [
  {
    name: "length",
    declaration: "int bench_length(const char *)",
    bare(fn) {
      let sum = 0;
      for (let i = 0; i < TURN; i++) sum += fn(TEXT);
      return sum;
    },
    guarded(fn, run) {
      let sum = 0;
      for (let i = 0; i < TURN; i++) sum += fn(run, TEXT);
      return sum;
    },
  },
  {
    name: "add",
    declaration: "int bench_add(int, int)",
    bare(fn) {
      let sum = 0;
      for (let i = 0; i < TURN; i++) sum += fn(i & 255, 4);
      return sum;
    },
    guarded(fn, run) {
      let sum = 0;
      for (let i = 0; i < TURN; i++) sum += fn(run, i & 255, 4);
      return sum;
    },
  },
  {
    name: "one",
    declaration: "int bench_one()",
    bare(fn) {
      let sum = 0;
      for (let i = 0; i < TURN; i++) sum += fn();
      return sum;
    },
    guarded(fn, run) {
      let sum = 0;
      for (let i = 0; i < TURN; i++) sum += fn(run);
      return sum;
    },
  },
];

export async function benchCall() {
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-bench-"));
  try {
    useMarker(native().openMarker(undefined));
    const file = compilePlugin(directory, "bench", SOURCE);
    const library = koffi.load(file);
    const bare = library.func("int bench_length(const char *)");
    const plugins = Plugins.find({ directory, shipped: [] });
    const module = plugins.load(plugins.lookup("plugins/bench"));
    const loop = await vslLoop(directory, module);
    const { vsl, koffi: plain } = await inTurn(
      { vsl: () => timed(() => loop()), koffi: () => timed(() => bareLoop(bare)) },
      ROUNDS,
    );
    const factor = ratio(vsl, plain);
    const figures = `vSL ${median(vsl).toFixed(1)} ns, bare koffi ${median(plain).toFixed(1)} ns, ratio ${factor.toFixed(2)}`;
    return [
      row("a quick plugin function called from vSL", figures, "at most 2x bare koffi", factor <= 2),
      await guardRow(library, module),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A vSL function that calls the plugin over and over; its own loop and call are part of the figure. */
async function vslLoop(directory, module) {
  writeFileSync(
    join(directory, "bench.vsl"),
    `import "plugins/bench" as bench;
fn run(text, times) { let sum = 0; for i in 0..times { sum += bench::length(text); } sum }`,
  );
  const limits = { ...defaultLimits, operations: Number.MAX_SAFE_INTEGER };
  const [script] = await new Engine({ directory, limits, resolve: () => module }).load(["bench.vsl"]);
  return () => script.call("run", [TEXT, CALLS]);
}

/** Guards as vSL calls them, each against the bare function. */
async function guardRow(library, module) {
  const run = new Run();
  const cases = KINDS.flatMap(({ name, declaration, bare, guarded }) => {
    const fn = library.func(declaration);
    const [{ call }] = module.functions.get(name);
    return [
      [`bare ${name}`, () => nanoseconds(TURN, () => bare(fn))],
      [`guarded ${name}`, () => nanoseconds(TURN, () => guarded(call, run))],
    ];
  });
  const times = await inTurn(Object.fromEntries(cases), TURNS);
  const sum = (kind) => KINDS.reduce((all, { name }) => all + median(times[`${kind} ${name}`]), 0) / KINDS.length;
  const each = KINDS.map(({ name }) => `${name} ${ratio(times[`guarded ${name}`], times[`bare ${name}`]).toFixed(2)}`);
  const factor = sum("guarded") / sum("bare");
  const figures = `guard ${sum("guarded").toFixed(1)} ns, bare koffi ${sum("bare").toFixed(1)} ns, ratio ${factor.toFixed(2)} (${each.join(", ")})`;
  return row("guard and in-flight marker together", figures, "at most 1.3x bare koffi", factor <= 1.3);
}

function bareLoop(bare) {
  let sum = 0;
  for (let i = 0; i < CALLS; i++) sum += bare(TEXT);
  return sum;
}

function timed(run) {
  return nanoseconds(CALLS, () => {
    const sum = run();
    if (sum !== CALLS * TEXT.length) throw new Error(`the calls gave ${sum}`);
  });
}

/** Of one call of so many. */
function nanoseconds(count, calls) {
  const start = process.hrtime.bigint();
  calls();
  return Number(process.hrtime.bigint() - start) / count;
}
