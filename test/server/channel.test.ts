/** The channel between the supervisor and a process, when what comes is a message, and when it is anything else. */

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Channel } from "../../src/server/channel.ts";
import { fromWorker } from "../../src/server/supervisor/from-worker.ts";
import { framed } from "../fixtures/framed.ts";
import { until } from "../fixtures/host.ts";

let server: Server;
let [near, far]: Socket[] = [];
let heard: unknown[] = [];
let ends = 0;

beforeEach(async () => {
  heard = [];
  ends = 0;
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  far = connect((server.address() as { port: number }).port, "127.0.0.1").setNoDelay();
  [near] = (await once(server, "connection")) as [Socket];
});

afterEach(async () => {
  for (const socket of [near, far]) {
    if (!socket?.closed) await once((socket as Socket).destroy(), "close");
  }
  server.close();
});

/** Of the supervisor's side, with little room. */
function open(): Channel {
  return new Channel(near as Socket, {
    longest: 100_000,
    hear: (message) => heard.push(message) > 0 && message !== "no",
    end: () => (ends += 1),
  });
}

test("messages come whole and in their order, however they are cut", async () => {
  open();
  const messages = [{ map: new Map([["a", undefined]]) }, "x".repeat(70_000), 3n];
  const bytes = Buffer.concat(messages.map(framed));
  for (const end of [1, 3, 4, 5, 40, 20_000, 20_001, bytes.length]) {
    const at = (far as Socket).bytesWritten;
    await new Promise((resolve) => (far as Socket).write(bytes.subarray(at, end), resolve));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await until(() => heard.length === 3);
  expect(heard).toEqual(messages);
});

test("what one end sends is what the other hears", async () => {
  const other = new Channel(far as Socket, { longest: 1_000, hear: () => true, end: () => {} });
  open();
  other.send({ kind: "ready" });
  other.send([1, 2]);
  await until(() => heard.length === 2);
  expect(heard).toEqual([{ kind: "ready" }, [1, 2]]);
});

test.each([
  ["bytes that are no message", Buffer.from([0, 0, 0, 4, 0xff, 0x0f, 1, 2])],
  ["a message that is too long", Buffer.from([0x7f, 0, 0, 0, 1])],
  ["a message that nobody wants", framed("no")],
])("%s ends the channel, and what comes after it is not heard", async (_what, bytes) => {
  open();
  (far as Socket).write(Buffer.concat([bytes, framed("later")]));
  await until(() => ends === 1);
  expect(heard.filter((message) => message === "later")).toEqual([]);
});

test.each([
  [null],
  ["ready"],
  [{ kind: "constructor" }],
  [{ kind: "ready" }],
  [{ kind: "ready", plugins: [{}] }],
  [{ kind: "failed", problems: [{ code: "constructor", message: "", fix: "", facts: {} }] }],
  [{ kind: "reported", number: 1, figures: { plugins: [{ plugin: "a", functions: [], handles: { b: -1 } }] } }],
  [{ kind: "lost", plugin: {}, function: "f" }],
])("%j is no message of a process", (message) => {
  expect(fromWorker(message)).toBeUndefined();
});
