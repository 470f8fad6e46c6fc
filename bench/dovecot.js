/**
 * Debian's Dovecot, to be measured beside us: `doveadm` and a server that takes mails by LMTP, in a folder of their own.
 * It lets nobody work as root, so its mails belong to nobody then.
 */

import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";

const root = process.getuid() === 0;
export const owner = root ? { uid: 65534, gid: 65534 } : { uid: process.getuid(), gid: process.getgid() };

/** What is not installed of `doveadm`, `dovecot-lmtp` and `dovecot-dev`, as Debian calls it; undefined: nothing. */
export function missingPackage({ lmtp = false }) {
  const files = { "dovecot-core": "/usr/bin/doveadm" };
  if (lmtp) files["dovecot-lmtpd"] = "/usr/lib/dovecot/lmtp";
  if (lmtp) files["dovecot-dev"] = "/usr/include/dovecot/config.h";
  return Object.keys(files).find((name) => !existsSync(files[name]));
}

/** A folder that belongs to the owner. */
export function ownersFolder(path) {
  mkdirSync(path, { recursive: true });
  chownSync(path, owner.uid, owner.gid);
  return path;
}

export class Dovecot {
  #folder;
  #server;
  #port;

  /** @param plugins a folder with plugins and the names of those to load */
  constructor(folder, { location, port = 0, plugins }) {
    this.#folder = folder;
    this.#port = port;
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    ownersFolder(join(folder, "home"));
    writeFileSync(join(folder, "dovecot.conf"), this.#configuration(location, plugins));
  }

  /** What `doveadm` prints. */
  doveadm(...words) {
    const env = { ...process.env, USER: "jane", HOME: join(this.#folder, "home") };
    return new Promise((resolve, reject) => {
      execFile("doveadm", ["-c", join(this.#folder, "dovecot.conf"), ...words], { env }, (error, out, complaints) =>
        error ? reject(new Error(complaints, { cause: error })) : resolve(out),
      );
    });
  }

  /** Begins to serve LMTP on its port. */
  async start() {
    this.#server = spawn("dovecot", ["-F", "-c", join(this.#folder, "dovecot.conf")], { stdio: "inherit" });
    while (!existsSync(join(this.#folder, "run/master.pid"))) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async stop() {
    if (this.#server === undefined || this.#server.exitCode !== null) return;
    const ended = once(this.#server, "exit");
    this.#server.kill();
    await ended;
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #configuration(location, plugins) {
    const run = join(this.#folder, "run");
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
      base_dir = ${run}
      state_dir = ${run}
      log_path = ${join(this.#folder, "dovecot.log")}
      protocols = ${this.#port === 0 ? "" : "lmtp"}
      ssl = no
      first_valid_uid = 1
      first_valid_gid = 1
      mail_uid = ${owner.uid}
      mail_gid = ${owner.gid}
      mail_location = ${location}
      ${plugins === undefined ? "" : `mail_plugin_dir = ${plugins.folder}\nmail_plugins = ${plugins.names.join(" ")}`}
      ${root ? "" : unprivileged}
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
        args = uid=${owner.uid} gid=${owner.gid} home=${join(this.#folder, "home/%u")}
      }
      service lmtp {
        ${this.#port === 0 ? "" : `inet_listener lmtp {\n address = 127.0.0.1\n port = ${this.#port}\n}`}
      }
    `;
  }
}

/** A port of the loopback interface that nobody has now. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
