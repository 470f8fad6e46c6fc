/** Every key of the configuration: what holds by default, what is accepted, and what is refused where. */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Config, difference, effective, loadConfig } from "../../src/config/index.ts";
import { describe as shown, type VsmtpError } from "../../src/errors.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(os.tmpdir(), "vsmtp-keys-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(path: string, text: string): string {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

async function load(statements: string): Promise<Config | VsmtpError[]> {
  return loadConfig(write("vsmtp.vsl", `fn on_config(config) {\n${statements};\nconfig\n}`));
}

async function loaded(statements: string): Promise<Config> {
  const config = await load(statements);
  if (Array.isArray(config)) throw new AggregateError(config, config.map(shown).join("\n"));
  return config;
}

async function problem(statements: string): Promise<VsmtpError> {
  const config = await load(statements);
  if (!Array.isArray(config)) throw new Error("nothing was refused");
  expect(config.map(({ message }) => message)).toHaveLength(1);
  return config[0] as VsmtpError;
}

describe("defaults", () => {
  test("every section of the server", async () => {
    const { server, version_requirement } = await loaded("");
    expect(version_requirement).toBe(">=2.2.1, <3.0.0");
    expect(server).toEqual({
      name: os.hostname(),
      client_count_max: 16,
      message_size_limit: 10_000_000,
      system: {
        user: "vsmtp",
        group: "vsmtp",
        group_local: null,
        thread_pool: { receiver: 6, processing: 6, delivery: 6 },
      },
      interfaces: {
        addr: ["127.0.0.1:25"],
        addr_submission: ["127.0.0.1:587"],
        addr_submissions: ["127.0.0.1:465"],
        addr_lmtp: [],
      },
      logs: { filename: "/var/log/vsmtp/vsmtp.log", level: ["warn"], sys_level: "INFO", syslog: null },
      queues: {
        dirpath: "/var/spool/vsmtp",
        working: { channel_size: 32 },
        delivery: { channel_size: 32, deferred_retry_max: 100, deferred_retry_period: "300s" },
      },
      tls: null,
      smtp: {
        rcpt_count_max: 1000,
        greeting_delay: "100ms",
        error: { soft_count: 10, hard_count: 20, delay: "5000ms" },
        timeout_client: { connect: "5m", helo: "5m", mail_from: "5m", rcpt_to: "5m", data: "5m" },
      },
      esmtp: {
        auth: null,
        eightbitmime: true,
        smtputf8: true,
        pipelining: true,
        chunking: false,
        size: 20_000_000,
      },
      dns: {
        type: "system",
        options: {
          timeout: "5s",
          attempts: 2,
          rotate: false,
          dnssec: false,
          ip_strategy: "Ipv4thenIpv6",
          cache_size: 32,
          use_hosts_file: true,
          num_concurrent_reqs: 2,
        },
      },
      runtime: { dirpath: "/var/spool/vsmtp/run" },
      metrics: null,
      virtual: {},
    });
  });

  test("every section of the application", async () => {
    const { app } = await loaded("");
    expect(app).toMatchObject({
      dirpath: "/var/spool/vsmtp/app",
      vsl: { domain_dir: null, filter_path: null, limits: { depth: 128 } },
      logs: { filename: "/var/log/vsmtp/app.log" },
      plugins: {
        compatibility: "exact",
        stall: "1s",
        quarantine: { crashes: 3, within: "10m", losses: 8, mail_crashes: 2 },
        defaults: { deadline: "30s", required: true, isolate: false },
        named: {},
      },
      storage: {
        location: "maildir:/var/mail/%d/%n",
        users: "any",
        deadline: "2m",
        uid: null,
        namespaces: [],
        plugins: null,
        settings: {},
      },
      mbox: { directory: "/var/mail", users: "system" },
    });
  });

  test("user and group are not in the map that scripts are given", async () => {
    const { server } = await loaded(`if config.server.system.user == () { config.server.name = "none.example" }`);
    expect(server.name).toBe("none.example");
  });
});

describe("what is accepted", () => {
  test.each([
    `config.server.client_count_max = -1`,
    `config.server.system.user = "root"; config.server.system.group = "root"; config.server.system.group_local = "root"`,
    `config.server.system.thread_pool = #{ receiver: 1, processing: 2, delivery: 3 }`,
    `config.server.interfaces = #{ addr_submission: ["[fe80::1%eth0]:587", "mx.example.com:587"] }`,
    `config.server.logs.level = ["info", "vsmtp_delivery=trace", "default=warn"]`,
    `config.server.logs.filename = ()`,
    `config.server.logs.syslog = #{ type: "unix" }`,
    `config.server.queues = #{ dirpath: "spool" }`,
    `config.server.queues.delivery.deferred_retry_period = "1h 30m"`,
    `config.server.tls = #{ protocol_version: ["TLSv1.2", "0x0304"], root: #{ certificate: "a.crt", private_key: "a.key" } }`,
    `config.server.tls = #{ protocol_version: "TLSv1_3", cipher_suite: ["TLS13_AES_256_GCM_SHA384"] }`,
    `config.server.esmtp.auth = #{ mechanisms: ["PLAIN", "ANONYMOUS"], attempt_count_max: 3 }`,
    `config.server.dns.type = "cloudflare"`,
    `config.server.dns = #{ type: "custom", config: #{ name_servers: ["192.0.2.53", #{ socket_addr: "[::1]:53", protocol: "udp" }] } }`,
    `config.server.virtual["x.example"] = #{}`,
    `config.server.virtual["x.example"] = #{ tls: #{ certificate: "c", private_key: "k" }, dns: #{ type: "google" }, dkim: #{ private_key: ["a", "b"] } }`,
    `config.app.plugins.named.mysql = #{ deadline: "2s", required: false, isolate: true }`,
    `config.app.storage.settings = #{ quota: "1G", zlib_level: 6, on: true }`,
    `config.app.storage.namespaces = [#{ inbox: true }, #{ type: "public", prefix: "Shared/", location: "maildir:shared" }]`,
    `config.app.storage.namespaces = [#{ inbox: true }, #{ prefix: "Old/", hidden: true, list: false, alias_for: "" }]`,
    `config.app.storage.namespaces = [#{ inbox: true, mailboxes: [#{ name: "Trash", auto: "subscribe", special_use: "\\\\Trash" }] }]`,
    `config.app.storage.plugins = ["quota", "mail_log"]`,
    `config.app.storage.plugins = []`,
  ])("%s", async (statements) => {
    await expect(loaded(statements)).resolves.toBeDefined();
  });

  test("a replaced list of interfaces leaves the others empty", async () => {
    const { server } = await loaded(`config.server.interfaces = #{ addr: ["127.0.0.1:2525"] }`);
    expect(server.interfaces).toEqual({
      addr: ["127.0.0.1:2525"],
      addr_submission: [],
      addr_submissions: [],
      addr_lmtp: [],
    });
  });

  test("paths of TLS and DKIM start at the directory of vsmtp.vsl, one key is a list of one", async () => {
    const { server } = await loaded(
      `config.server.virtual["x.example"] = #{ dkim: #{ private_key: "k" } };
       config.server.tls = #{ protocol_version: "TLSv1.3", root: #{ certificate: "c", private_key: "k" } }`,
    );
    expect(server.virtual["x.example"]?.dkim?.private_key).toEqual([join(directory, "k")]);
    expect(server.tls?.root?.certificate).toBe(join(directory, "c"));
    expect(server.tls?.protocol_version).toEqual(["TLSv1.3"]);
  });
});

describe("what is refused", () => {
  test.each([
    [`config.server.name = "two words"`, "config.server.name", "a host name"],
    [`config.server.client_count_max = -2`, "config.server.client_count_max", "-1 or more"],
    [`config.server.system.user = "no-such-user"`, "config.server.system.user", "a user of this system"],
    [`config.server.system.group = "no-such-group"`, "config.server.system.group", "a group of this system"],
    [`config.server.system.thread_pool = #{ receiver: 1, processing: 1 }`, "thread_pool.delivery", "a whole number"],
    [`config.server.system.thread_pool.receiver = 0`, "thread_pool.receiver", "1 or more"],
    [`config.server.interfaces.addr_submission = ["x"]`, "addr_submission[0]", "an address and port"],
    [`config.server.logs.sys_level = "LOUD"`, "config.server.logs.sys_level", "one of TRACE, DEBUG"],
    [`config.server.logs.syslog = #{ type: "smoke" }`, "config.server.logs.syslog.type", "one of udp, tcp, unix"],
    [`config.server.logs.filename = ""`, "config.server.logs.filename", "a path"],
    [`config.server.queues = #{}`, "config.server.queues.dirpath", "a string"],
    [`config.server.queues.working.channel_size = "x"`, "working.channel_size", "a whole number"],
    [`config.server.queues.delivery.deferred_retry_period = "soon"`, "deferred_retry_period", "a duration"],
    [`config.server.tls = #{}`, "config.server.tls.protocol_version", 'an array of "TLSv1.2"'],
    [`config.server.tls = #{ protocol_version: ["SSLv3"] }`, "protocol_version[0]", '"TLSv1.2" or "TLSv1.3"'],
    [`config.server.tls = #{ protocol_version: "SSLv3" }`, "tls.protocol_version", '"TLSv1.2" or "TLSv1.3"'],
    [`config.server.smtp.error.delay = 5`, "config.server.smtp.error.delay", "a string"],
    [`config.server.smtp.timeout_client.data = "5 parsecs"`, "timeout_client.data", "a duration"],
    [`config.server.esmtp.size = -1`, "config.server.esmtp.size", "0 or more"],
    [`config.server.esmtp.smtputf8 = "yes"`, "config.server.esmtp.smtputf8", "true or false"],
    [`config.server.esmtp.auth = #{ mechanisms: ["GUESS"] }`, "auth.mechanisms[0]", "one of PLAIN"],
    [`config.server.dns.type = "magic"`, "config.server.dns.type", "one of system, google, cloudflare, custom"],
    [`config.server.dns = #{ type: "custom" }`, "config.server.dns.config", "name_servers"],
    [`config.server.dns.config = #{}`, "config.server.dns.config", 'nothing, unless type is "custom"'],
    [`config.server.dns.options.ip_strategy = "Ipv5"`, "options.ip_strategy", "one of Ipv4Only"],
    [`config.server.virtual["-"] = #{}`, 'config.server.virtual["-"]', "a domain"],
    [`config.server.virtual["x.example"] = #{ tls: #{ certificate: "c" } }`, "tls.private_key", "a string"],
    [`config.server.virtual["x.example"] = #{ dkim: #{ private_key: [] } }`, "dkim.private_key", "at least one path"],
    [`config.app.plugins.compatibility = "any"`, "config.app.plugins.compatibility", "one of exact"],
    [`config.app.plugins.named["My SQL"] = #{}`, "config.app.plugins.named", "the name of a plugin"],
    [`config.app.plugins.defaults.deadline = "x"`, "plugins.defaults.deadline", "a duration"],
    [`config.app.storage.users = 5`, "config.app.storage.users", '"any", "system", the path of a file, or #{'],
    [`config.app.storage.users = #{ function: "no name" }`, "storage.users.function", "the name of a function"],
    [`config.app.storage.location = "maildir:~/Maildir"`, "config.app.storage.location", "a location without %h"],
    [`config.server.interfaces.addr_lmtp = ["unix:"]`, "interfaces.addr_lmtp[0]", '"unix:/run/vsmtp/lmtp"'],
    [`config.app.storage.settings = #{ a: [] }`, "storage.settings.a", "a string, a whole number or a boolean"],
    [`config.app.storage.plugins = [""]`, "storage.plugins[0]", "the name of a plugin"],
    [`config.app.storage.namespaces = [#{ prefix: "A/" }]`, "storage.namespaces", "exactly one is the user's inbox"],
    [`config.app.storage.namespaces = [#{ inbox: true, prefix: "A" }]`, "namespaces[0].prefix", 'ends with "/"'],
    [`config.app.storage.namespaces = [#{ inbox: true }, #{}]`, "namespaces[1].prefix", "no other namespace has"],
    [
      `config.app.storage.namespaces = [#{ inbox: true }, #{ prefix: "A.", separator: "." }]`,
      "namespaces[1].separator",
      'like that of the others that are listed, "/"',
    ],
    [
      `config.app.storage.namespaces = [#{ inbox: true }, #{ prefix: "A/", alias_for: "B/" }]`,
      "namespaces[1].alias_for",
      "the prefix of another namespace",
    ],
    [`config.app.storage.namespaces = [#{ inbox: true, type: "own" }]`, "namespaces[0].type", "one of private, shared"],
    [
      `config.app.storage.namespaces = [#{ inbox: true, mailboxes: [#{ name: "T", special_use: "Trash" }] }]`,
      "mailboxes[0].special_use",
      String.raw`\Trash`,
    ],
    [`config.app.mbox.users = "some"`, "config.app.mbox.users", "one of any, system"],
    [`config.app.vsl.domain_dir = 5`, "config.app.vsl.domain_dir", "a string"],
    [`config.version_requirement = "newest"`, "config.version_requirement", "a requirement such as"],
    [`config.version_requirement = ">=3.0.0"`, "config.version_requirement", "reads configurations of 2.2.1"],
  ])("%s", async (statements, path, expected) => {
    const error = await problem(statements);
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).toContain(path);
    expect(error.fix).toContain(expected);
  });

  test.each([
    [`config.server.nmae = 1`, "config.server.nmae", "Did you mean `name`?"],
    [`config.server.smtp.disable_ehlo = false`, "config.server.smtp.disable_ehlo", "rcpt_count_max"],
    [`config.server.virtual["x.example"] = #{ tsl: () }`, 'config.server.virtual["x.example"].tsl', "no such key"],
    [`config.app.plugins.named.mysql = #{ tiemout: 1 }`, "config.app.plugins.named.mysql.tiemout", "no such key"],
  ])("%s is an unknown key", async (statements, path, hint) => {
    const error = await problem(statements);
    expect(error.code).toBe("CONFIG_UNKNOWN_KEY");
    expect(error.message).toContain(path);
    expect(error.fix).toContain(hint);
  });
});

describe("positions", () => {
  test("an assignment is pointed at", async () => {
    const { place } = await problem(`let x = 1;\n  config.server.smtp.rcpt_count_max = 0`);
    expect(place).toMatchObject({ line: 3, column: 3, source: "  config.server.smtp.rcpt_count_max = 0;" });
  });

  test("so is the entry of a map, and the element of an array", async () => {
    const inMap = await problem(`config.server.smtp = #{\n  rcpt_count_max: 0,\n}`);
    expect(inMap.place).toMatchObject({ line: 3, column: 3 });
    const inArray = await problem(`config.server.interfaces.addr = [\n  "127.0.0.1:25",\n  "nowhere"]`);
    expect(inArray.place).toMatchObject({ line: 4, column: 3 });
  });

  test("a missing key is looked for where its section is replaced", async () => {
    expect((await problem(`config.server.queues = #{}`)).place).toMatchObject({ line: 2, column: 1 });
  });

  test("the later of two assignments counts", async () => {
    const { place } = await problem(`config.server.esmtp.size = 5;\nconfig.server.esmtp.size = -5`);
    expect(place?.line).toBe(3);
  });

  test("imported scripts are looked through too", async () => {
    const file = write("conf.d/config.vsl", `fn on_config(config) {\n  config.server.name = 5;\n  config\n}`);
    const main = `import "conf.d/config" as c;\nfn on_config(config) { c::on_config(config) }`;
    const [error] = (await loadConfig(write("vsmtp.vsl", main))) as VsmtpError[];
    expect(error?.place).toMatchObject({ file, line: 2, column: 3 });
  });
});

describe("domains", () => {
  const DOMAINS = `config.app.vsl.domain_dir = "domain-enabled"`;

  test("each directory is a domain, files are not, links are followed", async () => {
    write("domain-enabled/a.example/incoming.vsl", "#{}");
    write("domain-enabled/README", "");
    write("domain-enabled/.git/x", "");
    write("domain-available/B.example/config.vsl", "fn on_domain_config(config) { config }");
    symlinkSync(join(directory, "domain-available/B.example"), join(directory, "domain-enabled/B.example"));
    symlinkSync(join(directory, "nowhere"), join(directory, "domain-enabled/c.example"));
    const { server, domains } = await loaded(`${DOMAINS}; config.server.virtual["D.example"] = #{}`);
    expect(Object.keys(server.virtual).sort()).toEqual(["a.example", "b.example", "d.example"]);
    expect(domains.get("b.example")).toBe(join(directory, "domain-enabled/B.example"));
    expect(domains.get("d.example")).toBeUndefined();
    expect(server.virtual["a.example"]).toEqual({ tls: null, dns: null, dkim: null });
  });

  test("a domain's script says what differs for it", async () => {
    write(
      "domain-enabled/a.example/config.vsl",
      `fn on_domain_config(config) { config.dns = #{ type: "google" }; config.dkim = #{ private_key: "k.pem" }; config }`,
    );
    const { server } = await loaded(DOMAINS);
    expect(server.virtual["a.example"]).toMatchObject({
      dns: { type: "google" },
      dkim: { private_key: [join(directory, "k.pem")] },
    });
  });

  test("what is wrong in it is told with its whole path and its place", async () => {
    const file = write(
      "domain-enabled/a.example/config.vsl",
      `fn on_domain_config(config) {\n  config.dns = #{ type: "magic" };\n  config\n}`,
    );
    const error = await problem(DOMAINS);
    expect(error.message).toContain('config.server.virtual["a.example"].dns.type');
    expect(error.place).toMatchObject({ file, line: 2 });
  });

  test("a script without on_domain_config is told what to write", async () => {
    write("domain-enabled/a.example/config.vsl", "let x = 1;");
    const error = await problem(DOMAINS);
    expect(error.code).toBe("CONFIG_NO_ON_CONFIG");
    expect(error.fix).toContain("fn on_domain_config(config)");
  });

  test("a directory that cannot be a domain, and a directory of domains that is not there, are errors", async () => {
    write("domain-enabled/not a domain/x", "");
    expect((await problem(DOMAINS)).code).toBe("CONFIG_DOMAIN_NAME");
    expect((await problem(`config.app.vsl.domain_dir = "none"`)).code).toBe("CONFIG_DOMAIN_DIR");
  });
});

describe("what is shown", () => {
  test("the effective configuration is plain data with every key", async () => {
    const config = await loaded(`config.server.name = "mx.example.com"`);
    const data = effective(config);
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
    expect(data.server.name).toBe("mx.example.com");
    expect(Object.keys(data)).toEqual(["version_requirement", "server", "app"]);
  });

  test("only what differs from the defaults is in the difference", async () => {
    const config = await loaded(
      `config.server.name = "mx.example.com"; config.server.virtual["x.example"] = #{}; config.server.esmtp.size = 20000000`,
    );
    expect(difference(config)).toEqual([
      { path: "config.server.name", default: os.hostname(), value: "mx.example.com" },
      { path: 'config.server.virtual["x.example"]', default: undefined, value: { tls: null, dns: null, dkim: null } },
    ]);
  });
});
