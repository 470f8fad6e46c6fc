/**
 * Sockets that the service manager has opened before it started this process: descriptors from 3 on, as many as
 * LISTEN_FDS says, if LISTEN_PID says that they are for this process and not for one that started it.
 */

import { VsmtpError } from "../../errors.ts";
import { native } from "../../native/index.ts";

export interface InheritedSocket {
  readonly descriptor: number;
  /** As Native.socketName tells it. */
  readonly name: string;
}

const FIRST = 3;

let inherited: readonly InheritedSocket[] | undefined;

/**
 * Always the same ones. The first call takes the variables out of the environment, which other processes get.
 * @throws VsmtpError LISTEN_INHERITED when one of them is no socket that listens
 */
export function inheritedSockets(): readonly InheritedSocket[] {
  inherited ??= take();
  return inherited;
}

function take(): InheritedSocket[] {
  const { LISTEN_PID: pid, LISTEN_FDS: count } = process.env;
  for (const name of ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"]) delete process.env[name];
  if (pid !== String(process.pid) || !/^[1-9]\d{0,3}$/.test(count ?? "")) return [];
  return Array.from({ length: Number(count) }, (_, i) => socketAt(FIRST + i));
}

function socketAt(descriptor: number): InheritedSocket {
  const name = native().socketName(descriptor);
  if (name !== undefined) return { descriptor, name };
  const reason = "it is no stream socket that listens";
  throw new VsmtpError("LISTEN_INHERITED", { socket: `the descriptor ${descriptor}`, reason });
}
