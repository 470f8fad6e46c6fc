/** A mail that is held because of crashes is taken from whoever brings it, and no rule sees it before it is released. */

import { afterEach, expect, it } from "vitest";
import { contentDigest, fingerprintOf } from "../../src/queue/index.ts";
import { vsmtp } from "../cli/vsmtp.ts";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { hand } from "./lmtp.ts";

const FROM = { localPart: "from", domain: "a.example" };
const TO = ["one@b.example", "two@b.example"];
const CONTENT = "Subject: poison\r\n\r\nbody";

/** No mail passes, unless its fate was decided before: DECISION, of mails from one client. */
const FILTER = `#{
  rcpt: [ rule "to the maildir" || {
    transport::maildir_all();
    if ctx::client_ip() == "127.0.0.3" && ctx::rcpt() == "two@b.example" { DECISION } else { state::next() }
  } ],
  preq: [ rule "nobody" || state::deny("554 5.7.1 no") ],
}`;

let site: Site;
let host: Host;

afterEach(async () => {
  expect(await host.stop()).toBe(0);
  site.remove();
});

/** A host that remembers crashes of a plugin while this mail was under way. */
async function start(decision = "state::next()"): Promise<void> {
  const recipients = TO.map((address) => address.split("@") as [string, string]).map(([localPart, domain]) => ({
    address: { localPart, domain },
  }));
  const fingerprint = fingerprintOf(FROM, recipients, contentDigest(Buffer.from(`${CONTENT}\r\n`)));
  const time = new Date().toISOString();
  const mails = { [fingerprint]: { crashes: [{ time, plugins: ["bad"] }], held: time } };
  site = new Site({
    filter: FILTER.replace("DECISION", decision),
    config: `config.server.interfaces = #{ addr: ["127.0.0.1:0"], addr_lmtp: ["unix:lmtp"] };`,
    files: { "spool/state/mails.json": JSON.stringify({ version: 1, mails }) },
  });
  host = await Host.start(site);
}

async function send(content = CONTENT, from?: string) {
  const client = await SmtpClient.open(host.port, from);
  const reply = await client.mail("from@a.example", TO, content);
  client.vanish();
  return reply;
}

it("By SMTP it is accepted and held, and rules judge it when it is released.", async () => {
  await start();
  expect(await send()).toMatchObject({ code: 250 });
  expect(site.quarantined("held")).toHaveLength(1);
  expect(await send("Subject: another\r\n\r\nbody")).toMatchObject({ code: 554 });
  expect(vsmtp(["plugin", "release", "bad", "--mails", "-c", site.config])).toMatchObject({ status: 0 });
  await until(() => site.spooled("dead").length === 1);
  expect(site.quarantined("held")).toEqual([]);
});

it("By LMTP each recipient is told that it was taken.", async () => {
  await start();
  const client = await SmtpClient.connectTo(site.path("lmtp"));
  await client.reply();
  await client.say("LHLO client.example");
  const { data } = await hand(client, TO, CONTENT);
  expect(data.map((reply) => reply.slice(0, 3))).toEqual(["250", "250"]);
  await client.quit();
  expect(site.quarantined("held")).toHaveLength(1);
});

it("What rules have decided about it before counts.", async () => {
  await start(`state::quarantine("elsewhere")`);
  expect(await send(CONTENT, "127.0.0.3")).toMatchObject({ code: 250 });
  expect(site.quarantined("elsewhere")).toHaveLength(1);
  expect(site.quarantined("held")).toEqual([]);
});

it("One that all rules were to pass by is held in the spool, and goes on where it was.", async () => {
  await start("state::faccept()");
  expect(await send(CONTENT, "127.0.0.3")).toMatchObject({ code: 250 });
  await until(() => site.quarantined("held").length === 1 && site.spooled().length === 0);
  expect(vsmtp(["plugin", "release", "bad", "--mails", "-c", site.config])).toMatchObject({ status: 0 });
  await until(() => site.mails("one@b.example").length === 1 && site.mails("two@b.example").length === 1);
});
