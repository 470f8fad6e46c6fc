/** Mails on stable storage: the spool, with real files. */

import { execFile } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { native } from "../../src/native/index.ts";
import { nativeFolder, temporaryFolder } from "./compile.ts";

let folder = "";

beforeEach(() => {
  folder = temporaryFolder("writers");
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytes = (text: string): Buffer => Buffer.from(text);
const all = (directory: string): string[] => readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();

describe("the spool", () => {
  it("writes the parts one after the other into one file", async () => {
    const parts = Array.from({ length: 200 }, (_, i) => bytes(`part ${i}\n`));
    await native().writeSpool(folder, "entry", [...parts, bytes(""), bytes("end")]);
    expect(readFileSync(join(folder, "entry"), "utf8")).toBe(`${Buffer.concat(parts).toString()}end`);
  });

  it("keeps parts that nobody else refers to from being collected until they are written", async () => {
    const script = `
      const native = require(${JSON.stringify(join(nativeFolder, "vsmtp.node"))});
      const { readFileSync } = require("node:fs");
      const [folder] = process.argv.slice(1);
      const text = (i) => String(i).padEnd(1 << 20, "." + i);
      const write = (i) => native.writeSpool(folder, "m" + i, [new Uint8Array(Buffer.from(text(i)))]);
      native.setThreads({ writers: 1, calls: 1 });
      const written = Promise.all(Array.from({ length: 30 }, (_, i) => write(i)));
      const collecting = setInterval(gc, 1);
      written.then(() => {
        clearInterval(collecting);
        const whole = (_, i) => readFileSync(folder + "/m" + i, "latin1") === text(i);
        console.log(Array.from({ length: 30 }, whole).every(Boolean));
      });`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", "-e", script, folder]);
    expect(stdout).toBe("true\n");
  });

  it("leaves nothing in tmp and keeps the file to its owner", async () => {
    await native().writeSpool(folder, "entry", [bytes("x")]);
    expect(all(folder)).toEqual(["entry", "tmp"]);
    expect(statSync(join(folder, "entry")).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "tmp")).mode & 0o777).toBe(0o700);
  });

  it("replaces an entry, and what a killed process left in tmp", async () => {
    mkdirSync(join(folder, "tmp"));
    writeFileSync(join(folder, "tmp/entry"), "torn");
    writeFileSync(join(folder, "entry"), "old");
    await native().writeSpool(folder, "entry", [bytes("new")]);
    expect(readFileSync(join(folder, "entry"), "utf8")).toBe("new");
    expect(all(folder)).toEqual(["entry", "tmp"]);
  });

  it("keeps an entry that was replaced when its directory cannot be synced", async () => {
    await native().writeSpool(folder, "entry", [bytes("old")]);
    // root may read any directory, so a process without its rights has to write.
    const script = `
      const native = require(${JSON.stringify(join(nativeFolder, "vsmtp.node"))});
      const { chmodSync, chownSync, readdirSync } = require("node:fs");
      const [folder] = process.argv.slice(1);
      if (process.getuid() === 0) {
        for (const path of [folder, folder + "/tmp", folder + "/entry"]) chownSync(path, 65534, 65534);
        process.setuid(65534);
      }
      chmodSync(folder, 0o300);
      native.writeSpool(folder, "entry", [Buffer.from("new")]).catch((error) => console.log(error.syscall, error.code));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script, folder]);
    expect(stdout).toBe("open EACCES\n");
    expect(readFileSync(join(folder, "entry"), "utf8")).toBe("new");
  });

  it("writes many entries at the same time", async () => {
    const names = Array.from({ length: 100 }, (_, i) => `entry${i}`);
    await Promise.all(names.map((name) => native().writeSpool(folder, name, [bytes(name)])));
    expect(names.every((name) => readFileSync(join(folder, name), "utf8") === name)).toBe(true);
  });

  it("does not make a spool that is not there, and names the path", async () => {
    const writing = native().writeSpool(join(folder, "none"), "entry", [bytes("x")]);
    const message = `ENOENT: no such file or directory, open '${join(folder, "none/tmp/entry")}'`;
    await expect(writing).rejects.toMatchObject({ code: "ENOENT", errno: -2, syscall: "open", message });
    expect(all(folder)).toEqual([]);
  });

  it("refuses names that would leave the directory", async () => {
    for (const name of ["../entry", "a/b", ".hidden"])
      await expect(native().writeSpool(folder, name, [bytes("x")])).rejects.toMatchObject({ code: "EINVAL" });
    expect(() => native().writeSpool(folder, "a\0b", [])).toThrow("without NUL");
    expect(() => native().writeSpool(folder, "a", ["text" as unknown as Uint8Array])).toThrow("Uint8Array");
  });
});

describe("a disk that takes no more bytes", () => {
  it("leaves neither a temporary file nor half a mail", async () => {
    const script = `
      const native = require(${JSON.stringify(join(nativeFolder, "vsmtp.node"))});
      const mail = [Buffer.alloc(1 << 20, "x\\n")];
      const show = (error) => console.log(error.code, error.syscall);
      native.writeSpool(process.argv[1], "entry", mail).catch(show);`;
    // a limit on the size of files fails in the midst of a write, as a full disk does
    const command = 'ulimit -f 64; exec "$0" -e "$1" "$2"';
    const { stdout } = await promisify(execFile)("sh", ["-c", command, process.execPath, script, folder]);
    expect(stdout).toBe("EFBIG write\n");
    expect(all(folder)).toEqual(["tmp"]);
  });
});

describe("removing", () => {
  it("removes a file, and does not mind that it is gone", async () => {
    writeFileSync(join(folder, "entry"), "");
    await native().removeFile(join(folder, "entry"));
    await native().removeFile(join(folder, "entry"));
    expect(all(folder)).toEqual([]);
  });

  it("says what cannot be removed", async () => {
    await expect(native().removeFile(folder)).rejects.toMatchObject({ syscall: "unlink", path: folder });
  });
});

describe("locking", () => {
  it("locks an open file until it is closed, also against others of this process", async () => {
    const path = join(folder, "box");
    const [first, second, third] = [openSync(path, "a"), openSync(path, "a"), openSync(path, "a")];
    expect(await native().lockFile(first)).toBe(true);
    expect(await native().lockFile(second)).toBe(false);
    // a lock of fcntl's old kind would be lost here
    closeSync(third);
    expect(await native().lockFile(second)).toBe(false);
    closeSync(first);
    expect(await native().lockFile(second)).toBe(true);
    closeSync(second);
  });

  it("says what cannot be locked", async () => {
    const reading = openSync(folder, "r");
    await expect(native().lockFile(reading)).rejects.toMatchObject({ syscall: "fcntl" });
    closeSync(reading);
    expect(() => native().lockFile("x" as unknown as number)).toThrow("no descriptor");
  });
});
