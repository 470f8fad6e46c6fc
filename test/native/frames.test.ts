/** Quick calls by koffi on the JavaScript thread: failures, results and log lines meet the host in shared memory. */

import { rmSync } from "node:fs";
import koffi, { type LibraryHandle } from "koffi";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { native } from "../../src/native/index.ts";
import { open } from "./calling.ts";
import { program, sharedLibrary, temporaryFolder } from "./compile.ts";

interface Line {
  file: string;
  level: number;
  text: string;
}

let folder = "";
let file = "";
let library: LibraryHandle;
const lines: Line[] = [];

beforeAll(() => {
  folder = temporaryFolder("frames");
  file = sharedLibrary(program("calls.c"), folder, "libframes.so");
  native().onLog((from, level, text) => lines.push({ file: from, level, text }));
  library = koffi.load(file);
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  lines.length = 0;
});

async function logged(count: number): Promise<Line[]> {
  while (lines.length < count) await new Promise(setImmediate);
  return lines;
}

describe("the call frame", () => {
  it("shows a failure in `failed` until its text is taken", () => {
    const fail = library.func("fail", "void *", ["str"]);
    const { failed } = native();
    fail("out of memory");
    expect(failed[0]).not.toBe(0);
    expect(native().takeFailure()).toBe("it failed: out of memory");
    expect(failed[0]).toBe(0);
    expect(native().takeFailure()).toBe("");
  });

  it("gives a copy of what was written to `out`, once", () => {
    const large = library.func("large", "void", ["int64", "void *"]);
    large(3, native().out);
    expect(native().takeOut()).toEqual(Uint8Array.of(6, 3, 0, 0, 0, 0, 0, 0, 0));
    expect(native().takeOut()).toBeUndefined();
  });

  it("sets `failed` when a result is unfinished, and returns nothing", () => {
    library.func("unfinished", "void", ["void *"])(native().out);
    expect(native().takeOut()).toBeUndefined();
    expect(native().failed[0]).not.toBe(0);
    expect(native().takeFailure()).toContain("was not ended");
  });

  it("drops what was written together with a failure", () => {
    library.func("large", "void", ["int64", "void *"])(3, native().out);
    library.func("fail", "void *", ["str"])("x");
    native().takeFailure();
    expect(native().takeOut()).toBeUndefined();
  });

  it("belongs to one thread: failures on call threads are not seen here", async () => {
    const { failure } = await open(file).call("fail", "given-string", "elsewhere");
    expect(failure).toBe("it failed: elsewhere");
    expect(native().failed[0]).toBe(0);
  });
});

describe("memory for arguments", () => {
  it("is zero, aligned, and the same memory in C and JavaScript", () => {
    const { buffer, address } = native().allocate(100);
    expect(buffer.byteLength).toBe(100);
    expect(address % 16n).toBe(0n);
    expect(new Uint8Array(buffer).every((byte) => byte === 0)).toBe(true);
    new TextEncoder().encodeInto("shared", new Uint8Array(buffer));
    expect(koffi.decode.string(address)).toBe("shared");
  });

  it("is refused for sizes that make no sense", () => {
    for (const size of [0, -1, Number.NaN, 2 ** 40]) expect(() => native().allocate(size)).toThrow("bytes");
  });
});

describe("log lines", () => {
  it("arrive after a quick call, with the file that logged and the level", async () => {
    library.func("say", "void", ["int32", "str"])(40, "ümlaut");
    expect(lines).toEqual([]);
    expect(await logged(1)).toEqual([{ file, level: 40, text: "ümlaut" }]);
  });

  it("arrive from call threads and from threads of a plugin, in order", async () => {
    await open(file).call("talk_aside", "void", 100n);
    const texts = (await logged(100)).map(({ text }) => text);
    expect(texts).toEqual(Array.from({ length: 100 }, (_, i) => `line ${i}`));
  });

  it("may be longer than any buffer", async () => {
    const text = "x".repeat(100_000);
    library.func("say", "void", ["int32", "str"])(10, text);
    expect((await logged(1))[0]?.text).toBe(text);
  });

  it("are lost, and counted, when a plugin floods the log while nobody reads", async () => {
    library.func("talk_aside", "void", ["int64"])(10_500);
    await logged(10_000);
    library.func("say", "void", ["int32", "str"])(30, "afterwards");
    const after = (await logged(10_002)).slice(-2).map(({ text }) => text);
    expect(after).toEqual(["500 log lines were lost before this one", "afterwards"]);
  });

  it("are lost, and counted, when they are too long to be kept all", async () => {
    const say = library.func("say", "void", ["int32", "str"]);
    const long = "x".repeat(2 ** 20);
    for (let i = 0; i < 40; i++) say(30, long);
    await logged(1);
    say(30, "afterwards");
    const after = (await logged(18)).slice(-2).map(({ text }) => text.slice(0, 100));
    expect(after).toEqual(["24 log lines were lost before this one", "afterwards"]);
  });
});
