/** Who could exchange what is loaded: owners, write bits and links, of a file and of everything on the way to it. */

import {
  chmodSync,
  chownSync,
  copyFileSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openFile } from "../../src/plugin/open.ts";
import { Ownership } from "../../src/plugin/owner.ts";
import { compile, minimal } from "../fixtures/compile.ts";
import { codesOf, judgeFile, refusals, wordsOf } from "./files.ts";

const ROOT = process.getuid?.() === 0;
const STRANGER = 12345;

const top = mkdtempSync(join(tmpdir(), "vsmtp-owner-"));
afterAll(() => rmSync(top, { recursive: true }));

/** A plugin in a directory of its own, which nothing has been learned about yet. */
function place(directory = "plugins"): string {
  const folder = join(mkdtempSync(join(top, "case-")), directory);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, basename(compile(minimal)));
  copyFileSync(compile(minimal), file);
  chmodSync(file, 0o644);
  return file;
}

/** What is told of a group that can write, for a user of this number. */
function trustOf(file: string, uid?: number): { refused: string[]; warned: string[] } {
  const opened = openFile(file, new Ownership(uid));
  if ("code" in opened) throw opened;
  const { distrust, warnings } = opened;
  return { refused: distrust.map(({ fix }) => fix), warned: warnings.map(({ fix }) => fix) };
}

test("a file of our own in directories of our own is taken, in a sticky one of everybody's too", () => {
  const file = place();
  expect(judgeFile(file).kind).toBe("admitted");
  expect(lstatSync(tmpdir()).mode & 0o1777).toBe(0o1777);
});

test("a file that everybody can write to is refused, with the command that mends it", () => {
  const file = place();
  chmodSync(file, 0o646);
  expect(refusals(file)).toEqual(["PLUGIN_WRITABLE"]);
  expect(wordsOf(file)).toContain(`because everybody can write to ${file} (mode 0646)`);
  expect(wordsOf(file)).toContain(`\`chmod o-w ${file}\``);
  chmodSync(file, 0o644);
  expect(refusals(file)).toEqual([]);
});

test("a directory that everybody can write to speaks against what lies in it, however deep", () => {
  const file = place("a b/c/plugins");
  const above = dirname(dirname(dirname(file)));
  chmodSync(above, 0o777);
  expect(refusals(file)).toEqual(["PLUGIN_WRITABLE"]);
  expect(wordsOf(file)).toContain(`\`chmod go-w '${above}'\``);
});

test("a sticky directory is no danger to files of others", () => {
  const file = place();
  chmodSync(dirname(file), 0o1777);
  expect(refusals(file)).toEqual([]);
});

test("the sticky bit of a file protects nothing", () => {
  const file = place();
  chmodSync(file, 0o1666);
  expect(refusals(file)).toEqual(["PLUGIN_WRITABLE"]);
  expect(wordsOf(file)).toContain(`\`chmod go-w ${file}\``);
});

test("a group that can write is refused for root, and a warning for others", () => {
  const file = place();
  chmodSync(file, 0o664);
  const fix = expect.stringContaining(`chmod g-w ${file}`);
  const { uid } = lstatSync(file);
  expect(trustOf(file, uid)).toEqual(ROOT ? { refused: [fix], warned: [] } : { refused: [], warned: [fix] });
  expect(refusals(file)).toEqual(ROOT ? ["PLUGIN_WRITABLE"] : []);
});

test("what is root's is trusted by everybody, what is another user's by nobody", () => {
  const file = place();
  if (!ROOT) {
    // Nobody but root can give a file away; what is ours is a stranger's for whoever has another number.
    expect(trustOf(file, STRANGER).refused).toContainEqual(expect.stringContaining(`chown root ${file}`));
    return;
  }
  expect(trustOf(file, STRANGER).refused).toEqual([]);
  chownSync(file, STRANGER, STRANGER);
  expect(trustOf(file, STRANGER).refused).toEqual([]);
  expect(refusals(file)).toEqual(["PLUGIN_OWNER"]);
  expect(wordsOf(file)).toContain(`${file} belongs to another user (uid ${STRANGER})`);
  expect(wordsOf(file)).toContain(`\`chown root ${file}\``);
});

test("a directory of another user speaks against what lies in it", () => {
  if (!ROOT) {
    expect(trustOf("/etc/passwd").refused).toEqual([]);
    return;
  }
  const file = place();
  chownSync(dirname(file), STRANGER, STRANGER);
  expect(refusals(file)).toEqual(["PLUGIN_OWNER"]);
  expect(wordsOf(file)).toContain(`\`chown root ${dirname(file)}\``);
});

test("a link is followed, and the way to it and from it is judged", () => {
  const file = place();
  const link = join(dirname(place()), "vsmtp-plugin-probe.so");
  symlinkSync(file, link);
  expect(judgeFile(link)).toMatchObject({ kind: "admitted", file: link, realFile: file });
  const between = join(dirname(place()), "vsmtp-plugin-probe.so");
  symlinkSync(file, between);
  chmodSync(dirname(between), 0o777);
  const other = join(dirname(place()), "vsmtp-plugin-probe.so");
  symlinkSync(between, other);
  expect(refusals(other)).toEqual(["PLUGIN_WRITABLE"]);
  expect(wordsOf(other)).toContain(`chmod go-w ${dirname(between)}`);
});

test("a link to a directory is a link like any other", () => {
  const file = place();
  const folder = dirname(place());
  symlinkSync(`../../${basename(dirname(dirname(file)))}/plugins`, join(folder, "there"));
  const through = join(folder, "there", basename(file));
  expect(judgeFile(through)).toMatchObject({ kind: "admitted", realFile: file });
  chmodSync(dirname(dirname(file)), 0o777);
  const again = place();
  symlinkSync(dirname(again), join(folder, "again"));
  chmodSync(dirname(again), 0o777);
  expect(refusals(join(folder, "again", basename(again)))).toEqual(["PLUGIN_WRITABLE"]);
});

test("a link that another user made is not followed into service", () => {
  const file = place();
  const link = join(dirname(place()), "vsmtp-plugin-probe.so");
  symlinkSync(file, link);
  if (!ROOT) {
    expect(trustOf(link).refused).toEqual([]);
    return;
  }
  lchownSync(link, STRANGER, STRANGER);
  expect(refusals(link)).toEqual(["PLUGIN_OWNER"]);
  expect(wordsOf(link)).toContain(`\`chown -h root ${link}\``);
});

test("whose a file is that is no plugin does not matter", () => {
  const file = place();
  const helper = join(dirname(file), "libhelper.so");
  copyFileSync(compile("int a;", { name: "libhelper.so", core: false }), helper);
  chmodSync(helper, 0o666);
  expect(judgeFile(helper).kind).toBe("not-a-plugin");
});

test("a refusal for its owner does not hide what else is wrong", () => {
  const file = place();
  const renamed = join(dirname(file), "libvsmtp-plugin-other-1.0.0.so");
  renameSync(file, renamed);
  chmodSync(renamed, 0o666);
  expect(codesOf(judgeFile(renamed))).toEqual(["PLUGIN_WRITABLE", "PLUGIN_FILE_NAME"]);
});
