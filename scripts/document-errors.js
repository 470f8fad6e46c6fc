/**
 * Writes docs/errors.md from the catalogue of errors (after `npm run build:ts`); with `--check` it only tells, by its
 * exit status, whether the page says what the catalogue says.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { catalogue } from "../dist/errors.js";

const page = new URL("../docs/errors.md", import.meta.url);
const sections = Object.entries(catalogue)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([code, { what, fix }]) => `## ${code}\n\n${shown(what)}.\n\n${shown(fix)}.\n`);
const text = `# Errors

Every error that a person sees has a code, a sentence about what happened and where, and advice. Words in *italics* are
filled in. Codes never change: logs and \`--json\` output carry them.

${sections.join("\n")}`;

if (!process.argv.includes("--check")) writeFileSync(page, text);
else if (readFileSync(page, "utf8") !== text) {
  console.error("docs/errors.md is not what the catalogue says: run `node scripts/document-errors.js`");
  process.exitCode = 1;
}

function shown(template) {
  return template.replace(/\{(\w+)\}/g, "*$1*");
}
