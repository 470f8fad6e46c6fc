import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bind, caller } from "../../test/plugin/loaded.ts";

const vsmtp = fileURLToPath(new URL("../..", import.meta.url));
const build = mkdtempSync(join(tmpdir(), "vsmtp-hello-"));

let call: ReturnType<typeof caller>;

beforeAll(() => {
  // as a plugin outside vSMTP's sources is built
  execFileSync("cmake", ["-S", join(vsmtp, "plugins-example/hello"), "-B", build, `-DVSMTP_SDK=${vsmtp}`]);
  execFileSync("cmake", ["--build", build]);
  call = caller(bind(join(build, "libvsmtp-plugin-hello-1.0.0.so")));
});
afterAll(() => rmSync(build, { recursive: true }));

describe("greet", () => {
  it("greets", () => {
    expect(call("greet", "vSMTP")).toBe("Hello, vSMTP!");
    expect(call("greet", "Jürgen 😀")).toBe("Hello, Jürgen 😀!");
  });

  it("cannot greet nobody, nor a name that is too long", () => {
    expect(() => call("greet", "")).toThrow("greet of plugin hello: there is nobody to greet: the name is empty");
    expect(() => call("greet", "x".repeat(300))).toThrow("the name is too long to be greeted");
  });
});

describe("is_crowd", () => {
  it("compares", () => {
    expect([call("is_crowd", 3, 2), call("is_crowd", 2, 2)]).toEqual([true, false]);
  });

  it("takes what an int32_t holds, and nothing else", () => {
    expect(() => call("is_crowd", 2 ** 31, 2)).toThrow("must be -2147483648 to 2147483647");
    expect(() => call("is_crowd", "3", 2)).toThrow("the argument recipients must be an i64, not a string");
  });
});
