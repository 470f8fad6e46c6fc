/** Mails on stable storage: the spool and the Maildir, with real files. */

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { native } from "../../src/native/index.ts";
import { nativeFolder, temporaryFolder } from "./compile.ts";

const base = "1763600000.M123456P42Q7.mx.example.com";
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

describe("a Maildir", () => {
  it("is made with all its parents, for its owner only", async () => {
    await native().deliverMaildir(join(folder, "example.com/john/Maildir"), base, [bytes("x\n")], false);
    const maildir = join(folder, "example.com/john/Maildir");
    expect(readdirSync(maildir).sort()).toEqual(["cur", "new", "tmp"]);
    for (const name of ["..", ".", "cur", "new", "tmp"]) expect(statSync(join(maildir, name)).mode & 0o777).toBe(0o700);
  });

  it("gets whatever folder of it is missing", async () => {
    for (const missing of ["cur", "new", "tmp"]) {
      rmSync(join(folder, missing), { recursive: true, force: true });
      await native().deliverMaildir(folder, `${base}${missing}`, [bytes("x\n")], false);
      expect(readdirSync(folder).sort()).toEqual(["cur", "new", "tmp"]);
    }
  });

  it.each([
    { parts: ["a\nb\n"], physical: 4, virtual: 6 },
    { parts: ["a\r\nb\r\n"], physical: 6, virtual: 6 },
    { parts: ["a\r", "\nb", "\n", "", "\n"], physical: 6, virtual: 8 },
    { parts: ["\n", "\r\n"], physical: 3, virtual: 4 },
    { parts: ["no line end"], physical: 11, virtual: 11 },
    { parts: [], physical: 0, virtual: 0 },
  ])("names $parts as $physical bytes, $virtual with CRLF", async ({ parts, physical, virtual }) => {
    const file = await native().deliverMaildir(folder, base, parts.map(bytes), false);
    expect(file).toBe(join(folder, `new/${base},S=${physical},W=${virtual}`));
    expect(readFileSync(file, "utf8")).toBe(parts.join(""));
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });

  it("does not take the same mail twice when it is delivered again", async () => {
    const file = await native().deliverMaildir(folder, base, [bytes("x\n")], false);
    expect(await native().deliverMaildir(folder, base, [bytes("x\n")], true)).toBe(file);
    const seen = join(folder, `cur/${base},S=2,W=3:2,S`);
    renameSync(file, seen);
    expect(await native().deliverMaildir(folder, base, [bytes("x\n")], true)).toBe(seen);
    expect(all(folder)).toEqual(["cur", `cur/${base},S=2,W=3:2,S`, "new", "tmp"]);
  });

  it("delivers again what is not there, and is not fooled by longer names", async () => {
    const other = await native().deliverMaildir(folder, `${base}2`, [bytes("y\n")], false);
    const file = await native().deliverMaildir(folder, base, [bytes("x\n")], true);
    expect(readdirSync(join(folder, "new")).sort()).toEqual([other, file].map((path) => path.split("/").pop()).sort());
  });

  it("is made when a mail is delivered again that was never delivered", async () => {
    const file = await native().deliverMaildir(join(folder, "fresh"), base, [bytes("x\n")], true);
    expect(existsSync(file)).toBe(true);
  });

  it("never overwrites another mail of the same name", async () => {
    const file = await native().deliverMaildir(folder, base, [bytes("one\n")], false);
    await expect(native().deliverMaildir(folder, base, [bytes("two\n")], false)).rejects.toMatchObject({
      code: "EEXIST",
      syscall: "rename",
      path: file,
    });
    expect(readFileSync(file, "utf8")).toBe("one\n");
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });

  it("refuses base names that a reader would misunderstand", async () => {
    for (const name of ["a:2,S", "a/b", ".a", "a,S=1"])
      await expect(native().deliverMaildir(folder, name, [], false)).rejects.toMatchObject({ code: "EINVAL" });
    const long = "x".repeat(250);
    await expect(native().deliverMaildir(folder, long, [], false)).rejects.toMatchObject({ code: "ENAMETOOLONG" });
  });

  it("names the path where it cannot be made", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(native().deliverMaildir(join(folder, "file/Maildir"), base, [], false)).rejects.toMatchObject({
      code: "ENOTDIR",
      path: expect.stringContaining(join(folder, "file")),
    });
  });
});

describe("a disk that takes no more bytes", () => {
  it("leaves neither a temporary file nor half a mail", async () => {
    const script = `
      const native = require(${JSON.stringify(join(nativeFolder, "vsmtp.node"))});
      const mail = [Buffer.alloc(1 << 20, "x\\n")];
      const show = (error) => console.log(error.code, error.syscall);
      native.writeSpool(process.argv[1], "entry", mail).catch(show)
        .then(() => native.deliverMaildir(process.argv[1], "1.M2P3.host", mail, false)).catch(show);`;
    // a limit on the size of files fails in the midst of a write, as a full disk does
    const command = 'ulimit -f 64; exec "$0" -e "$1" "$2"';
    const { stdout } = await promisify(execFile)("sh", ["-c", command, process.execPath, script, folder]);
    expect(stdout).toBe("EFBIG write\nEFBIG write\n");
    expect(all(folder)).toEqual(["cur", "new", "tmp"]);
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
