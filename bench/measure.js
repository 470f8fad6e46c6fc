/** Medians and ratios. Cases take turns within a run, so that a machine whose speed drifts treats them alike. */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/**
 * Runs every case `rounds` times in turn, after one round that does not count.
 * @param {Record<string, () => number | Promise<number>>} cases each returns its figure
 * @returns {Promise<Record<string, number[]>>} the figures of each case, in the order of rounds
 */
export async function inTurn(cases, rounds) {
  const figures = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(cases)) {
      const figure = await run();
      if (round > 0) figures[name].push(figure);
    }
  }
  return figures;
}

/** Median of the ratios of two cases, round by round. */
export function ratio(over, under) {
  return median(over.map((value, round) => value / under[round]));
}

/** One row of a result: what, its figures, and whether the target is met. */
export function row(what, figures, target, met) {
  return { what, figures, target, met };
}
