/** Code of plugins has the descriptors of its process at hand: what it does with that of the supervisor harms nobody else. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compile, newFolder } from "../fixtures/compile.ts";
import { framed } from "../fixtures/framed.ts";
import { Host, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";

/** Once: writes what is in a file to the channel, or closes that if it is one byte, or many descriptors if it is none. */
const SOURCE = `
#include <fcntl.h>
#include <unistd.h>
#include <vsmtp/plugin.h>

VSMTP_PLUGIN("meddler")

VSMTP_FUNCTION(void, meddler_run, (const char *path), VSMTP_QUICK VSMTP_NAME("run"))
{
    char bytes[4096];
    int file = open(path, O_RDONLY);
    if (file < 0)
        return;
    ssize_t size = read(file, bytes, sizeof bytes);
    close(file);
    unlink(path);
    if (size > 1 && write(3, bytes, (size_t)size) == size)
        return;
    for (int descriptor = size == 1 ? 3 : 0; descriptor <= (size == 1 ? 3 : 20); descriptor++)
        close(descriptor);
}`;

let site: Site;
let host: Host;
let file = "";

beforeEach(async () => {
  file = join(newFolder(), "what");
  site = new Site({
    plugins: [compile(SOURCE, { name: "libvsmtp-plugin-meddler-1.0.0.so" })],
    filter: `import "plugins/vsmtp-plugin-meddler" as meddler;
#{
  mail: [ rule "meddle" || { if ctx::mail_from() == "m@a.example" { meddler::run("${file}"); } state::next() } ],
  rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
}`,
  });
  host = await Host.start(site);
});

afterEach(async () => {
  await host.kill();
  site.remove();
});

/** Resolves when another process is there for clients. */
async function meddle(bytes: Uint8Array): Promise<void> {
  const before = host.processOf("smtp 1");
  writeFileSync(file, bytes);
  const client = await SmtpClient.open(host.port);
  void client.say("MAIL FROM:<m@a.example>").catch(() => {});
  await until(() => host.processes().some(({ name, pid }) => name === "smtp 1" && pid !== before));
}

async function expectService(): Promise<void> {
  const client = await SmtpClient.open(host.port);
  expect(await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  await client.quit();
}

test("a plugin that writes anything to the channel of the supervisor costs its process, which is replaced", async () => {
  await meddle(Buffer.from("this is no message of any kind"));
  await expectService();
  await meddle(Buffer.from([0, 0, 0, 4, 0xff, 0x0f, 1, 2]));
  await expectService();
  expect(await host.stop()).toBe(0);
});

test("so does one that writes messages which no process sends", async () => {
  const problem = { code: "constructor", message: "", fix: "", facts: {} };
  for (const message of [null, { kind: "ready", plugins: [{}] }, { kind: "failed", problems: [problem] }]) {
    await meddle(framed(message));
  }
  await expectService();
  expect(await host.stop()).toBe(0);
});

test("a process that cannot be told anything any more is replaced", async () => {
  await meddle(Buffer.alloc(1));
  await host.logged(({ msg }) => msg.includes("its channel to the supervisor was closed or damaged"));
  await expectService();
  expect(await host.stop()).toBe(0);
});

test("so is one whose plugin closes the descriptors from 0 to 20", async () => {
  await meddle(Buffer.alloc(0));
  await expectService();
  expect(await host.stop()).toBe(0);
});
