/** What comes over a connection when one end is damaged, or never was a plugin's process: the other end survives it. */

import { createConnection, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { VsmtpError } from "../../src/errors.ts";
import { setCallPolicy } from "../../src/plugin/index.ts";
import { IsolatedPlugin } from "../../src/plugin/isolated/client.ts";
import { Splitter } from "../../src/plugin/isolated/frames.ts";
import {
  decodeReply,
  decodeRequest,
  encodeAbandon,
  encodeAnswer,
  encodeCall,
  encodeDestroy,
  encodeGreeting,
  type Frame,
} from "../../src/plugin/isolated/messages.ts";
import { Float, type Value, VslArray } from "../../src/vsl/index.ts";
import { newFolder } from "../fixtures/compile.ts";
import { until } from "../fixtures/host.ts";
import { Isolation } from "./isolated.ts";
import { caller, fixture } from "./loaded.ts";

/** The same numbers in every run: a small generator (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Some bytes changed, some taken away, some put in. */
function damaged(bytes: Buffer, random: (below: number) => number): Buffer {
  let copy = Buffer.from(bytes);
  for (let i = random(4); i >= 0 && copy.length > 0; i--) {
    const at = random(copy.length);
    const way = random(5);
    if (way < 3) copy[at] = way === 0 ? random(256) : (copy[at] as number) ^ (1 << random(8));
    else if (way === 3) copy = Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + random(20))]);
    else copy = Buffer.concat([copy.subarray(0, at), Buffer.alloc(1 + random(20), random(256)), copy.subarray(at)]);
  }
  return copy;
}

const joined = (frame: Frame): Buffer => Buffer.concat(frame);
const body = (frame: Frame): Buffer => joined(frame).subarray(4);

const block = Buffer.concat([Buffer.from("some text\0"), Buffer.alloc(54)]);
const someCall = {
  number: 7,
  function: 3,
  ints: BigInt64Array.from([0n, -1n, 2n, 3n, 4n, 5n]),
  doubles: Float64Array.from({ length: 8 }, (_, i) => i / 2),
  situation: "mail=m1",
  facts: { begin: 16, end: 32 },
  block,
  data: Buffer.from("Subject: x\r\n\r\nmail"),
};
const some = { failure: undefined, value: undefined, out: undefined, changes: undefined };

describe("messages", () => {
  it("are read as they were written", () => {
    expect(decodeRequest(body(encodeCall(someCall)))).toEqual({ kind: "call", ...someCall });
    const bare = { ...someCall, facts: undefined, data: undefined, situation: "", block: Buffer.alloc(0) };
    expect(decodeRequest(body(encodeCall(bare)))).toEqual({ kind: "call", ...bare });
    const large = { ...someCall, block: Buffer.alloc(100_000, 1) };
    expect(decodeRequest(body(encodeCall(large)))).toEqual({ kind: "call", ...large });
    expect(decodeRequest(body(encodeAbandon(9)))).toEqual({ kind: "abandon", number: 9 });
    expect(decodeRequest(body(encodeDestroy(2 ** 32 - 1)))).toEqual({ kind: "destroy", object: 2 ** 32 - 1 });
    const greeting = { sha256: "ab", problem: "{}" };
    expect(decodeReply(body(encodeGreeting(greeting)))).toEqual({ kind: "greeting", ...greeting });
    const answer = { ...some, value: -5n, out: Buffer.from([1, 2]), changes: Buffer.alloc(0) };
    expect(decodeReply(body(encodeAnswer(3, answer) as Frame))).toMatchObject({
      number: 3,
      integer: -5n,
      text: undefined,
      out: answer.out,
      changes: answer.changes,
    });
  });

  it("whose bytes are damaged are refused or are others, and never an exception", () => {
    const random = numbers(1);
    const requests = [encodeCall(someCall), encodeAbandon(1), encodeDestroy(1)].map(body);
    const replies = [
      encodeGreeting({ sha256: "ab".repeat(32), problem: '{"code":"X"}' }),
      encodeAnswer(1, { ...some, value: "text", out: block }) as Frame,
    ].map(body);
    for (let i = 0; i < 20_000; i++) {
      decodeRequest(damaged(requests[i % 3] as Buffer, random));
      decodeReply(damaged(replies[i % 2] as Buffer, random));
    }
  });
});

describe("a stream", () => {
  it("gives the same frames in whatever chunks it comes", () => {
    const frames = [encodeAbandon(1), encodeCall(someCall), encodeDestroy(3), encodeAbandon(4)].map(joined);
    const all = Buffer.concat(frames);
    const random = numbers(2);
    for (let round = 0; round < 300; round++) {
      const splitter = new Splitter(1000);
      const got: Buffer[] = [];
      for (let at = 0; at < all.length; ) {
        const size = 1 + random(round < 20 ? 3 : all.length);
        got.push(...(splitter.push(all.subarray(at, at + size)) ?? [Buffer.from("damaged")]));
        at += size;
      }
      expect(got).toEqual(frames.map((frame) => frame.subarray(4)));
    }
  });

  it("ends where a frame announces nothing, or more than may come", () => {
    expect(new Splitter(1000).push(Buffer.from([0, 0, 0, 0]))).toBe(undefined);
    expect(new Splitter(1000).push(Buffer.from([0xe9, 3, 0, 0]))).toBe(undefined);
    expect(new Splitter(1000).push(Buffer.from([0xe8, 3, 0, 0]))).toEqual([]);
  });
});

const file = fixture("values");

/** Whatever a test wants to be in place of the plugin's process. */
const servers: Server[] = [];
const clients: IsolatedPlugin[] = [];

afterEach(() => {
  setCallPolicy({ deadline: () => 30_000, onLost: () => undefined });
  for (const client of clients.splice(0)) client.close();
  for (const server of servers.splice(0)) server.close();
});

async function impostor(behave: (socket: Socket) => void) {
  const { verdict } = genuine();
  const path = join(newFolder(), "impostor.sock");
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    behave(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const { manifest, sha256 } = verdict;
  const plugin = new IsolatedPlugin({ manifest, file, sha256, socket: path, onObjectsLost: () => undefined });
  clients.push(plugin);
  return { call: caller(plugin.module), greeting: joined(encodeGreeting({ sha256, problem: "" })) };
}

let one: Isolation | undefined;

function genuine(): Isolation {
  one ??= new Isolation(file);
  return one;
}

async function codeOf(call: Value | Promise<Value>): Promise<string> {
  try {
    await call;
    return "a result";
  } catch (error) {
    if (!(error instanceof VsmtpError)) throw error;
    return error.code;
  }
}

describe("a worker survives a plugin's process that sends", () => {
  it.each([
    ["nothing but noise", (greeting: Buffer) => [Buffer.alloc(100_000, 0x7f), greeting]],
    ["a frame that is too long", (greeting: Buffer) => [greeting, Buffer.from([0xff, 0xff, 0xff, 0x7f])]],
    ["two greetings", (greeting: Buffer) => [greeting, greeting]],
    ["an answer to nothing", (greeting: Buffer) => [greeting, joined(encodeAnswer(99, some) as Frame)]],
    ["what only workers send", (greeting: Buffer) => [greeting, joined(encodeAbandon(1))]],
    ["an answer before the greeting", () => [joined(encodeAnswer(1, some) as Frame)]],
  ])("%s", async (_, messages) => {
    const { call, greeting } = await impostor((socket) => {
      for (const message of messages(greeting)) socket.write(message);
    });
    expect(await codeOf(call("echo", 1))).toBe("PLUGIN_ISOLATED_ENDED");
    expect(await codeOf(call("echo", 1))).toBe("PLUGIN_ISOLATED_ENDED");
  });

  it("damaged answers", async () => {
    const random = numbers(3);
    const answers = [
      { ...some, out: Buffer.from([2, 5, 0, 0, 0, 0, 0, 0, 0]) },
      { ...some, value: 3n },
      { ...some, failure: "no" },
      { ...some, out: Buffer.from([7, 1, 0, 0, 0, 1, 0, 0, 0, 0]), changes: Buffer.from([7, 0, 0, 0, 0, 0, 0, 0, 0]) },
    ];
    const { call, greeting } = await impostor((socket) => {
      const splitter = new Splitter(1_000_000);
      socket.write(greeting);
      socket.on("data", (chunk) => {
        for (const frame of splitter.push(chunk) ?? []) {
          const request = decodeRequest(frame);
          if (request?.kind !== "call") continue;
          const whole = joined(encodeAnswer(request.number, answers[random(4)] as never) as Frame);
          // a size that is wrong makes the worker wait for more, which comes with the end of the connection
          if (random(4) === 0) socket.end(damaged(whole, random));
          else socket.write(Buffer.concat([whole.subarray(0, 10), damaged(whole.subarray(10), random)]));
        }
      });
    });
    setCallPolicy({ deadline: () => 100, onLost: () => undefined });
    const codes = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const calls = [call("echo", i), call("count", new VslArray([i])), call("slow_echo", "x")];
      for (const code of await Promise.all(calls.map(codeOf))) codes.add(code);
    }
    expect([...codes].every((code) => /^(a result|PLUGIN_)/.test(code))).toBe(true);
    expect(codes.size).toBeGreaterThan(2);
  });

  it("nothing at all: what waits for it in the worker is bounded", async () => {
    let received = 0;
    const sockets: Socket[] = [];
    const { call, greeting } = await impostor((socket) => {
      socket.write(greeting);
      socket.on("data", (chunk) => {
        received += chunk.length;
      });
      socket.pause();
      sockets.push(socket);
    });
    setCallPolicy({ deadline: () => 1000, onLost: () => undefined });
    const text = "x".repeat(2 ** 20);
    const calls = Array.from({ length: 100 }, () => codeOf(call("echo", text)));
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["PLUGIN_DEADLINE"]));
    sockets[0]?.resume();
    await until(() => received > 30 * 2 ** 20);
    await delay(200);
    expect(received).toBeLessThan(34 * 2 ** 20);
  });
});

/** Sends to the genuine process; resolves once it has closed the connection, or we have. */
function send(isolation: Isolation, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection(isolation.socket);
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
    socket.resume();
    socket.end(bytes);
  });
}

/** Requests of a worker to all functions of a plugin, recorded where they arrive. */
async function recorded(name: string): Promise<Buffer[]> {
  const { manifest, sha256, file: real } = new Isolation(fixture(name)).verdict;
  const path = join(newFolder(), "recorder.sock");
  const requests: Buffer[] = [];
  const server = createServer((socket) => {
    const splitter = new Splitter(1_000_000);
    socket.write(joined(encodeGreeting({ sha256, problem: "" })));
    socket.on("data", (chunk) => {
      for (const frame of splitter.push(chunk) ?? []) {
        const head = Buffer.alloc(4);
        head.writeUInt32LE(frame.length);
        requests.push(Buffer.concat([head, frame]));
        const request = decodeRequest(frame);
        if (request?.kind === "call") socket.write(joined(encodeAnswer(request.number, some) as Frame));
      }
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const plugin = new IsolatedPlugin({ manifest, file: real, sha256, socket: path, onObjectsLost: () => undefined });
  clients.push(plugin);
  const call = caller(plugin.module);
  const argument: Readonly<Record<string, Value>> = {
    i64: 1,
    bool: true,
    f64: new Float(0.5),
    string: "some text",
    any: new VslArray([1, "two", new VslArray([])]),
  };
  for (const [fn, overloads] of plugin.module.functions) {
    for (const { parameters } of overloads) {
      await codeOf(call(fn, ...parameters.map(({ type }) => argument[type])));
    }
  }
  return requests;
}

describe("the plugin's process survives a worker that sends", () => {
  it.each(["values", "types"])("damaged calls of functions of the fixture %s", async (name) => {
    const requests = await recorded(name);
    expect(requests.length).toBeGreaterThan(10);
    const isolation = new Isolation(fixture(name));
    const call = caller(isolation.module);
    const pid = isolation.pid;
    const random = numbers(4);
    for (let i = 0; i < 40; i++) {
      await Promise.all(
        Array.from({ length: 25 }, () => {
          const request = requests[random(requests.length)] as Buffer;
          // most often the frame stays whole, and what is in it does not
          const wrong = Buffer.concat([request.subarray(0, 5), damaged(request.subarray(5), random)]);
          if (random(4) !== 0) wrong.writeUInt32LE(wrong.length - 4);
          return send(isolation, Buffer.concat([request, wrong, request]));
        }),
      );
    }
    const [fn, args] = name === "values" ? ["echo", [1]] : ["quick_int8", [1]];
    expect(await call(fn as string, ...(args as Value[]))).toBe(1);
    expect(isolation.pid).toBe(pid);
    expect(isolation.told.filter(({ damage }) => damage !== undefined).length).toBeGreaterThan(100);
  });

  it.each([
    ["noise", Buffer.alloc(100_000, 0x55)],
    ["an object that is none", joined(encodeDestroy(1))],
    ["a function that is not there", joined(encodeCall({ ...someCall, function: 10_000 }))],
    ["a mail for a function that takes none", joined(encodeCall({ ...someCall, function: 0 }))],
    ["the beginning of a message", joined(encodeCall(someCall)).subarray(0, 40)],
    ["nothing", Buffer.alloc(0)],
  ])("%s", async (_, bytes) => {
    const isolation = genuine();
    await send(isolation, bytes);
    expect(await caller(isolation.module)("echo", 1)).toBe(1);
  });
});
