/** What a service manager hears of a host that it started. */

import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../native/compile.ts";
import { serviceManager } from "../native/service-manager.ts";

const folder = temporaryFolder("manager");
const program = serviceManager(folder);

afterAll(() => rmSync(folder, { recursive: true }));

const module = JSON.stringify(new URL("../../dist/server/supervisor/manager.js", import.meta.url).pathname);

/** What the manager hears, a list of lines for each notification, when the host does this. */
function heard(count: number, script: string, env: NodeJS.ProcessEnv = {}): string[][] {
  const socket = join(folder, "notify");
  const text = `import { Manager } from ${module}; const manager = Manager.fromEnvironment(); ${script}`;
  const said = execFileSync(program, [socket, String(count), process.execPath, "--input-type=module", "-e", text], {
    encoding: "utf8",
    env: { ...process.env, NOTIFY_SOCKET: socket, ...env },
  });
  rmSync(socket);
  return said
    .split("by the program\n")
    .slice(0, -1)
    .map((one) => one.trimEnd().split("\n"));
}

describe("a host that was started by a service manager", () => {
  it("says when it serves, with a line for people", () => {
    const [[ready, status, pid] = []] = heard(1, `manager.ready("serving, 3 plugins");`);
    expect([ready, status]).toEqual(["READY=1", "STATUS=serving, 3 plugins"]);
    expect(pid).toMatch(/^MAINPID=\d+$/);
  });

  it("says when a reload begins, by the clock that the manager compares, and when it is over", () => {
    const before = process.hrtime.bigint() / 1000n;
    const [begin, end] = heard(2, `manager.reloading(); manager.ready("serving");`);
    expect(begin?.[0]).toBe("RELOADING=1");
    const time = BigInt(/^MONOTONIC_USEC=(\d+)$/.exec(begin?.[1] ?? "")?.[1] ?? 0);
    expect(time > before && time < process.hrtime.bigint() / 1000n).toBe(true);
    expect(end?.[0]).toBe("READY=1");
  });

  it("says how it is and that it stops, each in one line", () => {
    const [status, stopping] = heard(2, `manager.status("one\\nREADY=1"); manager.stopping();`);
    expect(status).toEqual(["STATUS=one READY=1"]);
    expect(stopping).toEqual(["STOPPING=1", "STATUS=stopping"]);
  });

  it("is alive as long as it says so, and for as long as it watches", () => {
    const script = `
      let beats = 0;
      manager.watch(() => ++beats !== 2);
      const end = setInterval(() => {
        if (beats < 4) return;
        manager.close();
        clearInterval(end);
        manager.status("three");
      }, 10);`;
    const beat = ["WATCHDOG=1"];
    expect(heard(4, script, { WATCHDOG_USEC: "200000" })).toEqual([beat, beat, beat, ["STATUS=three"]]);
  });

  it("is not watched when the manager watches another process, or none", () => {
    const script = `manager.watch(() => true); setTimeout(() => manager.status("silent"), 200);`;
    for (const env of [{ WATCHDOG_USEC: "20000", WATCHDOG_PID: "1" }, { WATCHDOG_USEC: "0" }, {}]) {
      expect(heard(1, script, env)).toEqual([["STATUS=silent"]]);
    }
  });

  it("keeps the manager to itself: what it starts cannot speak in its name", () => {
    const script = `manager.status(Object.keys(process.env).filter((name) => /NOTIFY|WATCHDOG/.test(name)).join() || "none");`;
    expect(heard(1, script, { WATCHDOG_USEC: "1000000" })).toEqual([["STATUS=none"]]);
  });
});

it("tells nothing where there is no manager, or what is named cannot be one", () => {
  for (const socket of [undefined, "", "relative/path", "vsock:2:1234", join(folder, "gone")]) {
    const text = `import { Manager } from ${module}; const manager = Manager.fromEnvironment();
      manager.ready("x"); manager.reloading(); manager.stopping(); manager.watch(() => true); manager.close();
      console.log("went on");`;
    const env = { ...process.env, NOTIFY_SOCKET: socket, WATCHDOG_USEC: "1000" };
    const args = ["--input-type=module", "-e", text];
    expect(execFileSync(process.execPath, args, { encoding: "utf8", env })).toBe("went on\n");
  }
});
