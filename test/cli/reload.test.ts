/** `vsmtp reload`: what it does to a running host, and what it says when it does nothing. */

import { afterEach, expect, test } from "vitest";
import { Host } from "../fixtures/host.ts";
import { Site, TO_MAILDIR } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { vsmtp } from "./vsmtp.ts";

let site: Site | undefined;
let host: Host | undefined;

afterEach(async () => {
  await host?.kill();
  site?.remove();
  host = undefined;
  site = undefined;
});

const refusing = (text: string) => `#{ mail: [ rule "refuse" || state::deny(code(550, "${text}")) ] }`;

async function answerToMail({ port }: Host): Promise<number> {
  const client = await SmtpClient.open(port);
  const { code } = await client.say("MAIL FROM:<a@a.example>");
  client.vanish();
  return code;
}

test("changed rules count once it has returned, and not before", async () => {
  site = new Site();
  host = await Host.start(site);
  site.write("filter.vsl", refusing("not today"));
  expect(await answerToMail(host)).toBe(250);
  expect(vsmtp(["reload", "-c", site.config])).toEqual({ status: 0, stdout: "reloaded\n", stderr: "" });
  expect(await answerToMail(host)).toBe(550);
  site.write("filter.vsl", TO_MAILDIR);
  expect(JSON.parse(vsmtp(["reload", "-c", site.config, "--json"]).stdout)).toEqual({ ok: true, errors: [] });
  expect(await answerToMail(host)).toBe(250);
});

test("rules with a mistake change nothing, and the mistake is told with its place", async () => {
  site = new Site();
  host = await Host.start(site);
  site.write("filter.vsl", `#{\n  mail: [ rule "x" || nonsense() ],\n}`);
  const { status, stdout, stderr } = vsmtp(["reload", "-c", site.config]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(`${site.path("filter.vsl")}:2:`);
  expect(stderr).toContain("nonsense");
  expect(stderr).toMatch(/\n {2}2 \| .*\n.*\^/);
  const told = JSON.parse(vsmtp(["reload", "-c", site.config, "--json"]).stdout);
  expect(told).toMatchObject({ ok: false, errors: [{ file: site.path("filter.vsl"), line: 2 }] });
  expect(await answerToMail(host)).toBe(250);
});

test("a mistake in the configuration is told, whether a host runs or not", async () => {
  site = new Site({ config: "config.server.nonsense = 1;" });
  const { status, stderr } = vsmtp(["reload", "-c", site.config]);
  expect(status).toBe(1);
  expect(stderr).toContain("CONFIG_UNKNOWN_KEY");
});

test("without a host it says where it has looked", () => {
  site = new Site();
  const { status, stdout, stderr } = vsmtp(["reload", "-c", site.config]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("[HOST_NOT_RUNNING]");
  expect(stderr).toContain(site.path("spool/run/control.sock"));
  const told = JSON.parse(vsmtp(["reload", "-c", site.config, "--json"]).stdout);
  expect(told).toMatchObject({ ok: false, errors: [{ code: "HOST_NOT_RUNNING" }] });
});
