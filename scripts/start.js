/**
 * `npm start`: keeps a host on the directory of the demo running on 127.0.0.1:10025, and says how to send to it. Its
 * configuration, spool and mailboxes are in a temporary folder, which is removed when the host stops.
 */

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { layOut } from "./demo-layout.js";

const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const address = "127.0.0.1:10025";

if (!existsSync(program)) {
  console.error("Not built yet: run `npm run build` first.");
  process.exit(1);
}

const directory = mkdtempSync(join(tmpdir(), "vsmtp-start-"));
const { config, mailboxes } = layOut(directory, { address, level: "info" });
const host = spawn(process.execPath, [program, "-c", config], { stdio: "inherit" });

// The terminal sends Ctrl+C to both; this process waits until the host has stopped in its own time.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => host.kill("SIGTERM"));

host.on("spawn", () => {
  console.log(`vSMTP on ${address}, configuration ${config}

Send a mail to it from another terminal:

  printf 'Subject: hello\\r\\n\\r\\nHello!\\r\\n' | curl -sS smtp://${address}/laptop.example \\
    --mail-from alice@example.com --mail-rcpt bob@example.com -T -

Mails become files in ${mailboxes}. Stop with Ctrl+C.
`);
});

host.on("close", (code) => {
  rmSync(directory, { recursive: true, force: true });
  process.exitCode = code ?? 1;
});
