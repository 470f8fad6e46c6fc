/**
 * Addresses to listen on: `127.0.0.1:25`, `[::1]:25`, `[fe80::1%eth0]:25`, or a host name that is looked up at start,
 * `mx.example.com:25`. Port 0 lets the system choose a free one. For LMTP also a path, `unix:/run/vsmtp/lmtp`.
 */

import { isIPv4, isIPv6 } from "node:net";
import { resolve } from "node:path";
import { isHostName } from "./host-name.ts";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface UnixAddress {
  readonly path: string;
}

export type SocketAddress = ListenAddress | UnixAddress;

const SHAPE = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/;

/** Undefined when the text is no address. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, v6, name, digits] = SHAPE.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return undefined;
  if (v6 !== undefined) return isIPv6(v6) ? { host: v6, port } : undefined;
  return name !== undefined && (isIPv4(name) || isNameToLookUp(name)) ? { host: name, port } : undefined;
}

/** Undefined when the text is neither an address nor a path that a socket can have. */
export function parseLmtpAddress(text: string, directory: string): SocketAddress | undefined {
  if (!text.startsWith("unix:")) return parseListenAddress(text);
  const path = resolve(directory, text.slice("unix:".length));
  const fits = text !== "unix:" && !text.includes("\0") && Buffer.byteLength(path) <= LONGEST_PATH;
  return fits ? { path } : undefined;
}

/** Bytes of `sun_path` without the NUL behind it. */
const LONGEST_PATH = 107;

export function showListenAddress(address: SocketAddress): string {
  if ("path" in address) return `unix:${address.path}`;
  const { host, port } = address;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `1.2.3` is a mistyped address, not a name: no top-level domain is a number. */
function isNameToLookUp(name: string): boolean {
  return (name === "localhost" || name.includes(".")) && isHostName(name) && !/\.\d+$/.test(name);
}
