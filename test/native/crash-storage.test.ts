/** Storage plugins that end the process: one thread runs them all, and its slot knows the mail, not the function. */

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { native } from "../../src/native/index.ts";
import { compile, includeFolder } from "../fixtures/compile.ts";
import { program, root, temporaryFolder } from "./compile.ts";
import { type End, type OnPrinted, runProgram } from "./dying.ts";

const situation = { user: "jane", stage: "save" };
let folder = "";

beforeAll(() => {
  folder = temporaryFolder("crash-storage");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The plugin, bad in this way. It has its bad functions for itself, and the method is exported. */
function pluginThat(bad: string): string {
  const source = readFileSync(program("slots.c"), "utf8");
  const flags = [`-I${includeFolder}/dovecot`, "-fvisibility=default", `-DBAD=bad_${bad}`, "-O1", "-w", "-fno-inline"];
  return compile(source, { name: "lib10_bad_plugin.so", core: false, flags });
}

/** A mail is saved for jane, in a process that has what a storage worker has. */
function save(plugin: string, onPrinted?: OnPrinted): Promise<End> {
  const face = (name: string): string => JSON.stringify(pathToFileURL(join(root, "dist", name, "index.js")).href);
  const script = `
    import { native } from ${face("native")};
    import { useMarker } from ${face("observe")};
    import { Plugins } from ${face("plugin")};
    import { openStorage } from ${face("storage")};
    useMarker(native().openMarker(3));
    native().watchCrashes();
    const found = Plugins.find({ directory: undefined, files: [${JSON.stringify(plugin)}], shipped: [] });
    const storage = openStorage({ ...found.loadStorage(), log: ({ text }) => console.log(text) });
    const location = "maildir:" + ${JSON.stringify(join(folder, "mail"))};
    const session = await storage.open({ name: "jane", location });
    console.log("open");
    await session.save("INBOX", { content: [Buffer.from("Subject: x\\r\\n\\r\\nhello\\r\\n")] });
    console.log("saved");`;
  return runProgram(script, onPrinted);
}

it.each([
  ["null", "SIGSEGV", "(static)", "place"],
  ["strlen", "SIGSEGV", "(static)", "stack"],
  ["overflow", "SIGSEGV", "(static)", "place"],
])("names a method that ends the process by %s, and whose mail it was", async (bad, signal, named, by) => {
  const plugin = pluginThat(bad);
  const end = await save(plugin);
  expect(end).toMatchObject({ signal, printed: "open\n" });
  const facts = end.view.crash();
  expect(facts).toMatchObject({ signal, plugin: "bad", function: named, file: plugin, by, situation });
  expect(facts?.tid).toBe(end.view.threads().find(({ slot }) => slot === 1)?.tid);
});

it("shows the method on the way to the fault", async () => {
  const end = await save(pluginThat("strlen"));
  expect(end.view.crash()?.backtrace.join("\n")).toMatch(
    /\(bad_save_begin\+0x[0-9a-f]+\)\nlibvsmtp-storage\.so\.1\+0x/,
  );
});

it("names a method that calls exit()", async () => {
  const end = await save(pluginThat("exit"));
  expect(end).toMatchObject({ status: 3, printed: "open\n" });
  expect(end.view.crash()).toMatchObject({ kind: "exit", status: 3, plugin: "bad", by: "stack", situation });
});

it("ends the process when a method has ended the thread, and tells whose mail it was", async () => {
  const end = await save(pluginThat("leave"));
  expect(end.signal).toBe("SIGABRT");
  expect(end.view.crash()).toMatchObject({ signal: "SIGABRT", situation });
});

it("leaves the reason for which a plugin ends the process, however much it has logged before", async () => {
  const end = await save(pluginThat("flood"));
  expect(end.signal).toBe("SIGABRT");
  expect(end.printed.includes("the last words")).toBe(true);
});

it("names a method that did not come back, when its thread gets SIGABRT", async () => {
  const end = await save(pluginThat("sleep"), (printed, pid, view) => {
    if (printed !== "open\n") return;
    const wait = setInterval(() => {
      const thread = view.threads().find(({ slot, situation }) => slot === 1 && situation?.stage === "save");
      if (thread === undefined) return;
      clearInterval(wait);
      // a little later it sleeps
      setTimeout(() => native().signalThread(pid, thread.tid, 6), 200);
    }, 10);
  });
  expect(end).toMatchObject({ signal: "SIGABRT", printed: "open\n" });
  expect(end.view.crash()).toMatchObject({ plugin: "bad", by: "stack", sender: process.pid, situation });
});
