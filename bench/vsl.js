/**
 * vSL functions against the same functions written by hand in JavaScript, and how long it takes to read, check and
 * compile a rule set of 1,000 lines, in a process of its own, against a process that runs nothing (`node -e 0`).
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits, Engine, fromPlain, toPlain } from "../dist/vsl/index.js";
import { inTurn, median, ratio, row } from "./measure.js";

const ROUNDS = 7;
const ENGINE = new URL("../dist/vsl/index.js", import.meta.url);

const TEXT = "Received: from mail.example.com (mail.example.com [192.0.2.1]) by mx.example.org with ESMTP id 4711; ";

/** The same work in both languages, what it is given, and how many times slower vSL may be. */
const works = [
  {
    what: "fib(27)",
    limit: 4,
    vsl: "fn work(n) { if n < 2 { n } else { work(n - 1) + work(n - 2) } }",
    js: function fib(n) {
      return n < 2 ? n : fib(n - 1) + fib(n - 2);
    },
    argument: 27,
  },
  {
    what: "the sieve of Eratosthenes up to 200,000",
    limit: 4,
    vsl: `fn work(n) {
      let composite = []; composite.pad(n + 1, false);
      let count = 0;
      for i in 2..=n {
        if composite[i] { continue; }
        count += 1;
        let j = i * i;
        while j <= n { composite[j] = true; j += i; }
      }
      count
    }`,
    js: (n) => {
      const composite = new Array(n + 1).fill(false);
      let count = 0;
      for (let i = 2; i <= n; i++) {
        if (composite[i]) continue;
        count += 1;
        for (let j = i * i; j <= n; j += i) composite[j] = true;
      }
      return count;
    },
    argument: 200_000,
  },
  {
    what: "string work: split, compare, change, join and search the words of a header 500 times",
    limit: 3,
    vsl: `fn work(text) {
      let places = 0;
      for i in 0..500 {
        let line = "";
        for word in text.split(" ") {
          if word.contains("example") && !word.starts_with("(") { line += word.to_upper() + "-"; }
          else if word.index_of("[") >= 0 { line += word.sub_string(1, word.len() - 2); }
          else { line += word + \`\${i}\`; }
        }
        places += line.index_of("ORG");
      }
      places
    }`,
    js: (text) => {
      let places = 0;
      for (let i = 0; i < 500; i++) {
        let line = "";
        for (const word of text.split(" ")) {
          if (word.includes("example") && !word.startsWith("(")) line += `${word.toUpperCase()}-`;
          else if (word.indexOf("[") >= 0) line += word.slice(1, word.length - 1);
          else line += `${word}${i}`;
        }
        places += line.indexOf("ORG");
      }
      return places;
    },
    argument: TEXT,
  },
  {
    what: "array work: map, filter, reduce and sort 20,000 numbers",
    limit: 3,
    vsl: `fn work(numbers) {
      let chosen = numbers.map(|x| x * 7 % 1009).filter(|x| x % 3 != 0);
      chosen.sort();
      let sum = chosen.reduce(|sum, x| sum + x, 0);
      for x in chosen { if x > 500 { sum -= 1; } }
      sum + chosen.len()
    }`,
    js: (numbers) => {
      const chosen = numbers.map((x) => (x * 7) % 1009).filter((x) => x % 3 !== 0);
      chosen.sort((a, b) => a - b);
      let sum = chosen.reduce((total, x) => total + x, 0);
      for (const x of chosen) if (x > 500) sum -= 1;
      return sum + chosen.length;
    },
    argument: Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 20_011),
  },
  {
    what: "map work: count 20,000 words and add up the counts",
    limit: 3,
    vsl: `fn work(words) {
      let counts = #{};
      for word in words { counts[word] = (counts[word] ?? 0) + 1; }
      let sum = 0;
      for key in counts.keys() { if "w1" in counts { sum += counts[key] * key.len(); } }
      sum
    }`,
    js: (words) => {
      const counts = new Map();
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
      let sum = 0;
      for (const key of [...counts.keys()].sort()) if (counts.has("w1")) sum += counts.get(key) * key.length;
      return sum;
    },
    argument: Array.from({ length: 20_000 }, (_, i) => `w${(i * i) % 997}`),
  },
];

export async function benchVsl() {
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-bench-"));
  try {
    const rows = [];
    for (const work of works) rows.push(await benchWork(directory, work));
    return [...rows, await benchLoading(directory)];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function benchWork(directory, { what, limit, vsl, js, argument }) {
  writeFileSync(join(directory, "work.vsl"), vsl);
  const limits = { ...defaultLimits, operations: Number.MAX_SAFE_INTEGER };
  const [script] = await new Engine({ directory, limits }).load(["work.vsl"]);
  const given = fromPlain(argument);
  const expected = js(argument);
  const cases = {
    vsl: () => timed(() => toPlain(script.call("work", [given])), expected),
    js: () => timed(() => js(argument), expected),
  };
  const figures = await inTurn(cases, ROUNDS);
  const factor = ratio(figures.vsl, figures.js);
  const text = `vSL ${median(figures.vsl).toFixed(2)} ms, JavaScript ${median(figures.js).toFixed(2)} ms, ratio ${factor.toFixed(2)}`;
  return row(what, text, `at most ${limit}x`, factor <= limit);
}

/** Milliseconds a call, of enough calls to be measured. */
function timed(run, expected) {
  const start = performance.now();
  let calls = 0;
  do {
    const result = run();
    if (result !== expected) throw new Error(`the work gave ${result} instead of ${expected}`);
    calls += 1;
  } while (performance.now() - start < 60);
  return (performance.now() - start) / calls;
}

/** A process says how long it took to load the rules, once all code that does so is read. */
async function benchLoading(directory) {
  writeFileSync(join(directory, "rules.vsl"), ruleSet(1000));
  const code = `
    const { Engine, NativeModule, native } = await import(${JSON.stringify(ENGINE.href)});
    const state = new NativeModule("state").add(native("next", "-> any", "", () => 1), native("deny", "-> any", "", () => 2));
    const start = performance.now();
    const engine = new Engine({ directory: ${JSON.stringify(directory)}, modules: new Map([["state", state]]) });
    await engine.load(["rules.vsl"]);
    console.log(performance.now() - start);`;
  const figures = await inTurn(
    {
      vsl: () => Number(execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" })),
      node: () => {
        const start = performance.now();
        execFileSync(process.execPath, ["-e", "0"]);
        return performance.now() - start;
      },
    },
    ROUNDS,
  );
  const factor = ratio(figures.vsl, figures.node);
  const text = `loading ${median(figures.vsl).toFixed(1)} ms, node -e 0 ${median(figures.node).toFixed(1)} ms, ratio ${factor.toFixed(2)}`;
  return row("loading a rule set of 1,000 lines in a fresh process", text, "less than node -e 0", factor < 1);
}

/** Rules of ten lines each, none of which equals another. */
function ruleSet(lines) {
  const rules = Array.from(
    { length: Math.floor((lines - 2) / 10) },
    (_, i) => `    rule "number ${i}" || {
      let limit${i} = ${i * 3} + 7;
      let names = ["a${i}", "b${i}", "c"].filter(|name| name.len() > 1);
      if names.len() > limit${i} && "a${i}" in names {
        return state::deny();
      }
      let text = \`rule \${limit${i}} of ${i}\`;
      for name in names { text += "-" + name.to_upper(); }
      if text.contains("never ${i}") { state::deny() } else { state::next() }
    },`,
  );
  return `#{\n  rcpt: [\n${rules.join("\n")}\n  ],\n}\n`;
}
