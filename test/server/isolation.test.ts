/** Which plugins get processes of their own, and what `vsmtp check` says against it. */

import { expect, test } from "vitest";
import { type Config, loadConfig } from "../../src/config/index.ts";
import { Plugins } from "../../src/plugin/index.ts";
import { checkServer } from "../../src/server/index.ts";
import { isolatedNames, isolatedSocket, isolationOf } from "../../src/server/isolation.ts";
import { Site } from "../fixtures/site.ts";
import { storagePlugin } from "../fixtures/storage-plugin.ts";
import { fixture } from "../plugin/loaded.ts";

const quota = storagePlugin({ name: "quota", file: "10_quota_plugin.so" });
const all = [fixture("isolated"), fixture("values"), quota];

async function site(config: string): Promise<{ site: Site; config: Config; plugins: Plugins }> {
  const site = new Site({ config, plugins: all });
  const loaded = await loadConfig(site.config);
  if (Array.isArray(loaded)) throw loaded[0];
  return { site, config: loaded, plugins: Plugins.find({ directory: site.path("plugins"), shipped: [] }) };
}

test("nothing is isolated unless the configuration says so", async () => {
  const { config, plugins } = await site("");
  expect(isolatedNames(config, plugins)).toEqual([]);
});

test("a plugin that is named is, with its limits", async () => {
  const { config, plugins } = await site(
    `config.app.plugins.named = #{ isolated: #{ isolate: #{ memory: 64 } }, values: #{ isolate: false } };`,
  );
  expect(isolatedNames(config, plugins)).toEqual(["isolated"]);
  expect(isolationOf(config, "isolated")).toMatchObject({ memory: 64, files: null });
  expect(isolatedSocket(config, "isolated")).toMatch(/\/isolated-isolated\.sock$/);
});

test("all can be by default, and one of them not", async () => {
  const { config, plugins } = await site(
    `config.app.plugins.defaults.isolate = true; config.app.plugins.named = #{ values: #{ isolate: false } };`,
  );
  expect(isolatedNames(config, plugins)).toEqual(["isolated"]);
});

test("the default is not meant for storage plugins: they are no problem", async () => {
  const { site: here } = await site("config.app.plugins.defaults.isolate = true;");
  expect(await checkServer(here.config)).toEqual([]);
});

test("a storage plugin that is named is one", async () => {
  const {
    site: here,
    config,
    plugins,
  } = await site("config.app.plugins.named = #{ quota: #{ isolate: #{ files: 100 } } };");
  const [problem, ...others] = await checkServer(here.config);
  expect(problem).toMatchObject({
    code: "PLUGIN_ISOLATE_STORAGE",
    message: `The plugin quota is to be isolated, but is a storage plugin: ${here.path("plugins/10_quota_plugin.so")}`,
  });
  expect(others).toEqual([]);
  expect(isolatedNames(config, plugins)).toEqual([]);
});

test.each([
  [`isolated: #{ isolate: "yes" }`, "isolate"],
  [`isolated: #{ isolate: #{ memory: 1 } }`, "memory"],
  [`isolated: #{ isolate: #{ disk: 100 } }`, "disk"],
])("%s is a mistake in the configuration", async (named, key) => {
  const here = new Site({ config: `config.app.plugins.named = #{ ${named} };` });
  const problems = await checkServer(here.config);
  expect(problems.map(({ message }) => message).join()).toContain(key);
});
