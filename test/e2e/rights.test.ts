/** With what rights the processes of a running host work, and what its service manager hears of it. */

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, closeSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { native } from "../../src/native/index.ts";
import { Host, program, until } from "../fixtures/host.ts";
import { Site } from "../fixtures/site.ts";
import { SmtpClient } from "../fixtures/smtp-client.ts";
import { temporaryFolder } from "../native/compile.ts";
import { serviceManager } from "../native/service-manager.ts";

const isRoot = process.getuid?.() === 0;
const name = isRoot ? "daemon" : execFileSync("id", ["-un"], { encoding: "utf8" }).trim();
const number = (option: string) => Number(execFileSync("id", [option, name], { encoding: "utf8" }));
const USER = { uid: number("-u"), gid: number("-g") };

type Status = Readonly<Record<string, string>>;

function statusOf(file: string): Status {
  const lines = readFileSync(file, "utf8").split("\n");
  return Object.fromEntries(lines.map((line) => line.split(":\t").map((part) => part.trim())));
}

/** Every thread of a process; the main one first. */
function threadsOf(pid: number): Status[] {
  const ids = readdirSync(`/proc/${pid}/task`).sort((a, b) => Number(a) - Number(b));
  return ids.map((id) => statusOf(`/proc/${pid}/task/${id}/status`));
}

function childrenOf(parent: number): number[] {
  const ids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return ids.map(Number).filter((pid) => {
    try {
      return statusOf(`/proc/${pid}/status`).PPid === String(parent);
    } catch {
      return false; // it has ended
    }
  });
}

/** A site in which another user may work. */
function siteOf(statements: string): Site {
  const group = execFileSync("id", ["-gn", name], { encoding: "utf8" }).trim();
  const config = `config.server.system.user = "${name}"; config.server.system.group = "${group}"; ${statements}`;
  const site = new Site({ config });
  chmodSync(site.directory, 0o711);
  mkdirSync(site.path("mailboxes"));
  chownSync(site.path("mailboxes"), USER.uid, USER.gid);
  return site;
}

test("clients are served and mails stored as the user of the configuration, by processes that gain no rights", async () => {
  const site = siteOf("");
  const host = await Host.start(site);
  const supervisor = Number((await host.logged(({ msg }) => msg === "serving")).pid);
  // One that another takes the place of has a title when it is what it is to be.
  const isWorking = (pid: number) => /^vsmtp: /.test(statusOf(`/proc/${pid}/status`).Name ?? "");
  const children = await until(() => {
    const all = childrenOf(supervisor);
    return all.length >= 2 && all.every(isWorking) && all;
  });
  const { uid, gid } = USER;
  for (const pid of children) {
    for (const thread of threadsOf(pid)) {
      expect(thread).toMatchObject({ Uid: `${uid}\t${uid}\t${uid}\t${uid}`, Gid: `${gid}\t${gid}\t${gid}\t${gid}` });
      expect(thread.NoNewPrivs).toBe("1");
      if (isRoot) expect(thread.CapPrm).toBe("0000000000000000");
    }
    if (isRoot) expect(threadsOf(pid)[0]?.Groups).toBe(String(gid));
  }
  const client = await SmtpClient.open(host.port);
  expect(await client.mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx")).toMatchObject({ code: 250 });
  const [file] = await until(() => site.mailFiles("x@b.example").length > 0 && site.mailFiles("x@b.example"));
  expect(statSync(file as string)).toMatchObject(USER);
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("log files are written by all processes, before and after they are opened anew", async () => {
  const site = siteOf(`config.server.logs.filename = "logs/vsmtp.log";`);
  const host = await Host.start(site, { args: ["--stdout"] });
  const { pid } = await host.logged(({ msg }) => msg === "serving");
  const file = site.path("logs/vsmtp.log");
  expect(statSync(file)).toMatchObject(USER);
  execFileSync("mv", [file, `${file}.1`]);
  process.kill(Number(pid), "SIGUSR1");
  const again = await until(() => readdirSync(site.path("logs")).includes("vsmtp.log") && statSync(file));
  expect(again).toMatchObject(USER);
  expect(await host.stop()).toBe(0);
  expect(readFileSync(file, "utf8")).toContain('"stopped"');
  site.remove();
});

test("without a user that it could become, a host of root says so loudly", async () => {
  const site = new Site();
  const host = await Host.start(site);
  const warned = host.log.some((line) => line.code === "PRIVILEGES_ROOT" && line.level === "warn");
  const { pid } = await host.logged(({ msg }) => msg === "serving");
  const users = childrenOf(Number(pid)).map((child) => statusOf(`/proc/${child}/status`).Uid?.split("\t")[0]);
  expect(warned).toBe(isRoot && users.every((uid) => uid === "0"));
  expect(await host.stop()).toBe(0);
  site.remove();
});

test("clients of a socket that the service manager has opened are served", async () => {
  const descriptor = native().listenOn({ host: "127.0.0.1", port: 0 }, 10);
  const address = native().socketName(descriptor) as string;
  const site = new Site({ config: `config.server.interfaces.addr = ["${address}"];` });
  const client = SmtpClient.open(Number(address.split(":")[1]));
  const command = ["-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh", process.execPath, program, "-c", site.config];
  const host = spawn("/bin/sh", command, { stdio: ["ignore", "ignore", "inherit", descriptor] });
  closeSync(descriptor);
  const told = (await client).mail("a@a.example", ["x@b.example"], "Subject: x\r\n\r\nx");
  expect(await told).toMatchObject({ code: 250 });
  for (const pid of childrenOf(host.pid as number)) {
    expect(readFileSync(`/proc/${pid}/environ`, "utf8")).not.toMatch(/LISTEN_|NOTIFY_|WATCHDOG_/);
  }
  host.kill("SIGTERM");
  expect(await once(host, "exit")).toEqual([0, null]);
  site.remove();
});

test("a service manager hears when clients are served, and when that ends", async () => {
  const site = new Site();
  const folder = temporaryFolder("manager");
  const socket = `${folder}/notify`;
  const args = [socket, "2", process.execPath, program, "-c", site.config];
  const manager = spawn(serviceManager(folder), args, { env: { ...process.env, NOTIFY_SOCKET: socket } });
  let said = "";
  for await (const text of manager.stdout.setEncoding("utf8")) {
    const before = said;
    said += text;
    // The log of the host comes in between.
    const pid = /^READY=1\nSTATUS=.+\nMAINPID=(\d+)\nby the program\n/m;
    const ready = pid.exec(said);
    if (ready && !pid.test(before)) process.kill(Number(ready[1]), "SIGTERM");
  }
  expect(said).toMatch(/^STOPPING=1\nSTATUS=stopping\nby the program\n/m);
  site.remove();
});
