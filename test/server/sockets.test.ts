/** Sockets of a host: all or none, kept through reloads, taken over from the service manager. */

import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { native } from "../../src/native/index.ts";
import {
  closeServiceSocket,
  closeSockets,
  type OpenSocket,
  openServiceSocket,
  openSockets,
} from "../../src/server/supervisor/sockets.ts";
import { temporaryFolder } from "../native/compile.ts";
import { configured } from "./configured.ts";

const open = new Set<OpenSocket>();

afterEach(() => {
  closeSockets([...open]);
  open.clear();
});

async function opened(statements: string, before: readonly OpenSocket[] = []): Promise<OpenSocket[]> {
  const { config } = await configured(statements);
  const sockets = await openSockets(config, before);
  for (const socket of sockets) open.add(socket);
  return sockets;
}

function closed(...those: OpenSocket[]): void {
  closeSockets(those);
  for (const socket of those) open.delete(socket);
}

const addresses = (...texts: string[]) => `config.server.interfaces.addr = ${JSON.stringify(texts)};`;
const lmtp = (...texts: string[]) => `config.server.interfaces.addr_lmtp = ${JSON.stringify(texts)};`;
const descriptors = () => readdirSync("/proc/self/fd").length;

async function reaches(to: string): Promise<boolean> {
  const [, host, port] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(to) ?? [];
  const client = to.startsWith("unix:") ? connect(to.slice(5)) : connect(Number(port), host as string);
  try {
    await once(client, "connect");
    return true;
  } catch {
    return false;
  } finally {
    client.destroy();
  }
}

describe("opening", () => {
  it("opens every address of the configuration, each for its purpose", async () => {
    const sockets = await opened(`
      ${addresses("127.0.0.1:0", "[::1]:0", "localhost:0")}
      ${lmtp("127.0.0.1:0", "unix:lmtp")}
      config.server.metrics = #{ addr: "127.0.0.1:0" };`);
    expect(sockets.map(({ protocol }) => protocol)).toEqual(["smtp", "smtp", "smtp", "lmtp", "lmtp", "metrics"]);
    for (const { name, descriptor } of sockets) {
      expect(name).toMatch(/^(127\.0\.0\.1|\[::1\]):[1-9]\d*$|^unix:\//);
      expect(native().socketName(descriptor)).toBe(name);
      expect(await reaches(name)).toBe(true);
    }
  });

  it("lets every user connect to a path, whose directory decides", async () => {
    const [, socket] = await opened(lmtp("unix:lmtp"));
    expect(statSync(socket?.name.slice(5) ?? "").mode & 0o777).toBe(0o666);
  });

  it("opens none when one is taken, and says which", async () => {
    const [first] = await opened(addresses("127.0.0.1:0"));
    const { config } = await configured(addresses("127.0.0.1:0", first?.name ?? ""));
    const before = descriptors();
    await expect(openSockets(config)).rejects.toMatchObject({
      code: "LISTEN",
      message: expect.stringContaining(
        `The address ${first?.name} of server.interfaces cannot be listened on: EADDRINUSE`,
      ),
    });
    expect(descriptors()).toBe(before);
  });

  it("says that it is the metrics whose address is taken", async () => {
    const [first] = await opened(addresses("127.0.0.1:0"));
    const { config } = await configured(`config.server.metrics = #{ addr: "${first?.name}" };`);
    await expect(openSockets(config)).rejects.toThrow("of server.metrics cannot");
  });

  it("replaces the file of a socket that a killed host left, and no other file", async () => {
    const { config, site } = await configured(lmtp("unix:lmtp"));
    const script = `require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))`;
    spawnSync(process.execPath, ["-e", script, site.path("lmtp")]);
    expect(existsSync(site.path("lmtp"))).toBe(true);
    const sockets = await openSockets(config);
    expect(await reaches(sockets[1]?.name ?? "")).toBe(true);
    closeSockets(sockets);
    expect(existsSync(site.path("lmtp"))).toBe(false);
    writeFileSync(site.path("lmtp"), "a file");
    await expect(openSockets(config)).rejects.toThrow("EADDRINUSE");
    expect(existsSync(site.path("lmtp"))).toBe(true);
  });

  it("does not take a path from a program that serves it", async () => {
    const { config, site } = await configured(lmtp("unix:lmtp"));
    const server: Server = createServer().listen(site.path("lmtp"));
    await once(server, "listening");
    await expect(openSockets(config)).rejects.toThrow("EADDRINUSE");
    expect(await reaches(`unix:${site.path("lmtp")}`)).toBe(true);
    server.close();
  });
});

describe("a reload", () => {
  it("keeps the sockets whose addresses are still named, with the ports that they got", async () => {
    const first = await opened(addresses("127.0.0.1:0", "127.0.0.1:0"));
    const second = await opened(addresses("127.0.0.1:0", "127.0.0.1:0"), first);
    expect(second).toEqual(first);
  });

  it("opens what is new, and leaves open what is not named any more until it is closed", async () => {
    const first = await opened(addresses("127.0.0.1:0"));
    const second = await opened(`${addresses("[::1]:0")} config.server.metrics = #{ addr: "127.0.0.1:0" };`, first);
    expect(second.map(({ protocol }) => protocol)).toEqual(["smtp", "metrics"]);
    expect(second.some((socket) => first.includes(socket))).toBe(false);
    expect(await reaches(first[0]?.name ?? "")).toBe(true);
    closed(...first);
    expect(await reaches(first[0]?.name ?? "")).toBe(false);
    expect(await reaches(second[1]?.name ?? "")).toBe(true);
  });

  it("does not use one socket for two purposes", async () => {
    const first = await opened(addresses("127.0.0.1:0"));
    const second = await opened(`config.server.interfaces.addr = []; ${lmtp("127.0.0.1:0")}`, first);
    expect(second[0]?.descriptor).not.toBe(first[0]?.descriptor);
  });

  it("leaves everything as it was when it fails", async () => {
    const first = await opened(addresses("127.0.0.1:0"));
    const { config } = await configured(addresses("127.0.0.1:0", "[::1]:0", first[0]?.name ?? ""));
    const before = descriptors();
    await expect(openSockets(config, first)).rejects.toThrow("EADDRINUSE");
    expect(descriptors()).toBe(before);
    expect(await reaches(first[0]?.name ?? "")).toBe(true);
  });
});

describe("a socket for the processes of the host", () => {
  it("is its user's alone, or its group's too", () => {
    const folder = temporaryFolder("service");
    const [own, shared] = [join(folder, "own"), join(folder, "shared")];
    const gid = process.getgid?.() ?? 0;
    const those = [openServiceSocket(own), openServiceSocket(shared, { gid: process.getuid?.() === 0 ? 65534 : gid })];
    expect([own, shared].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o660]);
    expect(statSync(shared).gid).toBe(process.getuid?.() === 0 ? 65534 : gid);
    for (const [i, path] of [own, shared].entries()) closeServiceSocket(path, those[i] as number);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("takes the name over from an older one, whose end does not take it away", async () => {
    const path = join(temporaryFolder("service"), "socket");
    const older = openServiceSocket(path);
    const waiting = connect(path).on("error", () => {});
    await once(waiting, "connect");
    const newer = openServiceSocket(path);
    expect(newer).not.toBe(older);
    expect(waiting.destroyed).toBe(false);
    closeServiceSocket(path, older);
    expect(await reaches(`unix:${path}`)).toBe(true);
    closeServiceSocket(path, newer);
    expect(existsSync(path)).toBe(false);
    waiting.destroy();
  });

  it("does not replace a file that is no socket, and says where it cannot be", () => {
    const folder = temporaryFolder("service");
    writeFileSync(join(folder, "file"), "");
    for (const path of [join(folder, "file"), join(folder, "n".repeat(120)), join(folder, "none/socket")]) {
      expect(() => openServiceSocket(path)).toThrow(expect.objectContaining({ code: "RUNTIME_SOCKET" }));
    }
  });
});

describe("sockets of the service manager", () => {
  interface Outcome {
    readonly names?: readonly string[];
    readonly descriptors?: readonly number[];
    readonly closed?: readonly boolean[];
    readonly problem?: string;
    readonly environment: readonly string[];
  }

  /** What the host does that a manager started with `sockets`, which it says are for `pid` (a shell's word). */
  async function started(statements: string, sockets: readonly number[], pid = "$$"): Promise<Outcome> {
    const { site } = await configured(statements);
    const module = (name: string) =>
      JSON.stringify(
        new URL(`../../dist/${name === "server" ? "server/supervisor/sockets" : `${name}/index`}.js`, import.meta.url)
          .pathname,
      );
    const script = `
      import { fstatSync } from "node:fs";
      import { loadConfig } from ${module("config")};
      import { closeSockets, openSockets } from ${module("server")};
      const isOpen = (fd) => { try { fstatSync(fd); return true; } catch { return false; } };
      const said = { environment: [] };
      try {
        const sockets = await openSockets(await loadConfig(process.argv[2]));
        said.names = sockets.map(({ name }) => name);
        said.descriptors = sockets.map(({ descriptor }) => descriptor);
        closeSockets(sockets);
        said.closed = said.descriptors.map((fd) => !isOpen(fd));
      } catch (error) {
        said.problem = error.code + ": " + error.message;
      }
      said.environment = Object.keys(process.env).filter((name) => name.startsWith("LISTEN_"));
      console.log(JSON.stringify(said));`;
    writeFileSync(site.path("probe.mjs"), script);
    const command = `LISTEN_PID=${pid} LISTEN_FDS=${sockets.length} LISTEN_FDNAMES=a exec "$0" "$@"`;
    const args = ["-c", command, process.execPath, site.path("probe.mjs"), site.config];
    const { stdout, stderr } = spawnSync("sh", args, {
      stdio: ["ignore", "pipe", "pipe", ...sockets],
      encoding: "utf8",
    });
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout) as Outcome;
  }

  it("are used for the addresses that they have, and stay the manager's", async () => {
    const tcp = native().listenOn({ host: "127.0.0.1", port: 0 }, 10);
    const path = join(temporaryFolder("manager"), "lmtp");
    const unix = native().listenOn({ path, mode: 0o600 }, 10);
    const name = native().socketName(tcp) as string;
    const statements = `${addresses("[::1]:0", name)} ${lmtp(`unix:${path}`)}`;
    const { names, descriptors: fds, closed: gone, environment } = await started(statements, [unix, tcp]);
    expect(names?.slice(1)).toEqual([name, `unix:${path}`]);
    expect(fds?.slice(1)).toEqual([4, 3]);
    expect(gone).toEqual([true, false, false]);
    expect(environment).toEqual([]);
    expect(existsSync(path)).toBe(true);
    for (const fd of [tcp, unix]) closeSync(fd);
  });

  it("are refused when the configuration does not name them: nobody would serve their clients", async () => {
    const tcp = native().listenOn({ host: "127.0.0.1", port: 0 }, 10);
    const { problem } = await started(addresses("[::1]:0"), [tcp]);
    expect(problem).toMatch(/^LISTEN_INHERITED: .*127\.0\.0\.1:\d+.*no address of server\.interfaces/);
    closeSync(tcp);
  });

  it("are refused when they do not listen", async () => {
    const file = openSync("/dev/null", "r");
    const { problem } = await started(addresses("[::1]:0"), [file]);
    expect(problem).toMatch(/^LISTEN_INHERITED: .*the descriptor 3.*no stream socket/);
    closeSync(file);
  });

  it("are none of ours when they are for another process", async () => {
    const tcp = native().listenOn({ host: "127.0.0.1", port: 0 }, 10);
    const { problem, names } = await started(addresses("[::1]:0"), [tcp], "1");
    expect(problem).toBeUndefined();
    expect(names).toHaveLength(1);
    closeSync(tcp);
  });
});
