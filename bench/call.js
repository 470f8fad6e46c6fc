/** A vSL call of a quick plugin function `int f(const char *)`, against the same call made by bare koffi. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import koffi from "koffi";
import { native } from "../dist/native/index.js";
import { Plugins } from "../dist/plugin/index.js";
import { defaultLimits, Engine } from "../dist/vsl/index.js";
import { compilePlugin } from "./compile.js";
import { inTurn, median, ratio, row } from "./measure.js";

const CALLS = 1_000_000;
const ROUNDS = 5;
const TEXT = "alice.wonderland@example.com";

const SOURCE = `
#include <string.h>
#include <vsmtp/plugin.h>
VSMTP_PLUGIN("bench", VSMTP_RELEASE("1.0.0") VSMTP_DESCRIPTION("Measured by the bench"))
VSMTP_FUNCTION(int, bench_length, (const char *text), VSMTP_QUICK VSMTP_NAME("length")) { return (int)strlen(text); }
`;

export async function benchCall() {
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-bench-"));
  try {
    native();
    const file = compilePlugin(directory, "bench", SOURCE);
    const bare = koffi.load(file).func("int bench_length(const char *)");
    const loop = await vslLoop(directory);
    const { vsl, koffi: plain } = await inTurn(
      { vsl: () => timed(() => loop()), koffi: () => timed(() => bareLoop(bare)) },
      ROUNDS,
    );
    const factor = ratio(vsl, plain);
    const figures = `vSL ${median(vsl).toFixed(1)} ns, bare koffi ${median(plain).toFixed(1)} ns, ratio ${factor.toFixed(2)}`;
    return [row("a quick plugin function called from vSL", figures, "at most 2x bare koffi", factor <= 2)];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A vSL function that calls the plugin over and over; its own loop and call are part of the figure. */
async function vslLoop(directory) {
  const plugins = Plugins.find({ directory, shipped: [] });
  const module = plugins.load(plugins.lookup("plugins/bench"));
  writeFileSync(
    join(directory, "bench.vsl"),
    `import "plugins/bench" as bench;
fn run(text, times) { let sum = 0; for i in 0..times { sum += bench::length(text); } sum }`,
  );
  const limits = { ...defaultLimits, operations: Number.MAX_SAFE_INTEGER };
  const [script] = await new Engine({ directory, limits, resolve: () => module }).load(["bench.vsl"]);
  return () => script.call("run", [TEXT, CALLS]);
}

function bareLoop(bare) {
  let sum = 0;
  for (let i = 0; i < CALLS; i++) sum += bare(TEXT);
  return sum;
}

/** Nanoseconds a call. */
function timed(run) {
  const start = process.hrtime.bigint();
  const sum = run();
  if (sum !== CALLS * TEXT.length) throw new Error(`the calls gave ${sum}`);
  return Number(process.hrtime.bigint() - start) / CALLS;
}
