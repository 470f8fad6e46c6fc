/** Addresses to listen on: `127.0.0.1:25`, `[::1]:25`. Port 0 lets the system choose a free one. */

import { isIPv4, isIPv6 } from "node:net";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const SHAPE = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/;

/** Undefined when the text is no address. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, v6, v4, digits] = SHAPE.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return undefined;
  if (v6 !== undefined) return isIPv6(v6) ? { host: v6, port } : undefined;
  return v4 !== undefined && isIPv4(v4) ? { host: v4, port } : undefined;
}

export function showListenAddress({ host, port }: ListenAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
