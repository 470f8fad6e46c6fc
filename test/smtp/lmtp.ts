/** A host that takes mails by LMTP, and its client. */

import { Host, type HostOptions } from "../fixtures/host.ts";
import { Site, type SiteOptions } from "../fixtures/site.ts";
import { SmtpClient, type SmtpReply } from "../fixtures/smtp-client.ts";

export const MAIL = "Subject: hello\r\n\r\nworld";

export class LmtpHost {
  readonly site: Site;
  readonly host: Host;

  private constructor(site: Site, host: Host) {
    this.site = site;
    this.host = host;
  }

  /** On `lmtp` in the directory of the site. */
  static async start({ config = "", ...options }: SiteOptions = {}, more?: HostOptions): Promise<LmtpHost> {
    const site = new Site({
      ...options,
      config: `config.server.interfaces = #{ addr: ["127.0.0.1:0"], addr_lmtp: ["unix:lmtp"] }; ${config}`,
    });
    return new LmtpHost(site, await Host.start(site, more));
  }

  get socket(): string {
    return this.site.path("lmtp");
  }

  /** After LHLO. */
  async client(): Promise<SmtpClient> {
    const client = await SmtpClient.connectTo(this.socket);
    await client.reply();
    await client.say("LHLO client.example");
    return client;
  }

  /** One session: the replies to RCPT, then to the end of DATA. */
  async send(to: readonly string[], mail = MAIL): Promise<{ rcpt: string[]; data: string[] }> {
    const client = await this.client();
    const result = await hand(client, to, mail);
    await client.quit();
    return result;
  }

  async stop(): Promise<void> {
    await this.host.stop();
    this.site.remove();
  }
}

/** In a session that is open. */
export async function hand(client: SmtpClient, to: readonly string[], mail = MAIL) {
  await client.say("MAIL FROM:<from@a.example>");
  const rcpt: string[] = [];
  for (const address of to) rcpt.push(told(await client.say(`RCPT TO:<${address}>`)));
  const data: string[] = [];
  const accepted = rcpt.filter((reply) => reply.startsWith("250")).length;
  if (accepted === 0) return { rcpt, data };
  await client.say("DATA");
  data.push(told(await client.content(mail)));
  while (data.length < accepted) data.push(told(await client.reply()));
  return { rcpt, data };
}

export function told({ code, lines }: SmtpReply): string {
  return `${code} ${lines.join("|")}`;
}
