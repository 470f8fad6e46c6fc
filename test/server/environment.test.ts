import { afterEach, beforeEach, expect, test } from "vitest";
import { forgetPaths } from "../../src/server/supervisor/environment.ts";

let before: NodeJS.ProcessEnv;

beforeEach(() => {
  before = { ...process.env };
});

afterEach(() => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, before);
});

test("variables that say where code comes from are gone, and programs are found where the system has them", () => {
  const names = ["LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "NODE_OPTIONS", "NODE_PATH", "OPENSSL_CONF", "TMPDIR"];
  for (const name of [...names, "PATH"]) process.env[name] = "/tmp/elsewhere";
  forgetPaths();
  for (const name of names) expect(process.env[name]).toBeUndefined();
  expect(process.env.PATH).not.toContain("/tmp");
});

test("variables that scripts may read stay", () => {
  process.env.VSMTP_DOMAIN = "example.com";
  forgetPaths();
  expect(process.env.VSMTP_DOMAIN).toBe("example.com");
});
