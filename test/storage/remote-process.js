/**
 * A storage process as plain as can be, for remote-host.ts: node runs this file, descriptor 3 is the socket, and the
 * rest comes by messages.
 */

import { VsmtpError } from "../../dist/errors.js";
import { Plugins } from "../../dist/plugin/index.js";
import { serveStorage } from "../../dist/storage/index.js";

const { files = [], problem, ...options } = JSON.parse(process.argv[2] ?? "{}");
const { plugins, problems } = Plugins.find({ directory: undefined, files, shipped: [] }).loadStorage();
const server = serveStorage({
  ...options,
  descriptor: 3,
  plugins,
  problems:
    problem === undefined ? problems : [new VsmtpError("STORAGE_UNAVAILABLE", { reason: problem, hint: "Wait" })],
  log: (line) => process.send?.({ line }),
  clients: { error: (_, text) => process.send?.({ damage: text }) },
  onHung: (hung) => process.send?.({ hung }),
});

process.on("message", async ({ close, figures }) => {
  if (figures) process.send?.({ figures: server.figures() });
  if (close === undefined) return;
  await server.close(close);
  if (process.connected) process.disconnect();
});
server.serve();
process.send?.({ serving: true, problem: (await server.ready())?.message });
