/**
 * The control socket of a running host: whoever may connect to it may reload the host and see its figures. That is
 * root, and the user who started the host: the socket's mode says so, and that nobody can put another in its place.
 */

import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { reasonOf, VsmtpError } from "../../errors.ts";
import { asProblem } from "../problems.ts";
import { fileId, isForgotten, openServiceSocket } from "../supervisor/sockets.ts";
import { type ControlReply, type ControlRequest, controlRequest, LONGEST_REQUEST } from "./control-protocol.ts";
import { trustFault } from "./runtime-trust.ts";

/** May not reject. */
export type Answer = (request: ControlRequest) => Promise<ControlReply>;

/** A client that says nothing for so many milliseconds, and waits for nothing, is let go. */
const SILENCE = 10_000;

/**
 * Serves requests at `path`, whose directory must be there; those of one client one after the other. Closing it lets
 * all clients go.
 *
 * @throws VsmtpError RUNTIME_UNSAFE, RUNTIME_SOCKET
 */
export async function openControl(path: string, answer: Answer): Promise<{ close(): void }> {
  const fault = trustFault(path);
  if (fault) throw fault;
  if (fileId(path) !== "" && !(await isForgotten(path))) {
    throw new VsmtpError("RUNTIME_SOCKET", { file: path, reason: "a host that runs has it, or it is no socket" });
  }
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.once("close", () => clients.delete(client));
    serve(client, answer);
  });
  server.listen({ fd: openServiceSocket(path) });
  const own = fileId(path);
  return {
    close: () => {
      server.close();
      for (const client of clients) client.destroy();
      if (fileId(path) === own) rmSync(path, { force: true });
    },
  };
}

function serve(client: Socket, answer: Answer): void {
  let unfinished = "";
  let answered = Promise.resolve();
  let waiting = 0;
  client.setEncoding("utf8");
  client.setTimeout(SILENCE, () => waiting === 0 && client.destroy());
  client.on("error", () => client.destroy());
  client.on("data", (text: string) => {
    const lines = (unfinished + text).split("\n");
    unfinished = lines.pop() as string;
    if (unfinished.length > LONGEST_REQUEST) return client.destroy();
    for (const line of lines) {
      waiting++;
      answered = answered.then(async () => {
        const reply = await replyTo(line, answer);
        waiting--;
        if (client.writable) client.write(`${JSON.stringify(reply)}\n`);
      });
    }
  });
}

async function replyTo(line: string, answer: Answer): Promise<ControlReply> {
  const request = parsed(line);
  if (!(request instanceof VsmtpError)) return answer(request);
  return { ok: false, problems: [asProblem(request)] };
}

function parsed(line: string): ControlRequest | VsmtpError {
  try {
    const { success, data, error } = controlRequest.safeParse(JSON.parse(line));
    if (success) return data;
    const reason = error.issues.map(({ path, message }) => [...path, message].join(": ")).join("; ");
    return new VsmtpError("CONTROL_REQUEST", { reason });
  } catch (error) {
    return new VsmtpError("CONTROL_REQUEST", { reason: reasonOf(error) }, { cause: error });
  }
}
