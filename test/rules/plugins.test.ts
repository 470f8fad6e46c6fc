/** Rules that import plugins and services: what works, and what happens where something could not be had. */

import { unlinkSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { loadConfig } from "../../src/config/index.ts";
import { describe as shown } from "../../src/errors.ts";
import { Plugins } from "../../src/plugin/index.ts";
import { Connection, check, Rules, type Rules as RulesType, type Stage, type Status } from "../../src/rules/index.ts";
import { compile, minimal } from "../fixtures/compile.ts";
import { Site, type SiteOptions } from "../fixtures/site.ts";
import { logInto } from "./log-into.ts";

const shipped = [new URL("../../build/plugins/libvsmtp-plugin-command-1.0.0.so", import.meta.url).pathname];
const sites: Site[] = [];
afterAll(() => {
  for (const site of sites) site.remove();
});

async function lay(options: SiteOptions) {
  const site = new Site(options);
  sites.push(site);
  const config = await loadConfig(site.config);
  if (Array.isArray(config)) throw config[0];
  const plugins = Plugins.find({ directory: site.path("plugins"), shipped });
  return { site, config, plugins };
}

/** The rules, and the lines that they log. */
async function open(options: SiteOptions): Promise<{ rules: RulesType; lines: string[] }> {
  const lines: string[] = [];
  const { config, plugins } = await lay(options);
  return { rules: await Rules.open({ config, plugins, log: logInto(lines) }), lines };
}

async function run(rules: RulesType, stage: Stage = "connect"): Promise<Status> {
  return rules.run(
    stage,
    new Connection({ ip: "192.0.2.1", port: 1 }, { ip: "127.0.0.1", port: 25 }, "mx.example.com"),
  );
}

const IMPORT = `import "plugins/vsmtp-plugin-probe" as probe;\n`;
const ANSWER = `${IMPORT}#{ connect: [ rule "ask" || if probe::answer() == 42 { state::accept("220 yes") } else { state::deny() } ] }`;
const good = () => compile(minimal);
const outdated = () => compile(minimal, { name: "libvsmtp-plugin-probe-0.9.0.so", flags: ['-DVSMTP_VERSION="0.9.0"'] });

it("A rule calls a function of a plugin in its directory.", async () => {
  const { rules } = await open({ plugins: [good()], filter: ANSWER });
  expect(await run(rules)).toMatchObject({ kind: "accept", reply: { code: 220, lines: ["yes"] } });
});

it("Every spelling of an import finds the plugin.", async () => {
  for (const name of ["vsmtp-plugin-probe", "libvsmtp-plugin-probe-1.0.0.so", "libvsmtp_plugin_probe", "probe"]) {
    const { rules } = await open({ plugins: [good()], filter: ANSWER.replace("vsmtp-plugin-probe", name) });
    expect(await run(rules), name).toMatchObject({ kind: "accept" });
  }
});

it("The page that the project began with runs, once its service is exported.", async () => {
  const service = `const echo = cmd::build(#{ command: "echo", args: [ "-n", "executing a command from vSMTP!" ], });`;
  const filter = `import "services/command" as command;\n#{\n  connect: [\n    action "use echo" || command::echo.run(),\n  ]\n}`;
  const { rules } = await open({ filter, files: { "services/command.vsl": `export ${service}` } });
  expect(await run(rules)).toEqual({ kind: "next" });
  const { config, plugins } = await lay({ filter, files: { "services/command.vsl": service } });
  const [problem] = check({ config, plugins });
  expect(problem && shown(problem)).toMatch(
    /filter\.vsl:4:26: `echo` is declared in .*command\.vsl, line 1, but not exported[\s\S]*Write `export const echo = …` there/,
  );
});

it("Checking names a refused plugin where a script imports it.", async () => {
  const { config, plugins } = await lay({ plugins: [outdated()], filter: `// first line\n${ANSWER}` });
  const [problem] = check({ config, plugins });
  expect(problem?.message).toContain("is built for vSMTP 0.9.0, which is older than this vSMTP, 1.0.0");
  expect(problem?.place).toMatchObject({ line: 2, column: 8 });
});

it("Checking knows the functions of a plugin and how many arguments they take.", async () => {
  const filter = `${IMPORT}#{ connect: [ rule "a" || { probe::answer(1); probe::anwser(); state::next() } ] }`;
  const { config, plugins } = await lay({ plugins: [good()], filter });
  expect(check({ config, plugins }).map(({ code }) => code)).toEqual(["VSL_ARGUMENT_COUNT", "VSL_NOT_IN_MODULE"]);
});

it("Checking a plugin that is not there says what is.", async () => {
  const filter = ANSWER.replace("vsmtp-plugin-probe", "vsmtp-plugin-prode");
  const { config, plugins } = await lay({ plugins: [good()], filter });
  expect(check({ config, plugins })[0]?.fix).toContain("plugins/vsmtp-plugin-probe");
});

it("A rule that uses a refused plugin fails with 451, in spite of any catch, and the others run.", async () => {
  const filter = `${IMPORT}#{ helo: [ rule "ask" || { try { probe::answer(); } catch (e) { } state::next() } ], mail: [ rule "on" || state::next() ] }`;
  const { rules, lines } = await open({ plugins: [outdated()], filter });
  expect(await run(rules, "helo")).toMatchObject({ kind: "error", reply: { code: 451 } });
  expect(lines.join()).toMatch(/0\.9\.0.*"directive":"ask"/);
  expect(await run(rules, "mail")).toEqual({ kind: "next" });
});

it("At connect a failing rule is 421.", async () => {
  const { rules } = await open({ plugins: [outdated()], filter: ANSWER });
  expect(await run(rules)).toMatchObject({ kind: "error", reply: { code: 421 } });
});

it("A service that cannot be built fails the rules that use it and no others.", async () => {
  const files = { "services/bad.vsl": "export const broken = cmd::build(#{});\n" };
  const filter = `import "services/bad" as bad;\n#{ helo: [ action "use" || bad::broken.run() ], mail: [ rule "on" || state::next() ] }`;
  const { rules, lines } = await open({ filter, files });
  expect(lines.join()).toContain("command");
  expect(await run(rules, "helo")).toMatchObject({ kind: "error", reply: { code: 451 } });
  expect(await run(rules, "mail")).toEqual({ kind: "next" });
});

it("A rule that answers with no status is 451, and the log names its file and directive.", async () => {
  const { rules, lines } = await open({ filter: `#{ helo: [ rule "nothing" || if false { state::next() } ] }` });
  expect(await run(rules, "helo")).toMatchObject({ kind: "error", reply: { code: 451 } });
  expect(lines.join()).toMatch(/The rule `nothing` answered with a value of type \(\).*filter\.vsl/);
});

it("Accessors that are asked too early fail and say when they are there.", async () => {
  const { rules, lines } = await open({
    filter: `#{ connect: [ rule "early" || { ctx::mail_from(); state::next() } ] }`,
  });
  expect(await run(rules)).toMatchObject({ kind: "error" });
  expect(lines.join()).toContain(
    "`ctx::mail_from` is available in [mail, rcpt, preq, postq, delivery], not in connect",
  );
});

it("Statuses that stay hold for the rest of the connection.", async () => {
  const { rules } = await open({
    filter: `#{ connect: [ rule "q" || state::quarantine("held") ], helo: [ rule "no" || state::deny() ] }`,
  });
  const connection = new Connection({ ip: "192.0.2.1", port: 1 }, { ip: "127.0.0.1", port: 25 }, "mx.example.com");
  const held = { kind: "quarantine", name: "held" };
  expect(rules.run("connect", connection)).toEqual(held);
  expect(rules.run("helo", connection)).toEqual(held);
});

it("Without a filter every client is refused.", async () => {
  const { site, plugins } = await lay({});
  site.write("vsmtp.vsl", "fn on_config(config) { config.app.vsl.filter_path = (); config }");
  unlinkSync(site.path("filter.vsl"));
  const config = await loadConfig(site.config);
  if (Array.isArray(config)) throw config[0];
  const rules = await Rules.open({ config, plugins, log: logInto([]) });
  expect(await run(rules)).toEqual({ kind: "deny", reply: undefined });
});
