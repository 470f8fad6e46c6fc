import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Config, loadConfig } from "../../src/config/index.ts";
import type { VsmtpError } from "../../src/errors.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(os.tmpdir(), "vsmtp-config-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(path: string, text: string): string {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** With these statements in on_config. */
async function load(statements: string): Promise<Config | VsmtpError[]> {
  return loadConfig(write("vsmtp.vsl", `fn on_config(config) { ${statements}; config }`));
}

async function loaded(statements: string): Promise<Config> {
  const config = await load(statements);
  if (Array.isArray(config)) throw new AggregateError(config, config.map((error) => error.message).join("\n"));
  return config;
}

async function problems(statements: string): Promise<readonly VsmtpError[]> {
  const config = await load(statements);
  expect(config).toBeInstanceOf(Array);
  return config as VsmtpError[];
}

test("a script that changes nothing gives the defaults", async () => {
  const { server, app } = await loaded("");
  expect(server).toMatchObject({
    name: os.hostname(),
    client_count_max: 16,
    message_size_limit: 10_000_000,
    interfaces: { addr: ["127.0.0.1:25"] },
    logs: { filename: "/var/log/vsmtp/vsmtp.log", level: ["warn"] },
    queues: { dirpath: "/var/spool/vsmtp" },
    smtp: { rcpt_count_max: 1000, greeting_delay: "100ms" },
  });
  expect(app).toMatchObject({
    dirpath: "/var/spool/vsmtp/app",
    vsl: { filter_path: null, domain_dir: null },
    plugins: { directory: join(directory, "plugins") },
  });
});

test("assigned fields change, their neighbours stay", async () => {
  const { server } = await loaded(`config.server.name = "mx.example.com"; config.server.smtp.rcpt_count_max = 5`);
  expect(server.name).toBe("mx.example.com");
  expect(server.smtp).toMatchObject({ rcpt_count_max: 5, greeting_delay: "100ms" });
});

test("a replaced section is filled with defaults again", async () => {
  const { server } = await loaded(`config.server = #{ interfaces: #{ addr: ["[::1]:0"] } }`);
  expect(server.interfaces.addr).toEqual(["[::1]:0"]);
  expect(server.smtp.rcpt_count_max).toBe(1000);
});

test("relative paths start at the directory of vsmtp.vsl", async () => {
  const { server, app } = await loaded(
    `config.server.queues.dirpath = "spool"; config.app.storage.location = "maildir:mail/%d/%n"`,
  );
  expect(server.queues.dirpath).toBe(join(directory, "spool"));
  expect(app.storage.location).toBe(`maildir:${join(directory, "mail")}/%d/%n`);
});

test("filter.vsl beside vsmtp.vsl is the root filter", async () => {
  const beside = write("filter.vsl", "#{}");
  expect((await loaded("")).app.vsl.filter_path).toBe(beside);
});

test("a named filter wins over filter.vsl", async () => {
  write("filter.vsl", "#{}");
  const config = await loaded(`config.app.vsl.filter_path = "other.vsl"`);
  expect(config.app.vsl.filter_path).toBe(join(directory, "other.vsl"));
});

test("the script may import another from the directory of vsmtp.vsl", async () => {
  write("conf.d/config.vsl", `fn on_config(config) { config.server.name = "imported.example"; config }`);
  const file = write("vsmtp.vsl", `import "conf.d/config" as cfg; fn on_config(config) { cfg::on_config(config) }`);
  expect(await loadConfig(file)).toMatchObject({ server: { name: "imported.example" } });
});

test("env, hostname and user_exist tell about the machine", async () => {
  process.env.VSMTP_TEST_NAME = "from-env.example";
  const { server } = await loaded(`
    if user_exist("root") && !user_exist("no-such-user") && hostname() == "${os.hostname()}" && env("NO_SUCH") == () {
      config.server.name = env("VSMTP_TEST_NAME");
    }`);
  expect(server.name).toBe("from-env.example");
});

test("unknown keys are refused with their path and the known ones", async () => {
  const found = await problems(`config.server.nmae = "x"; config.app.vsl.filter = "y"`);
  expect(found.map((error) => error.code)).toEqual(["CONFIG_UNKNOWN_KEY", "CONFIG_UNKNOWN_KEY"]);
  expect(found[0]?.message).toContain("config.server.nmae");
  expect(found[0]?.fix).toContain("client_count_max");
  expect(found[1]?.fix).toContain("filter_path");
});

test.each([
  [`config.server.name = 5`, "config.server.name", "a string", "5"],
  [`config.server.client_count_max = "many"`, "config.server.client_count_max", "a whole number", '"many"'],
  [`config.server.client_count_max = -2`, "config.server.client_count_max", "-1 or more", "-2"],
  [`config.server.message_size_limit = 0`, "config.server.message_size_limit", "1 or more", "0"],
  [`config.server.smtp.greeting_delay = "soon"`, "config.server.smtp.greeting_delay", "a duration", '"soon"'],
  [`config.server.interfaces.addr = ["here:25"]`, "config.server.interfaces.addr[0]", "an address", '"here:25"'],
  [`config.server.interfaces.addr = "127.0.0.1:25"`, "config.server.interfaces.addr", "an array", '"127.0.0.1:25"'],
  [`config.server.interfaces = #{}`, "config.server.interfaces", "at least one address", "a map"],
  [`config.server.logs.level = ["loud"]`, "config.server.logs.level[0]", "a level", '"loud"'],
  [`config.app.storage.location = "mbox:/x"`, "config.app.storage.location", "maildir:PATH", '"mbox:/x"'],
  [`config.app.storage.location = "maildir:/x/%t"`, "config.app.storage.location", "%d and %h", '"maildir:/x/%t"'],
  [`config.server.queues = ()`, "config.server.queues", "a map", "()"],
])("%s is refused", async (statement, path, expected, got) => {
  const [error, ...more] = await problems(statement);
  expect(more).toEqual([]);
  expect(error?.code).toBe("CONFIG_INVALID");
  expect(error?.message).toContain(path);
  expect(error?.message).toContain(got);
  expect(error?.fix).toContain(expected);
});

test("every problem is told, not just the first", async () => {
  const found = await problems(`config.server.name = 1; config.server.smtp.rcpt_count_max = 0; config.x = 1`);
  expect(found).toHaveLength(3);
});

test("a missing file is told with its path", async () => {
  const [error] = (await loadConfig(join(directory, "none.vsl"))) as VsmtpError[];
  expect(error?.code).toBe("CONFIG_NOT_FOUND");
  expect(error?.message).toContain(join(directory, "none.vsl"));
});

test("a script without on_config is told what to write", async () => {
  const [error] = (await loadConfig(write("vsmtp.vsl", "let x = 1;"))) as VsmtpError[];
  expect(error?.code).toBe("CONFIG_NO_ON_CONFIG");
});

test("on_config must return a map", async () => {
  const [error] = (await loadConfig(write("vsmtp.vsl", "fn on_config(config) { 5 }"))) as VsmtpError[];
  expect(error?.code).toBe("CONFIG_NOT_A_MAP");
  expect(error?.message).toContain("i64");
});

test("a configuration holds data, no functions", async () => {
  const [error] = await problems(`config.server.name = || 5`);
  expect(error?.code).toBe("CONFIG_NOT_DATA");
});

test("a syntax error is told with its place", async () => {
  const [error] = (await loadConfig(write("vsmtp.vsl", "fn on_config(config) {\n  config.;\n}"))) as VsmtpError[];
  expect(error?.place).toMatchObject({ file: join(directory, "vsmtp.vsl"), line: 2 });
});

test("an error while the script runs is told with its place", async () => {
  const file = write("vsmtp.vsl", "fn on_config(config) {\n  env(5);\n  config\n}");
  const [error] = (await loadConfig(file)) as VsmtpError[];
  expect(error?.place).toMatchObject({ file, line: 2 });
});
