/** `vsmtp plugin list`, `explain`, `lock` and `diff` without a running server. */

import { chmodSync, copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { afterEach, expect, test } from "vitest";
import { packagesOf } from "../../src/cli/plugin-package.ts";
import { collectLog } from "../../src/observe/index.ts";
import { storeCrash } from "../../src/server/incidents/crash-store.ts";
import { Quarantine } from "../../src/server/incidents/quarantine.ts";
import { compile } from "../fixtures/compile.ts";
import { Site } from "../fixtures/site.ts";
import { POLICY } from "../server/crash-scene.ts";
import { type Ended, vsmtp } from "./vsmtp.ts";

let site: Site | undefined;

afterEach(() => {
  site?.remove();
  site = undefined;
});

function teller(answer: string, name = "teller"): string {
  return compile(
    `#include <vsmtp/plugin.h>
    VSMTP_PLUGIN("${name}", VSMTP_RELEASE("${answer}"))
    VSMTP_FUNCTION(const char *, answer, (void), VSMTP_QUICK) { return "${answer}"; }`,
    { name: `libvsmtp-plugin-${name}-1.0.0.so` },
  );
}

/** With a copy of each of these plugins. */
function siteWith(...files: readonly string[]): Site {
  site = new Site();
  site.write("plugins/README", "");
  for (const file of files) copyFileSync(file, site.path("plugins", basename(file)));
  return site;
}

function plugin({ config }: Site, ...args: readonly string[]): Ended {
  return vsmtp(["plugin", ...args, "-c", config]);
}

function json(ended: Ended) {
  return JSON.parse(ended.stdout);
}

test("the list shows the build of each file, and that no server runs", () => {
  const there = siteWith(teller("1.5"));
  const listed = json(plugin(there, "list", "--json"));
  expect(listed.host).toBeNull();
  expect(listed.plugins[0]).toMatchObject({
    name: "teller",
    release: "1.5",
    buildId: expect.stringMatching(/^[0-9a-f]{40}$/),
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    deep: false,
    running: null,
  });
  expect(plugin(there, "list").stdout).toContain(`\n    build-id ${listed.plugins[0].buildId}\n`);
});

test("the list names the package that brought a file, where dpkg knows one", async () => {
  const [dpkg, ours] = ["/usr/bin/dpkg-query", siteWith(teller("1")).path("plugins/libvsmtp-plugin-teller-1.0.0.so")];
  const packages = await packagesOf([ours, dpkg]);
  expect(packages.get(ours)).toBeUndefined();
  expect(packages.get(dpkg)).toBe(existsSync(dpkg) ? "dpkg" : undefined);
  expect((await packagesOf([])).size).toBe(0);
});

test("explaining a good plugin says that nothing speaks against it", () => {
  const there = siteWith(teller("1"));
  for (const name of ["teller", "libvsmtp-plugin-teller-1.0.0.so", "vsmtp_plugin_teller"]) {
    const { status, stdout } = plugin(there, "explain", name);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^teller: \S+ is admitted, build-id [0-9a-f]{40}\nNo server of this configuration runs\.\n$/,
    );
  }
});

test("explaining a refused plugin tells the differing fact, the file, and the command that mends it", () => {
  const there = siteWith(teller("1"));
  const file = there.path("plugins/libvsmtp-plugin-teller-1.0.0.so");
  chmodSync(file, 0o646);
  const { status, stdout } = plugin(there, "explain", "teller");
  expect(status).toBe(1);
  expect(stdout).toContain(`everybody can write to ${file} (mode 0646)`);
  expect(stdout).toContain(`\`chmod o-w ${file}\``);
  expect(json(plugin(there, "explain", "teller", "--json"))).toMatchObject({
    ok: false,
    name: "teller",
    file: { state: "refused", problems: [{ code: "PLUGIN_WRITABLE" }] },
  });
});

test("explaining a quarantined plugin tells since when and why, and its last crash", () => {
  const there = siteWith(teller("1"));
  const log = collectLog("error", () => {})("crash");
  const policy = { ...POLICY, crashes: 1 };
  const quarantine = Quarantine.open({ directory: there.path("spool/state"), policy, log });
  const time = "2026-01-02T03:04:05.000Z";
  const how = { kind: "signal", signal: "SIGSEGV", plugin: "teller", function: "answer" } as const;
  const record = { time, pid: 7, process: "smtp 1", ...how, backtrace: [], inFlight: [], lastCalled: [] };
  quarantine.after(record);
  storeCrash(there.path("spool/state/crashes"), record, 10, log);
  const { status, stdout } = plugin(there, "explain", "teller");
  expect(status).toBe(1);
  expect(stdout).toContain(`Quarantined since ${time}: `);
  expect(stdout).toContain("`vsmtp plugin release teller`");
  expect(stdout).toMatch(/The last crash:\n.*smtp 1 \(pid 7\)\n.*SIGSEGV/);
  const told = json(plugin(there, "explain", "teller", "--json"));
  expect(told).toMatchObject({ ok: false, quarantine: { since: time }, lastCrash: { signal: "SIGSEGV" } });
});

test("explaining what is not there says what may have been meant", () => {
  const { status, stdout, stderr } = plugin(siteWith(teller("1")), "explain", "tellr");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("There is no plugin tellr here");
  expect(stderr).toContain("Did you mean teller?");
});

test("without a record there is nothing to compare with", () => {
  const { status, stderr } = plugin(siteWith(teller("1")), "diff");
  expect(status).toBe(1);
  expect(stderr).toContain("PLUGIN_LOCK");
  expect(stderr).toContain("`vsmtp plugin lock`");
});

test("a record that is damaged is no record, and says so", () => {
  const there = siteWith(teller("1"));
  there.write("spool/state/lock.json", `{"plugins": [{"name": 1}]}`);
  expect(plugin(there, "diff").stderr).toContain("it is damaged");
  there.write("spool/state/lock.json", "{");
  expect(plugin(there, "diff").status).toBe(1);
});

test("what is locked is what there is, and can be looked at without writing it", () => {
  const there = siteWith(teller("1"));
  const shown = json(plugin(there, "lock", "--dry-run", "--json"));
  expect(shown).toMatchObject({ ok: true, file: null, plugins: [{ name: "command" }, { name: "teller" }] });
  expect(existsSync(there.path("spool/state/lock.json"))).toBe(false);
  expect(plugin(there, "lock").stdout).toContain(`${there.path("spool/state/lock.json")} is written`);
  expect(JSON.parse(there.read("spool/state/lock.json")).plugins).toEqual(shown.plugins);
  expect(plugin(there, "diff").stdout).toMatch(/^No plugin has changed since \S+\.\n$/);
});

test("the difference names what came, went, became another, and would be refused now", () => {
  const there = siteWith(...["changing", "leaving", "spoiling", "staying"].map((name) => teller("1", name)));
  const path = (name: string) => there.path(`plugins/libvsmtp-plugin-${name}-1.0.0.so`);
  expect(plugin(there, "lock").status).toBe(0);
  rmSync(path("leaving"));
  copyFileSync(teller("2", "changing"), path("changing"));
  copyFileSync(teller("1", "coming"), path("coming"));
  writeFileSync(path("spoiling"), "no plugin");
  const { status, stdout } = plugin(there, "diff");
  expect(status).toBe(1);
  const parts = [
    /^changed {2}changing\n {4}was {2}release 1, .*\n {4}is {3}release 2, .*$/m,
    /^added {4}coming: release 1, build-id [0-9a-f]{40}, sha256 [0-9a-f]{16}…, \S+coming-1\.0\.0\.so$/m,
    /^removed {2}leaving: release 1, /m,
    /^refused {2}spoiling: release 1, .* was good\n.*\[ELF_NOT_ELF\]$/m,
  ];
  for (const part of parts) expect(stdout).toMatch(part);
  expect(stdout).not.toContain("staying");
  const { ok, differences } = json(plugin(there, "diff", "--json"));
  expect(ok).toBe(false);
  expect(differences.map(({ change, name }: Record<string, string>) => `${change} ${name}`)).toEqual([
    "changed changing",
    "added coming",
    "removed leaving",
    "refused spoiling",
  ]);
});

test("a plugin that only moved is told as changed", () => {
  const there = siteWith(teller("1"));
  plugin(there, "lock");
  renameSync(there.path("plugins/libvsmtp-plugin-teller-1.0.0.so"), there.path("plugins/vsmtp-plugin-teller.so"));
  expect(json(plugin(there, "diff", "--json")).differences).toMatchObject([{ change: "changed", name: "teller" }]);
});
