/** LMTP (RFC 2033): mails are delivered before the reply, and each recipient has one. */

import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildExample } from "../fixtures/example-storage.ts";
import { hand, LmtpHost, MAIL, told } from "./lmtp.ts";

const FILTER = `#{
  rcpt: [
    action "where to" || {
      switch ctx::rcpt().local_part {
        "away" => transport::forward(ctx::rcpt(), "192.0.2.1"),
        "alias" => envelop::rw_rcpt(ctx::rcpt(), "john@b.example"),
        "both" => { envelop::rw_rcpt(ctx::rcpt(), "john@b.example"); envelop::add_rcpt("mary@b.example") },
        "kept" => envelop::add_rcpt("full@b.example"),
        _ => (),
      }
    },
  ],
  preq: [ rule "words" || {
    if msg::get_header("Subject") == "never" { state::deny("554 5.7.1 not this") }
    else if msg::get_header("Subject") == "later" { state::reject("451 4.7.1 not now") }
    else if msg::get_header("Subject") == "bad" { state::quarantine("bad") }
    else { state::next() }
  } ],
  postq: [ rule "afterwards" || {
    if msg::get_header("Subject") == "after" { state::deny("550 5.7.9 looked again") } else { state::next() }
  } ],
  storage: [ rule "who takes no mail" || {
    let user = storage::user();
    if user == "closed@b.example" { state::deny("554 5.7.1 This one takes no mail") }
    else if user == "busy@b.example" { state::reject("451 4.7.1 Not this minute") }
    else { state::next() }
  } ],
}`;

let lmtp: LmtpHost;

beforeAll(async () => {
  const names = ["john", "mary", "closed", "busy", "away", "alias", "both", "kept", "full", "broken"];
  lmtp = await LmtpHost.start({
    filter: FILTER,
    config: `config.app.storage.users = "users"; config.server.message_size_limit = 100000;
      config.app.storage.settings = #{ quota_bytes: 1000000 };`,
    files: { users: `${names.map((name) => `${name}:::::::${limit(name)}`).join("\n")}\n` },
    plugins: [buildExample("quota")],
  });
});

function limit(name: string): string {
  return name === "full" ? "userdb_quota_bytes=100" : "";
}

afterAll(async () => {
  expect(lmtp.site.spooled()).toEqual([]);
  await lmtp.stop();
});

describe("the session", () => {
  it("greets as LMTP, answers LHLO with what RFC 2033 asks for, and knows no EHLO.", async () => {
    const client = await lmtp.client();
    expect(told(await client.say("EHLO client.example"))).toMatch(/^500 /);
    const { lines } = await client.say("LHLO [127.0.0.1]");
    expect(lines).toEqual(expect.arrayContaining(["PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME"]));
    await client.quit();
  });

  it("gives every reply an enhanced code, and answers a pipelined session in its order.", async () => {
    const client = await lmtp.client();
    client.write("MAIL FROM:<a@a.example>\r\nRCPT TO:<john@b.example>\r\nRCPT TO:<who@b.example>\r\nDATA\r\n");
    const replies = [];
    for (let i = 0; i < 4; i++) replies.push(told(await client.reply()));
    expect(replies).toEqual([
      "250 2.1.0 Accepted",
      "250 2.1.5 Accepted",
      "550 5.1.1 There is no such user here",
      expect.stringMatching(/^354 /),
    ]);
    expect(told(await client.content(MAIL))).toMatch(/^250 2\.0\.0 <john@b\.example> [-0-9a-f]+ Saved$/);
    expect(told(await client.say("RSET"))).toMatch(/^250 2\.0\.0 /);
    await client.quit();
  });

  it("does not slow a mail server down that names many unknown users.", async () => {
    const client = await lmtp.client();
    await client.say("MAIL FROM:<a@a.example>");
    for (let i = 0; i < 30; i++) expect((await client.say(`RCPT TO:<who${i}@b.example>`)).code).toBe(550);
    expect((await client.say("RCPT TO:<john@b.example>")).code).toBe(250);
    await client.quit();
  });
});

describe("delivery", () => {
  it("is done when the reply comes, with the trace of LMTP on top.", async () => {
    const { data } = await lmtp.send(["mary@b.example"], "Subject: done\r\n\r\nx");
    expect(data).toHaveLength(1);
    const [mail] = lmtp.site.mails("mary@b.example").filter((text) => text.includes("Subject: done"));
    expect(mail).toMatch(/^Return-Path: <from@a\.example>\r\nDelivered-To: mary@b\.example\r\n/);
    expect(mail).toMatch(/with LMTP id [-0-9a-f]+\r\n\tfor <mary@b\.example>/);
    expect(lmtp.site.spooled()).toEqual([]);
  });

  it("has a reply for each RCPT, in their order.", async () => {
    const { rcpt, data } = await lmtp.send(["john@b.example", "who@b.example", "closed@b.example", "mary@b.example"]);
    expect(rcpt.map((reply) => reply.slice(0, 9))).toEqual(["250 2.1.5", "550 5.1.1", "250 2.1.5", "250 2.1.5"]);
    expect(data).toEqual([
      expect.stringMatching(/^250 2\.0\.0 <john@b\.example> /),
      "552 5.2.0 This one takes no mail",
      expect.stringMatching(/^250 2\.0\.0 <mary@b\.example> /),
    ]);
  });

  it("makes one copy for an address that was named twice, and has a reply for each.", async () => {
    const before = lmtp.site.mails("mary@b.example").length;
    const { data } = await lmtp.send(["mary@b.example", "Mary@b.example"]);
    expect(data.map((reply) => reply.slice(0, 9))).toEqual(["250 2.0.0", "250 2.0.0"]);
    expect(lmtp.site.mails("mary@b.example")).toHaveLength(before + 1);
  });

  it("tells a full mailbox from one that cannot take a mail for now.", async () => {
    const { data } = await lmtp.send(["full@b.example", "busy@b.example", "john@b.example"]);
    expect(data[0]).toMatch(/^552 5\.2\.2 /);
    expect(data[1]).toBe("451 4.2.0 Not this minute");
    expect(data[2]).toMatch(/^250 2\.0\.0 /);
  });

  it("is the client's to try again where something is broken, which is told without a path.", async () => {
    lmtp.site.write("mailboxes/broken@b.example", "a file in the way");
    const { data } = await lmtp.send(["broken@b.example", "away@b.example", "john@b.example"]);
    expect(data[0]).toMatch(/^451 4\.[23]\.0 [^/]*$/);
    expect(data[1]).toBe("451 4.3.5 This server is not set up to deliver there");
    expect(data[2]).toMatch(/^250 2\.0\.0 /);
  });

  it("delivers to those whom rules have put in the place of a recipient.", async () => {
    const before = [lmtp.site.mails("john@b.example").length, lmtp.site.mails("mary@b.example").length];
    const { data } = await lmtp.send(["both@b.example"]);
    expect(data).toEqual([expect.stringMatching(/^250 2\.0\.0 <john@b\.example> <mary@b\.example> /)]);
    expect(lmtp.site.mails("john@b.example")).toHaveLength((before[0] as number) + 1);
    expect(lmtp.site.mails("mary@b.example")).toHaveLength((before[1] as number) + 1);
  });

  it("fails with the copy that fails of those that one recipient stands for.", async () => {
    const { data } = await lmtp.send(["kept@b.example"]);
    expect(data).toEqual([expect.stringMatching(/^552 5\.2\.2 /)]);
  });
});

describe("rules", () => {
  it("refuse to each recipient, and a denial ends the session after the last reply.", async () => {
    const client = await lmtp.client();
    const { data } = await hand(client, ["john@b.example", "mary@b.example"], "Subject: never\r\n\r\nx");
    expect(data).toEqual(["554 5.7.1 not this", "554 5.7.1 not this"]);
    expect(await client.closedByServer()).toBe(true);
  });

  it("refuse for now, and the session goes on.", async () => {
    const client = await lmtp.client();
    expect((await hand(client, ["john@b.example"], "Subject: later\r\n\r\nx")).data).toEqual(["451 4.7.1 not now"]);
    expect((await hand(client, ["john@b.example"])).data).toEqual([expect.stringMatching(/^250 /)]);
    await client.quit();
  });

  it("run to the end before anything is delivered: postq refuses to the client too.", async () => {
    const before = lmtp.site.mails("john@b.example").length;
    expect((await lmtp.send(["john@b.example"], "Subject: after\r\n\r\nx")).data).toEqual(["550 5.7.9 looked again"]);
    expect(lmtp.site.mails("john@b.example")).toHaveLength(before);
  });

  it("put a mail into quarantine, and the client is told of success.", async () => {
    const { data } = await lmtp.send(["john@b.example", "mary@b.example"], "Subject: bad\r\n\r\nx");
    expect(data.map((reply) => reply.slice(0, 9))).toEqual(["250 2.0.0", "250 2.0.0"]);
    expect(lmtp.site.quarantined("bad")).toHaveLength(1);
  });
});

describe("limits", () => {
  it("A mail that is too large is refused to each recipient, also to one that was named twice.", async () => {
    const client = await lmtp.client();
    const to = ["john@b.example", "mary@b.example", "john@b.example"];
    const { data } = await hand(client, to, "x".repeat(100_001));
    expect(data.map((reply) => reply.slice(0, 9))).toEqual(["552 5.3.4", "552 5.3.4", "552 5.3.4"]);
    expect((await hand(client, ["john@b.example"])).data).toEqual([expect.stringMatching(/^250 /)]);
    await client.quit();
  });

  it("A client that goes away before the end of its mail leaves nothing.", async () => {
    const before = lmtp.site.everyMail().length;
    const client = await lmtp.client();
    await client.say("MAIL FROM:<a@a.example>");
    await client.say("RCPT TO:<john@b.example>");
    await client.say("DATA");
    client.write("Subject: x\r\n\r\nhalf");
    client.vanish();
    await lmtp.send(["mary@b.example"]);
    expect(lmtp.site.everyMail()).toHaveLength(before + 1);
  });
});

it("The file of users is read again when it changes.", async () => {
  expect((await lmtp.send(["new@b.example"])).rcpt).toEqual(["550 5.1.1 There is no such user here"]);
  writeFileSync(lmtp.site.path("users"), `${lmtp.site.read("users")}new@b.example\n`);
  const { data } = await lmtp.send(["new@b.example"]);
  expect(data).toEqual([expect.stringMatching(/^250 /)]);
});
