/** Who has a mailbox: what a file in the form of passwd says, what the system says, what a function answers. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Config, loadConfig } from "../../src/config/index.ts";
import { type AskRules, knownUsers, mailboxNamed, mailUser, type Owner } from "../../src/delivery/index.ts";

const directory = mkdtempSync(join(tmpdir(), "vsmtp-users-"));
afterAll(() => rmSync(directory, { recursive: true }));

async function configOf(statements: string): Promise<Config> {
  const file = join(directory, "vsmtp.vsl");
  writeFileSync(file, `fn on_config(config) { ${statements} config }`);
  const config = await loadConfig(file);
  if (Array.isArray(config)) throw config[0];
  return config;
}

const nobodyAsked: AskRules = async () => {
  throw new Error("nobody is asked");
};

describe("a file", () => {
  let find: (name: string) => Promise<Owner | undefined>;

  beforeAll(async () => {
    const lines = [
      "# users",
      "",
      "john",
      "john@a.example:{PLAIN}x:1000:1001:John:/home/john:/bin/sh:userdb_mail=maildir:/m/john:LAYOUT=fs userdb_quota=1 a=b",
      "mary:::::/home/mary::userdb_uid=7 userdb_gid=8 userdb_home=/h/mary userdb_sieve",
      "half::5::::",
      "word::five:5:::",
      "far:::::home:",
      "big::4294967295:1:::",
      "twice::1:1:::",
      "twice::2:2:::",
      "UPPER@A.example::3:3:::\r",
    ];
    writeFileSync(join(directory, "users"), lines.join("\n"));
    const users = knownUsers(await configOf(`config.app.storage.users = "users";`), nobodyAsked);
    find = async (name) => users.find(mailboxNamed(name));
  });

  it("has an address before a bare name, which counts for every domain.", async () => {
    expect(await find("JOHN@a.example")).toMatchObject({ uid: 1000, gid: 1001, home: "/home/john" });
    expect(await find("john@b.example")).toEqual({ settings: {} });
    expect(await find("john")).toEqual({ settings: {} });
    expect(await find("upper@a.example")).toMatchObject({ uid: 3 });
    expect(await find("nobody@a.example")).toBeUndefined();
    expect(await find("# users")).toBeUndefined();
  });

  it("has the extra fields of Dovecot's: a location with colons, other numbers and homes, settings.", async () => {
    expect(await find("john@a.example")).toMatchObject({
      location: "maildir:/m/john:LAYOUT=fs",
      settings: { quota: "1" },
    });
    expect(await find("mary@a.example")).toEqual({
      home: "/h/mary",
      uid: 7,
      gid: 8,
      location: undefined,
      settings: { sieve: "yes" },
    });
  });

  it("takes the first of two lines.", async () => {
    expect(await find("twice@a.example")).toMatchObject({ uid: 1 });
  });

  it.each([
    ["half", "line 6: uid and gid go together"],
    ["word", "line 7: uid and gid are numbers"],
    ["far", "line 8: the home is no absolute path"],
    ["big", "line 9: uid and gid are numbers"],
  ])("says what is wrong with the line of %s.", async (name, reason) => {
    await expect(find(`${name}@a.example`)).rejects.toMatchObject({ code: "USERS_FILE", facts: { reason } });
  });
});

describe("the system", () => {
  it("knows its users by name, not by number, and nobody else.", async () => {
    const users = knownUsers(await configOf(`config.app.storage.users = "system";`), nobodyAsked);
    const { username, uid, gid, homedir } = userInfo();
    expect(await users.find(mailboxNamed(`${username}@a.example`))).toEqual({ uid, gid, home: homedir });
    for (const name of ["no-such-user", "0", "a b", "-h", "root:x", ""]) {
      expect(await users.find({ localPart: name, domain: "a.example" })).toBeUndefined();
    }
  });
});

describe("a function", () => {
  const answering = async (answer: unknown) => {
    const config = await configOf(`config.app.storage.users = #{ function: "owner" };`);
    return knownUsers(config, async (name, argument) => {
      expect([name, argument]).toEqual(["owner", "john@a.example"]);
      return answer;
    }).find(mailboxNamed("John@A.example"));
  };

  it("answers () for nobody, and a map of what is known.", async () => {
    expect(await answering(null)).toBeUndefined();
    expect(await answering({})).toEqual({});
    const owner = { name: "jack", home: "/h", location: "maildir:~/M", uid: 5, gid: 6, settings: { a: 1, b: true } };
    expect(await answering(owner)).toEqual({ ...owner, settings: { a: "1", b: "true" } });
    expect(await answering({ uid: "root" })).toEqual({ uid: 0, gid: 0 });
    expect(await answering({ uid: 0 })).toEqual({ uid: 0, gid: 0 });
  });

  it.each([
    true,
    "john",
    { unknown: 1 },
    { home: "relative" },
    { location: "mbox:/x" },
    { location: "maildir:relative" },
    { uid: -1, gid: 5 },
    { gid: 5 },
    { uid: "no-such-user" },
  ])("is told wrong when it answers %j.", async (answer) => {
    await expect(answering(answer)).rejects.toMatchObject({ code: "USERS_FUNCTION" });
  });
});

describe("the mail user", () => {
  it.each([
    ["maildir:/m/%d/%n", {}, "maildir:/m/a.example/john"],
    ["maildir:/m/%u", { name: "jack" }, "maildir:/m/jack"],
    ["maildir:~/Maildir", { home: "/home/john" }, "maildir:/home/john/Maildir"],
    ["maildir:%h", { home: "/home/john" }, "maildir:/home/john"],
    ["maildir:/m", { location: "maildir:~/Box:LAYOUT=fs", home: "/h" }, "maildir:/h/Box:LAYOUT=fs"],
  ])("has its mails at %s of %j", async (location, owner, expected) => {
    const config = await configOf(`config.app.storage.users = "system"; config.app.storage.location = "${location}";`);
    expect(mailUser(config, "John@A.example", owner).location).toBe(expected);
  });

  it.each([{}, { home: "/home/a:b" }])("has none without a home that can stand there: %j", async (owner) => {
    const config = await configOf(
      `config.app.storage.users = "system"; config.app.storage.location = "maildir:%h/Maildir";`,
    );
    expect(() => mailUser(config, "john@a.example", owner)).toThrow(expect.objectContaining({ code: "USERS_HOME" }));
  });
});
