/** What `vsmtp check` finds in rules before a mail does. */

import { afterAll, expect, it } from "vitest";
import { loadConfig } from "../../src/config/index.ts";
import type { VsmtpError } from "../../src/errors.ts";
import { Plugins } from "../../src/plugin/index.ts";
import { check } from "../../src/rules/index.ts";
import { compile, minimal } from "../fixtures/compile.ts";
import { Site, type SiteOptions } from "../fixtures/site.ts";

const sites: Site[] = [];
afterAll(() => {
  for (const site of sites) site.remove();
});

async function problems(filter: string, options: SiteOptions = {}): Promise<VsmtpError[]> {
  const site = new Site({ ...options, filter });
  sites.push(site);
  const config = await loadConfig(site.config);
  if (Array.isArray(config)) throw config[0];
  return check({ config, plugins: Plugins.find({ directory: site.path("plugins"), shipped: [] }) });
}

/** `line:column CODE` of each. */
async function found(filter: string, options?: SiteOptions): Promise<string[]> {
  return (await problems(filter, options)).map(({ code, place }) => `${place?.line}:${place?.column} ${code}`);
}

it("Rules that always answer with a status have no problems.", async () => {
  expect(
    await found(`
      fn known(ip) { if ip == "192.0.2.1" { return state::accept(); } state::next() }
      fn other() { state::next() }
      const later = || if ctx::is_secured() { state::reject("451 4.7.1 Later") } else { state::next() };
      #{
        connect: [
          rule "call" || known(ctx::client_ip()),
          rule "constant" later,
          rule "switch" || switch ctx::client_port() { 25 => state::deny(), 0..10 => { throw "odd" }, _ => state::next() },
          rule "try" || try { state::accept() } catch { state::next() },
          rule "loop" || loop { if true { break state::next(); } },
          rule "pointer" Fn("other"),
          rule "map" #{ evaluate: || state::next() },
          action "anything" || 42,
        ],
      }`),
  ).toEqual([]);
});

it("A rule with an `if` that has no `else` can end without a status.", async () => {
  const [problem] = await problems(`#{ connect: [ rule "half" || if ctx::is_secured() { state::next() } ] }`);
  expect(problem).toMatchObject({ code: "RULES_NO_STATUS", place: { line: 1, column: 30 } });
  expect(problem?.fix).toBe("Add `else { state::next() }`");
});

it("So can one with a `switch` without `_`, an empty block, a value, and a function that does.", async () => {
  expect(
    await found(`fn half(x) { if x { state::next() } }
#{ connect: [
  rule "switch" || switch ctx::client_port() { 25 => state::next() },
  rule "empty" || {},
  rule "value" || { if ctx::is_secured() { return state::deny(); } "no" },
  rule "let" || { let x = 1; },
  rule "call" || log("info", "x"),
  rule "below" || half(true),
] }`),
  ).toEqual([
    "3:20 RULES_NO_STATUS",
    "4:19 RULES_NO_STATUS",
    "5:68 RULES_NO_STATUS",
    "6:19 RULES_NO_STATUS",
    "7:18 RULES_NO_STATUS",
    "1:14 RULES_NO_STATUS",
  ]);
});

it("Stages have known names and are arrays of directives with names of their own.", async () => {
  expect(
    await found(`#{
  conect: [ rule "a" || state::next() ],
  helo: rule "b" || state::next(),
  mail: [ rule "c" || state::next(), rule "c" || state::deny(), 5 ],
}`),
  ).toEqual([
    "2:3 RULES_UNKNOWN_STAGE",
    "3:9 RULES_NOT_AN_ARRAY",
    "4:65 RULES_NOT_A_DIRECTIVE",
    "4:38 RULES_DUPLICATE",
  ]);
});

it("A script that ends with something else than a map is told so.", async () => {
  expect(await found("let x = 1;\n[x]")).toEqual(["2:1 RULES_NOT_A_MAP"]);
  expect(await found("fn f() { }")).toEqual(["1:1 RULES_NOT_A_MAP"]);
});

it("A directive behind a rule that always answers is never reached.", async () => {
  const text = (first: string) => `#{ connect: [ ${first}, rule "late" || state::next() ] }`;
  expect(await found(text(`rule "a" || state::accept()`))).toEqual(["1:44 RULES_UNREACHABLE"]);
  expect(await found(text(`rule "a" || if ctx::is_secured() { state::accept() } else { deny() }`))).toHaveLength(1);
  expect(await found(text(`rule "a" || if ctx::is_secured() { state::accept() } else { state::next() }`))).toEqual([]);
  expect(await found(text(`action "a" || state::accept()`))).toEqual([]);
});

it("What is not known yet at a stage cannot be asked for, also through functions.", async () => {
  const filter = `fn who() { ctx::mail_from() }
#{
  connect: [
    action "direct" || ctx::helo(),
    action "below" || who(),
    action "guarded" || try { ctx::helo() } catch { },
  ],
  rcpt: [ action "fine" || [ctx::helo(), who()] ],
}`;
  const all = await problems(filter);
  expect(all.map(({ code, place }) => `${place?.line}:${place?.column} ${code}`)).toEqual([
    "4:24 RULES_TOO_EARLY",
    "5:23 RULES_TOO_EARLY",
  ]);
  expect(all[1]?.message).toContain("`ctx::mail_from` is available from the stage mail on");
});

it("A function that is called without its module is found in it, and one of an object in a service may exist.", async () => {
  const [problem] = await problems(`#{ connect: [ rule "a" || accept() ] }`);
  expect(problem).toMatchObject({ code: "VSL_UNKNOWN_FUNCTION", fix: "Did you mean `state::accept`?" });
  const files = { "services/db.vsl": `import "plugins/gone" as gone; export const list = gone::open();` };
  const filter = `import "services/db" as db; #{ connect: [ rule "a" || { db::list.set("a", true); state::next() } ] }`;
  expect((await problems(filter, { files })).map(({ code }) => code)).toEqual(["VSL_MODULE_NOT_FOUND"]);
});

it("A delegation before postq is refused.", async () => {
  expect(await found(`#{ mail: [ delegate () "a" || state::next() ] }`)).toEqual(["1:12 RULES_DELEGATE_EARLY"]);
});

it("An argument of the wrong type for a function of the API or of a plugin is found.", async () => {
  const filter = `import "plugins/vsmtp-plugin-probe" as probe;
#{ connect: [
  rule "a" || if ctx::is_secured() { state::quarantine(5) } else { state::next() },
  action "b" || { let level = 1; log(level, "text") },
  rule "c" || { probe::twice("x"); state::next() },
] }`;
  const source = `${minimal}
VSMTP_FUNCTION(int64_t, probe_twice, (int64_t number), VSMTP_QUICK VSMTP_NAME("twice")) { return 2 * number; }`;
  expect(await found(filter, { plugins: [compile(source)] })).toEqual([
    "3:56 VSL_ARGUMENT_TYPE",
    "4:38 VSL_ARGUMENT_TYPE",
    "5:30 VSL_ARGUMENT_TYPE",
  ]);
});

it("Syntax errors, names and rules are reported together.", async () => {
  expect(
    await found(`#{
  connect: [
    rule "a" || { let x = ; state::next() },
    rule "b" || if true { state::nxt() },
    rule "c" || unknown,
  ],
  helo: [ rule "d" || { } ],
}`),
  ).toEqual([
    "3:27 VSL_SYNTAX",
    "4:27 VSL_NOT_IN_MODULE",
    "5:17 VSL_UNKNOWN_VARIABLE",
    "4:17 RULES_NO_STATUS",
    "7:23 RULES_NO_STATUS",
  ]);
});
