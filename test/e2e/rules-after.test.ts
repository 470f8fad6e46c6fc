/** The stages after the client has read 250: postq and delivery. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

const TO_MAILDIR = `rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ]`;

/** One mail through these stages; `done` is asked until it is true. */
async function through(stages: string, done: (site: Site) => boolean): Promise<{ site: Site; host: Host }> {
  const site = new Site({ filter: `#{ ${TO_MAILDIR}, ${stages} }` });
  const host = await Host.start(site);
  const client = await SmtpClient.open(host.port);
  expect(await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
  await until(() => done(site));
  return { site, host };
}

async function end({ site, host }: { site: Site; host: Host }): Promise<void> {
  expect(await host.stop()).toBe(0);
  site.remove();
}

test.each(["next", "accept", "faccept"])("%s at postq and delivery lets the mail go on", async (status) => {
  const stages = `postq: [ rule "p" || state::${status}() ], delivery: [ rule "d" || state::${status}() ]`;
  await end(await through(stages, (site) => site.mails("x@b.example").length === 1 && site.spooled().length === 0));
});

test.each(["postq", "delivery"])("deny at %s sets the mail aside among the dead", async (stage) => {
  const running = await through(
    `${stage}: [ rule "no" || state::deny() ]`,
    (site) => site.spooled("dead").length === 1,
  );
  expect(running.site.spooled()).toEqual([]);
  expect(running.site.mails("x@b.example")).toEqual([]);
  await end(running);
});

test.each(["preq", "postq", "delivery"])("quarantine at %s keeps the mail there and nowhere else", async (stage) => {
  const running = await through(
    `${stage}: [ rule "hold" || state::quarantine("spam/maybe") ]`,
    (site) => site.quarantined("spam/maybe").length === 1 && site.spooled().length === 0,
  );
  const [file = ""] = running.site.quarantined("spam/maybe");
  expect(readFileSync(file, "latin1")).toContain("\nSubject: x\r\n\r\nx");
  expect(running.site.mails("x@b.example")).toEqual([]);
  await end(running);
});

test("accept at preq passes postq by, faccept delivery too", async () => {
  const accept = `preq: [ rule "a" || state::accept() ], postq: [ rule "no" || state::deny() ]`;
  await end(await through(accept, (site) => site.mails("x@b.example").length === 1));
  const faccept = `preq: [ rule "a" || state::faccept() ], delivery: [ rule "no" || state::deny() ]`;
  await end(await through(faccept, (site) => site.mails("x@b.example").length === 1));
});

test("an error after 250 leaves the mail in the spool, and a corrected rule delivers it", async () => {
  const running = await through(`postq: [ rule "broken" || 42 ]`, (site) => site.spooled().length === 1);
  await running.host.logged(({ area, level }) => area === "rules" && level !== "info");
  expect(await running.host.stop()).toBe(0);
  expect(running.site.spooled()).toHaveLength(1);

  running.site.write("filter.vsl", `#{ ${TO_MAILDIR} }`);
  const host = await Host.start(running.site);
  await until(() => running.site.mails("x@b.example").length === 1 && running.site.spooled().length === 0);
  await end({ site: running.site, host });
});

test("reject after 250 tries again, unless its code is for good", async () => {
  const later = await through(`delivery: [ rule "later" || state::reject() ]`, (site) => site.spooled().length === 1);
  expect(later.site.spooled("dead")).toEqual([]);
  await end(later);
  const never = `delivery: [ rule "never" || state::reject("550 5.7.1 no") ]`;
  await end(await through(never, (site) => site.spooled("dead").length === 1));
});
