/**
 * What the storage core costs: a method that twenty plugins override and pass through, against twenty nested calls; a
 * mailbox with twenty plugins that override every method, against one without; and a delivery, from the request to the
 * reply and with a mail user made for it, against the file operations that it cannot do without.
 *
 * A C program (bench/native) measures all of it. `storage.deliver`, the same from JavaScript, is shown beside it.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStorage } from "../dist/storage/index.js";
import { mailOf } from "./load.js";
import { median, ratio, row } from "./measure.js";

const MAILS = 200;
const ROUNDS = 5;
const root = fileURLToPath(new URL("..", import.meta.url));

export async function benchStorage() {
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-bench-"));
  try {
    const figures = JSON.parse(execFileSync(compile(directory), [directory], { encoding: "utf8" }));
    const { calls, chain, bare, overridden, files, delivery } = figures;
    const javaScript = await deliveries(join(directory, "javascript"));
    const [slot, box, mail] = [ratio(chain, calls), ratio(overridden, bare), ratio(delivery, files)];
    const ns = (values) => median(values).toFixed(0);
    const us = (values) => (median(values) / 1000).toFixed(0);
    return [
      row(
        "a method through 20 storage plugins against 20 nested calls",
        `${ns(chain)} ns against ${ns(calls)} ns: ${slot.toFixed(2)}×`,
        "at most 2×",
        slot <= 2,
      ),
      row(
        "mailbox_alloc and free with 20 plugins that override every method, against none",
        `${ns(overridden)} ns against ${ns(bare)} ns: ${box.toFixed(2)}×`,
        "at most 6×",
        box <= 6,
      ),
      row(
        "a synced delivery of 4 KiB through the chain against its file operations alone",
        `${us(delivery)} µs (from JavaScript ${us(javaScript)} µs) against ${us(files)} µs: ${mail.toFixed(2)}×`,
        "at most 1.3×",
        mail <= 1.3,
      ),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The C program, linked with the libraries that were built. */
function compile(directory) {
  const native = join(root, "native");
  const programs = join(root, "bench/native");
  const sources = readdirSync(programs).flatMap((name) => (name.endsWith(".c") ? join(programs, name) : []));
  const coding = ["out.c", "value.c", "wire.c"].map((name) => join(native, "core", name));
  const includes = ["include", "include/dovecot", "core"].map((path) => `-I${join(native, path)}`);
  const libraries = join(root, "build/native");
  const output = join(directory, "bench");
  const link = [`-L${libraries}`, "-l:libvsmtp-storage.so.1", `-Wl,-rpath,${libraries}`, "-lpthread"];
  const flags = ["-std=gnu11", "-D_GNU_SOURCE", "-O2", "-fvisibility=hidden", ...includes];
  execFileSync(process.env.CC ?? "cc", [...flags, ...sources, ...coding, "-o", output, ...link], { stdio: "inherit" });
  return output;
}

/** Nanoseconds of a delivery, for each round. */
async function deliveries(directory) {
  const log = ({ text }) => console.error(text);
  const storage = openStorage({ plugins: [], log });
  const parts = [mailOf(4096)];
  const figures = [];
  for (let round = 0; round < ROUNDS; round++) {
    const user = { name: "user@example.com", location: `maildir:${join(directory, String(round))}` };
    const deliver = (n) => storage.deliver(user, { name: `1700000000.M${n}P1Q1.bench`, parts, again: false });
    await deliver(MAILS);
    const start = process.hrtime.bigint();
    for (let n = 0; n < MAILS; n++) await deliver(n);
    figures.push(Number(process.hrtime.bigint() - start) / MAILS);
  }
  await storage.close();
  return figures;
}
