/** Where LMTP listens: sockets in the file system, and addresses. */

import { existsSync, statSync } from "node:fs";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { Host } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { hand, LmtpHost, told } from "./lmtp.ts";

test("everybody who can reach the directory may connect, and the socket goes with the server", async () => {
  const lmtp = await LmtpHost.start();
  expect(statSync(lmtp.socket).mode & 0o666).toBe(0o666);
  expect(await lmtp.host.stop()).toBe(0);
  expect(existsSync(lmtp.socket)).toBe(false);
  lmtp.site.remove();
});

test("a socket that a killed server has left is replaced", async () => {
  const lmtp = await LmtpHost.start();
  await lmtp.host.kill();
  expect(existsSync(lmtp.socket)).toBe(true);
  const next = await Host.start(lmtp.site);
  expect((await lmtp.send(["john@b.example"])).data).toEqual([expect.stringMatching(/^250 /)]);
  await next.stop();
  lmtp.site.remove();
});

test("a socket that another server serves is not taken, and a plain file there neither", async () => {
  const lmtp = await LmtpHost.start();
  const other = (path: string) =>
    new Site({ config: `config.server.interfaces = #{ addr_lmtp: ["unix:${path}"] };`, files: { file: "kept" } });
  const second = other(lmtp.socket);
  await expect(Host.start(second)).rejects.toThrow(/unix:.*lmtp of server\.interfaces cannot be listened on/);
  await expect(Host.start(other(second.path("file")))).rejects.toThrow(/EADDRINUSE/);
  expect(second.read("file")).toBe("kept");
  const client = connect(lmtp.socket);
  await new Promise((resolve) => client.once("connect", resolve));
  client.destroy();
  await lmtp.stop();
});

test("LMTP is served on an address too, beside SMTP or without it", async () => {
  const site = new Site({ config: `config.server.interfaces = #{ addr_lmtp: ["127.0.0.1:0"] };` });
  const host = await Host.start(site);
  const client = await SmtpClient.connect(host.port);
  expect(told(await client.reply())).toMatch(/^220 mx\.example\.com LMTP/);
  await client.say("LHLO [127.0.0.1]");
  expect((await hand(client, ["john@b.example"])).data).toEqual([expect.stringMatching(/^250 2\.0\.0 /)]);
  expect(site.mails("john@b.example")).toHaveLength(1);
  await client.quit();
  await host.stop();
  site.remove();
});

test("rules see a client on a socket as one of this machine", async () => {
  const lmtp = await LmtpHost.start({
    filter: `#{ connect: [ rule "who" || if ctx::client_ip() == "127.0.0.1" && ctx::server_port() == 0 { state::next() } else { state::deny() } ] }`,
  });
  expect((await lmtp.send(["john@b.example"])).data).toEqual([expect.stringMatching(/^250 /)]);
  await lmtp.stop();
});

test("a copy that rules have added comes first: without it nobody gets the mail", async () => {
  const lmtp = await LmtpHost.start({
    filter: `#{ preq: [ action "archive" || envelop::add_rcpt("archive@b.example") ] }`,
  });
  lmtp.site.write("mailboxes/archive@b.example", "a file in the way");
  const { data } = await lmtp.send(["john@b.example", "mary@b.example"]);
  expect(data).toEqual([expect.stringMatching(/^451 4\.3\.0 /), expect.stringMatching(/^451 4\.3\.0 /)]);
  expect(lmtp.site.everyMail()).toEqual([]);
  await lmtp.stop();
});

test("a mail server may come as often as it likes at a time, and takes no place from others", async () => {
  const lmtp = await LmtpHost.start({ config: "config.server.client_count_max = 1;" });
  const clients = await Promise.all(Array.from({ length: 20 }, () => lmtp.client()));
  const replies = await Promise.all(clients.map((client) => hand(client, ["john@b.example"])));
  expect(replies.flatMap(({ data }) => data)).toEqual(Array(20).fill(expect.stringMatching(/^250 2\.0\.0 /)));
  const other = await SmtpClient.open(lmtp.host.port);
  expect(other.hello.code).toBe(250);
  await other.quit();
  for (const client of clients) await client.quit();
  expect(lmtp.site.mails("john@b.example")).toHaveLength(20);
  await lmtp.stop();
});
