/** Delegation is of a later version: its directives load, and a mail that reaches one waits. */

import { afterAll, expect, it } from "vitest";
import { loadConfig } from "../../src/config/index.ts";
import { Plugins } from "../../src/plugin/index.ts";
import { Connection, Rules, Transaction } from "../../src/rules/index.ts";
import { Site } from "../fixtures/site.ts";
import { logInto } from "./log-into.ts";

const site = new Site({
  files: { "services/filter.vsl": "export const service = smtp::connect(#{});\n" },
  filter: `import "services/filter" as filter;
#{ mail: [ rule "on" || state::next() ], postq: [ delegate filter::service "scan" || state::next() ] }`,
});
afterAll(() => site.remove());

it("A service for delegation that cannot be built yet stops neither the start nor other rules.", async () => {
  const config = await loadConfig(site.config);
  if (Array.isArray(config)) throw config[0];
  const lines: string[] = [];
  const plugins = Plugins.find({ directory: site.path("plugins"), shipped: [] });
  const rules = await Rules.open({ config, plugins, log: logInto(lines) });
  expect(lines.join()).toContain("smtp::connect");
  const connection = new Connection({ ip: "192.0.2.1", port: 1 }, { ip: "127.0.0.1", port: 25 }, "mx.example.com");
  const transaction = new Transaction(connection, undefined);
  expect(await rules.run("mail", connection, transaction)).toEqual({ kind: "next" });
  expect(await rules.run("postq", connection, transaction)).toMatchObject({ kind: "error" });
});
