import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Log, openLog, parseLevels, traces } from "../../src/observe/index.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "vsmtp-log-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** What `write` logs at these levels, line by line. */
function logged(levels: readonly string[], write: (log: Log) => void): Record<string, unknown>[] {
  const filename = join(directory, "deep", "vsmtp.log");
  const log = openLog({ levels: parseLevels(levels), filename });
  write(log);
  log.close();
  const lines = readFileSync(filename, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

test("a line is one JSON object with its level, time, area, fields and sentence", () => {
  const [line] = logged(["info"], (log) => log("smtp").info({ mail: "x" }, "hello"));
  expect(line).toEqual({ level: "info", time: expect.any(String), area: "smtp", mail: "x", msg: "hello" });
});

test("the level without an area holds for all areas that have none of their own", () => {
  const lines = logged(["warn", "rules=debug", "queue=off"], (log) => {
    for (const area of ["smtp", "rules", "queue"]) {
      log(area).debug(`${area} debug`);
      log(area).error(`${area} error`);
    }
  });
  expect(lines.map((line) => line.msg)).toEqual(["smtp error", "rules debug", "rules error"]);
});

test("areas may be named as in the original", () => {
  expect(parseLevels(["vsmtp_delivery=trace"]).areas.get("delivery")).toBe("trace");
});

test("what happens to mails is logged where the level is trace", () => {
  const lines = logged(["info", "rules=trace", "queue=trace"], () => {
    traces.directive.publish({ stage: "mail", kind: "rule", name: "check", status: "next", mail: "m1" });
    traces.spooled.publish({ mail: "m1", file: "/spool/1", bytes: 5 });
    traces.delivered.publish({ mail: "m1", recipient: "a@b", file: "/new/1" });
  });
  expect(lines).toMatchObject([
    { area: "rules", stage: "mail", directive: "check", kind: "rule", status: "next", mail: "m1" },
    { area: "queue", mail: "m1", file: "/spool/1", bytes: 5 },
  ]);
});

test("nobody listens to traces once the log is closed, or without the level", () => {
  logged(["debug"], () => expect(traces.directive.hasSubscribers).toBe(false));
  logged(["trace"], () => expect(traces.directive.hasSubscribers).toBe(true));
  expect(traces.directive.hasSubscribers).toBe(false);
});

test("a file that cannot be opened is told with its path", () => {
  const filename = join(directory, "x.log", "y.log");
  openLog({ levels: parseLevels([]), filename: join(directory, "x.log") }).close();
  expect(() => openLog({ levels: parseLevels([]), filename })).toThrow(filename);
});
