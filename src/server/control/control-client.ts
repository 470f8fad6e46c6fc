/**
 * Asks the running host of a configuration something. What answers is believed only if it can be nobody but that host:
 * its socket, and all directories above it, belong to root or to the user who asks, and others cannot write there.
 */

import { lstatSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import type { Config } from "../../config/index.ts";
import { reasonOf, VsmtpError } from "../../errors.ts";
import { type ControlReply, type ControlRequest, controlReply, controlSocket } from "./control-protocol.ts";
import { trustFault } from "./runtime-trust.ts";

/** Waits as long as the host takes: a reload may be long. HOST_NOT_RUNNING, RUNTIME_UNSAFE, CONTROL_DENIED, CONTROL_BROKEN */
export async function askHost(config: Config, request: ControlRequest): Promise<ControlReply | VsmtpError> {
  const file = controlSocket(config);
  const context = { file, config: config.path };
  try {
    if (!isThere(file)) return new VsmtpError("HOST_NOT_RUNNING", context);
    const stranger = strangerOf(file);
    if (stranger !== undefined) return denied(file, `it belongs to the user with the number ${stranger}`);
    const fault = trustFault(file);
    if (fault) return fault;
    const line = await exchange(file, `${JSON.stringify(request)}\n`);
    return line === undefined ? broken(file, "it ended") : understood(file, line);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ECONNREFUSED" || code === "ENOENT") return new VsmtpError("HOST_NOT_RUNNING", context);
    return code === "EACCES" || code === "EPERM" ? denied(file, reasonOf(error)) : broken(file, reasonOf(error));
  }
}

/** @throws who may not look there */
function isThere(file: string): boolean {
  lstatSync(dirname(file));
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Another ordinary user, whose host it is then. */
function strangerOf(file: string): number | undefined {
  const { uid } = lstatSync(file);
  return uid === 0 || uid === process.geteuid?.() ? undefined : uid;
}

/** The first line of the answer; undefined: there is none. */
function exchange(file: string, request: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket: Socket = connect(file, () => socket.write(request));
    socket.setEncoding("utf8");
    socket.on("error", reject);
    socket.on("close", () => resolve(undefined));
    socket.on("data", (piece: string) => {
      text += piece;
      const end = text.indexOf("\n");
      if (end === -1) return;
      resolve(text.slice(0, end));
      socket.destroy();
    });
  });
}

function understood(file: string, line: string): ControlReply | VsmtpError {
  try {
    const { success, data, error } = controlReply.safeParse(JSON.parse(line));
    return success ? data : broken(file, reasonOf(error));
  } catch (error) {
    return broken(file, reasonOf(error));
  }
}

function denied(file: string, reason: string): VsmtpError {
  return new VsmtpError("CONTROL_DENIED", { file, reason });
}

function broken(file: string, reason: string): VsmtpError {
  return new VsmtpError("CONTROL_BROKEN", { file, reason });
}
