/** What became of each plugin in the whole host, from what became of it in each process. */

import type { ServiceState } from "../../plugin/index.ts";

/** What matters most stands first: a plugin that failed somewhere has failed. */
const ORDER: readonly ServiceState["state"][] = ["quarantined", "failed", "isolated", "loaded", "ready"];

/**
 * One for each plugin of the generation.
 * @param found what the generation has, none of it loaded
 * @param told by the processes
 * @param quarantined those that are out of service now, and why
 */
export function serviceStates(
  found: readonly ServiceState[],
  told: readonly ServiceState[],
  quarantined: ReadonlyMap<string, string>,
): ServiceState[] {
  return found.map((own) => {
    const reason = quarantined.get(own.name);
    if (reason !== undefined) return { ...own, state: "quarantined", reason };
    return [own, ...told.filter(({ name }) => name === own.name)].reduce(weightier);
  });
}

function weightier(one: ServiceState, other: ServiceState): ServiceState {
  return ORDER.indexOf(other.state) < ORDER.indexOf(one.state) ? other : one;
}

/** One line for whoever asks the service manager how the host is. */
export function statusText(addresses: readonly string[], generation: number, states: readonly ServiceState[]): string {
  const inService = states.filter(({ state }) => state === "loaded" || state === "isolated" || state === "ready");
  const troubled = states.filter((one) => !inService.includes(one)).map(({ name, state }) => `${name} ${state}`);
  const plugins = [`${inService.length} in service`, ...troubled].join(", ");
  return `serving ${addresses.join(" ")} (generation ${generation}); plugins: ${plugins}`;
}
