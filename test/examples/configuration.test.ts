/** examples/minimal and examples/complete: the least and the most that a configuration says. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { program, until } from "../fixtures/host.ts";
import { Example, examples } from "./example.ts";

test.each(["minimal", "complete"])("%s delivers mail for its domain and relays for nobody", async (name) => {
  // The package's user need not be here.
  const example = await Example.start(name, { config: 'config.server.system.remove("user");' });
  expect(await example.send({ from: "a@else.example", to: ["x@example.com"] })).toMatchObject({ code: 250 });
  await until(() => example.site.mails("x@example.com").length === 1);
  expect(await example.send({ from: "a@else.example", to: ["x@other.example"] })).toMatchObject({ code: 554 });
  await example.stop();
});

test("complete says nothing but defaults, besides its name, its scripts and its domain", () => {
  const output = run("config-diff");
  const paths = output.matchAll(/^\+ config\.([^ ]+) =/gm);
  expect([...paths].map(([, path]) => path).sort()).toEqual([
    "app.vsl.domain_dir",
    "app.vsl.filter_path",
    "server.name",
    'server.virtual["example.com"]',
  ]);
});

test("complete names every key there is", () => {
  const texts = ["server", "app"].map((part) => readFileSync(join(examples, "complete/conf.d", `${part}.vsl`), "utf8"));
  const missing = keysOf(JSON.parse(run("config-show"))).filter((key) => !texts.join("\n").includes(key));
  expect(missing).toEqual(["version_requirement"]);
});

function run(command: string): string {
  const config = join(examples, "complete/vsmtp.vsl");
  return execFileSync(process.execPath, [program, command, "-c", config], { encoding: "utf8" });
}

function keysOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}
