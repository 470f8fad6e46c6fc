/** `vsmtp check` of what the configuration and the rules have to do with storage plugins. */

import { expect, test } from "vitest";
import { checkServer, emitDefinitions } from "../../src/server/index.ts";
import { newFolder } from "../fixtures/compile.ts";
import { Site, TO_MAILDIR } from "../fixtures/site.ts";
import { storagePlugin } from "../fixtures/storage-plugin.ts";

const quota = storagePlugin({ name: "quota", file: "10_quota_plugin.so" });

async function problemsOf(options: ConstructorParameters<typeof Site>[0]): Promise<string[]> {
  const site = new Site({ plugins: [quota], ...options });
  return (await checkServer(site.config)).map(({ code, message }) => `${code} ${message}`);
}

test("plugins that are named and there are no problem", async () => {
  expect(await problemsOf({ config: `config.app.storage.plugins = ["quota", "notify"];` })).toEqual([]);
});

test("one that is named and not there is", async () => {
  const [problem, ...others] = await problemsOf({ config: `config.app.storage.plugins = ["quotas"];` });
  expect(problem).toContain("STORAGE_PLUGIN The storage plugin quotas is to take part, but none has that name");
  expect(others).toEqual([]);
});

test("one that is refused is told with its reasons, whether it is named or not", async () => {
  const older = storagePlugin({ name: "older", flags: ['-DVSMTP_VERSION="0.9.0"'] });
  expect(await problemsOf({ plugins: [older] })).toEqual([expect.stringContaining("PLUGIN_VERSION")]);
});

test("a rule that imports one reads that it has no functions", async () => {
  const filter = `import "plugins/quota_plugin" as quota;\n${TO_MAILDIR}`;
  expect(await problemsOf({ filter })).toEqual([expect.stringContaining("it has no functions for rules")]);
});

test("it has no definitions, because it has nothing for scripts", async () => {
  const site = new Site({ plugins: [quota] });
  const directory = newFolder();
  const written = await emitDefinitions(site.config, directory);
  expect(written.length).toBeGreaterThan(0);
  expect(written.filter((file) => String(file).includes("quota"))).toEqual([]);
});

test("a function that is to know the users must be one of the root filter", async () => {
  const config = `config.app.storage.users = #{ function: "owner_of" };`;
  const [problem] = await problemsOf({ config });
  expect(problem).toContain("RULES_USERS The root filter has no function `owner_of` with one parameter");
  expect(await problemsOf({ config, filter: `fn owner_of(address) { () }\n${TO_MAILDIR}` })).toEqual([]);
});
