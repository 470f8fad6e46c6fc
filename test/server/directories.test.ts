/** Directories and log files of a host: whose they are, and that nothing of others is touched. */

import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Privileges } from "../../src/native/index.ts";
import { makeDirectories, makeLogFiles, runtimeDirectory } from "../../src/server/supervisor/directories.ts";
import { answer } from "../native/child.ts";
import { configured } from "./configured.ts";

const isRoot = process.getuid?.() === 0;
const ME = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
/** Only root can give files to others; another user gives them to itself. */
const OWNER: Privileges = isRoot
  ? { uid: 54_321, gid: 54_322, groups: [54_322, 54_323], keep: [] }
  : { ...ME, groups: process.getgroups?.() ?? [], keep: [] };

const LOGS = `config.server.logs.filename = "logs/vsmtp.log"; config.app.logs.filename = "applogs/app.log";`;

function seen(path: string): { mode: number; uid: number; gid: number } {
  const { mode, uid, gid } = lstatSync(path);
  return { mode: mode & 0o7777, uid, gid };
}

describe("a host that starts for the first time", () => {
  it("makes everything, and gives away what its processes work in, and that alone", async () => {
    const { site, config } = await configured(LOGS);
    makeDirectories(config, OWNER);
    const { uid, gid } = OWNER;
    for (const path of ["spool/mails", "spool/dead", "spool/damaged", "app"]) {
      expect(seen(site.path(path))).toEqual({ mode: 0o750, uid, gid });
    }
    for (const path of ["spool", "spool/run", "logs", "applogs"]) {
      expect(seen(site.path(path))).toEqual({ mode: 0o750, uid: ME.uid, gid });
    }
    expect(seen(site.path("spool/state"))).toEqual({ mode: 0o700, ...ME });
  });

  it("gives nothing away when all its processes are of one user", async () => {
    const { site, config } = await configured(LOGS);
    makeDirectories(config, undefined);
    makeLogFiles(config, undefined);
    for (const path of ["spool", "spool/mails", "spool/run", "app", "logs"]) {
      expect(seen(site.path(path))).toEqual({ mode: 0o750, ...ME });
    }
    expect(existsSync(site.path("logs/vsmtp.log"))).toBe(false);
  });

  it("gives the same modes under any umask", async () => {
    const { site, config } = await configured();
    const before = process.umask(0o077);
    makeDirectories(config, OWNER);
    process.umask(before);
    expect(seen(site.path("spool/mails")).mode).toBe(0o750);
    expect(seen(site.path("spool/run")).mode).toBe(0o750);
  });

  it("puts its sockets where the configuration wants them", async () => {
    const { site, config } = await configured(`config.server.runtime.dirpath = "elsewhere/run";`);
    makeDirectories(config, OWNER);
    expect(runtimeDirectory(config)).toBe(site.path("elsewhere/run"));
    expect(seen(site.path("elsewhere/run"))).toEqual({ mode: 0o750, uid: ME.uid, gid: OWNER.gid });
    expect(existsSync(site.path("spool/run"))).toBe(false);
  });

  it("lets its processes come to their directories, and to no other's", async () => {
    const { site, config } = await configured(LOGS);
    chmodSync(site.directory, 0o711);
    makeDirectories(config, OWNER);
    const paths = ["spool/mails", "app", "spool", "spool/run", "logs", "spool/state"].map((path) => site.path(path));
    const script = `
      if (process.getuid() === 0) native.dropPrivileges(${JSON.stringify(OWNER)});
      say(${JSON.stringify(paths)}.map((path) => {
        try { fs.writeFileSync(path + "/file", ""); return "written"; } catch (error) { return error.code; }
      }));`;
    const denied = isRoot ? "EACCES" : "written";
    expect(await answer(script)).toEqual(["written", "written", denied, denied, denied, denied]);
  });
});

describe("what is there already", () => {
  it("keeps its owner and its mode", async () => {
    const { site, config } = await configured(LOGS);
    for (const path of ["spool", "logs"]) mkdirSync(site.path(path), { mode: 0o755 });
    mkdirSync(site.path("app"));
    chmodSync(site.path("app"), 0o777);
    makeDirectories(config, OWNER);
    for (const path of ["spool", "logs"]) expect(seen(site.path(path))).toEqual({ mode: 0o755, ...ME });
    expect(seen(site.path("app"))).toEqual({ mode: 0o777, ...ME });
  });

  it("stops the start when its processes could not use it, and says what mends it", async () => {
    const { site, config } = await configured();
    makeDirectories(config, undefined);
    if (!isRoot) return expect(makeDirectories(config, OWNER)).toBeUndefined();
    const problem = { code: "DIRECTORY_OWNER", fix: `Run \`chown -R 54321:54322 ${site.path("spool/mails")}\`` };
    expect(() => makeDirectories(config, OWNER)).toThrow(expect.objectContaining(problem));
    for (const path of ["spool/mails", "spool/dead", "spool/damaged"]) chownSync(site.path(path), 54_321, 0);
    // By a group that the user has.
    chownSync(site.path("app"), 0, 54_323);
    expect(() => makeDirectories(config, OWNER)).toThrow(expect.objectContaining({ code: "DIRECTORY_OWNER" }));
    chmodSync(site.path("app"), 0o770);
    makeDirectories(config, OWNER);
  });

  it("is told when it is in the way", async () => {
    const { site, config } = await configured();
    writeFileSync(site.path("spool"), "");
    const problem = { code: "SPOOL_DIRECTORY", facts: expect.objectContaining({ directory: site.path("spool") }) };
    expect(() => makeDirectories(config, OWNER)).toThrow(expect.objectContaining(problem));
  });
});

/** Lets others exchange what is in a directory: by giving it away, which only root can, or by its mode. */
function spoil(directory: string): void {
  if (isRoot) chownSync(directory, OWNER.uid, OWNER.gid);
  else chmodSync(directory, 0o777);
}

function mend(directory: string): void {
  chownSync(directory, ME.uid, OWNER.gid);
  chmodSync(directory, 0o750);
}

describe("a host whose processes have another user does not work", () => {
  const unsafe = expect.objectContaining({
    code: "DIRECTORY_UNSAFE",
    fix: expect.stringMatching(isRoot ? "chown root" : "chmod go-w"),
  });

  it("in a spool that they could exchange, by itself or from above", async () => {
    const { site, config } = await configured();
    mkdirSync(site.path("spool"));
    for (const directory of [site.path("spool"), site.directory]) {
      spoil(directory);
      expect(() => makeDirectories(config, OWNER)).toThrow(unsafe);
      mend(directory);
    }
    makeDirectories(config, OWNER);
  });

  it("with logs where they could put links", async () => {
    const { site, config } = await configured(LOGS);
    makeDirectories(config, OWNER);
    spoil(site.path("logs"));
    expect(() => makeLogFiles(config, OWNER)).toThrow(unsafe);
    mend(site.path("logs"));
    makeLogFiles(config, OWNER);
  });
});

it("does not start a host in whose place somebody else could answer", async () => {
  const { site, config } = await configured();
  mkdirSync(site.path("spool"));
  chmodSync(site.path("spool"), 0o777);
  expect(() => makeDirectories(config, undefined)).toThrow(expect.objectContaining({ code: "RUNTIME_UNSAFE" }));
});

it("lets a host whose processes are all of one user work wherever that may write", async () => {
  const { site, config } = await configured(LOGS);
  mkdirSync(site.path("logs"));
  chmodSync(site.path("logs"), 0o770);
  makeDirectories(config, undefined);
  makeLogFiles(config, undefined);
  expect(existsSync(site.path("spool/mails"))).toBe(true);
});

describe("log files", () => {
  it("are made for the processes, which may not make files in their directory", async () => {
    const { site, config } = await configured(LOGS);
    makeDirectories(config, OWNER);
    makeLogFiles(config, OWNER);
    const { uid, gid } = OWNER;
    for (const path of ["logs/vsmtp.log", "applogs/app.log"]) {
      expect(seen(site.path(path))).toEqual({ mode: 0o660, uid, gid });
    }
  });

  it("keep their lines, and the owner that somebody else gave them", async () => {
    const { site, config } = await configured(LOGS);
    makeDirectories(config, OWNER);
    const file = site.path("logs/vsmtp.log");
    writeFileSync(file, "a line\n", { mode: 0o644 });
    if (isRoot) chownSync(file, 1234, 1234);
    makeLogFiles(config, OWNER);
    expect(readFileSync(file, "utf8")).toBe("a line\n");
    if (isRoot) expect(seen(file)).toEqual({ mode: 0o644, uid: 1234, gid: 1234 });
  });

  it("of a host that used to run as root belong to its processes from now on", async () => {
    const { site, config } = await configured(LOGS);
    makeDirectories(config, OWNER);
    appendFileSync(site.path("logs/vsmtp.log"), "a line\n");
    makeLogFiles(config, OWNER);
    expect(seen(site.path("logs/vsmtp.log"))).toEqual({ mode: 0o660, uid: OWNER.uid, gid: OWNER.gid });
  });

  it("are never what a link in their place leads to", async () => {
    const { site, config } = await configured(LOGS);
    makeDirectories(config, OWNER);
    const secret = site.path("secret");
    writeFileSync(secret, "", { mode: 0o600 });
    const file = site.path("logs/vsmtp.log");
    symlinkSync(secret, file);
    expect(() => makeLogFiles(config, OWNER)).toThrow(expect.objectContaining({ code: "LOG_FILE" }));
    rmSync(file);
    linkSync(secret, file);
    makeLogFiles(config, OWNER);
    expect(seen(secret)).toEqual({ mode: 0o600, ...ME });
    rmSync(file);
    symlinkSync(join(site.directory, "none"), file);
    expect(() => makeLogFiles(config, OWNER)).toThrow(expect.objectContaining({ code: "LOG_FILE" }));
    expect(statSync(site.directory).isDirectory() && existsSync(site.path("none"))).toBe(false);
  });
});
