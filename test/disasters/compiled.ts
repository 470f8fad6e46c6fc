/** The plugins of this folder, compiled. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile, includeFolder } from "../fixtures/compile.ts";

export function badPlugin(): string {
  return compile(source("bad.c"), {
    name: "libvsmtp-plugin-bad-1.0.0.so",
    flags: ["-Wl,--build-id", "-pthread", "-fno-omit-frame-pointer"],
  });
}

export function throwerPlugin(): string {
  const compiler = process.env.CXX ?? "c++";
  return compile(source("thrower.cc"), {
    name: "libvsmtp-plugin-thrower-1.0.0.so",
    compiler,
    flags: ["-Wl,--build-id"],
  });
}

export function badStoragePlugin(): string {
  return compile(source("bad-storage.c"), {
    name: "lib10_bad_storage_plugin.so",
    core: false,
    flags: [`-I${includeFolder}/dovecot`, "-fvisibility=default", "-Wl,--build-id"],
  });
}

function source(name: string): string {
  return readFileSync(fileURLToPath(new URL(name, import.meta.url)), "utf8");
}
