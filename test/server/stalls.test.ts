/** Who holds the event loop of another process, told while it does. */

import { afterEach, expect, it } from "vitest";
import { CELL, collectLog, type LogLine, MARKER, Marker, type PluginCall } from "../../src/observe/index.ts";
import { Stalls, type Watched } from "../../src/server/incidents/stalls.ts";
import { until } from "../fixtures/host.ts";

let stalls: Stalls<Watched> | undefined;

afterEach(() => stalls?.close());

/** A process whose marker the test writes, as the process itself would. */
class Subject implements Watched {
  readonly role = { kind: "smtp", number: 1 } as const;
  readonly pid = 4711;
  readonly marker = new ArrayBuffer(MARKER.bytes);
  readonly #writer = new Marker(this.marker);

  begin(fn: string): void {
    const { cells } = this.#writer;
    const id = this.#writer.functionId("slow", fn);
    cells[CELL.tid] = 77;
    cells[CELL.clock] = (cells[CELL.clock] ?? 0) + 1;
    cells[CELL.last + id] = cells[CELL.clock] ?? 0;
    cells[CELL.situation] = this.#writer.begin({ mail: "m1", stage: "preq", directive: "look" });
    cells[CELL.function] = id;
  }

  end(): void {
    this.#writer.cells[CELL.function] = 0;
  }
}

function watch(deadline = Number.MAX_SAFE_INTEGER) {
  const lines: LogLine[] = [];
  const hung: PluginCall[] = [];
  const subject = new Subject();
  stalls = new Stalls<Watched>({
    limit: 40,
    deadlineOf: () => deadline,
    log: collectLog("info", (line) => lines.push(line))("plugin"),
    onHung: (_process, call) => hung.push(call),
  });
  stalls.watch(subject);
  return { lines, hung, subject, stalls };
}

it("A function is named with its mail and directive while it still holds the event loop, once.", async () => {
  const { lines, subject, stalls } = watch();
  subject.begin("think");
  await until(() => lines.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(lines).toMatchObject([
    {
      level: "warn",
      fields: { worker: "smtp 1", plugin: "slow", function: "think", mail: "m1", directive: "look" },
      text: expect.stringMatching(/holds the event loop of smtp 1 for \d+\.\d s now, mail m1 at preq in "look"/),
    },
  ]);
  expect(stalls.counts).toEqual({ slow: 1 });
});

it("It is told when the event loop goes on.", async () => {
  const { lines, subject } = watch();
  subject.begin("think");
  await until(() => lines.length > 0);
  subject.end();
  await until(() => lines.length > 1);
  expect(lines[1]).toMatchObject({ level: "info", fields: { plugin: "slow", function: "think" } });
});

it("A function that is called again and again holds nothing.", async () => {
  const { lines, subject } = watch();
  for (let calls = 0; calls < 40; calls++) {
    subject.begin("quick");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(lines).toEqual([]);
});

it("A function that passes its deadline is told to whoever can end the process, once, with its thread.", async () => {
  const { hung, subject } = watch(80);
  subject.begin("spin");
  await until(() => hung.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(hung).toEqual([{ plugin: "slow", function: "spin", tid: 77 }]);
});

it("A process that is gone is not looked at any more.", async () => {
  const { lines, subject, stalls } = watch();
  subject.begin("think");
  stalls.forget(subject);
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(lines).toEqual([]);
});
