/** The core libraries as files: what they export, need, and are called. */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nativeFolder, root, temporaryFolder } from "./compile.ts";

const dovecot = join(root, "native/include/dovecot");
const headers = readdirSync(dovecot).filter((name) => name.endsWith(".h"));

/** Names that a library defines for others, from its section .dynsym (ELF gABI, "Symbol Table"). */
function exportsOf(file: string): string[] {
  const elf = readFileSync(file);
  const sections = Array.from({ length: elf.readUInt16LE(60) }, (_, i) => {
    const at = Number(elf.readBigUInt64LE(40)) + i * elf.readUInt16LE(58);
    const [offset, size] = [Number(elf.readBigUInt64LE(at + 24)), Number(elf.readBigUInt64LE(at + 32))];
    return {
      type: elf.readUInt32LE(at + 4),
      bytes: elf.subarray(offset, offset + size),
      link: elf.readUInt32LE(at + 40),
    };
  });
  const dynsym = sections.find(({ type }) => type === 11);
  const names = dynsym && sections[dynsym.link]?.bytes;
  if (!dynsym || !names) throw new Error(`${file} has no dynamic symbols`);
  const found: string[] = [];
  for (let at = 24; at < dynsym.bytes.length; at += 24) {
    const name = dynsym.bytes.readUInt32LE(at);
    const [section, isAbsolute] = [dynsym.bytes.readUInt16LE(at + 6), dynsym.bytes.readUInt16LE(at + 6) === 0xfff1];
    // absolute symbols are the names of the version nodes
    if (section !== 0 && !isAbsolute) found.push(names.toString("latin1", name, names.indexOf(0, name)));
  }
  return found.sort();
}

/** Functions that the headers for storage plugins declare and do not define, as gcc understands them. */
function declaredFunctions(): string[] {
  const folder = temporaryFolder("declared");
  try {
    const list = join(folder, "list");
    const source = ["lib.h", ...headers.filter((name) => name !== "lib.h")]
      .map((name) => `#include <${name}>\n`)
      .join("");
    const flags = ["-std=gnu11", "-D_GNU_SOURCE", `-I${dovecot}`, `-I${join(root, "native/include")}`];
    execFileSync("gcc", [...flags, "-xc", "-", "-S", "-o", "/dev/null", "-aux-info", list], { input: source });
    const lines = readFileSync(list, "latin1").split("\n");
    const ours = lines.filter((line) => line.startsWith(`/* ${dovecot}`) && !/ static /.test(line));
    return [...new Set(ours.map((line) => /(\w+) \(/.exec(line.replace(/\/\*.*?\*\//g, ""))?.[1] ?? line))].sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The names that a map lists. */
function listedIn(name: string): string[] {
  const map = readFileSync(join(root, "native/core", `${name}.map`), "utf8").replace(/\/\*.*?\*\//gs, "");
  return [...map.matchAll(/^\s+(\w+);$/gm)].map(([, symbol]) => symbol as string).sort();
}

const storageFile = join(nativeFolder, "libvsmtp-storage.so.1");

it("exports from libvsmtp.so.1 exactly what its map lists", () => {
  expect(exportsOf(join(nativeFolder, "libvsmtp.so.1"))).toEqual(listedIn("libvsmtp"));
});

it("exports from libvsmtp-storage.so.1 what its map lists for the host, and of vsmtp's own names nothing else", () => {
  const own = exportsOf(storageFile).filter((name) => name.startsWith("vsmtp_"));
  expect(own).toEqual(listedIn("libvsmtp-storage"));
  expect(own.length).toBeGreaterThan(3);
});

describe("the names for storage plugins", () => {
  const exported = exportsOf(storageFile).filter((name) => !name.startsWith("vsmtp_"));
  const declared = declaredFunctions();

  it("are all declared in include/dovecot: nothing internal can be called", () => {
    const variables = headers.flatMap((name) => readFileSync(join(dovecot, name), "utf8").match(/\w+/g) ?? []);
    const known = new Set([...declared, ...variables]);
    expect(exported.length).toBeGreaterThan(500);
    expect(exported.filter((name) => !known.has(name))).toEqual([]);
  });

  it("are all there that include/dovecot declares", () => {
    const there = new Set(exported);
    expect(declared.length).toBeGreaterThan(500);
    expect(declared.filter((name) => !there.has(name))).toEqual([]);
  });

  it("are names of nothing that the program or its libraries export: plugins would call that instead", () => {
    const program = realpathSync(process.execPath);
    const libraries = [...execFileSync("ldd", [program], { encoding: "utf8" }).matchAll(/=> (\/\S+)/g)];
    const others = new Set([program, ...libraries.map(([, file]) => file as string)].flatMap(exportsOf));
    expect(others.size).toBeGreaterThan(1000);
    expect(exported.filter((name) => others.has(name))).toEqual([]);
  });
});

it("exports from libvsmtp.so.1 what the headers declare, and nothing of it is missing", () => {
  const headers = ["plugin.h", "transaction.h", "value.h"].map((name) =>
    readFileSync(join(root, "native/include/vsmtp", name), "utf8"),
  );
  const declared = [...headers.join("").matchAll(/^VSMTP_EXPORT [^(;]*?\b(vsmtp_\w+)\(/gm)].map(([, symbol]) => symbol);
  const ofPlugins = ["vsmtp_plugin_init", "vsmtp_plugin_fini"];
  const exported = new Set(exportsOf(join(nativeFolder, "libvsmtp.so.1")));
  expect(declared.length).toBeGreaterThan(30);
  expect(declared.filter((symbol) => symbol && !exported.has(symbol))).toEqual(ofPlugins);
});

it("never drags one core library along with the other", () => {
  const storage = readFileSync(join(nativeFolder, "libvsmtp-storage.so.1"), "latin1");
  expect(storage).not.toContain("libvsmtp.so.1");
});
