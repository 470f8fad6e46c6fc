/** Clients that nobody here wrote send mails to the host: curl and swaks from Debian's packages. */

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterEach, expect, it } from "vitest";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";

const run = promisify(execFile);
let site: Site | undefined;
let host: Host | undefined;

afterEach(async () => {
  await host?.stop();
  site?.remove();
});

async function serve(filter?: string): Promise<{ site: Site; port: number }> {
  site = new Site(filter === undefined ? {} : { filter });
  host = await Host.start(site);
  return { site, port: host.port };
}

it("A mail from curl is delivered as it was sent.", async () => {
  const { site, port } = await serve();
  const mail = "From: a@example.org\r\nSubject: dots\r\n\r\n.\r\n..two\r\n8 bit: \u00e9\r\n";
  writeFileSync(site.path("mail.eml"), mail);
  const envelope = ["--mail-from", "a@example.org", "--mail-rcpt", "b@example.com"];
  await run("curl", ["-sS", `smtp://127.0.0.1:${port}/client.example`, ...envelope, "-T", site.path("mail.eml")]);
  const [delivered] = await until(() => site.mails("b@example.com").length > 0 && site.mails("b@example.com"));
  expect(delivered?.endsWith(Buffer.from(mail, "utf8").toString("latin1"))).toBe(true);
});

it("A mail from swaks with several recipients reaches each of them.", async () => {
  const { site, port } = await serve();
  const recipients = ["one@example.com", "two@example.com"];
  await run("swaks", [
    "--server",
    `127.0.0.1:${port}`,
    "--from",
    "a@example.org",
    "--to",
    recipients.join(","),
    "--body",
    "for both",
  ]);
  for (const recipient of recipients) {
    const [mail] = await until(() => site.mails(recipient).length > 0 && site.mails(recipient));
    expect(mail).toContain("for both");
  }
});

it("swaks sees the codes that rules answer with.", async () => {
  const { port } = await serve(`#{ rcpt: [ rule "nobody" || state::reject("550 5.1.1 Nobody of that name") ] }`);
  const args = ["--server", `127.0.0.1:${port}`, "--from", "a@example.org", "--to", "b@example.com"];
  const failure = await run("swaks", args).catch((error: { stdout: string }) => error);
  expect(failure.stdout).toContain("550 5.1.1 Nobody of that name");
});
