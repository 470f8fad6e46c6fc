/** docs/api.md tells every function of the API, as its module declares it, and no other. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Config, loadConfig } from "../../../src/config/index.ts";
import { globalFunctions } from "../../../src/rules/api/globals.ts";
import { apiModules } from "../../../src/rules/api/modules.ts";
import { builtinModules, isStage } from "../../../src/rules/index.ts";
import type { NativeFunction } from "../../../src/vsl/index.ts";
import { Site } from "../../fixtures/site.ts";

const page = readFileSync(new URL("../../../docs/api.md", import.meta.url), "utf8");
const site = new Site({ filter: "#{}" });
let config: Config;

beforeAll(async () => {
  config = (await loadConfig(site.config)) as Config;
});
afterAll(() => site.remove());

function everyFunction(): [path: string, fn: NativeFunction][] {
  const inModules = apiModules(config).flatMap(({ name, functions }) =>
    [...functions.values()].flat().map((fn): [string, NativeFunction] => [`${name}::`, fn]),
  );
  return [...inModules, ...globalFunctions(config).map((fn): [string, NativeFunction] => ["", fn])];
}

describe("docs/api.md", () => {
  it("has a row for every function, with what it returns, from when, and what it does", () => {
    const rows = everyFunction().map(([path, { name, parameters, returns, stage, doc }]) => {
      const list = parameters.map((parameter) => `${parameter.name}: ${parameter.type}`).join(", ");
      const cells = [`\`${path}${name}(${list})\``, returns === "()" ? "" : `\`${returns}\``, stage ?? "", doc];
      return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    });
    expect(rows.filter((row) => !page.includes(`\n${row}\n`))).toEqual([]);
  });

  it("has no row for anything else", () => {
    const rows = page.match(/^\| `/gm) ?? [];
    expect(rows).toHaveLength(everyFunction().length);
  });
});

describe("the modules", () => {
  it("are those whose names no plugin can take", () => {
    const reserved = [...builtinModules].filter((name) => name !== "global").sort();
    expect(
      apiModules(config)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(reserved);
  });

  it("say something about each of their functions, and name stages that there are", () => {
    for (const [path, { name, doc, stage }] of everyFunction()) {
      expect(doc, `${path}${name}`).not.toBe("");
      if (stage !== undefined) expect(isStage(stage), `${path}${name}`).toBe(true);
    }
  });
});
