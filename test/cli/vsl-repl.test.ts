/** `vsmtp vsl repl`: through a pipe, and in a terminal that script(1) makes. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { complete } from "../../src/cli/vsl-complete.ts";
import { program } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { quoted, shell, vsmtp } from "./vsmtp.ts";

test("each input is answered with its value, and what it declares stays", () => {
  const input = 'let x = 20\nx += 1\nfn twice(n) { n * 2 }\ntwice(x)\n"text"\n';
  expect(vsmtp(["vsl", "repl"], { input })).toEqual({ status: 0, stdout: '42\n"text"\n', stderr: "" });
});

test("an input goes on until its brackets close", () => {
  const input = "fn f(a) {\n  if a {\n    1\n  } else {\n    2\n  }\n}\n[f(true),\n f(false)\n]\n`a\nb`\n";
  expect(vsmtp(["vsl", "repl"], { input }).stdout).toBe('[1, 2]\n"a\\nb"\n');
});

test("an empty line ends an input that would go on, with its error", () => {
  const { stdout, stderr, status } = vsmtp(["vsl", "repl"], { input: "f(\n\n1 + 1\n" });
  expect({ stdout, status }).toEqual({ stdout: "2\n", status: 0 });
  expect(stderr).toContain("input 1:");
});

test("an error is told with a caret, and the conversation goes on", () => {
  const { stdout, stderr } = vsmtp(["vsl", "repl"], { input: 'let x = 1\nx - "a"\nx\nloop {}\nx + 1\n' });
  expect(stdout).toBe("1\n2\n");
  expect(stderr).toContain('1 | x - "a"\n    |   ^');
});

test("the last input needs no line end, and one that is open at the end is told", () => {
  expect(vsmtp(["vsl", "repl"], { input: "1 + 1" }).stdout).toBe("2\n");
  expect(vsmtp(["vsl", "repl"], { input: "{ 1" }).stderr).toContain("Syntax error");
});

test("with -c the modules of rules are there", () => {
  const site = new Site();
  const { stdout, status } = vsmtp(["vsl", "repl", "-c", site.config], { input: "state::next()\ncfg::server.name\n" });
  expect({ stdout, status }).toEqual({ stdout: 'next\n"mx.example.com"\n', status: 0 });
  site.remove();
});

test("a configuration that is wrong is told", () => {
  expect(vsmtp(["vsl", "repl", "-c", "/no/such.vsl"])).toMatchObject({ status: 1, stdout: "" });
});

test("in a terminal there are prompts, and the lines are kept for the next time", () => {
  const state = mkdtempSync(join(tmpdir(), "vsmtp-state-"));
  const { stdout, status } = inTerminal("6 * 7\n[1,\n2]\n\x04", { XDG_STATE_HOME: state });
  expect(status).toBe(0);
  expect(stdout).toContain("> ");
  expect(stdout).toMatch(/^42\r?$/m);
  expect(stdout).toContain("[1, 2]");
  expect(readFileSync(join(state, "vsmtp/history"), "utf8")).toBe("6 * 7\n[1,\n2]\n");
  // Arrow up twice: the line before the last one.
  expect(inTerminal("\x1b[A\x1b[A\x1b[A\n\x04", { XDG_STATE_HOME: state }).stdout).toMatch(/^42\r?$/m);
  rmSync(state, { recursive: true });
});

test("without XDG_STATE_HOME the history is below the home directory", () => {
  const home = mkdtempSync(join(tmpdir(), "vsmtp-home-"));
  inTerminal("1\n\x04", { HOME: home, XDG_STATE_HOME: "" });
  expect(existsSync(join(home, ".local/state/vsmtp/history"))).toBe(true);
  rmSync(home, { recursive: true });
});

test("a history that cannot be written is done without", () => {
  const state = mkdtempSync(join(tmpdir(), "vsmtp-state-"));
  writeFileSync(join(state, "vsmtp"), "a file where the directory would be");
  const { stdout, status } = inTerminal("6 * 7\n\x04", { XDG_STATE_HOME: state });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^42\r?$/m);
  rmSync(state, { recursive: true });
});

test("Tab completes what a module offers", () => {
  const site = new Site();
  const { stdout } = inTerminal(["state::nex", "\t", "()\n", "\x04"], {}, `-c ${quoted(site.config)}`);
  expect(stdout).toContain("state::next()");
  expect(stdout).toMatch(/^next\r?$/m);
  site.remove();
});

const session = {
  names: { variables: ["count"], functions: ["compute", "len", "to_string"], modules: ["ctx", "cmd"] },
  members: (path: readonly string[]) => (path.join("::") === "ctx" ? ["client_ip", "client_port", "helo"] : []),
};

test.each([
  ["co", ["compute", "const", "continue", "count"], "co"],
  ["1 + cou", ["count"], "cou"],
  ["ct", ["ctx::"], "ct"],
  ["x = ctx::cl", ["ctx::client_ip", "ctx::client_port"], "ctx::cl"],
  ["ctx::", ["ctx::client_ip", "ctx::client_port", "ctx::helo"], "ctx::"],
  ["a.to_", ["to_string"], "to_"],
  ["nothing::", [], "nothing::"],
  ["", [], ""],
])("the completion of %j", (line, candidates, word) => {
  expect(complete(session, line)).toEqual([candidates, word]);
});

/** What is typed is sent once the prompt is there, each piece by itself: readline takes a tab within others for text. */
function inTerminal(keys: string | readonly string[], env: NodeJS.ProcessEnv, options = "") {
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-keys-"));
  const out = quoted(join(directory, "out"));
  const pieces = typeof keys === "string" ? [keys] : keys;
  const typing = [
    `for i in $(seq 200); do grep -q '>' ${out} 2>/dev/null && break; sleep 0.05; done`,
    ...pieces.map((piece) => `printf %s ${quoted(piece)}; sleep 0.3`),
  ];
  const repl = `${quoted(process.execPath)} ${quoted(program)} vsl repl ${options}`;
  const ended = shell(`(${typing.join("; ")}) | script -qefc ${quoted(repl)} ${out}`, {
    env: { TERM: "xterm", ...env },
  });
  rmSync(directory, { recursive: true });
  return ended;
}
