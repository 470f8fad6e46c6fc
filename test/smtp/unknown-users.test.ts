/** RCPT in SMTP: who has no mailbox here is refused at once, and nobody else is. */

import { userInfo } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import { Host, until } from "../fixtures/host.ts";
import { Site, type SiteOptions } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { told } from "./lmtp.ts";

const UNKNOWN = "550 5.1.1 There is no such user here";
let site: Site;
let host: Host;

afterEach(async () => {
  await host.stop();
  site.remove();
});

async function rcpt(options: SiteOptions, ...addresses: string[]): Promise<string[]> {
  site = new Site({ ...options, config: `config.server.virtual["here.example"] = #{}; ${options.config ?? ""}` });
  host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  await client.say("MAIL FROM:<>");
  const replies = [];
  for (const address of addresses) replies.push(told(await client.say(`RCPT TO:<${address}>`)));
  await client.quit();
  return replies;
}

const USERS = `config.app.storage.users = "users";`;
const files = { users: "john\nmary@here.example:x:::Mary:/home/mary:\n" };

test("an address that rules deliver here, an own domain and the own name are looked up; others are not ours to know", async () => {
  const filter = `#{ rcpt: [ action "there" || {
    if ctx::rcpt().domain == "boxes.example" { transport::maildir(ctx::rcpt()) }
    if ctx::rcpt().domain == "next.here.example" { transport::forward(ctx::rcpt(), "192.0.2.1") }
  } ] }`;
  const to = ["who@here.example", "who@sub.here.example", "who@mx.example.com", "who@boxes.example"];
  const fine = ["John@here.example", "mary@here.example", "who@next.here.example", "who@elsewhere.example"];
  const replies = await rcpt({ filter, config: USERS, files }, ...to, ...fine);
  expect(replies.slice(0, to.length)).toEqual(to.map(() => UNKNOWN));
  expect(replies.slice(to.length)).toEqual(fine.map(() => expect.stringMatching(/^250 /)));
});

test("a refused recipient is none of the mail's, and a bare postmaster is one of the own name's", async () => {
  const replies = await rcpt({ config: USERS, files: { users: "john\npostmaster@mx.example.com\n" } }, "postmaster");
  expect(replies).toEqual([expect.stringMatching(/^250 /)]);
  const client = await SmtpClient.open(host.port);
  await client.say("MAIL FROM:<>");
  expect(told(await client.say("RCPT TO:<who@here.example>"))).toBe(UNKNOWN);
  await client.say("RCPT TO:<john@here.example>");
  await client.say("DATA");
  expect(await client.content("Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
  await until(() => site.mails("john@here.example").length === 1 && site.spooled().length === 0);
  expect(site.everyMail()).toHaveLength(1);
});

test("the one whom rules put in the place of a recipient is looked up", async () => {
  const filter = `#{ rcpt: [ action "alias" || {
    if ctx::rcpt().local_part == "alias" { envelop::rw_rcpt(ctx::rcpt(), "john@here.example") }
    if ctx::rcpt().local_part == "lost" { envelop::rw_rcpt(ctx::rcpt(), "nobody@here.example") }
  } ] }`;
  expect(await rcpt({ filter, config: USERS, files }, "alias@here.example", "lost@here.example")).toEqual([
    expect.stringMatching(/^250 /),
    UNKNOWN,
  ]);
});

test("users of the system have mailboxes", async () => {
  const me = userInfo().username;
  const config = `config.app.storage.users = "system"; config.app.storage.uid = ${process.getuid?.()};`;
  const replies = await rcpt({ config }, `${me}@here.example`, "no-such-user@here.example", "0@here.example");
  expect(replies).toEqual([expect.stringMatching(/^250 /), UNKNOWN, UNKNOWN]);
});

test("files of users that cannot be read are no answer: the client comes back", async () => {
  const replies = await rcpt({ config: USERS }, "john@here.example");
  expect(replies).toEqual(["451 4.3.0 Whether this user is here cannot be told now, try again later"]);
  const line = await host.logged(({ code }) => code === "USERS_FILE");
  expect(line).toMatchObject({ area: "smtp", level: "error", recipient: "john@here.example" });
});

describe("a function of the rules", () => {
  const config = `config.app.storage.users = #{ function: "owner_of" };`;
  const filter = `
    fn owner_of(address) {
      log("info", "asked for " + address);
      switch address {
        "john@here.example" => #{ home: "/nowhere", name: "jack@here.example" },
        "odd@here.example" => 5,
        "bad@here.example" => throw "the database is away",
        _ => (),
      }
    }
    #{ rcpt: [ action "x" || transport::maildir_all() ] }`;

  test("says who has a mailbox, and what fails in it is no answer", async () => {
    const to = ["John@here.example", "who@here.example", "odd@here.example", "bad@here.example"];
    expect((await rcpt({ filter, config }, ...to)).map((reply) => reply.slice(0, 9))).toEqual([
      "250 Accep",
      "550 5.1.1",
      "451 4.3.0",
      "451 4.3.0",
    ]);
    await host.logged(({ msg }) => msg === "asked for john@here.example");
    await host.logged(({ msg }) => msg.includes("the database is away"));
  });

  test("says whose mailbox it is", async () => {
    await rcpt({ filter, config });
    const client = await SmtpClient.open(host.port);
    expect(await client.mail("", ["john@here.example"], "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
    await client.quit();
    await until(() => site.mails("jack@here.example").length === 1);
  });

  test("must be there", async () => {
    await rcpt({});
    const other = new Site({ config: config.replace("owner_of", "nobody") });
    await expect(Host.start(other)).rejects.toThrow(/RULES_USERS/);
    other.remove();
  });
});
