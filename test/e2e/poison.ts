/** A host with a plugin that does what the mail says, and what is seen of it by an admin. */

import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { vsmtp } from "../cli/vsmtp.ts";
import { compile, newFolder } from "../fixtures/compile.ts";
import { Host } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient, type SmtpReply } from "../fixtures/smtp-client.ts";

/** It does as its first argument says while the file is there that its second argument names. */
const SOURCE = `
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vsmtp/plugin.h>

VSMTP_PLUGIN("poison", VSMTP_RELEASE(RELEASE))

static void swallow(const char *what, const char *file)
{
    if (access(file, F_OK) != 0)
        return;
    if (strcmp(what, "crash") == 0)
        *(volatile int *)0 = 1;
    if (strcmp(what, "leave") == 0)
        exit(0);
    while (strcmp(what, "hold") == 0 && access(file, F_OK) == 0)
        ;
}

VSMTP_FUNCTION(bool, poison_quick, (const char *what, const char *file), VSMTP_QUICK VSMTP_NAME("quick"))
{
    swallow(what, file);
    return true;
}

VSMTP_FUNCTION(bool, poison_slow, (const char *what, const char *file), VSMTP_NAME("slow"))
{
    swallow(what, file);
    return true;
}
`;

export function poison(release = "1.0"): string {
  const flags = [`-DRELEASE="${release}"`, "-Wl,--build-id"];
  return compile(SOURCE, { name: "libvsmtp-plugin-poison-1.0.0.so", flags });
}

/** A mail whose subject says which function is to do what. */
export function mailFor(fn: "quick" | "slow", what: string, body = "hello"): string {
  return `Subject: ${fn} ${what}\r\n\r\n${body}`;
}

/** Records are what is wanted, not core files. */
const QUIETLY = { prepare: 'ulimit -c 0; exec "$@"' };

export class PoisonedHost {
  readonly site: Site;
  host: Host;
  /** While it is there, the plugin does what it is told to. */
  readonly file: string;

  private constructor(site: Site, host: Host, file: string) {
    this.site = site;
    this.host = host;
    this.file = file;
  }

  static async start(config = ""): Promise<PoisonedHost> {
    const file = join(newFolder(), "poison");
    writeFileSync(file, "");
    const call = (fn: string) => `
      rule "${fn} one" || {
        let words = msg::get_header("Subject").split(" ");
        if words[0] == "${fn}" { poison::${fn}(words[1], "${file}"); }
        state::next()
      }`;
    const site = new Site({
      filter: `import "plugins/poison" as poison;
      #{
        rcpt: [ rule "to the maildir" || { transport::maildir_all(); state::next() } ],
        preq: [ ${call("quick")}, ${call("slow")} ],
      }`,
      config,
      plugins: [poison()],
    });
    return new PoisonedHost(site, await Host.start(site, QUIETLY), file);
  }

  /** The reply to the end of a mail; undefined: the connection was dropped. */
  async send(mail: string): Promise<SmtpReply | undefined> {
    const client = await SmtpClient.open(this.host.port);
    const reply = await client.mail("a@a.example", ["x@b.example"], mail).catch(() => undefined);
    if (reply) await client.quit();
    return reply;
  }

  /** Subjects in the mailbox of who gets all mails. */
  get delivered(): (string | undefined)[] {
    return this.site.mails("x@b.example").map((text) => /^Subject: (.*)\r$/m.exec(text)?.[1]);
  }

  /** `vsmtp plugin …`, of this host. */
  plugin(...args: string[]) {
    return vsmtp(["plugin", ...args, "-c", this.site.config]);
  }

  /** The same with --json. */
  pluginJson(...args: string[]) {
    return JSON.parse(this.plugin(...args, "--json").stdout);
  }

  heal(): void {
    rmSync(this.file, { force: true });
  }

  reload() {
    return vsmtp(["reload", "-c", this.site.config]);
  }

  /** Another host on the same directory. */
  async restart(): Promise<void> {
    await this.host.stop();
    this.host = await Host.start(this.site, QUIETLY);
  }

  /** What Prometheus would read. */
  async metrics(): Promise<string> {
    const { url } = await this.host.logged(({ msg }) => msg === "metrics are served");
    return (await fetch(String(url))).text();
  }

  /** Puts another file in the plugin's place, as a package does. */
  replacePlugin(release: string): void {
    const file = poison(release);
    const name = this.site.path("plugins", basename(file));
    rmSync(name);
    symlinkSync(file, name);
  }

  async stop(): Promise<void> {
    await this.host.stop();
    this.site.remove();
  }
}
