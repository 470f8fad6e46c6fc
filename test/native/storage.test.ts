/** The storage thread as the addon hands it to JavaScript; what it does is tested in test/storage. */

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { nativeFolder } from "./compile.ts";

/** Runs a script in a process of its own, where nobody has started the thread. */
async function run(script: string): Promise<string> {
  const load = `const native = require(${JSON.stringify(join(nativeFolder, "vsmtp.node"))});`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", `${load}\n${script}`]);
  return stdout;
}

/** `{}` in wire form. */
const EMPTY = "new Uint8Array([8, 0, 0, 0, 0, 0, 0, 0, 0])";

it("takes requests once it was started, and keeps the process until they are answered", async () => {
  const script = `
    try { native.storageRequest(${EMPTY}); } catch (error) { console.log(error.message); }
    native.startStorage(() => {}, () => {});
    native.storageRequest(${EMPTY}).then(({ done }) => console.log("answered", done));`;
  expect(await run(script)).toBe("storageRequest: the storage was not started\nanswered false\n");
});

it("tells what it was called with that it cannot take", async () => {
  const script = `
    const say = (call) => { try { call(); } catch (error) { console.log(error.message); } };
    say(() => native.startStorage());
    native.startStorage(() => {}, () => {});
    say(() => native.storageRequest("text"));
    say(() => native.storageRequest(${EMPTY}, "mail"));
    say(() => native.storageRequest(${EMPTY}, ["part"]));
    say(() => native.storageAnswer(1, "allow"));
    native.storageAnswer(99n, "allow");`;
  expect((await run(script)).trim().split("\n")).toEqual([
    "startStorage: no functions",
    "storageRequest: the request must be a Uint8Array",
    "storageRequest: a mail is a file or its parts",
    "parts must be an array of Uint8Array",
    "storageAnswer: no question or no verdict",
  ]);
});

it("does not keep a process that wants nothing of it", async () => {
  expect(await run(`native.startStorage(() => {}, () => {}); console.log("started");`)).toBe("started\n");
});
