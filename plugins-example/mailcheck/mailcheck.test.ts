import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { loadConfig } from "../../src/config/index.ts";
import { collectLog } from "../../src/observe/index.ts";
import { Plugins } from "../../src/plugin/index.ts";
import { Connection, check, type Message, Rules, Transaction } from "../../src/rules/index.ts";
import { type NativeModule, show } from "../../src/vsl/index.ts";
import { Site } from "../../test/fixtures/site.ts";
import { bind } from "../../test/plugin/loaded.ts";
import { calling, mail, situation } from "../../test/plugin/situation.ts";

const file = fileURLToPath(new URL("../../build/plugins/libvsmtp-plugin-mailcheck-1.0.0.so", import.meta.url));

let module: NativeModule;

beforeAll(() => {
  module = bind(file);
});

const letter = (...more: readonly string[]) =>
  mail(
    "Received: from a by b",
    "RECEIVED: from c by a;",
    " Thu, 20 Nov 2025 10:00:00 +0000",
    ...more,
    "Subject: Hello",
    "",
    "one two",
    "three",
  );

it("counts the servers that a mail has passed", () => {
  expect(calling(module, situation({ message: letter() }))("hops")).toBe(2);
  expect(calling(module, situation({ message: mail("", "Received: not a field") }))("hops")).toBe(0);
});

it("names the largest field", () => {
  const largest = calling(module, situation({ message: letter() }))("largest");
  expect(show(largest as never)).toBe('#{"bytes": 47, "name": "RECEIVED"}');
  expect(calling(module, situation({ message: mail("", "") }))("largest")).toBe(undefined);
});

it("finds text in the body, and not in the header", async () => {
  const call = calling(module, situation({ message: letter() }));
  expect(await call("contains", "two\r\nthree")).toBe(true);
  expect(await call("contains", "Hello")).toBe(false);
  await expect(calling(module, situation({ stage: "connect" }))("contains", "x")).rejects.toThrow(
    "there is no body before the stage preq",
  );
});

it("marks a mail, in place of all marks of others", () => {
  const message = letter("X-Mailcheck: forged", "x-mailcheck: forged", " too");
  const size = message.bytes.length;
  calling(module, situation({ message }))("mark", "clean");
  expect(message.values("X-Mailcheck")).toEqual([`clean; hops=2; size=${size}; by=mx.example.com`]);
  expect(message.toString()).toMatch(/^X-Mailcheck: clean; /);
  expect(message.toString()).not.toContain("forged");
});

it("does not let a verdict add fields of its own", () => {
  const message = letter("X-Mailcheck: kept");
  const before = message.toString();
  const call = calling(module, situation({ message }));
  expect(() => call("mark", "clean\r\nX-Admin: yes")).toThrow('the header field "X-Mailcheck" has a value');
  expect(() => call("mark", "x".repeat(600))).toThrow("the verdict is too long");
  expect(message.toString()).toBe(before);
});

it("works as the README's rules use it", async () => {
  const readme = readFileSync(new URL("./README.md", import.meta.url), "utf8");
  const [, filter = ""] = /```rust\n(.*?)```/s.exec(readme) ?? [];
  const site = new Site({ filter, plugins: [file] });
  try {
    const config = await loadConfig(site.config);
    if (Array.isArray(config)) throw config[0];
    const plugins = Plugins.find({ directory: site.path("plugins"), shipped: [] });
    expect(check({ config, plugins })).toEqual([]);
    const rules = await Rules.open({ config, plugins, log: collectLog("warn", () => undefined) });
    const judged = async (message: Message): Promise<string> => {
      const connection = new Connection({ ip: "192.0.2.7", port: 1 }, { ip: "127.0.0.1", port: 25 }, "mx.example.com");
      const transaction = new Transaction(connection, undefined, { message });
      return (await rules.run("preq", connection, transaction)).kind;
    };

    const clean = letter();
    expect(await judged(clean)).toBe("next");
    expect(clean.values("X-Mailcheck")[0]).toMatch(/^clean; hops=2; size=\d+; by=mx\.example\.com$/);
    expect(await judged(mail("", "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE"))).toBe("deny");
    expect(await judged(mail(...Array.from({ length: 26 }, () => "Received: from x by y"), "", ""))).toBe("deny");
  } finally {
    site.remove();
  }
});
