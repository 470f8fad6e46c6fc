/**
 * An example of examples/ as a running host: copied as it is into a folder of its own, with a vsmtp.vsl around its own
 * that moves ports, spool and mailboxes there and changes nothing else.
 */

import { cpSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Host } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient, type SmtpReply } from "../fixtures/smtp-client.ts";

export const examples = fileURLToPath(new URL("../../examples", import.meta.url));

export interface ExampleOptions {
  /** More statements for on_config. */
  readonly config?: string;
  /** Files that an admin would change, by their path in the example. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly content?: string;
  /** The address of this machine that the client comes from. */
  readonly client?: string;
  readonly helo?: string;
}

export class Example {
  readonly site: Site;
  readonly host: Host;

  private constructor(site: Site, host: Host) {
    this.site = site;
    this.host = host;
  }

  static async start(name: string, { config = "", files = {} }: ExampleOptions = {}): Promise<Example> {
    const site = new Site();
    for (const made of ["conf.d", "filter.vsl"]) rmSync(site.path(made), { recursive: true });
    cpSync(`${examples}/${name}`, site.directory, { recursive: true, verbatimSymlinks: true });
    renameSync(site.path("vsmtp.vsl"), site.path("example.vsl"));
    site.write("vsmtp.vsl", around(config));
    for (const [path, text] of Object.entries(files)) site.write(path, text);
    return new Example(site, await Host.start(site));
  }

  /** Sends one mail; the reply to its end, or the first refusal. The client leaves the server without a word. */
  async send({
    from,
    to,
    content = "Subject: test\r\n\r\ntext",
    client = "127.0.0.1",
    helo,
  }: Mail): Promise<SmtpReply> {
    const smtp = await SmtpClient.connect(this.host.port, client);
    try {
      const greeting = await smtp.reply();
      if (greeting.code >= 400) return greeting;
      await smtp.say(`EHLO ${helo ?? "client.example"}`);
      return await smtp.mail(from, to, content);
    } finally {
      smtp.vanish();
    }
  }

  async stop(): Promise<void> {
    await this.host.stop();
    this.site.remove();
  }
}

function around(statements: string): string {
  return `import "example" as example;

fn on_config(config) {
  let config = example::on_config(config);
  config.server.interfaces = #{ addr: ["127.0.0.1:0"] };
  config.server.logs = #{ filename: (), level: ["info"] };
  config.server.smtp.greeting_delay = "0ms";
  config.server.system.thread_pool.receiver = 1;
  config.server.system.thread_pool.delivery = 1;
  config.server.queues.dirpath = "spool";
  config.app.dirpath = "app";
  config.app.logs.filename = ();
  config.app.storage.location = "maildir:mailboxes/%u";
  ${statements}
  config
}
`;
}
