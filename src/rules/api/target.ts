/**
 * Where a mail is forwarded to, as rules write it: an IP address with or without a port, a host name, or a URL
 *
 *     smtp://[user:password@]host[:port][?tls=none|opportunistic|required|tunnel]
 *     smtps://user:password@host[:port]
 */

import { isIP, isIPv4 } from "node:net";
import { isDomain } from "../address.ts";

export const tlsPolicies = ["none", "opportunistic", "required", "tunnel"] as const;
export type TlsPolicy = (typeof tlsPolicies)[number];

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsPolicy;
  readonly credentials: { readonly user: string; readonly password: string } | undefined;
}

const RELAY = 25;
const SUBMISSION = 587;
const SUBMISSIONS = 465;

/** The target, or what is wrong with the text. */
export function parseTarget(text: string): Target | string {
  if (text.includes("://")) return parseUrl(text);
  const host = hostAndPort(text);
  return host ? { ...host, tls: "opportunistic", credentials: undefined } : "it is no address and no host name";
}

/** `ip`, `ip:port`, `[v6]:port` or a host name. */
function hostAndPort(text: string): { host: string; port: number } | undefined {
  if (isIP(text) !== 0) return { host: text, port: RELAY };
  const [, v6, name, digits] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const port = digits === undefined ? RELAY : Number(digits);
  if (port < 1 || port > 65_535) return undefined;
  if (v6 !== undefined) return isIP(v6) === 6 ? { host: v6, port } : undefined;
  if (name === undefined) return undefined;
  const isName = digits === undefined && isDomain(name) && !/(?:^|\.)\d+$/.test(name);
  return isIPv4(name) || isName ? { host: name, port } : undefined;
}

function parseUrl(text: string): Target | string {
  const url = /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d{1,5}))?\/?(?:\?([^#]*))?$/i.exec(
    text,
  );
  if (!url) return "it is no URL";
  const [, scheme = "", login, name = "", digits, query] = url;
  const secure = scheme.toLowerCase() === "smtps";
  if (!secure && scheme.toLowerCase() !== "smtp") return `scheme ${scheme} is not supported`;
  const host = name.startsWith("[") ? name.slice(1, -1) : name;
  if (host === "") return "missing host";
  if (isIP(host) === 0 && !isDomain(host)) return `${host} is no host`;
  const credentials = login === undefined ? undefined : credentialsIn(login);
  if (typeof credentials === "string") return credentials;
  if (secure && credentials === undefined) return "credentials are missing with this scheme";
  const tls = tlsIn(query, secure);
  if (!isPolicy(tls)) return tls;
  const usual = secure ? SUBMISSIONS : credentials ? SUBMISSION : RELAY;
  const port = digits === undefined ? usual : Number(digits);
  return port < 1 || port > 65_535 ? `${digits} is no port` : { host, port, tls, credentials };
}

function credentialsIn(login: string): { user: string; password: string } | string {
  const colon = login.indexOf(":");
  if (colon < 1) return "credentials are `user:password`";
  try {
    return { user: decodeURIComponent(login.slice(0, colon)), password: decodeURIComponent(login.slice(colon + 1)) };
  } catch {
    return "the credentials are not percent-encoded";
  }
}

/** The policy, or what is wrong with the parameters. */
function tlsIn(query: string | undefined, secure: boolean): TlsPolicy | string {
  let policy: TlsPolicy = secure ? "tunnel" : "opportunistic";
  for (const [key, value] of new URLSearchParams(query ?? "")) {
    if (key !== "tls") return `parameter '${key}'/'${value}' is not supported`;
    if (secure) return "cannot specify both 'smtps://' and '?tls='";
    if (!isPolicy(value)) return `invalid value '${value}' for parameter 'tls'; expected: ${tlsPolicies.join(", ")}`;
    policy = value;
  }
  return policy;
}

function isPolicy(text: string): text is TlsPolicy {
  return tlsPolicies.some((policy) => policy === text);
}
