import { beforeAll, describe, expect, it } from "vitest";
import { inspectFile, vslSignature } from "../../src/plugin/index.ts";
import { Message } from "../../src/rules/message.ts";
import { Blob, Float, type NativeModule, show, type Value, type VslArray } from "../../src/vsl/index.ts";
import { atOnce, bind, fixture, functionOf } from "./loaded.ts";
import { calling, type Facts, mail, situation } from "./situation.ts";

let module: NativeModule;

beforeAll(() => {
  module = bind(fixture("transaction", ["-lpthread"]));
});

/** Calls a function while that is the transaction. */
async function call(facts: Facts, name: string, ...args: Value[]): Promise<Value> {
  return calling(module, situation(facts))(name, ...args);
}

/** The code and the sentence of a call's error. */
async function errorOf(host: unknown, name: string, ...args: Value[]): Promise<{ code?: string; message: string }> {
  try {
    return { message: `no error, but ${String(await calling(module, host)(name, ...args))}` };
  } catch (error) {
    return error as { code?: string; message: string };
  }
}

/** A list of fields as C saw it: name, raw value, value. */
function rows(value: Value): string[][] {
  const text = (cell: Value) => (cell instanceof Blob ? Buffer.from(cell.bytes).toString("latin1") : String(cell));
  return (value as VslArray).items.map((row) => (row as VslArray).items.map(text));
}

const letter = () =>
  mail(
    "Received: from a",
    " by b;",
    "\tnow ",
    "subject :  Hello  ",
    "Received:from c",
    "no field",
    "X-Latin: caf\xe9",
    "X-Utf8: caf\xc3\xa0",
    "Empty:",
    "",
    "body\0 text",
  );

describe.each(["quick", "slow"])("%s functions", (how) => {
  it("read client and envelope", async () => {
    expect(show(await call({}, `${how}_facts`))).toBe(
      '#{"from": "john@example.net", "helo": "client.example.net", "id": "5f1b", "ip": "192.0.2.7", "port": 40000, ' +
        '"server": "mx.example.com", "stage": "preq", "to": ["jane@example.com"]}',
    );
  });

  it("see NULL for what is not known yet, and an empty text for the null sender", async () => {
    const early = { stage: "connect", helo: undefined } as const;
    expect(show(await call(early, `${how}_facts`))).toBe(
      '#{"from": (), "helo": (), "id": (), "ip": "192.0.2.7", "port": 40000, "server": "mx.example.com", ' +
        '"stage": "connect", "to": []}',
    );
    expect(show(await call({ mailFrom: null }, `${how}_facts`))).toContain('"from": ""');
  });

  it("read fields in their order, folded and unfolded, byte for byte", async () => {
    expect(rows(await call({ message: letter() }, `${how}_fields`))).toEqual([
      ["Received", " from a\r\n by b;\r\n\tnow ", "from a by b;\tnow"],
      ["subject", "  Hello  ", "Hello"],
      ["Received", "from c", "from c"],
      ["X-Latin", " caf\xe9", "caf\xe9"],
      ["X-Utf8", " caf\xc3\xa0", "caf\xc3\xa0"],
      ["Empty", "", ""],
    ]);
  });

  it("find fields by name, whatever its case", async () => {
    const message = letter();
    expect(await call({ message }, `${how}_header`, "SUBJECT")).toBe("Hello");
    expect(await call({ message }, `${how}_header`, "Subject:")).toBe(undefined);
    expect(await call({ message }, `${how}_count`, "received")).toBe(2);
    expect(await call({ message }, `${how}_last`, "rEceived")).toBe("from c");
    expect(await call({ message }, `${how}_last`, "X-None")).toBe(undefined);
  });

  it("do not take half a name for the whole, nor end the mail at a NUL", async () => {
    const message = mail("Subject\0x: hidden", "Subject: seen\0 too", "", "");
    expect(await call({ message }, `${how}_header`, "Subject")).toBe("seen");
    expect(await call({ message }, `${how}_count`, "Subject")).toBe(1);
    expect(rows(await call({ message }, `${how}_fields`))[1]?.[2]).toBe("seen\0 too");
  });

  it("read the mail's bytes, and its body alone", async () => {
    const message = letter();
    expect(await call({ message }, `${how}_size`)).toBe(message.bytes.length);
    expect(await call({ message }, `${how}_body`)).toEqual(new Blob(new Uint8Array(Buffer.from("body\0 text"))));
    expect(await call({ message: mail("A: b", "c: d") }, `${how}_body`)).toEqual(new Blob(new Uint8Array()));
    expect(await call({ message: mail("", "x") }, `${how}_body`)).toEqual(new Blob(new Uint8Array(Buffer.from("x"))));
    expect(await call({ message: new Message(new Uint8Array()) }, `${how}_size`)).toBe(0);
  });

  it("see no bytes before the mail has come, but the fields that rules have added", async () => {
    const message = new Message();
    message.append("X-Early", "yes");
    expect(await call({ message }, `${how}_size`)).toBe(-1);
    expect(await call({ message }, `${how}_body`)).toBe(undefined);
    expect(await call({ message }, `${how}_header`, "x-early")).toBe("yes");
  });

  it("read 10 MiB where they are", async () => {
    const message = new Message(Buffer.concat([Buffer.from("X: y\r\n\r\n"), Buffer.alloc(10 << 20, "text\r\n")]));
    const bytes = Buffer.alloc(10 << 20, 1);
    const addresses = new Set<Value>();
    for (let i = 0; i < 20; i++) addresses.add(await call({ message: new Message(bytes) }, `${how}_address`));
    expect(addresses.size).toBe(1);
    expect(await call({ message: new Message(bytes) }, `${how}_sum`)).toBe(10 << 20);
    expect(await call({ message }, `${how}_size`)).toBe((10 << 20) + 8);
  });

  it("read thousands of recipients and fields", async () => {
    const recipients = Array.from({ length: 20_000 }, (_, i) => `user${i}@example.com`);
    expect(await call({ recipients }, `${how}_recipients`)).toBe(recipients.join("").length);
    const message = mail(...Array.from({ length: 10_000 }, (_, i) => `X-Line: ${i}`), "Last: one", "", "");
    expect(await call({ message, recipients }, `${how}_count`, "x-line")).toBe(10_000);
    expect(await call({ message }, `${how}_header`, "last")).toBe("one");
    expect(await call({}, `${how}_recipients`)).toBe("jane@example.com".length);
  });

  it("change the header by the rules of msg::…", async () => {
    const message = mail("A: 1", "B: 2", "A: 3", "", "body");
    await call({ message }, `${how}_prepend`, "First", "é");
    await call({ message }, `${how}_append`, "Last", "folded\r\n here");
    await call({ message }, `${how}_set`, "a", "new");
    await call({ message }, `${how}_set`, "C", "added");
    await call({ message }, `${how}_remove`, "b");
    await call({ message }, `${how}_remove`, "none");
    expect(message.toString()).toBe("First: é\r\na: new\r\nA: 3\r\nLast: folded\r\n here\r\nC: added\r\n\r\nbody");
  });

  it("can change a header before the mail has come", async () => {
    const message = new Message();
    await call({ message }, `${how}_append`, "X-Early", "yes");
    message.receive(Buffer.from("A: b\r\n\r\n"));
    expect(message.toString()).toBe("X-Early: yes\r\nA: b\r\n\r\n");
  });

  it("can change much in one call", async () => {
    const message = mail("", "");
    await call({ message }, `${how}_many`, 5000);
    expect(message.count("x-many")).toBe(5000);
  });

  it("change nothing when they fail", async () => {
    const message = mail("A: b", "", "");
    expect(await errorOf(situation({ message }), `${how}_change_and_fail`)).toMatchObject({
      code: "PLUGIN_CALL_FAILED",
      message: expect.stringContaining("on purpose"),
    });
    expect(await call({ message }, `${how}_count`, "X-Lost")).toBe(0);
    expect(message.toString()).toBe("A: b\r\n\r\n");
  });

  it.each(["", "a b", "a:b", "a\r\nb", "a\nb: c", "\x7f", "ü", " a", "a\t"])("refuse the name %j", async (name) => {
    const message = mail("A: b", "", "");
    for (const change of ["prepend", "append", "set"]) {
      expect(await errorOf(situation({ message }), `${how}_${change}`, name, "x")).toMatchObject({
        code: "PLUGIN_CALL_FAILED",
        message: expect.stringContaining("has no sound name"),
      });
    }
    expect((await errorOf(situation({ message }), `${how}_remove`, name)).message).toContain("has no sound name");
    expect(message.toString()).toBe("A: b\r\n\r\n");
  });

  it.each(["a\r\nb: c", "a\n", "a\r", "a\r ", "\r\n\r\n", "a\r\n\r\n b", "a\x01", "\x1b[2J", "a\x7f", "\x0b"])(
    "refuse the value %j",
    async (value) => {
      const message = mail("A: b", "", "");
      for (const change of ["prepend", "append", "set"]) {
        expect(await errorOf(situation({ message }), `${how}_${change}`, "X-A", value)).toMatchObject({
          code: "PLUGIN_CALL_FAILED",
          message: expect.stringContaining('the header field "X-A" has a value with a control character'),
        });
      }
      expect(message.toString()).toBe("A: b\r\n\r\n");
    },
  );

  it("refuse a missing value, and changes where there is no mail", async () => {
    expect((await errorOf(situation({ message: mail("") }), `${how}_no_value`)).message).toContain("has no value");
    const early = { transactionView: () => ({ ...situation().transactionView(), mail: undefined }) };
    expect((await errorOf(early, `${how}_append`, "A", "b")).message).toContain("there is no mail yet");
  });

  it("may use the transaction on threads of their own", async () => {
    const message = mail("", "");
    await call({ message }, `${how}_threads`);
    expect(message.values("X-Thread")).toEqual(Array(4).fill("192.0.2.7"));
    expect((await errorOf(situation({ message }), `${how}_bad_threads`)).message).toContain("X-Thread");
    expect(message.count("X-Thread")).toBe(4);
  });

  it("take it anywhere among their parameters", async () => {
    const message = mail("", "");
    expect(await call({ message }, `${how}_mixed`, new Float(0.5), "X-Mixed", "yes", 7)).toEqual(new Float(40_007.5));
    expect(message.values("X-Mixed")).toEqual(["yes"]);
    expect((await errorOf(situation({ message }), `${how}_mixed`, new Float(0.5), "X-Mixed", "yes")).message).toContain(
      "takes 4 arguments, but was called with 3",
    );
  });

  it("cannot be called where there is no client", async () => {
    for (const host of [undefined, null, {}, { transactionView: 1 }]) {
      expect(await errorOf(host, `${how}_size`)).toMatchObject({
        code: "PLUGIN_NO_TRANSACTION",
        message: expect.stringContaining(`${how}_size of plugin transaction takes the transaction, and there is none`),
      });
    }
  });

  it("are not called with a name that C would see half of", async () => {
    expect(await errorOf(situation({ helo: "a\0b" }), `${how}_size`)).toMatchObject({
      message: expect.stringContaining("the transaction cannot be handed over"),
    });
  });

  it("show what a script passes, and nothing else", () => {
    const { parameters, returns, suspends } = functionOf(module, `${how}_mixed`, 4);
    expect(parameters.map(({ type }) => type)).toEqual(["f64", "string", "any", "i64"]);
    expect([returns, suspends]).toEqual(["any", how === "slow"]);
  });
});

it("Nothing is left to read once the call is over.", async () => {
  await call({ message: letter() }, "quick_keep");
  expect(await call({}, "quick_kept")).toBe(undefined);
});

it("Many calls at the same time see each their own transaction.", async () => {
  const calls = Array.from({ length: 64 }, (_, i) => call({ message: mail(`N: ${i}`, "", "") }, "slow_header", "n"));
  expect(await Promise.all(calls)).toEqual(Array.from({ length: 64 }, (_, i) => String(i)));
});

it("A method may take it in front of its object.", async () => {
  const gate = atOnce(calling(module, situation())("gate_new"));
  expect(await call({ message: letter() }, "gate.pass", gate, "subject")).toBe("Hello");
  expect(functionOf(module, "gate.pass", 2).parameters.map(({ type }) => type)).toEqual(["gate", "string"]);
});

it("Inspecting a plugin says what its functions do with it.", () => {
  const { manifest } = inspectFile(fixture("transaction", ["-lpthread"]));
  const signatures = manifest?.functions.map((fn) => vslSignature(fn, manifest));
  expect(signatures).toEqual(
    expect.arrayContaining([
      "gate.pass(name: string) -> string, reads the transaction",
      "quick_mixed(a: f64, b: string, c: any, d: i64) -> any, changes the transaction",
      "quick_kept() -> string",
    ]),
  );
});
