/**
 * The process of an isolated plugin, for tests: serves the plugin in the file that it is given on the socket that it
 * inherits as descriptor 3. In JavaScript, because it runs the built program.
 */

import { createServer } from "node:net";
import { VsmtpError } from "../../dist/errors.js";
import { native } from "../../dist/native/index.js";
import { marker, useMarker } from "../../dist/observe/index.js";
import { admitFile } from "../../dist/plugin/index.js";
import { IsolatedServer } from "../../dist/plugin/isolated/server.js";
import { loadPlugin } from "../../dist/plugin/load.js";
import { limitPlugin } from "../../dist/server/worker/isolated-limits.js";

const [, , file = "", limits] = process.argv;

useMarker(native().openMarker(undefined));
// a plugin that calls exit() ends the process at once then, and not amid what other threads do
native().watchCrashes();
const verdict = admitFile(file);
if (verdict.kind !== "admitted") throw new Error(`${file} is not admitted`);
if (limits) limitPlugin(JSON.parse(limits));
const loaded = loadPlugin(verdict);
const server = new IsolatedServer({
  manifest: verdict.manifest,
  sha256: verdict.sha256,
  loaded,
  onLost: () => process.send?.({ lost: true }),
  onDamage: (reason) => process.send?.({ damage: reason }),
});
createServer((socket) => server.accept(socket)).listen({ fd: 3 });
process.on("message", (what) => {
  if (what === "situations") process.send?.({ situations: situations() });
  if (what === "leave") void server.alone().then(() => process.exit(0));
});
process.send?.({ failed: loaded instanceof VsmtpError });

/** Of calls that are under way. */
function situations() {
  return Array.from({ length: 255 }, (_, i) => marker().situation(i + 1)).filter((text) => text !== "");
}
