/** `config-show`, `config-diff`, `check` and the options that configure a command. */

import { expect, test } from "vitest";
import { compile } from "../fixtures/compile.ts";
import { Site } from "../fixtures/site.ts";
import { vsmtp } from "./vsmtp.ts";

test("config-show prints every key, defaults included", () => {
  const site = new Site();
  const { status, stdout, stderr } = vsmtp(["config-show", "-c", site.config]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    server: { name: "mx.example.com", smtp: { rcpt_count_max: 1000 }, queues: { dirpath: site.path("spool") } },
    app: { dirpath: site.path("app") },
  });
  site.remove();
});

test("config-diff prints only what is not the default", () => {
  const site = new Site({ config: `config.server.smtp.rcpt_count_max = 5;` });
  const { status, stdout } = vsmtp(["config-diff", "-c", site.config]);
  expect(status).toBe(0);
  expect(stdout).toContain("- config.server.smtp.rcpt_count_max = 1000\n+ config.server.smtp.rcpt_count_max = 5\n");
  expect(stdout).not.toContain("client_count_max");
  const differences = JSON.parse(vsmtp(["config-diff", "-c", site.config, "--json"]).stdout);
  expect(differences).toContainEqual({ path: "config.server.smtp.rcpt_count_max", default: 1000, value: 5 });
  site.remove();
});

test("config-diff of the defaults prints nothing", () => {
  const site = new Site();
  site.write("vsmtp.vsl", "fn on_config(config) { config }");
  site.write("plain/vsmtp.vsl", "fn on_config(config) { config }");
  expect(vsmtp(["config-diff", "-c", site.path("plain/vsmtp.vsl")])).toEqual({ status: 0, stdout: "", stderr: "" });
  site.remove();
});

test("a configuration that is wrong is told by all commands that read one", () => {
  const site = new Site({ config: `config.server.nmae = "x";` });
  for (const command of ["config-show", "config-diff", "check"]) {
    const { status, stdout, stderr } = vsmtp([command, "-c", site.config]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("config.server.nmae");
    expect(JSON.parse(vsmtp([command, "-c", site.config, "--json"]).stdout)).toMatchObject({ ok: false });
  }
  site.remove();
});

test("-e adds variables that the configuration reads: quotes, comments and export, and nothing is expanded", () => {
  const site = new Site({
    config: `config.server.name = env("A") + env("B") + env("C") + env("D") + "." + env("E");`,
    files: {
      environment: `# a comment\n\nA=a\nexport B="b" # another\nC='c#'\n D = d \nE=\${A}\n`.replace("c#", "c"),
    },
  });
  const { stdout, stderr } = vsmtp(["config-show", "-c", site.config, "-e", site.path("environment")]);
  expect(stderr + stdout).toContain(`abcd.\${A}`);
  site.remove();
});

test("a file of -e that cannot be read is a problem", () => {
  const site = new Site();
  expect(vsmtp(["check", "-c", site.config, "-e", "/no/such"])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("/no/such"),
  });
  site.remove();
});

test("-c and -e may stand before the command", () => {
  const site = new Site({ config: `config.server.name = env("NAME");`, files: { environment: "NAME=early.example" } });
  const { stdout } = vsmtp(["-c", site.config, "-e", site.path("environment"), "config-show"]);
  expect(JSON.parse(stdout)).toMatchObject({ server: { name: "early.example" } });
  site.remove();
});

test("check tells problems in the order of files and lines", () => {
  const site = new Site({
    filter: `import "b" as b;\nimport "a" as a;\n#{\n  mail: [ rule "x" || second() ],\n  connect: [ rule "y" || { first(); third() } ],\n}`,
    files: { "a.vsl": "one();\ntwo();", "b.vsl": "three();" },
  });
  const { stdout } = vsmtp(["check", "-c", site.config, "--json"]);
  const places = (JSON.parse(stdout) as { errors: { file: string; line: number; column: number }[] }).errors.map(
    ({ file, line }) => `${file.slice(site.directory.length + 1)}:${line}`,
  );
  expect(places).toEqual(["a.vsl:1", "a.vsl:2", "b.vsl:1", "filter.vsl:4", "filter.vsl:5", "filter.vsl:5"]);
  site.remove();
});

test("check --emit-definitions writes what scripts can use, with its documentation", () => {
  const plugin = compile(
    `#include <vsmtp/plugin.h>
VSMTP_PLUGIN("sums")
VSMTP_FUNCTION(int64_t, sums_add, (int64_t a, int64_t b), VSMTP_QUICK VSMTP_NAME("add") VSMTP_DOC("The sum."))
{
    return a + b;
}`,
    { name: "libvsmtp-plugin-sums-1.0.0.so" },
  );
  const site = new Site({ plugins: [plugin] });
  const { status, stdout } = vsmtp(["check", "-c", site.config, "--emit-definitions", site.path("definitions")]);
  expect(status).toBe(0);
  expect(stdout).toContain(`${site.path("definitions/state.d.vsl")}\n`);
  expect(site.read("definitions/state.d.vsl")).toContain("fn next(): status;");
  expect(site.read("definitions/ctx.d.vsl")).toMatch(/^\/\/\/ .*\n(?:\/\/\/ .*\n)*fn client_ip\(\): string;$/m);
  expect(site.read("definitions/cmd.d.vsl")).toContain("fn build(");
  expect(site.read("definitions/plugins/vsmtp-plugin-sums.d.vsl")).toContain(
    "/// The sum.\nfn add(a: i64, b: i64): i64;",
  );
  site.remove();
});

test("check tells where definitions cannot be written", () => {
  const site = new Site({ files: { taken: "a file" } });
  const { status, stdout } = vsmtp(["check", "-c", site.config, "--json", "--emit-definitions", site.path("taken")]);
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, errors: [{ code: "DEFINITIONS_WRITE" }] });
  site.remove();
});
