/** Debian's Postfix in a folder of the test: it takes mails by SMTP and hands all of them to an LMTP socket. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class Postfix {
  readonly port: number;
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
    this.#process = spawn("postfix", ["-c", folder, "start-fg"], { stdio: "ignore" });
    this.#ended = once(this.#process, "close");
  }

  /** @param socket where it finds LMTP; @param domain whose mails it takes */
  static async start(socket: string, domain: string): Promise<Postfix> {
    const folder = mkdtempSync(join(tmpdir(), "vsmtp-postfix-"));
    // Its parts work as a user of their own.
    chmodSync(folder, 0o755);
    const port = await freePort();
    for (const name of ["queue", "data"]) mkdirSync(join(folder, name));
    execFileSync("chown", ["postfix", join(folder, "data")]);
    writeFileSync(join(folder, "main.cf"), main(folder, socket, domain));
    writeFileSync(join(folder, "master.cf"), master(port));
    const postfix = new Postfix(folder, port);
    while (!postfix.log.includes("daemon started")) {
      if (postfix.#process.exitCode !== null) throw new Error(`postfix did not start: ${postfix.log}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return postfix;
  }

  get log(): string {
    try {
      return readFileSync(join(this.#folder, "log"), "utf8");
    } catch {
      return "";
    }
  }

  /** Resolves once the log has what is wanted. */
  async logged(wanted: RegExp): Promise<void> {
    while (!wanted.test(this.log)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Tries again what it has put off. */
  flush(): void {
    execFileSync("postqueue", ["-c", this.#folder, "-f"]);
  }

  async stop(): Promise<void> {
    execFileSync("postfix", ["-c", this.#folder, "stop"], { stdio: "ignore" });
    await this.#ended;
    rmSync(this.#folder, { recursive: true });
  }
}

function main(folder: string, socket: string, domain: string): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
myhostname = postfix.example
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
virtual_mailbox_domains = ${domain}
virtual_transport = lmtp:unix:${socket}
`;
}

/** Nothing is chrooted: the folder has no system in it. */
function master(port: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
