/** The thread on which the scripts of `vsmtp vsl eval --jsonl` run: a script comes in, an answer goes out. */

import { writeSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { evaluate } from "../vsl/index.ts";
import type { Answer } from "./vsl-jsonl.ts";
import { encodeValue, failureOf } from "./vsl-value.ts";

/** Stdout belongs to the protocol. */
const STDERR = 2;

const options = { directory: process.cwd(), print };

function print(line: string): void {
  try {
    writeSync(STDERR, `${line}\n`);
  } catch {
    // Nobody reads it: no failure of the script.
  }
}

async function answer(script: string): Promise<Answer> {
  try {
    return { value: encodeValue(await evaluate(script, "script", options)) };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

parentPort?.on("message", async (script: string) => parentPort?.postMessage(await answer(script)));
