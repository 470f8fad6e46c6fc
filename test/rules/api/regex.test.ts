/** Patterns in Rust's syntax: what they match, what is refused, and that no text makes them slow. */

import { describe, expect, it } from "vitest";
import { Regex } from "../../../src/rules/api/regex/index.ts";

describe("what matches", () => {
  it.each<[string, string, boolean]>([
    ["abc", "xxabcxx", true],
    ["^abc$", "xabc", false],
    ["^(a|bc)*$", "abcbca", true],
    ["^(a|bc)*$", "abcb", false],
    ["^a{2,3}$", "aaa", true],
    ["^a{2,3}$", "aaaa", false],
    ["^a{2}$", "aa", true],
    ["^a{2,}$", "a", false],
    ["^a+?b??$", "aab", true],
    ["^[a-c_-]+$", "a-b_c", true],
    ["^[^a-c]+$", "xyz", true],
    ["^[^a-c]+$", "xaz", false],
    ["^[]a]+$", "]a", true],
    ["^[[:alpha:]&&[^aeiou]]+$", "xyz", true],
    ["^[[:alpha:]&&[^aeiou]]+$", "xay", false],
    ["^[a-z--m]+$", "m", false],
    ["^[[:^digit:]]$", "5", false],
    ["^\\d{3}\\s\\w+$", "123 añb", true],
    ["^\\p{Greek}+$", "αβγ", true],
    ["^\\pL+$", "é", true],
    ["^\\P{L}$", "é", false],
    ["^\\x41\\x{42}\\u0043$", "ABC", true],
    ["(?i)^joHN$", "JohN", true],
    ["^a(?i)b$", "aB", true],
    ["^(?i:a)b$", "AB", false],
    ["(?i)^[a-z]+$", "ABC", true],
    ["(?m)^b$", "a\nb\nc", true],
    ["^b$", "a\nb\nc", false],
    ["^.$", "\n", false],
    ["(?s)^.$", "\n", true],
    ["(?x) ^ a b # comment\n c $", "abc", true],
    ["\\bfoo\\b", "a foo b", true],
    ["\\bfoo\\b", "afoob", false],
    ["\\Bo", "foo", true],
    ["\\Aa\\z", "a\n", false],
    ["(?P<name>a)(?<other>b)(?:c)", "abc", true],
    ["^.$", "😀", true],
    ["", "anything", true],
    ["a||b", "", true],
    ["(a*)*$", "aaab", true],
    ["\\.", "a", false],
  ])("/%s/ on %j: %s", (pattern, text, expected) => {
    expect(new Regex(pattern).matches(text)).toBe(expected);
  });
});

describe("what is refused", () => {
  it.each([
    ["(?=a)", "look ahead or back"],
    ["(?<!a)b", "look ahead or back"],
    ["(a)\\1", "refer back"],
    ["a**b(", "ends too early|not closed"],
    ["[z-a]", "in their order"],
    ["[a", "ends too early"],
    ["a)", "closes nothing"],
    ["*a", "nothing before"],
    ["a{3,2}", "smaller number first"],
    ["a{x}", "how often"],
    ["\\q", "no escape"],
    ["\\p{Klingonish}", "no property"],
    ["[[:nope:]]", "no class"],
    ["(?y)a", "no flag"],
    ["((a{1000}){1000}){1000}", "too large"],
    ["((((){1000}){1000}){1000}){1000}", "too large"],
    ["a".repeat(10_001), "more than 10000 characters"],
  ])("%s", (pattern, reason) => {
    expect(() => new Regex(pattern)).toThrow(new RegExp(reason));
  });
});

describe("time", () => {
  it("A pattern that ruins backtracking engines is as quick as any other.", () => {
    const regex = new Regex("^(a+)+$");
    expect(regex.matches(`${"a".repeat(50_000)}!`)).toBe(false);
  });

  it("A text that would take too long is refused rather than matched.", () => {
    const regex = new Regex("(a{500}){10}");
    expect(() => regex.matches("a".repeat(100_000))).toThrow(RangeError);
  });
});
