/**
 * Debian's Dovecot beside us: `doveadm` on the same mailboxes, and a server that delivers into them by LMTP.
 *
 * Everything it writes lies in the folder of the test. It lets nobody work as root, so both sides work as `owner`.
 */

import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { until } from "../fixtures/host.ts";

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Who the mails belong to: who runs the tests, or nobody in place of root. */
export const owner: Owner =
  process.getuid?.() === 0
    ? { uid: 65534, gid: 65534 }
    : { uid: process.getuid?.() as number, gid: process.getgid?.() as number };

/** A folder in which the owner may do anything, and others may look. */
export function ownersFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vsmtp-dovecot-"));
  chmodSync(folder, 0o755);
  give(folder);
  return folder;
}

export function give(path: string): void {
  chownSync(path, owner.uid, owner.gid);
}

interface DoveadmOptions {
  /** Bytes as latin1. */
  readonly input?: string;
  readonly expected?: RegExp | undefined;
}

export class Dovecot {
  readonly #folder: string;
  #server: ChildProcess | undefined;

  /** @param location as in mail_location: `maildir:/path:LAYOUT=fs` */
  constructor(folder: string, location: string) {
    this.#folder = folder;
    mkdirSync(this.#path("home"));
    give(this.#path("home"));
    writeFileSync(this.#path("dovecot.conf"), this.#configuration(location));
  }

  get lmtpSocket(): string {
    return this.#path("run", "lmtp");
  }

  #path(...parts: string[]): string {
    return join(this.#folder, ...parts);
  }

  /** Runs `doveadm`; returns what it prints. Rejects when it fails or complains, but for lines that are `expected`. */
  doveadm(args: readonly string[], { input = "", expected }: DoveadmOptions = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const env = { ...process.env, USER: "jane", HOME: this.#path("home"), TZ: "UTC" };
      const options = { env, cwd: this.#folder, maxBuffer: 1 << 30, encoding: "latin1" } as const;
      const child = execFile("doveadm", ["-c", this.#path("dovecot.conf"), ...args], options, (error, out, err) => {
        const text = Buffer.from(out, "latin1").toString("utf8");
        const complaints = err.split("\n").filter((line) => line !== "" && !expected?.test(line));
        if (complaints.length === 0 && (error === null || err !== "")) resolve(text);
        else reject(new Error(`doveadm ${args.join(" ")}: ${err.trim() || error?.message}`));
      });
      // most commands do not read it
      child.stdin?.on("error", () => {}).end(input, "latin1");
    });
  }

  /** A table, one object for each row. */
  async table(args: readonly string[], expected?: RegExp): Promise<Record<string, string>[]> {
    return JSON.parse(await this.doveadm(["-f", "json", ...args], { expected }));
  }

  /** Begins to serve LMTP. */
  async start(): Promise<void> {
    this.#server = spawn("dovecot", ["-F", "-c", this.#path("dovecot.conf")], { stdio: "ignore" });
    await until(() => existsSync(this.lmtpSocket));
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined || server.exitCode !== null) return;
    const ended = once(server, "exit");
    server.kill();
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #configuration(location: string): string {
    const { uid, gid } = owner;
    const self = userInfo();
    const group = execFileSync("id", ["-gn"], { encoding: "utf8" }).trim();
    const unprivileged = `
      default_internal_user = ${self.username}
      default_internal_group = ${group}
      default_login_user = ${self.username}
      service anvil {
        chroot =
      }
      service stats {
        chroot =
      }`;
    return `
      base_dir = ${this.#path("run")}
      state_dir = ${this.#path("run")}
      log_path = ${this.#path("dovecot.log")}
      protocols = lmtp
      ssl = no
      first_valid_uid = 1
      first_valid_gid = 1
      mail_uid = ${uid}
      mail_gid = ${gid}
      mail_location = ${location}
      mail_fsync = never
      ${self.uid === 0 ? "" : unprivileged}
      namespace inbox {
        inbox = yes
        separator = /
      }
      passdb {
        driver = static
        args = nopassword=y
      }
      userdb {
        driver = static
        args = uid=${uid} gid=${gid} home=${this.#path("home")}
      }
      service lmtp {
        unix_listener lmtp {
          mode = 0666
        }
      }
    `;
  }
}
