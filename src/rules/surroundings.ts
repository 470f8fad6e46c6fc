/** What rule scripts find: built-in modules, the functions without a path, and the modules of plugins. */

import type { Config } from "../config/index.ts";
import { VsmtpError } from "../errors.ts";
import type { Admitted, Plugins, Verdict } from "../plugin/index.ts";
import { didYouMean, type EngineOptions, NativeModule, Unavailable } from "../vsl/index.ts";
import { globalFunctions } from "./api/globals.ts";
import { apiModules } from "./api/modules.ts";

/** Names that no plugin can take for its module. */
export const builtinModules: ReadonlySet<string> = new Set(
  "state code net time dns fs logging envelop auth spf dkim dmarc transport utils ctx msg obj unix smtp storage cfg global".split(
    " ",
  ),
);

/** `run`: scripts will run, so plugins are loaded, and one that cannot be fails where it is used. */
export type Purpose = "check" | "run";

export function surroundings(config: Config, plugins: Plugins, purpose: Purpose): EngineOptions {
  const { limits } = config.app.vsl;
  return {
    directory: config.directory,
    modules: new Map([...builtins(config), ...globalModules(plugins, purpose)]),
    globals: new NativeModule("globals").add(...globalFunctions(config)),
    resolve: (specifier) => pluginModule(specifier, plugins, purpose),
    limits: {
      operations: limits.operations,
      depth: limits.depth,
      stringSize: limits.string_size,
      arraySize: limits.array_size,
      mapSize: limits.map_size,
    },
  };
}

function builtins(config: Config): [string, NativeModule][] {
  return apiModules(config).map((module) => [module.name, module]);
}

function globalModules(plugins: Plugins, purpose: Purpose): [string, NativeModule][] {
  return [...plugins.globals()].map(([name, verdict]) => [name, moduleOf(verdict, plugins, purpose)]);
}

function moduleOf(verdict: Verdict, plugins: Plugins, purpose: Purpose): NativeModule {
  if (purpose === "check" && isScripted(verdict)) return plugins.describe(verdict);
  const loaded = plugins.load(verdict);
  return loaded instanceof VsmtpError ? new NativeModule(verdict.file, "", new Unavailable(loaded, false)) : loaded;
}

/** What an import means that names no script. When rules are checked, a refused plugin is an error there. */
function pluginModule(specifier: string, plugins: Plugins, purpose: Purpose): NativeModule | VsmtpError | undefined {
  const verdict = plugins.lookup(specifier);
  if (!verdict) return notFound(specifier, plugins);
  if (purpose === "run" || isScripted(verdict)) return moduleOf(verdict, plugins, purpose);
  const refusal = plugins.load(verdict);
  return refusal instanceof VsmtpError ? refusal : undefined;
}

function isScripted(verdict: Verdict): verdict is Admitted {
  return verdict.kind === "admitted" && verdict.manifest.scripted;
}

function notFound(specifier: string, plugins: Plugins): VsmtpError | undefined {
  if (!specifier.startsWith("plugins/")) return undefined;
  const near = plugins.near(specifier);
  const hint =
    near[0] === undefined
      ? "`vsmtp plugin list` shows what is there"
      : didYouMean(specifier, near, `There is ${near.join(", ")}`);
  return new VsmtpError("VSL_MODULE_NOT_FOUND", { specifier, file: `${specifier}.vsl`, hint });
}
