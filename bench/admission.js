/**
 * How long it takes to judge 100 plugins, against how long `node -e 0` takes.
 *
 * Each round judges them in a process of its own, so everything is cold: compiled code, the libraries that plugins
 * need, the symbols of the node executable. What is measured is `Plugins.find`, from the directory to the verdicts.
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { inTurn, median, ratio, row } from "./measure.js";

const COUNT = 100;
const ROUNDS = 5;
const root = fileURLToPath(new URL("..", import.meta.url));

/** One row: the median times, and the median of the ratios of rounds. */
export async function benchAdmission() {
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-bench-"));
  try {
    const plugins = layOut(directory);
    const { admission, node } = await inTurn({ admission: () => timeAdmission(plugins), node: timeNode }, ROUNDS);
    const share = ratio(admission, node);
    const figures = `${median(admission).toFixed(1)} ms against ${median(node).toFixed(1)} ms: ${share.toFixed(2)}×`;
    return [row(`admission of ${COUNT} plugins against \`node -e 0\``, figures, "below 1×", share < 1)];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The plugin `hello` a hundred times, under names of its own length. */
function layOut(directory) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const original = readFileSync(join(root, `build/plugins/libvsmtp-plugin-hello-${version}.so`), "latin1");
  const plugins = join(directory, "plugins");
  mkdirSync(plugins);
  for (let index = 0; index < COUNT; index++) {
    const name = `be${String(index).padStart(3, "0")}`;
    const bytes = Buffer.from(original.replace("name=hello\n", `name=${name}\n`), "latin1");
    writeFileSync(join(plugins, `libvsmtp-plugin-${name}-${version}.so`), bytes);
  }
  return plugins;
}

function timeNode() {
  const start = performance.now();
  execFileSync(process.execPath, ["-e", "0"]);
  return performance.now() - start;
}

function timeAdmission(directory) {
  const script = `
    const { Plugins } = await import(${JSON.stringify(new URL("../dist/plugin/index.js", import.meta.url))});
    const start = performance.now();
    const { verdicts } = Plugins.find({ directory: ${JSON.stringify(directory)}, shipped: [] });
    const time = performance.now() - start;
    console.log(JSON.stringify({ time, admitted: verdicts.filter(({ kind }) => kind === "admitted").length }));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  const { time, admitted } = JSON.parse(output);
  if (admitted !== COUNT) throw new Error(`${admitted} of ${COUNT} plugins were admitted`);
  return time;
}
