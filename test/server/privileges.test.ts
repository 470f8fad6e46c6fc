/** As whom the processes of a host run: what the configuration and the system make of it, and what they become. */

import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { Privileges } from "../../src/native/index.ts";
import type { Role } from "../../src/server/messages.ts";
import { privilegesOf, rootWarning } from "../../src/server/privileges.ts";
import { answer } from "../native/child.ts";
import { configured } from "./configured.ts";

const isRoot = process.getuid?.() === 0;

const SMTP: Role = { kind: "smtp", number: 1 };
const STORAGE: Role = { kind: "storage", number: 2 };
const MBOX: Role = { kind: "mbox" };
const MYSQL: Role = { kind: "isolated", plugin: "mysql" };

function id(option: string, user: string): number[] {
  const text = execFileSync("id", [option, user], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return text.trim().split(" ").map(Number);
}

/** A user as the system knows it. */
function account(name: string): Privileges {
  return { uid: id("-u", name)[0] as number, gid: id("-g", name)[0] as number, groups: id("-G", name), keep: [] };
}

/** Everywhere, by Linux's oldest habits. */
const DAEMON = account("daemon");
const NOBODY = account("nobody");

/** A process of root becomes this; another stays what it is. */
const ifRoot = (privileges: Privileges): Privileges | undefined => (isRoot ? privileges : undefined);

async function of(statements: string, role: Role): Promise<Privileges | undefined> {
  return privilegesOf((await configured(statements)).config, role);
}

const server = (user: string) =>
  `config.server.system = #{ user: "${user}", group: "${execFileSync("id", ["-gn", user], { encoding: "utf8" }).trim()}" };`;

const hasPackaged = (() => {
  try {
    return id("-u", "vsmtp").length === 1;
  } catch {
    return false;
  }
})();

describe("whom the configuration names", () => {
  it("is whom processes that meet clients become, with that user's groups and nothing kept", async () => {
    expect(await of(server("daemon"), SMTP)).toEqual(ifRoot(DAEMON));
    expect(await of(server("daemon"), MYSQL)).toEqual(ifRoot(DAEMON));
  });

  it("may have another group", async () => {
    const group = execFileSync("id", ["-gn", "nobody"], { encoding: "utf8" }).trim();
    const statements = `config.server.system = #{ user: "daemon", group: "${group}" };`;
    expect(await of(statements, SMTP)).toEqual(ifRoot({ ...DAEMON, gid: NOBODY.gid }));
  });

  it("may be root, which then nobody gives up", async () => {
    expect(await of(server("root"), SMTP)).toBeUndefined();
  });

  it("must be there when it is named, even if it has the name of the package's", async () => {
    const { config } = await configured(`config.server.system = #{ user: "vsmtp" };`);
    expect(config.namesUser).toBe(true);
    const asked = privilegesOf(config, SMTP);
    if (isRoot && !hasPackaged) await expect(asked).rejects.toMatchObject({ code: "PRIVILEGES_USER" });
    else expect(await asked).toEqual(isRoot ? account("vsmtp") : undefined);
  });

  it("is nobody: then the processes are the package's user, or stay root with a warning", async () => {
    const { config } = await configured();
    expect(config.namesUser).toBe(false);
    expect(await privilegesOf(config, SMTP)).toEqual(isRoot && hasPackaged ? account("vsmtp") : undefined);
    const warning = await rootWarning(config);
    if (isRoot && !hasPackaged) {
      expect(warning).toMatchObject({ code: "PRIVILEGES_ROOT", fix: expect.stringContaining("useradd") });
    } else expect(warning).toBeUndefined();
    expect(await rootWarning((await configured(server("daemon"))).config)).toBeUndefined();
  });
});

describe("a storage process", () => {
  it("is the server's user where every address has a mailbox", async () => {
    expect(await of(server("daemon"), STORAGE)).toEqual(ifRoot(DAEMON));
  });

  it("can work as the owners of mailboxes where they have any", async () => {
    const keep = ["setuid", "setgid"];
    const statements = `${server("daemon")} config.app.storage.users = "system";`;
    expect(await of(statements, STORAGE)).toEqual(ifRoot({ ...DAEMON, keep }));
    expect(await of(statements, SMTP)).toEqual(ifRoot(DAEMON));
  });

  it("is the user that app.storage.uid says, by name or number, in the server's group for the log", async () => {
    const groups = [...NOBODY.groups, DAEMON.gid];
    for (const uid of ['"nobody"', String(NOBODY.uid)]) {
      const statements = `${server("daemon")} config.app.storage.users = "system"; config.app.storage.uid = ${uid};`;
      expect(await of(statements, STORAGE)).toEqual(ifRoot({ ...NOBODY, groups }));
      expect(await of(statements, SMTP)).toEqual(ifRoot(DAEMON));
    }
  });

  it("cannot be somebody whom the system does not have", async () => {
    const asked = of(`${server("daemon")} config.app.storage.uid = "no-such-user";`, STORAGE);
    if (isRoot)
      await expect(asked).rejects.toMatchObject({ code: "PRIVILEGES_USER", facts: { key: "app.storage.uid" } });
    else expect(await asked).toBeUndefined();
  });
});

describe("other processes", () => {
  it("keep their rights for mbox files", async () => {
    expect(await of(server("daemon"), MBOX)).toBeUndefined();
  });

  it("are whom an isolated plugin names, by itself or for all of them", async () => {
    const isolate = `#{ user: "nobody" }`;
    const named = `${server("daemon")} config.app.plugins.named = #{ mysql: #{ isolate: ${isolate} } };`;
    const all = `${server("daemon")} config.app.plugins.defaults = #{ isolate: ${isolate} };`;
    expect(await of(named, MYSQL)).toEqual(ifRoot(NOBODY));
    expect(await of(all, MYSQL)).toEqual(ifRoot(NOBODY));
    expect(await of(named, { kind: "isolated", plugin: "other" })).toEqual(ifRoot(DAEMON));
    const missing = of(named.replace("nobody", "no-such-user"), MYSQL);
    if (isRoot) await expect(missing).rejects.toMatchObject({ code: "PRIVILEGES_USER" });
    else expect(await missing).toBeUndefined();
  });
});

describe("a process that takes its privileges", () => {
  const module = JSON.stringify(new URL("../../dist/server/privileges.js", import.meta.url).pathname);
  const become = (privileges: Privileges | undefined, then: string) => `
    import(${module}).then(({ takePrivileges }) => {
      const status = () => Object.fromEntries(fs.readFileSync("/proc/self/status", "utf8").split("\\n")
        .map((line) => line.split(":\\t").map((part) => part.trim())));
      try { takePrivileges(${JSON.stringify(privileges)}); } catch (error) { return say(error); }
      ${then}
    });`;

  it("is that user, and nothing more", async () => {
    const said = await answer<Record<string, string>>(become(DAEMON, "say(status());"));
    const { uid, gid, groups } = DAEMON;
    if (!isRoot) return expect(said).toMatchObject({ code: "PRIVILEGES_DROP" });
    expect(said).toMatchObject({ Uid: `${uid}\t${uid}\t${uid}\t${uid}`, Gid: `${gid}\t${gid}\t${gid}\t${gid}` });
    expect(said).toMatchObject({ Groups: groups.join(" "), NoNewPrivs: "1", CapEff: "0000000000000000" });
  });

  it("has nothing that says where root's files are", async () => {
    const left = become(DAEMON, "say(process.env.HOME ?? execFileSync('/bin/sh', ['-c', 'echo $HOME.']).toString());");
    const said = await answer(left);
    if (isRoot) expect(said).toBe(".\n");
    else expect(said).toMatchObject({ code: "PRIVILEGES_DROP" });
  });

  it("stays who it is where there is nobody to become, and gains nothing", async () => {
    const said = await answer<Record<string, string>>(become(undefined, "say(status());"));
    const me = process.getuid?.();
    expect(said).toMatchObject({ Uid: `${me}\t${me}\t${me}\t${me}`, NoNewPrivs: "1" });
  });

  it("says why it cannot, when it is no process of root any more", async () => {
    const twice = become(DAEMON, `try { takePrivileges(${JSON.stringify(NOBODY)}); } catch (error) { say(error); }`);
    expect(await answer(twice)).toMatchObject({ code: "PRIVILEGES_DROP", message: expect.stringContaining("EPERM") });
  });
});
