import { expect, test } from "vitest";
import type { ServiceState } from "../../src/plugin/index.ts";
import { serviceStates, statusText } from "../../src/server/supervisor/service-states.ts";

function state(name: string, of: ServiceState["state"], reason?: string): ServiceState {
  return { name, file: `/p/${name}.so`, sha256: "", buildId: undefined, release: "1", state: of, reason };
}

test("a plugin that failed in one process has failed", () => {
  const told = [state("a", "loaded"), state("a", "failed", "no"), state("a", "ready")];
  expect(serviceStates([state("a", "ready")], told, new Map())).toEqual([state("a", "failed", "no")]);
});

test("a plugin that no process needs is ready, one that one of them has loaded is loaded", () => {
  const states = serviceStates([state("a", "ready"), state("b", "ready")], [state("b", "loaded")], new Map());
  expect(states.map((one) => one.state)).toEqual(["ready", "loaded"]);
});

test("a plugin that is quarantined is so whatever processes said when they began", () => {
  const states = serviceStates([state("a", "ready")], [state("a", "loaded")], new Map([["a", "3 crashes"]]));
  expect(states).toEqual([state("a", "quarantined", "3 crashes")]);
});

test("the status is one line with the addresses and the plugins that are out of service", () => {
  const states = [state("a", "loaded"), state("b", "quarantined"), state("c", "failed")];
  expect(statusText(["127.0.0.1:25"], 2, states)).toBe(
    "serving 127.0.0.1:25 (generation 2); plugins: 1 in service, b quarantined, c failed",
  );
});
