/** A blocking function that never comes back: what the mails that need it read, and what the others notice. */

import { expect, test } from "vitest";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { fixture } from "../plugin/loaded.ts";

const FILTER = `
import "plugins/slow" as slow;
fn sender_is(name) { ctx::mail_from().local_part == name }
#{
  rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
  preq: [
    rule "hangs" || { if sender_is("hangs") { slow::hang("text"); } state::next() },
    rule "catches" || {
      if sender_is("catches") {
        try { slow::hang("text"); } catch (e) { msg::append_header("X-Caught", "" + e); }
      }
      state::next()
    },
    rule "works" || { if sender_is("works") { msg::append_header("X-Echo", \`\${slow::echo(7)}\`); } state::next() },
  ],
}`;

/** Losses that would take the plugin out of service are another matter. */
const CONFIG = `
  config.app.plugins.quarantine.losses = 100;
  config.app.plugins.named = #{ slow: #{ deadlines: #{ hang: "300ms" } } };`;

const MAIL = "Subject: x\r\n\r\nx";

async function send(port: number, sender: string): Promise<number> {
  const client = await SmtpClient.open(port);
  const { code } = await client.mail(`${sender}@a.example`, [`${sender}@b.example`], MAIL);
  await client.quit();
  return code;
}

test("Twelve hung calls are 451 each, other mails and other functions go on, and the host stops when told to.", async () => {
  const site = new Site({ filter: FILTER, config: CONFIG, plugins: [fixture("slow")] });
  const host = await Host.start(site);
  const hung = Array.from({ length: 12 }, () => send(host.port, "hangs"));
  expect(await send(host.port, "unconcerned")).toBe(250);
  expect(await Promise.all(hung)).toEqual(Array.from({ length: 12 }, () => 451));
  expect(await host.logged(({ cause }) => cause === "PLUGIN_DEADLINE")).toMatchObject({
    msg: expect.stringContaining("hang of plugin slow did not come back within 300 ms"),
    plugin: "slow",
    function: "hang",
    directive: "hangs",
    mail: expect.any(String),
  });
  expect(await send(host.port, "works")).toBe(250);
  await until(() => site.mails("works@b.example").length === 1 && site.mails("unconcerned@b.example").length === 1);
  expect(site.mails("works@b.example")[0]).toContain("X-Echo: 7");
  expect(site.mails("hangs@b.example")).toEqual([]);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("A script may catch that a call did not come back, and its mail goes on.", async () => {
  const site = new Site({ filter: FILTER, config: CONFIG, plugins: [fixture("slow")] });
  const host = await Host.start(site);
  expect(await send(host.port, "catches")).toBe(250);
  await until(() => site.mails("catches@b.example").length === 1);
  expect(site.mails("catches@b.example")[0]).toContain("did not come back within 300 ms");
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("A host whose calls hang, with a deadline far away, stops within its graces.", async () => {
  const config = `config.app.plugins.defaults.deadline = "1h";`;
  const site = new Site({ filter: FILTER, config, plugins: [fixture("slow")] });
  const host = await Host.start(site);
  const clients = await Promise.all(Array.from({ length: 12 }, () => SmtpClient.open(host.port)));
  for (const client of clients) {
    void client.mail("hangs@a.example", ["hangs@b.example"], MAIL).catch(() => undefined);
  }
  expect(await send(host.port, "works")).toBe(250);
  expect(await host.stop()).toBe(0);
  expect(site.mails("hangs@b.example")).toEqual([]);
  site.remove();
});

test("A plugin that loses too many calls is taken out of service: its mails are 451 at once, others go on.", async () => {
  const config = `${CONFIG} config.app.plugins.quarantine.losses = 3;`;
  const site = new Site({ filter: FILTER, config, plugins: [fixture("slow")] });
  const host = await Host.start(site);
  for (let lost = 0; lost < 3; lost++) expect(await send(host.port, "hangs")).toBe(451);
  // the processes hear of it a moment later
  for (let code = 250; code === 250; ) code = await send(host.port, "works");
  expect(await host.logged(({ cause }) => cause === "PLUGIN_QUARANTINED")).toMatchObject({
    msg: expect.stringContaining("The plugin slow is out of service"),
    plugin: "slow",
    function: "echo",
    directive: "works",
  });
  expect(await send(host.port, "unconcerned")).toBe(250);
  expect(await host.stop()).toBe(0);
  site.remove();
});
