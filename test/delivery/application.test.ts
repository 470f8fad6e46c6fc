/** A running server: mails into mbox files, lines of rules into their own log, mails that wait for a transport. */

import { readFileSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

const MAIL = "Subject: x\r\nFrom: A <a@a.example>\r\nTo: b@b.example\r\n\r\nFrom here\r\n";

let site: Site;
let host: Host;

afterEach(async () => {
  await host.stop();
  site.remove();
});

async function start(filter: string, config = ""): Promise<void> {
  site = new Site({
    filter,
    config: `config.app.mbox = #{ directory: "boxes", users: "any" }; config.app.logs.filename = "log/app.log"; ${config}`,
  });
  host = await Host.start(site);
}

async function send(...to: string[]): Promise<void> {
  const client = await SmtpClient.open(host.port);
  expect((await client.mail("a@a.example", to, MAIL)).code).toBe(250);
  await client.quit();
}

it("Rules choose the mbox file, and what they change in the fields is in it.", async () => {
  await start(`#{
    connect: [ action "early" || msg::append_header("X-Early", ctx::client_ip()) ],
    rcpt: [ action "box" || transport::mbox(ctx::rcpt()) ],
    preq: [ action "rewrite" || { msg::rw_mail_from("new@c.example"); msg::add_rcpt("d@d.example"); } ],
  }`);
  await send("b@b.example");
  const box = await until(() => readIfThere(site.path("boxes/b")));
  expect(box).toContain("X-Early: 127.0.0.1\n");
  expect(box).toContain("\nFrom: A <new@c.example>\nTo: b@b.example, d@d.example\n\n>From here\n");
});

it("What rules log is in a file of its own, at every level.", async () => {
  await start(
    `#{ rcpt: [ action "tell" || { log("trace", \`from \${ctx::mail_from()}\`); log("error", "oh"); print("hi"); } ] }`,
  );
  await send("b@b.example");
  const lines = await until(() => readIfThere(site.path("log/app.log")));
  const told = lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(told.map(({ level, msg }) => `${level} ${msg}`)).toEqual(["trace from a@a.example", "error oh", "info hi"]);
  expect(host.log.some(({ area }) => area === "app")).toBe(false);
});

it("Mails for transports that are not there yet wait in the spool.", async () => {
  await start(`#{ rcpt: [ action "on" || if ctx::rcpt().local_part == "f" { transport::forward_all("192.0.2.1") } ] }`);
  await send("f@b.example");
  await send("d@b.example");
  const waits = async (kind: string) => {
    const { transports } = await host.logged(
      ({ msg, transports }) => /waits in the spool/.test(msg) && `${transports}` === kind,
    );
    return transports;
  };
  expect(await waits("forward")).toEqual(["forward"]);
  expect(await waits("deliver")).toEqual(["deliver"]);
  expect(site.spooled()).toHaveLength(2);
});

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8") || undefined;
  } catch {
    return undefined;
  }
}
