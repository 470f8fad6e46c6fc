/** The control socket: who may ask a running host, what it answers, and whom askers believe. */

import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Config } from "../../src/config/index.ts";
import { VsmtpError } from "../../src/errors.ts";
import { type Answer, openControl } from "../../src/server/control/control.ts";
import { askHost } from "../../src/server/control/control-client.ts";
import { type ControlRequest, controlSocket, LONGEST_REQUEST } from "../../src/server/control/control-protocol.ts";
import { asProblem } from "../../src/server/problems.ts";
import { makeDirectories, runtimeDirectory } from "../../src/server/supervisor/directories.ts";
import { answer as inProcess } from "../native/child.ts";
import { configured } from "./configured.ts";

const isRoot = process.getuid?.() === 0;
const STRANGER = 54_321;

const open = new Set<{ close(): void }>();

afterEach(() => {
  for (const one of open) one.close();
  open.clear();
});

const echo: Answer = async (request) => ({ ok: true, value: request });

async function host(answer: Answer = echo): Promise<Config> {
  const { config } = await configured();
  makeDirectories(config, undefined);
  open.add(await openControl(controlSocket(config), answer));
  return config;
}

/** What a client reads until the host closes, or `lines` lines. */
async function talk(config: Config, text: string, lines = Number.POSITIVE_INFINITY): Promise<string[]> {
  const client = connect(controlSocket(config)).setEncoding("utf8");
  let heard = "";
  client.on("error", () => {});
  client.on("data", (piece: string) => {
    heard += piece;
    if (heard.split("\n").length > lines) client.destroy();
  });
  client.write(text);
  await new Promise((resolve) => client.once("close", resolve));
  return heard.split("\n").slice(0, -1);
}

describe("a host that runs", () => {
  it("is asked, and answers", async () => {
    const config = await host();
    const requests: ControlRequest[] = [
      { do: "reload" },
      { do: "figures" },
      { do: "reopen-logs" },
      { do: "release", plugin: "mysql", mails: true },
    ];
    for (const request of requests) expect(await askHost(config, request)).toEqual({ ok: true, value: request });
  });

  it("answers with everything that was in the way", async () => {
    const error = new VsmtpError("RELEASE_NOTHING", { plugin: "mysql" });
    const config = await host(async () => ({ ok: false, problems: [asProblem(error)] }));
    expect(await askHost(config, { do: "reload" })).toMatchObject({
      ok: false,
      problems: [{ code: "RELEASE_NOTHING", message: error.message, facts: { plugin: "mysql" } }],
    });
  });

  it("answers one client's requests in their order, and several clients at once", async () => {
    let waiting: (() => void)[] = [];
    const config = await host(async (request) => {
      if (request.do === "reload") await new Promise<void>((resolve) => waiting.push(resolve));
      return { ok: true, value: request.do };
    });
    const slow = talk(config, '{"do":"reload"}\n{"do":"figures"}\n', 2);
    while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await askHost(config, { do: "figures" })).toEqual({ ok: true, value: "figures" });
    for (const done of waiting) done();
    waiting = [];
    expect(await slow).toEqual(['{"ok":true,"value":"reload"}', '{"ok":true,"value":"figures"}']);
  });

  it("understands a request that comes in pieces, and text of any language", async () => {
    const config = await host();
    const client = connect(controlSocket(config)).setEncoding("utf8");
    const bytes = Buffer.from('{"do":"release","plugin":"käse","mails":false}\n');
    for (const byte of bytes) {
      client.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [line] = (await once(client, "data")) as [string];
    expect(JSON.parse(line)).toEqual({ ok: true, value: { do: "release", plugin: "käse", mails: false } });
    client.destroy();
  });

  it("says what it does not understand, and goes on", async () => {
    const config = await host();
    const lines = [
      "",
      "no json",
      "{}",
      '{"do":"explode"}',
      '{"do":"release"}',
      '{"do":"reload","more":1}',
      "[]",
      "null",
    ];
    const said = await talk(config, `${[...lines, '{"do":"figures"}'].join("\n")}\n`, lines.length + 1);
    const replies = said.map((line) => JSON.parse(line) as { ok: boolean; problems?: { code: string }[] });
    expect(replies.slice(0, -1).map(({ problems }) => problems?.[0]?.code)).toEqual(lines.map(() => "CONTROL_REQUEST"));
    expect(replies.at(-1)?.ok).toBe(true);
  });

  it("lets a client go that writes without end", async () => {
    const config = await host();
    expect(await talk(config, "x".repeat(LONGEST_REQUEST * 3))).toEqual([]);
    expect(await askHost(config, { do: "figures" })).toMatchObject({ ok: true });
  });

  it("does not mind clients that leave before the answer", async () => {
    let answer = () => {};
    const config = await host(
      () =>
        new Promise((resolve) => {
          answer = () => resolve({ ok: true });
        }),
    );
    const client = connect(controlSocket(config));
    client.write('{"do":"reload"}\n');
    await once(client, "connect");
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.destroy();
    answer();
    const asked = askHost(config, { do: "figures" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    answer();
    expect(await asked).toEqual({ ok: true });
  });

  it("lets clients go when it closes, and takes its socket away", async () => {
    const config = await host(() => new Promise(() => {}));
    const asked = askHost(config, { do: "reload" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const one of open) one.close();
    expect(await asked).toMatchObject({ code: "CONTROL_BROKEN" });
    expect(existsSync(controlSocket(config))).toBe(false);
    expect(await askHost(config, { do: "reload" })).toMatchObject({ code: "HOST_NOT_RUNNING" });
  });
});

describe("the socket", () => {
  it("is for its user alone", async () => {
    const config = await host();
    expect(lstatSync(controlSocket(config)).mode & 0o777).toBe(0o600);
    expect(lstatSync(runtimeDirectory(config)).mode & 0o027).toBe(0);
  });

  it("takes the place of one that a killed host left", async () => {
    const { config } = await configured();
    makeDirectories(config, undefined);
    const path = controlSocket(config);
    await inProcess(`net.createServer().listen(${JSON.stringify(path)}, () => { say(1); native.exitNow(0); });`);
    expect(existsSync(path)).toBe(true);
    open.add(await openControl(path, echo));
    expect(await askHost(config, { do: "figures" })).toMatchObject({ ok: true });
  });

  it("is not taken from a host that runs, nor from a file", async () => {
    const config = await host();
    await expect(openControl(controlSocket(config), echo)).rejects.toMatchObject({ code: "RUNTIME_SOCKET" });
    expect(await askHost(config, { do: "figures" })).toMatchObject({ ok: true });
    const { config: other } = await configured();
    makeDirectories(other, undefined);
    writeFileSync(controlSocket(other), "");
    await expect(openControl(controlSocket(other), echo)).rejects.toMatchObject({ code: "RUNTIME_SOCKET" });
  });
});

/** A site whose control socket somebody else could exchange. */
interface Unsafe {
  readonly how: string;
  readonly spoil: (config: Config) => void;
  readonly says: string;
}

const unsafe: readonly Unsafe[] = [
  {
    how: "everybody may write to the directory",
    spoil: (config) => chmodSync(runtimeDirectory(config), 0o777),
    says: "chmod go-w",
  },
  {
    how: "everybody may write to a directory above it",
    spoil: (config) => chmodSync(config.directory, 0o777),
    says: "chmod go-w",
  },
  {
    how: "a link leads to a directory that everybody may write to",
    spoil: (config) => {
      const directory = runtimeDirectory(config);
      mkdirSync(`${directory}-there`);
      chmodSync(`${directory}-there`, 0o777);
      renameSync(directory, `${directory}-there/run`);
      symlinkSync(`${directory}-there/run`, directory);
    },
    says: "chmod go-w",
  },
];

if (isRoot) {
  (unsafe as Unsafe[]).push(
    {
      how: "a group may write to the directory",
      spoil: (config) => chmodSync(runtimeDirectory(config), 0o770),
      says: "chmod go-w",
    },
    {
      how: "the directory belongs to another user",
      spoil: (config) => chownSync(runtimeDirectory(config), STRANGER, 0),
      says: "chown root",
    },
    {
      how: "a directory above it belongs to another user",
      spoil: (config) => chownSync(config.directory, STRANGER, 0),
      says: "chown root",
    },
  );
}

describe.each(unsafe)("where $how", ({ spoil, says }) => {
  it("no host opens its socket", async () => {
    const { config } = await configured();
    makeDirectories(config, undefined);
    spoil(config);
    await expect(openControl(controlSocket(config), echo)).rejects.toMatchObject({
      code: "RUNTIME_UNSAFE",
      fix: expect.stringContaining(says),
    });
    expect(existsSync(controlSocket(config))).toBe(false);
  });

  it("nobody asks what is there", async () => {
    const asked: ControlRequest[] = [];
    const config = await host(async (request) => {
      asked.push(request);
      return { ok: true };
    });
    spoil(config);
    expect(await askHost(config, { do: "figures" })).toMatchObject({ code: "RUNTIME_UNSAFE" });
    expect(asked).toEqual([]);
  });
});

it("lets the group of an ordinary user write, which is often nobody else, but not root's", async () => {
  const config = await host();
  chmodSync(config.directory, 0o770);
  expect(await askHost(config, { do: "figures" })).toMatchObject(isRoot ? { code: "RUNTIME_UNSAFE" } : { ok: true });
});

describe("who asks", () => {
  it("hears that no host runs: no directory, no socket, or nobody behind it", async () => {
    const { config } = await configured();
    expect(await askHost(config, { do: "figures" })).toMatchObject({ code: "HOST_NOT_RUNNING" });
    makeDirectories(config, undefined);
    expect(await askHost(config, { do: "figures" })).toMatchObject({ code: "HOST_NOT_RUNNING" });
    const path = JSON.stringify(controlSocket(config));
    await inProcess(`net.createServer().listen(${path}, () => { say(1); native.exitNow(0); });`);
    expect(await askHost(config, { do: "figures" })).toMatchObject({ code: "HOST_NOT_RUNNING" });
  });

  it("believes no socket that others can write to, and none of another user", async () => {
    const config = await host();
    chmodSync(controlSocket(config), 0o666);
    expect(await askHost(config, { do: "figures" })).toMatchObject({ code: "RUNTIME_UNSAFE" });
    chmodSync(controlSocket(config), 0o600);
    expect(await askHost(config, { do: "figures" })).toMatchObject({ ok: true });
    if (isRoot) {
      chownSync(controlSocket(config), STRANGER, 0);
      expect(await askHost(config, { do: "figures" })).toMatchObject({ code: "CONTROL_DENIED" });
    }
  });

  it("hears that another user may not ask, if it is one", async () => {
    const config = await host();
    const module = JSON.stringify(new URL("../../dist/server/control/control-client.js", import.meta.url).pathname);
    const script = `
      if (process.getuid() === 0) native.dropPrivileges({ uid: ${STRANGER}, gid: ${STRANGER}, groups: [], keep: [] });
      import(${module}).then(({ askHost }) => askHost(${JSON.stringify(config)}, { do: "figures" })).then(say);`;
    expect(await inProcess(script)).toMatchObject(isRoot ? { code: "CONTROL_DENIED" } : { ok: true });
  });

  it("hears when what answers speaks another language, or ends amid its answer", async () => {
    const config = await host();
    for (const one of open) one.close();
    for (const text of ["no json\n", "{}\n", '{"ok":false}\n', '{"ok":true']) {
      const server: Server = createServer((socket) => socket.resume().end(text)).listen(controlSocket(config));
      await once(server, "listening");
      chmodSync(controlSocket(config), 0o600);
      expect(await askHost(config, { do: "figures" })).toMatchObject({ code: "CONTROL_BROKEN" });
      server.close();
      await once(server, "close");
    }
  });
});
