/**
 * Calls every function of one plugin with values of all types, in a process that a crash may end: `child.js FILE CALLS
 * SEED`. Its last line says how often each function was called, how often that succeeded, and with which codes the others
 * failed. An error that is no VsmtpError ends it with status 1.
 */

import { admitted } from "./plugin.js";
import { anything, fitting, Random } from "./values.js";

const [file, count, seed] = process.argv.slice(2);
const random = new Random(Number(seed));
const { module, run, foreign } = admitted(file, random);

/** Calls that are under way at a time. */
const MANY = 50;
/** Objects of each type that are kept to be handed back, open and closed. */
const KEPT = 20;

const objects = new Map([["foreign", [foreign]]]);
const outcome = {};

function argumentsFor({ parameters }) {
  const length = random.once(20) ? random.below(8) : parameters.length;
  const isMeant = random.below(4) !== 0;
  return Array.from({ length }, (_, i) => {
    const type = parameters[i]?.type;
    return isMeant && type !== undefined && !random.once(8)
      ? fitting(random, type, objects)
      : anything(random, objects);
  });
}

/** Keeps objects, and closes some of them, also those that a call is using. */
function keep(value) {
  if (typeof value?.close !== "function") return;
  const kept = objects.get(value.type.name) ?? [];
  objects.set(value.type.name, kept);
  if (kept.length < KEPT) kept.push(value);
  else kept[random.below(KEPT)] = value;
  if (random.once(4)) random.of(kept).close();
}

async function call(fn, figures) {
  figures.calls++;
  try {
    keep(await fn.call(run, ...argumentsFor(fn)));
    figures.succeeded++;
  } catch (error) {
    if (error?.name !== "VsmtpError") throw error;
    figures[error.code] = (figures[error.code] ?? 0) + 1;
  }
}

const functions = [...module.functions, ...[...module.types.values()].flatMap(({ methods }) => [...methods])].flatMap(
  ([, overloads]) => overloads,
);
for (let round = 0; round < count / MANY; round++) {
  for (const fn of functions) {
    const name = `${fn.name}/${fn.parameters.length}`;
    outcome[name] ??= { calls: 0, succeeded: 0 };
    await Promise.all(Array.from({ length: MANY }, () => call(fn, outcome[name])));
  }
}
console.log(JSON.stringify(outcome));
process.exit(0);
