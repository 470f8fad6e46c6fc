import { describe, expect, it } from "vitest";
import { Block } from "../../src/plugin/wire-block.ts";
import { decode } from "../../src/plugin/wire-decode.ts";
import { encode } from "../../src/plugin/wire-encode.ts";
import { applyChanges, encodeTransaction } from "../../src/plugin/wire-transaction.ts";
import { Message } from "../../src/rules/message.ts";
import { type Value, VslArray } from "../../src/vsl/index.ts";
import { mail, situation } from "./situation.ts";

/** The wire form of a list, as libvsmtp writes changes. */
function wire(...items: Value[]): Uint8Array {
  const block = Block.forCopy(64);
  expect(encode(block, new VslArray(items))).toBe(undefined);
  return new Uint8Array(block.bytes.subarray(block.start + 16, block.at));
}

function apply(bytes: Uint8Array): string {
  const message = mail("A: b", "", "");
  applyChanges(bytes, situation({ message }).transactionView().mail, "test");
  return message.toString();
}

describe("changes", () => {
  it("are applied in their order", () => {
    const bytes = wire(0, "First", "1", 1, "Last", "2", 2, "a", "c", 3, "First", "");
    expect(apply(bytes)).toBe("a: c\r\nLast: 2\r\n\r\n");
  });

  it.each([
    ["an unknown kind", [4, "A", "b"]],
    ["a negative kind", [-1, "A", "b"]],
    ["a kind that is text", ["prepend", "A", "b"]],
    ["a kind that lists have as well", ["length", "A", "b"]],
    ["a name that is none", [0, "A b", "b"]],
    ["a name with a line end", [0, "A\r\nB", "b"]],
    ["a value that ends the field", [0, "A", "b\r\nc: d"]],
    ["a value that is a number", [0, "A", 1]],
    ["an element too few", [0, "A"]],
  ] as [string, Value[]][])("with %s are refused, all of them", (_, change) => {
    const message = mail("A: b", "", "");
    const { mail: view } = situation({ message }).transactionView();
    expect(() => applyChanges(wire(0, "Good", "one", ...change), view, "test")).toThrow("damaged");
    expect(message.toString()).toBe("A: b\r\n\r\n");
  });

  it("that are no list are refused, and where there is no mail", () => {
    expect(() => apply(Uint8Array.of(0))).toThrow("it is no list of changes");
    expect(() => applyChanges(wire(0, "A", "b"), undefined, "test")).toThrow("there is no mail");
  });

  it("that were damaged in memory never add a line of somebody else's making", () => {
    const whole = wire(0, "First", "one", 2, "A", "folded\r\n here", 3, "B", "");
    let seed = 20_251_120;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    let refused = 0;
    for (let round = 0; round < 20_000; round++) {
      const bytes = round < whole.length ? whole.slice(0, round) : whole.slice();
      if (round >= whole.length) for (let i = random(3); i >= 0; i--) bytes[random(bytes.length)] = random(256);
      try {
        expect(apply(bytes)).toMatch(/^(?:[!-9;-~]+: (?:[^\r\n]|\r\n[ \t])*\r\n)*\r\n$/);
      } catch (error) {
        expect(error).toMatchObject({ code: "PLUGIN_RESULT_DAMAGED" });
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(5000);
  });
});

describe("facts", () => {
  it("are one sound value", () => {
    const block = Block.forCopy(16);
    const message = mail("A: é", "B: folded", " here", "", "");
    expect(encodeTransaction(block, situation({ message, mailFrom: null }).transactionView())).toBe(undefined);
    const facts = decode(block.bytes.subarray(block.start, block.at), "test") as VslArray;
    expect(facts.items.slice(0, 8)).toEqual([
      ...["preq", "192.0.2.7", 40_000, "mx.example.com", "client.example.net", "", "5f1b", true],
    ]);
    expect((facts.items[8] as VslArray).items).toEqual(["jane@example.com"]);
    expect((facts.items[9] as VslArray).items).toHaveLength(6);
  });

  it("follow the fields when these change", () => {
    const message = new Message();
    const sizes = ["", "X-One", "X-Two"].map((name) => {
      if (name !== "") message.append(name, "value");
      const block = Block.forCopy(16);
      encodeTransaction(block, situation({ message }).transactionView());
      return block.at - block.start;
    });
    expect(new Set(sizes).size).toBe(3);
  });

  it("that are too large are refused", () => {
    const recipients = Array.from({ length: 70 }, () => `${"x".repeat(2 ** 20)}@example.com`);
    const refusal = encodeTransaction(Block.forCopy(16), situation({ recipients }).transactionView());
    expect(refusal?.reason).toBe("makes the arguments larger than 64 MiB");
  });
});
