/**
 * The sockets on which clients and the host's own processes are met. The supervisor opens them and never serves them:
 * whoever inherits one does, so that clients wait in the kernel while a process is replaced.
 *
 * A socket stays open as long as the configuration names its address, through every reload; with port 0 it keeps the
 * port that the system chose first. Addresses that the service manager has opened already (systemd's LISTEN_FDS) are
 * taken over from it.
 */

import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { closeSync, lchownSync, lstatSync, rmSync } from "node:fs";
import { connect, isIP } from "node:net";
import {
  type Config,
  parseListenAddress,
  parseLmtpAddress,
  type SocketAddress,
  showListenAddress,
} from "../../config/index.ts";
import { reasonOf, VsmtpError } from "../../errors.ts";
import { native, type Privileges } from "../../native/index.ts";
import { type InheritedSocket, inheritedSockets } from "./inherited-sockets.ts";

export interface OpenSocket {
  /** `127.0.0.1:25`, with the port that it has, or `unix:/path`. */
  readonly name: string;
  readonly descriptor: number;
  readonly protocol: "smtp" | "lmtp" | "metrics";
  /** The address as the configuration has it. */
  readonly wanted: string;
}

/** An address of the configuration, and what for. */
interface Wanted {
  readonly protocol: OpenSocket["protocol"];
  readonly text: string;
  /** The key that names it. */
  readonly key: string;
  readonly address: SocketAddress;
}

/** Connections that may wait to be accepted; the kernel may know better. */
const BACKLOG = 511;

/**
 * All sockets of the configuration, in its order, or none: then nothing is open that was not before. `before`: those
 * that are open for the same purpose; they are left open whether they are wanted still or not.
 *
 * @throws VsmtpError LISTEN, LISTEN_INHERITED
 */
export async function openSockets(config: Config, before: readonly OpenSocket[] = []): Promise<OpenSocket[]> {
  const inherited = inheritedSockets();
  const free = [...before];
  const opened: OpenSocket[] = [];
  const found: OpenSocket[] = [];
  try {
    for (const wanted of wantedBy(config)) {
      const known = takeFrom(free, wanted);
      const socket = known ?? (await open(wanted, inherited));
      if (!known) opened.push(socket);
      found.push(socket);
    }
    refuseUnused(found, inherited);
    return found;
  } catch (error) {
    closeSockets(opened);
    throw error;
  }
}

/** Closes them, and removes the files of those that have one. What came from the service manager stays its own. */
export function closeSockets(those: readonly OpenSocket[]): void {
  for (const { descriptor, name } of those) {
    if (inheritedSockets().some((one) => one.descriptor === descriptor)) continue;
    if (name.startsWith("unix:")) rmSync(name.slice("unix:".length), { force: true });
    closeSync(descriptor);
  }
}

/** For each service socket that this process has open, the file that it made. */
const serviceFiles = new Map<number, string>();

/**
 * A new socket for the host's own processes at `path`; one that was there before goes on without a name, with the
 * clients that it has. Only the user of this process may connect, and the group of `group`, if one is given.
 *
 * @throws VsmtpError RUNTIME_SOCKET
 */
export function openServiceSocket(path: string, group?: Pick<Privileges, "gid">): number {
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path);
    const descriptor = native().listenOn({ path, mode: group ? 0o660 : 0o600 }, BACKLOG);
    if (group) lchownSync(path, process.geteuid?.() ?? 0, group.gid);
    serviceFiles.set(descriptor, fileId(path));
    return descriptor;
  } catch (error) {
    throw new VsmtpError("RUNTIME_SOCKET", { file: path, reason: reasonOf(error) }, { cause: error });
  }
}

/** Closes it, and removes its file unless there is a newer one of that name. */
export function closeServiceSocket(path: string, descriptor: number): void {
  if (fileId(path) === serviceFiles.get(descriptor)) rmSync(path, { force: true });
  serviceFiles.delete(descriptor);
  closeSync(descriptor);
}

/** Empty: there is no such file. */
export function fileId(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.dev}:${stats.ino}` : "";
}

function wantedBy({ server, directory }: Config): Wanted[] {
  const { addr, addr_lmtp: lmtp } = server.interfaces;
  const of = (protocol: Wanted["protocol"], key: string, texts: readonly string[]) =>
    texts.map((text) => {
      const address = protocol === "lmtp" ? parseLmtpAddress(text, directory) : parseListenAddress(text);
      return { protocol, text, key, address: address as SocketAddress };
    });
  return [
    ...of("smtp", "server.interfaces", addr),
    ...of("lmtp", "server.interfaces", lmtp),
    ...of("metrics", "server.metrics", server.metrics ? [server.metrics.addr] : []),
  ];
}

/** Each socket serves one address, even if the configuration names that twice (port 0). */
function takeFrom(free: OpenSocket[], { protocol, text }: Wanted): OpenSocket | undefined {
  const at = free.findIndex((socket) => socket.protocol === protocol && socket.wanted === text);
  return at === -1 ? undefined : free.splice(at, 1)[0];
}

async function open(wanted: Wanted, inherited: readonly InheritedSocket[]): Promise<OpenSocket> {
  const { protocol, text, key, address } = wanted;
  try {
    const place = await resolved(address);
    const given = inherited.find(({ name }) => name === showListenAddress(place));
    const descriptor = given?.descriptor ?? (await listenAt(place));
    return { name: native().socketName(descriptor) ?? text, descriptor, protocol, wanted: text };
  } catch (error) {
    throw new VsmtpError("LISTEN", { address: text, key, reason: reasonOf(error) }, { cause: error });
  }
}

/** With an address instead of a name. */
async function resolved(address: SocketAddress): Promise<SocketAddress> {
  if ("path" in address || isIP(address.host) !== 0) return address;
  return { ...address, host: (await lookup(address.host)).address };
}

/** Who may connect to a path is decided by its directory: mail servers run as users of their own. */
async function listenAt(address: SocketAddress): Promise<number> {
  if (!("path" in address)) return native().listenOn(address, BACKLOG);
  const { path } = address;
  try {
    return native().listenOn({ path, mode: 0o666 }, BACKLOG);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || !(await isForgotten(path))) throw error;
    rmSync(path, { force: true });
    return native().listenOn({ path, mode: 0o666 }, BACKLOG);
  }
}

/** Whether a socket was left there by a program that is gone. */
export async function isForgotten(path: string): Promise<boolean> {
  if (!lstatSync(path).isSocket()) return false;
  const client = connect(path);
  try {
    await once(client, "connect");
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
  } finally {
    client.destroy();
  }
}

/** Clients of a socket that nobody serves would wait for ever. */
function refuseUnused(found: readonly OpenSocket[], inherited: readonly InheritedSocket[]): void {
  const unused = inherited.find(({ descriptor }) => !found.some((socket) => socket.descriptor === descriptor));
  if (!unused) return;
  const reason = "no address of server.interfaces or server.metrics is the same";
  throw new VsmtpError("LISTEN_INHERITED", { socket: unused.name, reason });
}
