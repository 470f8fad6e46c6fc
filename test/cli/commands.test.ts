/** What holds for every command: its help, its manual, and how it refuses what it does not know. */

import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { program as makeProgram } from "../../src/cli/program.ts";
import { shell, vsmtp } from "./vsmtp.ts";

interface Named {
  readonly name: string;
  readonly command: Command;
}

/** Every command that does something itself, or has options for those below it. */
function commandsOf(command: Command, name = command.name()): Named[] {
  const inner = command.commands.flatMap((one) => commandsOf(one, `${name} ${one.name()}`));
  const isMereGroup = command.commands.length > 0 && command.options.length === 0;
  return isMereGroup ? inner : [{ name, command }, ...inner];
}

const all = commandsOf(await makeProgram([]));
const manual = readFileSync(new URL("../../docs/commands.md", import.meta.url), "utf8");

/** By the heading of the command. */
const chapters = new Map(
  manual
    .split(/^## /m)
    .slice(1)
    .map((text) => [/^`([^`]+)`/.exec(text)?.[1] ?? "", text]),
);

test("docs/commands.md has a chapter for each command, and no other", () => {
  expect([...chapters.keys()].sort()).toEqual(all.map(({ name }) => name).sort());
});

test.each(all)("docs/commands.md names the options of $name, and no other", ({ name, command }) => {
  const rows = [...(chapters.get(name) ?? "").matchAll(/^\| (`-[^|]*) \|/gm)].map(([, cell]) => cell ?? "");
  const documented = rows.flatMap((cell) => [...cell.matchAll(/`(--?[a-z-]+)/g)].map(([, flag]) => flag));
  const own = command.options.flatMap(({ short, long }) => [short, long]).filter((flag) => flag !== undefined);
  expect(documented.filter((flag) => flag !== "-h" && flag !== "--help").sort()).toEqual(own.sort());
});

test.each(all)(
  "$name --help is a manual page: what it does, its options, its exit status, examples",
  ({ name, command }) => {
    const { status, stdout, stderr } = vsmtp([...name.split(" ").slice(1), "--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(`Usage: ${name} `);
    for (const { long } of command.options) expect(stdout).toContain(long);
    for (const title of ["Description:", "Exit status:", "Examples:"]) expect(stdout).toContain(`\n${title}\n`);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThan(121);
  },
);

test.each([
  [["chekc"], "check"],
  [["vsl", "evla"], "eval"],
  [["check", "--jsno"], "--json"],
  [["rules", "run", "--form", "x"], "--from"],
  [["--stdot"], "--stdout"],
])("%j is refused with a guess at what was meant", (args, guess) => {
  const { status, stdout, stderr } = vsmtp(args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(new RegExp(`Did you mean .?${guess}`));
});

test("a word that is like no command is refused with all commands", () => {
  expect(vsmtp(["nonsense"])).toMatchObject({ status: 1, stderr: expect.stringContaining("check, config-show") });
});

test("a command that needs a file says so", () => {
  expect(vsmtp(["plugin", "inspect"]).stderr).toContain("missing required argument");
});

test("a reader that goes away is no failure", () => {
  const lines = `for i in $(seq 3000); do echo '{"id":1,"script":"1"}'; done`;
  const { stdout, stderr, status } = shell(`${lines} | vsmtp vsl eval --jsonl | head -1; echo "\${PIPESTATUS[1]}"`);
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  expect(stdout).toBe('{"id":1,"ok":true,"value":{"type":"i64","value":"1"}}\n0\n');
  expect(shell("vsmtp --help | head -1")).toMatchObject({ stderr: "", stdout: "Usage: vsmtp [options] [command]\n" });
});
