/**
 * Builds what is not TypeScript (libraries, addon, example plugins) into build/. `npm ci` runs this.
 *
 * It needs cmake, a C and a C++ compiler, and make or ninja, and says so in one sentence when one is missing. It needs
 * no network: the headers of Node-API come from an npm package, which cmake-js finds because of "binary" in package.json.
 * When nothing has changed it prints nothing.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What must be there: any one of the commands. */
const needs = [
  { what: "cmake 3.18 or later", commands: ["cmake"] },
  { what: "a C compiler (gcc or clang)", commands: process.env.CC ? [process.env.CC] : ["cc", "gcc", "clang"] },
  {
    what: "a C++ compiler (g++ or clang++)",
    commands: process.env.CXX ? [process.env.CXX] : ["c++", "g++", "clang++"],
  },
  { what: "make or ninja", commands: ["make", "ninja"] },
];

function isThere(command) {
  const program = command.split(" ")[0];
  if (isAbsolute(program)) return existsSync(program);
  return (process.env.PATH ?? "").split(delimiter).some((directory) => existsSync(join(directory, program)));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

const missing = needs.filter(({ commands }) => !commands.some(isThere)).map(({ what }) => what);
if (missing.length > 0) {
  fail(
    `vSMTP cannot be built: install ${missing.join(" and ")} ` +
      "(Debian, Ubuntu: apt-get install cmake g++ make; Fedora: dnf install cmake gcc-c++ make), then run npm ci again.",
  );
}

/** True when build/ was configured for another place or for a compiler that is gone: then nothing in it can be used. */
function isStale() {
  const cache = join(root, "build", "CMakeCache.txt");
  if (!existsSync(cache)) return false;
  const text = readFileSync(cache, "utf8");
  const entry = (key) => new RegExp(`^${key}:[A-Z]+=(.*)$`, "m").exec(text)?.[1] ?? "";
  return (
    resolve(entry("CMAKE_HOME_DIRECTORY")) !== resolve(root) ||
    !["CMAKE_COMMAND", "CMAKE_C_COMPILER", "CMAKE_CXX_COMPILER", "CMAKE_MAKE_PROGRAM"].every((key) =>
      existsSync(entry(key)),
    )
  );
}

const cmakeJs = createRequire(import.meta.url).resolve("cmake-js/bin/cmake-js");
const build = spawnSync(
  process.execPath,
  [
    cmakeJs,
    isStale() ? "rebuild" : "build",
    ...["--directory", root, "--parallel", String(availableParallelism()), "--log-level", "error"],
  ],
  { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 },
);

const printed = `${build.stdout ?? ""}${build.stderr ?? ""}`;
if (build.status !== 0) {
  console.error(printed);
  fail(
    `vSMTP's native part could not be built; the messages above say why${build.error ? `: ${build.error.message}` : "."}`,
  );
}
const warnings = printed.split("\n").filter((line) => /warning:/i.test(line));
if (warnings.length > 0) console.error(warnings.join("\n"));
