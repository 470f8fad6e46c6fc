/** The commands of `vsmtp`: what they print, and their exit codes. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { program } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const hello = fileURLToPath(new URL(`../../build/plugins/libvsmtp-plugin-hello-${version}.so`, import.meta.url));

function vsmtp(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

test("--version and --help tell what this is", () => {
  expect(vsmtp("--version")).toEqual({ status: 0, stdout: `vsmtp ${version}\n`, stderr: "" });
  const { status, stdout } = vsmtp("--help");
  expect(status).toBe(0);
  for (const word of ["check", "plugin", "sdk", "--config", "--timeout"]) expect(stdout).toContain(word);
});

test("an unknown command or option is refused", () => {
  expect(vsmtp("chekc").status).toBe(1);
  expect(vsmtp("check", "--jsno").status).toBe(1);
  expect(vsmtp("-t", "soon").stderr).toContain("duration");
});

test("the start tells what is wrong with its configuration, and exits with 1", () => {
  const { status, stdout, stderr } = vsmtp("-c", "/nonexistent/vsmtp.vsl");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("/nonexistent/vsmtp.vsl");
  expect(stderr).toContain("help: ");
  expect(JSON.parse(vsmtp("--json", "-c", "/nonexistent/vsmtp.vsl").stdout)).toMatchObject({
    ok: false,
    errors: [{ code: "CONFIG_NOT_FOUND" }],
  });
});

test("check finds nothing wrong with a good directory", () => {
  const site = new Site({ plugins: [hello] });
  expect(vsmtp("check", "-c", site.config)).toEqual({ status: 0, stdout: `${site.config}: no problems\n`, stderr: "" });
  expect(JSON.parse(vsmtp("check", "-c", site.config, "--json").stdout)).toEqual({ ok: true, errors: [] });
  // The option may also stand before the command.
  expect(vsmtp("-c", site.config, "check").status).toBe(0);
  site.remove();
});

test("check tells every problem of the configuration, not just the first", () => {
  const site = new Site({ config: `config.server.nmae = "x"; config.server.smtp.rcpt_count_max = "many";` });
  const { status, stdout } = vsmtp("check", "-c", site.config, "--json");
  expect(status).toBe(1);
  expect(JSON.parse(stdout).errors).toMatchObject([{ code: "CONFIG_UNKNOWN_KEY" }, { code: "CONFIG_INVALID" }]);
  site.remove();
});

test("check tells every problem of the scripts with file, line and column", () => {
  const site = new Site({
    filter: `#{\n  connect: [ rule "a" || no_such(1) ],\n  mail: [ rule "b" || nor_this() ],\n}`,
  });
  const { status, stdout } = vsmtp("check", "-c", site.config, "--json");
  expect(status).toBe(1);
  expect(JSON.parse(stdout).errors).toMatchObject([
    { file: site.path("filter.vsl"), line: 2 },
    { file: site.path("filter.vsl"), line: 3 },
  ]);
  expect(vsmtp("check", "-c", site.config).stderr).toContain("^");
  site.remove();
});

test("check names a refused plugin, and why, and where a script imports it", () => {
  const site = new Site({ filter: `import "plugins/vsmtp-plugin-broken" as broken;\n#{ connect: [] }` });
  site.write("plugins/vsmtp-plugin-broken.so", "no plugin at all");
  const { status, stdout } = vsmtp("check", "-c", site.config, "--json");
  expect(status).toBe(1);
  const { errors } = JSON.parse(stdout);
  expect(errors.map(({ message }: { message: string }) => message).join("\n")).toContain("vsmtp-plugin-broken.so");
  expect(errors).toContainEqual(expect.objectContaining({ file: site.path("filter.vsl"), line: 1 }));
  site.remove();
});

test("plugin list shows what is in the directory, and the plugin that comes with the host", () => {
  const site = new Site({ plugins: [hello] });
  site.write("plugins/notes.so", "text");
  const { status, stdout } = vsmtp("plugin", "list", "-c", site.config);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^admitted +hello/m);
  expect(stdout).toMatch(/^admitted +command/m);
  const { plugins } = JSON.parse(vsmtp("plugin", "list", "-c", site.config, "--json").stdout);
  expect(plugins).toContainEqual(expect.objectContaining({ state: "admitted", name: "hello", shipped: false }));
  expect(plugins).toContainEqual(expect.objectContaining({ state: "admitted", name: "command", shipped: true }));
  site.remove();
});

test("plugin inspect shows the functions of a plugin with their types", () => {
  const { status, stdout } = vsmtp("plugin", "inspect", hello);
  expect(status).toBe(0);
  expect(stdout).toMatch(/function +\w+\(/);
  expect(JSON.parse(vsmtp("plugin", "inspect", hello, "--json").stdout)).toMatchObject({ state: "admitted" });
});

test("plugin check judges every file, and exits with 1 when one is refused", () => {
  const site = new Site();
  site.write("bad.so", "text");
  expect(vsmtp("plugin", "check", hello).status).toBe(0);
  const { status, stdout } = vsmtp("plugin", "check", hello, site.path("bad.so"), "--json");
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, plugins: [{ state: "admitted" }, {}] });
  site.remove();
});

test("a plugin built with what sdk prints is admitted", () => {
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-sdk-"));
  const source = join(directory, "plugin.c");
  const file = join(directory, `libvsmtp-plugin-fresh-${version}.so`);
  writeFileSync(
    source,
    `#include <vsmtp/plugin.h>
VSMTP_PLUGIN("fresh", VSMTP_RELEASE("0.1.0"))
VSMTP_FUNCTION(int64_t, fresh_twice, (int64_t number), VSMTP_QUICK VSMTP_NAME("twice")) { return 2 * number; }
`,
  );
  const words = (option: string) => vsmtp("sdk", option).stdout.trim().split(" ");
  const args = ["-std=gnu11", "-Wall", "-Wextra", ...words("--cflags"), source, "-o", file, ...words("--libs")];
  expect(spawnSync("cc", args, { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  expect(vsmtp("plugin", "check", file)).toMatchObject({ status: 0, stdout: `${file}: admitted\n` });
  rmSync(directory, { recursive: true });
});

test("sdk answers one question a line of options, and all of them as JSON", () => {
  expect(vsmtp("sdk", "--version").stdout).toBe(`${version}\n`);
  const include = vsmtp("sdk", "--include-dir").stdout.trim();
  expect(readFileSync(join(include, "vsmtp/plugin.h"), "utf8")).toContain("VSMTP_FUNCTION");
  expect(JSON.parse(vsmtp("sdk", "--json").stdout)).toMatchObject({ version, "include-dir": include });
  expect(vsmtp("sdk").status).toBe(1);
});
