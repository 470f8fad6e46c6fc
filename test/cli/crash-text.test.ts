/** A record of a crash for people: what, where, for which mail, since when, what to do. */

import { expect, it } from "vitest";
import { crashText } from "../../src/cli/crash-text.ts";
import type { CrashRecord } from "../../src/observe/index.ts";

const situation = { mail: "m1", fingerprint: "f1", stage: "preq", directive: "check it" };

const SINCE = "2026-01-01T00:00:00.000Z";

const RECORD: CrashRecord = {
  since: SINCE,
  ...{ time: "2026-01-02T03:04:05.678Z", pid: 4711, process: "smtp 1", kind: "signal", signal: "SIGSEGV" },
  ...{ address: "0x0", plugin: "bad", call: { plugin: "bad", function: "strlen" }, function: "bad_strlen" },
  ...{ offset: "0x11d7", file: "/p/bad.so", buildId: "aabb", by: "place", situation },
  backtrace: ["bad.so+0x11d7 (bad_strlen+0xf)", "libvsmtp.so.1+0x1234"],
  inFlight: [{ plugin: "bad", function: "strlen", tid: 7, situation }],
  lastCalled: [{ plugin: "bad", function: "strlen" }],
};

it("All that is known stands in lines with labels.", () => {
  const earlier = { ...RECORD, time: SINCE };
  expect(crashText(RECORD, [RECORD, earlier, { ...earlier, buildId: "other" }])).toBe(
    `2026-01-02T03:04:05.678Z  smtp 1 (pid 4711)
  what        ended by SIGSEGV, at the address 0x0: the plugin bad
  where       the function bad_strlen, called as strlen, at 0x11d7 of the file
              /p/bad.so
              build-id aabb
  known by    the place where the thread was
  mail        mail m1 at preq in "check it", fingerprint f1
  in flight   bad: strlen, on thread 7, mail m1 at preq in "check it"
  way there   bad.so+0x11d7 (bad_strlen+0xf)
              libvsmtp.so.1+0x1234
  since       2026-01-01T00:00:00.000Z, when this build crashed first; records of 2 crashes are kept
  what to do  find the line, in a file that has its debug information:
                addr2line -f -e /p/bad.so 0x11d7
              give this record to its author; then replace the file and run \`vsmtp reload\`
              until then, \`vsmtp plugin list\` tells whether it is quarantined, and \`vsmtp plugin release bad\` ends that
`,
  );
});

it("Where the culprit is not known, it says who was called last and how to find out.", () => {
  const { time, pid, process, kind, signal } = RECORD;
  const lastCalled = [
    { plugin: "my-sql", function: "query" },
    { plugin: "hello", function: "greet" },
  ];
  expect(crashText({ time, pid, process, kind, signal, backtrace: [], inFlight: [], lastCalled }, [])).toBe(
    `2026-01-02T03:04:05.678Z  smtp 1 (pid 4711)
  what        ended by SIGSEGV: whose fault it is, is not known
  called last my-sql: query
              hello: greet
  what to do  run the plugins that were called last in processes of their own, until one of these ends instead:
                config.app.plugins.named["my-sql"] = #{ isolate: true };
`,
  );
});

it("Of an end that came from outside it accuses nobody.", () => {
  const { time, pid, process, kind, inFlight } = RECORD;
  const text = crashText({ time, pid, process, kind, signal: "SIGKILL", backtrace: [], inFlight, lastCalled: [] }, []);
  expect(text).toContain("ended by SIGKILL: that came from outside\n");
  expect(text).toContain("no plugin is held to account");
});

it("Names from a plugin's file cannot write to the terminal.", () => {
  expect(crashText({ ...RECORD, function: "\u001b[31mred" }, [])).not.toContain("\u001b");
});
