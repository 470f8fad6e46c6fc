import { describe, expect, it } from "vitest";
import { VsmtpError } from "../../src/errors.ts";
import { MAX_BYTES, MAX_DEPTH } from "../../src/plugin/wire.ts";
import { Block } from "../../src/plugin/wire-block.ts";
import { decode } from "../../src/plugin/wire-decode.ts";
import { encode, encodeString } from "../../src/plugin/wire-encode.ts";
import { Blob, Char, Float, FnPtr, Range, type Value, VslArray, VslMap } from "../../src/vsl/index.ts";

/** The encoding alone, without the struct in front of it. */
function bytesOf(value: Value, block = Block.forCopy(16)): Buffer {
  const refusal = encode(block, value);
  if (refusal !== undefined) throw new Error(`${refusal.path.join(", ")} ${refusal.reason}`);
  return block.bytes.subarray(block.start + 16, block.at);
}

function back(value: Value): Value {
  return decode(Buffer.from(bytesOf(value)), "test");
}

const map = VslMap.of;
const array = (...items: Value[]): VslArray => new VslArray(items);

function nested(depth: number): Value {
  let value: Value = 1;
  for (let i = 0; i < depth; i++) value = i % 2 ? array(value) : map({ k: value });
  return value;
}

describe("values that go out come back the same", () => {
  it.each([
    ["()", undefined],
    ["true", true],
    ["false", false],
    ...[0, 1, -1, 255, -(2 ** 31), 2 ** 31, 2 ** 32, -(2 ** 32) - 1].map((n) => [String(n), n] as const),
    ...[Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER].map((n) => [String(n), n] as const),
    ...[2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)].map((n) => [String(n), n] as const),
    ...[0, -0, 1.5, Number.NaN, Number.NEGATIVE_INFINITY].map((n) => [`float ${n}`, new Float(n)] as const),
    ["a character", new Char(0x1f600)],
    ["no text", ""],
    ["text", "grüße, 日本, 😀"],
    ["text with NULs", "\0a\0"],
    ["long text", "é".repeat(70_000)],
    ["bytes", new Blob(Uint8Array.of(0, 255, 1))],
    ["no bytes", new Blob()],
    ["an empty array", array()],
    ["an empty map", map({})],
    ["a mixed array", array(1, "a", undefined, new Float(1), array(array()))],
    ["a map", map({ b: 1, a: array(map({ "": "empty key" })), é: undefined, ["__proto__"]: 1, "\0": true })],
  ] as const)("%s", (_name, value) => {
    expect(back(value)).toEqual(value);
  });

  it("integers are numbers where that is safe, BigInts beyond", () => {
    expect(typeof back(Number.MAX_SAFE_INTEGER)).toBe("number");
    expect(typeof back(2n ** 53n)).toBe("bigint");
  });

  it("half a surrogate pair becomes a replacement character, in keys too", () => {
    expect(back(map({ "a\ud800": "\udc00b" }))).toEqual(map({ "a\ufffd": "\ufffdb" }));
  });

  it("keys are written in the order of their bytes", () => {
    const written = bytesOf(map({ "\uffff": 1, "😀": 2, b: 3, a: 4 })).toString();
    const places = ["a", "b", "\uffff", "😀"].map((key) => written.indexOf(key));
    expect(places).toEqual([...places].sort((x, y) => x - y));
  });

  it("a blob that comes back is its own copy", () => {
    const bytes = Buffer.from(bytesOf(new Blob(Uint8Array.of(1, 2))));
    const blob = decode(bytes, "test") as Blob;
    bytes.fill(9);
    expect(blob.bytes).toEqual(Uint8Array.of(1, 2));
  });
});

describe("the bytes themselves", () => {
  it.each([
    [undefined, "00"],
    [true, "01 01"],
    [-2, "02 fe ff ff ff ff ff ff ff"],
    [new Float(1), "03 00 00 00 00 00 00 f0 3f"],
    [new Char(0x41), "04 41 00 00 00"],
    ["hé", "05 03 00 00 00 68 c3 a9 00"],
    [new Blob(Uint8Array.of(7)), "06 01 00 00 00 07 00"],
    [array(true), "07 01 00 00 00 02 00 00 00 01 01"],
    [map({ a: undefined }), "08 01 00 00 00 07 00 00 00 01 00 00 00 61 00 00"],
  ] as const)("%o", (value, hex) => {
    expect(bytesOf(value).toString("hex")).toBe(hex.replaceAll(" ", ""));
  });

  it("a struct with the addresses of begin and end stands in front", () => {
    const block = Block.shared((size) => ({ buffer: new ArrayBuffer(size), address: 0x7f12_3456_7890n }), 64);
    encode(block, true);
    expect(block.startAddress).toBe(0x7f12_3456_7890n);
    expect(block.view.getBigUint64(0, true)).toBe(0x7f12_3456_78a0n);
    expect(block.view.getBigUint64(8, true)).toBe(0x7f12_3456_78a2n);
  });
});

describe("what has no form is refused with the way to it", () => {
  const fn = new FnPtr({ name: "f", arity: 0, usesThis: false, bind: () => () => undefined });

  it.each([
    [fn, [], "is a Fn"],
    [new Range(0, 1, false), [], "is a range"],
    [array(1, map({ deep: array(fn) })), ["element 1", 'key "deep"', "element 0"], "is a Fn"],
  ] as const)("%#", (value, path, reason) => {
    expect(encode(Block.forCopy(64), value)).toMatchObject({ path, reason: expect.stringContaining(reason) });
  });

  it("64 containers inside one another go, 65 do not", () => {
    expect(back(nested(MAX_DEPTH))).toEqual(nested(MAX_DEPTH));
    expect(encode(Block.forCopy(64), nested(MAX_DEPTH + 1))?.reason).toContain("more than 64");
  });

  it("a small value that is shared a million times stops at the limit", () => {
    const line = "x".repeat(1_000_000);
    const refusal = encode(Block.forCopy(64), array(...Array.from({ length: 1000 }, () => line)));
    expect(refusal?.reason).toContain(`larger than ${MAX_BYTES / 2 ** 20} MiB`);
  });
});

describe("memory", () => {
  it("a block of a call on another thread keeps earlier arguments while it grows", () => {
    const block = Block.forCopy(16);
    encodeString(block, "first");
    const first = block.start;
    encode(block, array("x".repeat(5000)));
    const second = block.start;
    expect(block.bytes.toString("latin1", first, first + 6)).toBe("first\0");
    expect(block.view.getBigUint64(second, true)).toBe(BigInt(second + 16));
    expect(second % 16).toBe(0);
  });

  it("a shared block leaves what was handed out where it is, and is empty again after nested calls", () => {
    let next = 0x1000n;
    const block = Block.shared((size) => {
      next += 0x1_0000_0000n;
      return { buffer: new ArrayBuffer(size), address: next };
    }, 64);
    const outer = block.mark();
    encode(block, "outer");
    const { bytes } = block;
    const inner = block.mark();
    encode(block, "y".repeat(1000));
    expect(block.bytes).not.toBe(bytes);
    expect(block.startAddress).toBe(next);
    expect(bytes.includes("outer")).toBe(true);
    block.release(inner);
    block.release(outer);
    expect(block.at).toBe(0);
    encode(block, 1);
    expect(block.start).toBe(0);
  });
});

describe("bytes that are no value", () => {
  it.each([
    ["nothing", ""],
    ["an unknown tag", "09"],
    ["a number cut off", "02 01"],
    ["text cut off", "05 05 00 00 00 61 62"],
    ["text without its NUL", "05 01 00 00 00 61 62"],
    ["text longer than everything", "05 ff ff ff ff 61 00"],
    ["a surrogate as a character", "04 00 d8 00 00"],
    ["a character beyond Unicode", "04 00 00 11 00"],
    ["bytes behind the value", "00 00"],
    ["an array with a size beyond the end", "07 01 00 00 00 ff 00 00 00 00"],
    ["an array with a size below its elements", "07 02 00 00 00 01 00 00 00 00 00"],
    ["an array longer than its elements", "07 01 00 00 00 02 00 00 00 00 00"],
    ["a count of four thousand millions", "07 ff ff ff ff 00 00 00 00"],
    ["an element that leaves its array", "07 01 00 00 00 02 00 00 00 05 00 00 00 00 00"],
    ["a map without a value", "08 01 00 00 00 06 00 00 00 01 00 00 00 61 00"],
  ])("%s", (_name, hex) => {
    expect(() => decode(Buffer.from(hex.replaceAll(" ", ""), "hex"), "f of plugin p")).toThrow(
      expect.objectContaining({ code: "PLUGIN_RESULT_DAMAGED" }),
    );
  });

  it("65 arrays inside one another are refused", () => {
    let bytes = Buffer.of(0);
    for (let i = 0; i < MAX_DEPTH + 1; i++) {
      const head = Buffer.alloc(9);
      head.writeUInt8(7);
      head.writeUInt32LE(1, 1);
      head.writeUInt32LE(bytes.length, 5);
      bytes = Buffer.concat([head, bytes]);
    }
    expect(() => decode(bytes, "test")).toThrow("more than 64");
    expect(decode(bytes.subarray(9), "test")).toBeInstanceOf(VslArray);
  });

  it("mutated values either are values or raise our error, never another", () => {
    const sound = Buffer.from(bytesOf(map({ a: array(1, "text", new Float(2), new Char(65)), b: map({ c: "d" }) })));
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let round = 0; round < 50_000; round++) {
      const bytes = Buffer.from(sound.subarray(0, random(5) ? sound.length : random(sound.length)));
      for (let i = random(4); i >= 0; i--) bytes[random(bytes.length)] = random(3) ? random(256) : random(10);
      try {
        decode(bytes, "test");
      } catch (error) {
        expect(error).toBeInstanceOf(VsmtpError);
      }
    }
  });
});
