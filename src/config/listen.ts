/**
 * Addresses to listen on: `127.0.0.1:25`, `[::1]:25`, `[fe80::1%eth0]:25`, or a host name that is looked up at start,
 * `mx.example.com:25`. Port 0 lets the system choose a free one.
 */

import { isIPv4, isIPv6 } from "node:net";
import { isHostName } from "./host-name.ts";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const SHAPE = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/;

/** Undefined when the text is no address. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, v6, name, digits] = SHAPE.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return undefined;
  if (v6 !== undefined) return isIPv6(v6) ? { host: v6, port } : undefined;
  return name !== undefined && (isIPv4(name) || isNameToLookUp(name)) ? { host: name, port } : undefined;
}

export function showListenAddress({ host, port }: ListenAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `1.2.3` is a mistyped address, not a name: no top-level domain is a number. */
function isNameToLookUp(name: string): boolean {
  return (name === "localhost" || name.includes(".")) && isHostName(name) && !/\.\d+$/.test(name);
}
