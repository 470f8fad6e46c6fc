/**
 * The storage core with AddressSanitizer and UBSan in it, for C programs that test it without Node.
 *
 * Compiled once for each file of tests, into a temporary folder that its user removes; as many compilers run at a time
 * as there are processors. It is a shared library that hides nothing: programs test inner functions too, and plugins
 * that they load find in it what the host offers.
 */

import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { cc, root } from "../native/compile.ts";

const run = promisify(execFile);
const core = join(root, "native/core");
const includes = [
  `-I${join(root, "native/include/dovecot")}`,
  `-I${join(root, "native/include")}`,
  `-I${core}`,
  `-I${join(core, "storage")}`,
  `-I${join(root, "test/storage")}`,
];
const flags = [
  "-std=gnu11",
  "-g1",
  "-O1",
  "-fPIC",
  "-fsanitize=address,undefined",
  "-fno-sanitize-recover=all",
  "-fno-omit-frame-pointer",
  "-D_GNU_SOURCE",
  "-DVSMTP_STORAGE_CORE",
  ...includes,
];

/** What libvsmtp-storage is made of, see native/CMakeLists.txt. */
function sources(): string[] {
  const rooms = readdirSync(join(core, "storage"), { withFileTypes: true, recursive: true });
  const own = rooms.flatMap(({ name, parentPath }) => (name.endsWith(".c") ? join(parentPath, name) : []));
  return [...own, ...["out.c", "value.c", "wire.c"].map((name) => join(core, name))];
}

/** Compiles the core into `folder` and returns the library, which {@link buildProgram} takes. */
export async function sanitizedCore(folder: string): Promise<string> {
  const waiting = [...sources()];
  const objects: string[] = [];
  const worker = async (): Promise<void> => {
    for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
      const object = join(folder, `${objects.length}-${basename(source)}.o`);
      objects.push(object);
      await compile([...flags, "-c", source, "-o", object]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  const library = join(folder, "libsanitized-core.so");
  await compile([...flags, "-shared", ...objects, "-o", library, "-ldl", "-lpthread"]);
  return library;
}

/** Links a C program with the core. */
export async function buildProgram(source: string, library: string, folder: string): Promise<string> {
  const file = join(folder, basename(source, ".c"));
  const linked = [library, `-Wl,-rpath,${dirname(library)}`, "-rdynamic", "-ldl", "-lpthread"];
  await compile([...flags, source, ...linked, "-o", file]);
  return file;
}

async function compile(options: readonly string[]): Promise<void> {
  try {
    await run(cc(), options);
  } catch (error) {
    throw new Error((error as { stderr?: string }).stderr ?? String(error), { cause: error });
  }
}
