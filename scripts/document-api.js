/**
 * Writes docs/api.md from the modules of the rule API themselves (after `npm run build:ts`); with `--check` it only
 * tells, by its exit status, whether the page says what they say.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../dist/config/index.js";
import { globalFunctions } from "../dist/rules/api/globals.js";
import { apiModules } from "../dist/rules/api/modules.js";

const page = new URL("../docs/api.md", import.meta.url);
const config = await defaults();
const modules = apiModules(config).sort((a, b) => (a.name < b.name ? -1 : 1));

const text = `# The rule API

What rules can call, besides the language's own functions and those of plugins. *From* is the first stage at which a
function works: connect, helo, authenticate, mail, rcpt, preq, postq, delivery; without one it works anywhere, also in
services and objects. What is from \`storage\` works at that stage only, where nothing works that is from another. What goes wrong is an error that \`try { … } catch (e) { … }\` can catch.

## Without a path

${table("", globalFunctions(config))}
${modules.map(section).join("\n")}`;

if (!process.argv.includes("--check")) writeFileSync(page, text);
else if (readFileSync(page, "utf8") !== text) {
  console.error("docs/api.md is not what the modules say: run `node scripts/document-api.js`");
  process.exitCode = 1;
}

function section({ name, doc, functions, variables }) {
  const parts = [`## ${name}`, doc];
  if (functions.size > 0) parts.push(table(`${name}::`, [...functions.values()].flat()).trimEnd());
  if (variables.size > 0)
    parts.push(`Variables: ${[...variables.keys()].map((key) => `\`${name}::${key}\``).join(", ")}.`);
  return `${parts.join("\n\n")}\n`;
}

function table(path, functions) {
  const rows = functions.map(({ name, parameters, returns, stage, doc }) => {
    const list = parameters.map((parameter) => `${parameter.name}: ${parameter.type}`).join(", ");
    return [`\`${path}${name}(${list})\``, returns === "()" ? "" : `\`${returns}\``, stage ?? "", doc].map(cell);
  });
  const lines = [["function", "returns", "from", "what it does"], ["---", "---", "---", "---"], ...rows];
  return `${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}

function cell(content) {
  return content.replaceAll("|", "\\|").replaceAll("\n", " ");
}

async function defaults() {
  const directory = mkdtempSync(join(tmpdir(), "vsmtp-api-"));
  try {
    const file = join(directory, "vsmtp.vsl");
    writeFileSync(file, "fn on_config(config) { config }");
    return await loadConfig(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
