import { afterAll, expect, it } from "vitest";
import { loadConfig } from "../../src/config/index.ts";
import type { DeadlineOf } from "../../src/plugin/index.ts";
import { deadlinesOf } from "../../src/server/deadlines.ts";
import { Site } from "../fixtures/site.ts";

const sites: Site[] = [];
afterAll(() => {
  for (const site of sites) site.remove();
});

async function deadlines(statements: string): Promise<DeadlineOf> {
  const site = new Site({ config: statements });
  sites.push(site);
  const config = await loadConfig(site.config);
  if (Array.isArray(config)) throw config[0];
  return deadlinesOf(config);
}

it("A function has 30 seconds when nothing else is said.", async () => {
  expect((await deadlines(""))("mysql", "query")).toBe(30_000);
});

it("What is said of a function goes before what is said of its plugin, and that before what holds for all.", async () => {
  const of = await deadlines(`config.app.plugins.defaults.deadline = "2s";
    config.app.plugins.named = #{
      mysql: #{ deadline: "5s", deadlines: #{ "db.query": "1m" } },
      ldap: #{ deadlines: #{ find: "250ms" } },
    };`);
  expect([
    of("mysql", "db.query"),
    of("mysql", "connect"),
    of("ldap", "find"),
    of("ldap", "bind"),
    of("x", "y"),
  ]).toEqual([60_000, 5_000, 250, 2_000, 2_000]);
});
