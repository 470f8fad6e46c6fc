import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Engine, keptScripts, RecordedScripts } from "../../src/vsl/index.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "vsmtp-scripts-"));
  writeFileSync(join(directory, "main.vsl"), `import "part" as part; fn answer() { part::answer() }`);
  writeFileSync(join(directory, "part.vsl"), "fn answer() { 1 }");
});

afterEach(() => rmSync(directory, { recursive: true }));

/** What `answer` of these texts says. */
async function answer(texts: ReadonlyMap<string, string>): Promise<unknown> {
  const [script] = await new Engine({ directory, files: keptScripts(texts) }).load(["main.vsl"]);
  return script?.call("answer", []);
}

test("texts that were recorded run as they were, whatever becomes of the files", async () => {
  const files = new RecordedScripts();
  new Engine({ directory, files }).read(["main.vsl"]);
  writeFileSync(join(directory, "part.vsl"), "fn answer() { 2 }");
  expect(await answer(files.texts)).toBe(1);
  rmSync(join(directory, "main.vsl"));
  expect(await answer(files.texts)).toBe(1);
});

test("a file is read once, so that all see the same text", () => {
  const files = new RecordedScripts();
  const path = join(directory, "part.vsl");
  expect(files.read(path)).toBe("fn answer() { 1 }");
  writeFileSync(path, "fn answer() { 2 }");
  expect(files.read(path)).toBe("fn answer() { 1 }");
});

test("a script that was not there when texts were recorded is not there later", async () => {
  const files = new RecordedScripts();
  writeFileSync(join(directory, "main.vsl"), `import "later" as later; fn answer() { later::answer() }`);
  new Engine({ directory, files }).read(["main.vsl"]);
  writeFileSync(join(directory, "later.vsl"), "fn answer() { 3 }");
  await expect(answer(files.texts)).rejects.toMatchObject({ code: "VSL_MODULE_NOT_FOUND" });
});
