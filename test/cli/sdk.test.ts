/** `vsmtp sdk` for storage plugins: what it prints makes compilers, autotools and pkg-config build one. */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { admitFile } from "../../src/plugin/index.ts";
import { canRun, cc, newFolder } from "../fixtures/compile.ts";
import { vsmtp } from "./vsmtp.ts";

function sdk(...options: string[]): string {
  const { status, stdout, stderr } = vsmtp(["sdk", ...options]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.trimEnd();
}

const source = (include: string) => `
  ${include}
  struct module;
  void probe_plugin_init(struct module *module);
  void probe_plugin_deinit(void);
  void probe_plugin_init(struct module *module) { (void)module; }
  void probe_plugin_deinit(void) { }
`;

/** Compiles the probe with a shell line in which `$CFLAGS` or the like may stand, and judges what comes out. */
function build(line: string, include = "#include <lib.h>"): string {
  const folder = newFolder();
  writeFileSync(join(folder, "probe.c"), source(include));
  execFileSync("/bin/sh", ["-ec", line], { cwd: folder, stdio: "pipe", env: { ...process.env, CC: cc() } });
  return admitFile(join(folder, "10_probe_plugin.so")).kind;
}

describe("--dovecot-cflags", () => {
  test.each([
    ["#include <lib.h>"],
    ['#include "lib.h"'],
    ['#include "dovecot/lib.h"'],
    ["#include <dovecot/config.h>\n#include <dovecot/lib.h>"],
    ['#ifdef HAVE_CONFIG_H\n#include "config.h"\n#endif\n#include "lib.h"'],
  ])("%s is found", (include) => {
    const line = `$CC -shared ${sdk("--dovecot-cflags")}`;
    expect(build(`${line} probe.c -o 10_probe_plugin.so`, include)).toBe("admitted");
    expect(build(`${line} -DHAVE_CONFIG_H probe.c -o 10_probe_plugin.so`, include)).toBe("admitted");
  });

  test("a Makefile that wants to know a directory only is told it", () => {
    const directory = sdk("--dovecot-include-dir");
    expect(build(`$CC -shared -fPIC -I${directory} -I/nonexistent/src/lib probe.c -o 10_probe_plugin.so`)).toBe(
      "admitted",
    );
  });
});

describe("--dovecot-config", () => {
  const config = sdk("--dovecot-config");

  test("it is named as configure looks for it", () => {
    expect(basename(config)).toBe("dovecot-config");
  });

  test("dovecot.m4 reads it: assignments in a line, without a comment or a continuation", () => {
    // What DC_DOVECOT does with the file.
    const read = `
      eval \`grep -i '^dovecot_[a-z_]*=' "${config}"\`
      eval \`grep '^LIBDOVECOT[A-Z0-9_]*=' "${config}"\``;
    const line = "$CC $DOVECOT_CFLAGS $LIBDOVECOT_INCLUDE $LIBDOVECOT_STORAGE_INCLUDE -shared probe.c";
    expect(build(`${read}\n${line} $LIBDOVECOT_STORAGE $LIBDOVECOT -o 10_probe_plugin.so`)).toBe("admitted");
    const print = `${read}\necho "$DOVECOT_INSTALLED|$dovecot_moduledir|$dovecot_pkgincludedir|$LIBDOVECOT$LIBDOVECOT_STORAGE"`;
    const [installed, modules, headers, libraries] = execFileSync("/bin/sh", ["-ec", print], { encoding: "utf8" })
      .trimEnd()
      .split("|");
    expect({ installed, modules, headers, libraries }).toEqual({
      installed: "yes",
      modules: "/etc/vsmtp/plugins",
      headers: sdk("--dovecot-include-dir"),
      libraries: "",
    });
  });

  test.runIf(canRun("pkg-config"))("pkg-config finds vsmtp-storage beside it", () => {
    const line = `export PKG_CONFIG_PATH="${dirname(config)}"\n$CC -shared $(pkg-config --cflags --libs vsmtp-storage) probe.c`;
    expect(build(`${line} -o 10_probe_plugin.so`)).toBe("admitted");
    const version = `PKG_CONFIG_PATH="${dirname(config)}" pkg-config --modversion vsmtp-storage`;
    expect(execFileSync("/bin/sh", ["-ec", version], { encoding: "utf8" }).trimEnd()).toBe(sdk("--version"));
  });
});

test("--json has all of it", () => {
  const all = JSON.parse(sdk("--json"));
  expect(all).toMatchObject({ "dovecot-cflags": sdk("--dovecot-cflags"), "dovecot-config": sdk("--dovecot-config") });
});
