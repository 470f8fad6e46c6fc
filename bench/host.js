/** A host that is measured: the real program in processes of its own, with the configuration of a directory. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

/** Resolves once it serves clients, with the port of the first of its addresses. It logs to stdout. */
export function startHost(directory) {
  const port = (line) => line.msg === "serving" && Number(line.addresses[0].split(":").pop());
  return startServer([program, "-c", join(directory, "vsmtp.vsl")], port);
}

/** A program of Node.js that prints lines of JSON; `portIn` finds the port in the one that has it. */
export async function startServer(args, portIn) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "close");
  };
  const port = await new Promise((resolve, reject) => {
    child.once("close", () => reject(new Error("a server of the bench ended")));
    createInterface({ input: child.stdout }).on("line", (text) => {
      const found = portIn(JSON.parse(text));
      if (found) resolve(found);
    });
  });
  return { port, stop };
}
