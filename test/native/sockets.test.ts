/** Sockets that one process opens and others serve. */

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { native } from "../../src/native/index.ts";
import { compile } from "../fixtures/compile.ts";
import { start } from "./child.ts";
import { nativeFolder, temporaryFolder } from "./compile.ts";
import { serviceManager } from "./service-manager.ts";

let folder = "";

beforeEach(() => {
  folder = temporaryFolder("sockets");
});
afterEach(() => rmSync(folder, { recursive: true }));

const ANY = { host: "127.0.0.1", port: 0 } as const;

function portOf(descriptor: number): number {
  return Number(/\d+$/.exec(native().socketName(descriptor) ?? "")?.[0]);
}

async function connected(to: { port: number } | { path: string }): Promise<Socket> {
  const socket = "port" in to ? connect(to.port, "127.0.0.1") : connect(to.path);
  await once(socket, "connect");
  return socket;
}

/** Answers every client with its name. */
const SERVING = `
  const server = net.createServer((socket) => socket.end(process.argv[1] ?? String(process.pid)));
  server.listen({ fd: 3 }, () => process.send("serving"));
  process.on("message", () => server.close());
  process.on("disconnect", () => process.exit(0));`;

/** Somebody else who may write to the directory, and is quick. */
const LINKING = `
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
__attribute__((visibility("default"))) int bind(int fd, const struct sockaddr *address, socklen_t size)
{
    const char *path = ((const struct sockaddr_un *)address)->sun_path;
    int result = (int)syscall(SYS_bind, fd, address, size);

    if (result == 0 && address->sa_family == AF_UNIX && (unlink(path) < 0 || symlink(getenv("LINK_TO"), path) < 0))
        abort();
    return result;
}`;

describe("listening", () => {
  it("tells where a socket is, with the port that the system chose", () => {
    const v4 = native().listenOn(ANY, 10);
    const v6 = native().listenOn({ host: "::1", port: 0 }, 10);
    expect(native().socketName(v4)).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    expect(native().socketName(v6)).toMatch(/^\[::1\]:[1-9]\d*$/);
    for (const fd of [v4, v6]) closeSync(fd);
  });

  it("gives the file of a socket the mode that was asked for, whatever the umask", () => {
    const path = join(folder, "socket");
    for (const mode of [0o600, 0o660, 0o666]) {
      const descriptor = native().listenOn({ path, mode }, 10);
      expect(statSync(path).mode & 0o777).toBe(mode);
      expect(native().socketName(descriptor)).toBe(`unix:${path}`);
      closeSync(descriptor);
      rmSync(path);
    }
  });

  it("changes the mode of no file to which somebody has put a link in the place of the socket", () => {
    const [path, file] = [join(folder, "socket"), join(folder, "file")];
    writeFileSync(file, "", { mode: 0o600 });
    const env = { ...process.env, LD_PRELOAD: compile(LINKING, { name: "linking.so", core: false }), LINK_TO: file };
    const script = `
      const native = require(${JSON.stringify(join(nativeFolder, "vsmtp.node"))});
      try { native.listenOn({ path: ${JSON.stringify(path)}, mode: 0o666 }, 10); }
      catch ({ code, syscall }) { console.log(code, syscall); }`;
    expect(execFileSync(process.execPath, ["-e", script], { env, encoding: "utf8" })).toBe("EPERM chmod\n");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("says what is in the way, as Node does", () => {
    const first = native().listenOn(ANY, 10);
    const port = portOf(first);
    expect(() => native().listenOn({ ...ANY, port }, 10)).toThrow(
      expect.objectContaining({ code: "EADDRINUSE", syscall: "bind", path: `127.0.0.1:${port}` }),
    );
    expect(() => native().listenOn({ path: join(folder, "none/socket"), mode: 0o600 }, 10)).toThrow("ENOENT");
    expect(() => native().listenOn({ path: join(folder, "n".repeat(120)), mode: 0o600 }, 10)).toThrow("ENAMETOOLONG");
    expect(() => native().listenOn({ host: "mx.example.com", port: 25 }, 10)).toThrow("EINVAL");
    closeSync(first);
  });

  it("refuses what is no address", () => {
    const wrong = [
      {},
      { host: "127.0.0.1" },
      { ...ANY, port: 65_536 },
      { ...ANY, port: -1 },
      { path: "a\0b", mode: 0 },
    ];
    for (const address of wrong) expect(() => native().listenOn(address as typeof ANY, 10)).toThrow();
    expect(() => native().listenOn(ANY, 0)).toThrow("whole number");
  });

  it("knows sockets that listen, and nothing else", async () => {
    const file = openSync("/dev/null", "r");
    const descriptor = native().listenOn(ANY, 10);
    const client = await connected({ port: portOf(descriptor) });
    const { fd } = (client as unknown as { _handle: { fd: number } })._handle;
    expect([file, fd, 99_999].map((one) => native().socketName(one))).toEqual([undefined, undefined, undefined]);
    client.destroy();
    for (const one of [file, descriptor]) closeSync(one);
  });

  it("keeps clients waiting until somebody serves the socket", async () => {
    const descriptor = native().listenOn(ANY, 10);
    const client = await connected({ port: portOf(descriptor) });
    const said = text(client);
    const child = start(SERVING, [descriptor], true);
    expect(await said).toBe(String(child.pid));
    child.disconnect();
    await once(child, "exit");
    closeSync(descriptor);
  });
});

describe("a socket that two processes inherited", () => {
  it("is served by both, and by the one that is left when the other ends", async () => {
    const path = join(folder, "socket");
    for (const descriptor of [native().listenOn(ANY, 100), native().listenOn({ path, mode: 0o600 }, 100)]) {
      const port = portOf(descriptor);
      const where = Number.isNaN(port) ? { path } : { port };
      const [first, second] = [start(SERVING, [descriptor], true), start(SERVING, [descriptor], true)];
      await Promise.all([once(first, "message"), once(second, "message")]);
      const ask = async () => text(await connected(where));
      const heard = new Set<string>();
      while (heard.size < 2) for (const pid of await Promise.all(Array.from({ length: 20 }, ask))) heard.add(pid);
      expect(heard).toEqual(new Set([String(first.pid), String(second.pid)]));
      first.kill("SIGKILL");
      await once(first, "exit");
      const later = await Promise.all(Array.from({ length: 20 }, ask));
      expect(new Set(later)).toEqual(new Set([String(second.pid)]));
      second.disconnect();
      await once(second, "exit");
      closeSync(descriptor);
    }
  });

  it("refuses no client while one process hands over to another", async () => {
    const descriptor = native().listenOn(ANY, 100);
    const port = portOf(descriptor);
    let current = start(SERVING, [descriptor], true);
    await once(current, "message");
    let asking = true;
    const asked = (async () => {
      let count = 0;
      for (; asking; count++) expect(await text(await connected({ port }))).toMatch(/^\d+$/);
      return count;
    })();
    for (let round = 0; round < 3; round++) {
      const next = start(SERVING, [descriptor], true);
      await once(next, "message");
      current.send("retire");
      current.disconnect();
      await once(current, "exit");
      current = next;
    }
    asking = false;
    expect(await asked).toBeGreaterThan(0);
    current.disconnect();
    await once(current, "exit");
    closeSync(descriptor);
  });
});

describe("the service manager", () => {
  it("hears a text at a path and at an abstract name, and who said it", () => {
    const manager = serviceManager(folder);
    const script = `
      const native = require(${JSON.stringify(join(nativeFolder, "vsmtp.node"))});
      native.notifyManager(process.argv[1], "READY=1\\nSTATUS=fine");`;
    for (const name of [join(folder, "notify"), `@vsmtp-test-${process.pid}`]) {
      const args = [name, "1", process.execPath, "-e", script, name];
      const said = execFileSync(manager, args, { encoding: "utf8" });
      expect(said).toBe("READY=1\nSTATUS=fine\nby the program\n");
    }
  });

  it("may be gone", () => {
    expect(native().notifyManager(join(folder, "none"), "READY=1")).toBe(false);
    expect(native().notifyManager("@vsmtp-nobody-listens-here", "READY=1")).toBe(false);
  });

  it("is told nothing through a file that is no such socket", async () => {
    const server: Server = createServer().listen(join(folder, "stream"));
    await once(server, "listening");
    expect(() => native().notifyManager(join(folder, "stream"), "READY=1")).toThrow("EPROTOTYPE");
    server.close();
  });
});
