/**
 * `vsmtp vsl eval --jsonl`: a script a line, an answer a line, in the same order.
 *
 * Scripts run on a thread of their own. One that takes too long, or more memory than the language's limits foresee,
 * ends the thread and not the process; the lines after it get a new one.
 */

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { linesOf } from "./lines.ts";
import type { Failure } from "./vsl-value.ts";

/** Of one script, in milliseconds: far more than its operations need. */
const LONGEST_RUN = 10_000;
const MEGABYTES = 1024;
/** Characters of scripts, and what each adds by being one. What a thread compiled it keeps, so it is replaced then. */
const WORKLOAD = 32 * 1024 * 1024;
const OVERHEAD = 2048;

export async function evaluateLines(input: AsyncIterable<Uint8Array>, output: NodeJS.WritableStream): Promise<void> {
  const runner = new Runner();
  try {
    for await (const line of linesOf(input)) {
      if (line.trim() === "") continue;
      const more = output.write(`${await answerTo(line, runner)}\n`);
      if (!more) await once(output, "drain");
    }
  } finally {
    await runner.stop();
  }
}

async function answerTo(line: string, runner: Runner): Promise<string> {
  const { id, script } = requestOf(line);
  const head = `{"id":${JSON.stringify(id)},"ok":`;
  const answer: Answer =
    typeof script === "string"
      ? await runner.run(script)
      : { failure: failure("input", 'the line is no object {"id", "script"} whose script is a string') };
  if ("value" in answer) return `${head}true,"value":${answer.value}}`;
  return `${head}false,"error":${JSON.stringify(answer.failure)}}`;
}

function requestOf(line: string): { id: unknown; script: unknown } {
  try {
    const { id = null, script } = Object(JSON.parse(line));
    return { id, script };
  } catch {
    return { id: null, script: undefined };
  }
}

/** What the worker answers: a value that is encoded already, or why there is none. */
export type Answer = { readonly value: string } | { readonly failure: Failure };

/** One script at a time. */
class Runner {
  #worker: Worker | undefined;
  #workload = 0;
  /** Takes the answer to the script that runs now. */
  #give: (answer: Answer) => void = () => {};

  async run(script: string): Promise<Answer> {
    this.#worker ??= this.#start();
    const { promise, resolve } = withResolver<Answer>();
    this.#give = resolve;
    const seconds = LONGEST_RUN / 1000;
    const timer = setTimeout(() => this.#fail("limit", `the script ran for more than ${seconds} seconds`), LONGEST_RUN);
    this.#worker.postMessage(script);
    const answer = await promise;
    clearTimeout(timer);
    this.#workload += script.length + OVERHEAD;
    if (this.#workload > WORKLOAD) await this.stop();
    return answer;
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#workload = 0;
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL("./vsl-worker.js", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
    });
    // What an abandoned thread still says is nobody's answer.
    const current = () => worker === this.#worker;
    worker.on("message", (answer: Answer) => current() && this.#give(answer));
    worker.on("error", (error: NodeJS.ErrnoException) => {
      if (!current()) return;
      if (error.code === "ERR_WORKER_OUT_OF_MEMORY") this.#fail("limit", "the script used more memory than there is");
      else this.#fail("internal", error.message);
    });
    worker.on("exit", (code) => current() && this.#fail("internal", `the thread of scripts ended with ${code}`));
    return worker;
  }

  /** Gives up the thread with its script. */
  #fail(kind: Failure["kind"], message: string): void {
    this.#give({ failure: failure(kind, message) });
    void this.stop();
  }
}

function withResolver<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((give) => {
    resolve = give;
  });
  return { promise, resolve };
}

function failure(kind: Failure["kind"], message: string): Failure {
  return { kind, message, line: null, column: null };
}
