/** Compiles a plugin of one source text with the system's C compiler. */

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The file's path, below `directory`. */
export function compilePlugin(directory, name, source) {
  const input = join(directory, `${name}.c`);
  const output = join(directory, `libvsmtp-plugin-${name}-${version}.so`);
  writeFileSync(input, source);
  const flags = ["-std=gnu11", "-O2", "-fPIC", "-shared", "-fvisibility=hidden", `-I${join(root, "native/include")}`];
  execFileSync(process.env.CC ?? "cc", [...flags, "-o", output, input, join(root, "build/native/libvsmtp.so.1")], {
    stdio: "inherit",
  });
  return output;
}
