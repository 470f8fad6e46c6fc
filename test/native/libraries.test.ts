/** The core libraries as files: what they export, need, and are called. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nativeFolder, root } from "./compile.ts";

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

describe.each(["libvsmtp", "libvsmtp-storage"])("%s.so.1", (name) => {
  it("exports exactly what its map lists", () => {
    const map = readFileSync(join(root, "native/core", `${name}.map`), "utf8").replace(/\/\*.*?\*\//gs, "");
    const listed = [...map.matchAll(/^\s+(\w+);$/gm)].map(([, symbol]) => symbol).sort();
    expect(listed.length).toBeGreaterThan(2);
    expect(exportsOf(join(nativeFolder, `${name}.so.1`))).toEqual(listed);
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
