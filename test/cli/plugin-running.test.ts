/** What `vsmtp plugin` shows of a server that runs, and that nothing which happens to files reaches that server. */

import { copyFileSync, renameSync, rmSync, truncateSync } from "node:fs";
import { basename } from "node:path";
import { afterEach, expect, test } from "vitest";
import { compile } from "../fixtures/compile.ts";
import { Host } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { vsmtp } from "./vsmtp.ts";

let site: Site;
let host: Host | undefined;

afterEach(async () => {
  await host?.kill();
  host = undefined;
  site.remove();
});

function teller(answer: string, name = "teller"): string {
  return compile(
    `#include <vsmtp/plugin.h>
    VSMTP_PLUGIN("${name}", VSMTP_RELEASE("${answer}"))
    static const char pages[1 << 18] = { [0 ... (1 << 18) - 1] = 1 };
    VSMTP_FUNCTION(const char *, answer, (int64_t at), VSMTP_QUICK) { return pages[at & 0x3ffff] ? "${answer}" : "none"; }
    VSMTP_FUNCTION(int32_t, fail, (void), VSMTP_QUICK) { vsmtp_fail("as it should"); return 0; }`,
    { name: `libvsmtp-plugin-${name}-1.0.0.so` },
  );
}

const TELLING = `
  import "plugins/vsmtp-plugin-teller" as teller;
  #{ mail: [ rule "tell" || {
    try { teller::fail() } catch {}
    let text = "";
    for at in 0..64 { text = teller::answer(at * 4096); }
    state::deny(code(550, text))
  } ] }`;

async function start(): Promise<Host> {
  site = new Site({ filter: TELLING });
  site.write("plugins/README", "");
  copyFileSync(teller("old"), path());
  host = await Host.start(site);
  return host;
}

function path(name = "teller"): string {
  return site.path("plugins", `libvsmtp-plugin-${name}-1.0.0.so`);
}

async function told({ port }: Host): Promise<string> {
  const client = await SmtpClient.open(port);
  const { lines } = await client.say("MAIL FROM:<a@a.example>");
  await client.closedByServer();
  return lines.join("\n");
}

function list() {
  return JSON.parse(vsmtp(["plugin", "list", "-c", site.config, "--json"]).stdout);
}

function listed(name: string) {
  return list().plugins.find((plugin: Record<string, unknown>) => plugin.name === name);
}

test("the list shows what is in service, with what it did", async () => {
  const running = await start();
  expect(await told(running)).toContain("old");
  const { host: server } = list();
  expect(server).toMatchObject({ version: "1.0.0", since: expect.any(String) });
  expect(listed("teller").running).toMatchObject({
    state: "loaded",
    stale: false,
    calls: 65,
    errors: 1,
    crashes: 0,
    stalls: 0,
  });
  const text = vsmtp(["plugin", "list", "-c", site.config]).stdout;
  expect(text).toMatch(/\n {4}in service: 65 calls, 1 error, .*0 crashes, 0 stalls\n/);
  expect(vsmtp(["plugin", "explain", "teller", "-c", site.config])).toMatchObject({ status: 0 });
});

test("cp over the original while it is called changes nothing, until the server is reloaded", async () => {
  const running = await start();
  expect(await told(running)).toContain("old");
  copyFileSync(teller("new"), path());
  expect(await told(running)).toContain("old");
  truncateSync(path());
  expect(await told(running)).toContain("old");
  copyFileSync(teller("new"), path());
  expect(listed("teller").running).toMatchObject({ stale: true, release: "old" });
  expect(vsmtp(["plugin", "list", "-c", site.config]).stdout).toMatch(
    /\n {4}stale: the server runs build-id [0-9a-f]{40}, release old; `vsmtp reload` takes this file into service\n/,
  );
  expect(vsmtp(["plugin", "explain", "teller", "-c", site.config]).stdout).toContain("The server runs another build");
  expect(vsmtp(["reload", "-c", site.config])).toMatchObject({ status: 0, stderr: "" });
  expect(await told(running)).toContain("new");
  expect(listed("teller").running).toMatchObject({ stale: false, release: "new" });
});

test("dropping a plugin loads nothing, and taking one away leaves it in service", async () => {
  const running = await start();
  copyFileSync(teller("fresh", "fresh"), path("fresh"));
  expect(listed("fresh").running).toBeNull();
  expect(vsmtp(["plugin", "list", "-c", site.config]).stdout).toContain("new: `vsmtp reload` takes it into service");
  renameSync(path(), site.path("elsewhere"));
  expect(await told(running)).toContain("old");
  expect(list().gone).toMatchObject([{ name: "teller", release: "old" }]);
  expect(vsmtp(["plugin", "list", "-c", site.config]).stdout).toMatch(/^gone {6}teller/m);
  expect(vsmtp(["plugin", "explain", "teller", "-c", site.config]).stdout).toContain("its file is not there any more");
});

test("a good start is recorded, and what changes in the directory after it is told", async () => {
  await start();
  const diff = () => vsmtp(["plugin", "diff", "-c", site.config]);
  expect(diff()).toMatchObject({ status: 0 });
  copyFileSync(teller("new"), path());
  expect(diff()).toMatchObject({ status: 1, stdout: expect.stringMatching(/^changed {2}teller\n/) });
  expect(vsmtp(["reload", "-c", site.config])).toMatchObject({ status: 0 });
  expect(diff()).toMatchObject({ status: 0 });
  rmSync(path());
  expect(diff().stdout).toContain(`removed  teller: release new`);
  expect(basename(path())).toBe("libvsmtp-plugin-teller-1.0.0.so");
});
