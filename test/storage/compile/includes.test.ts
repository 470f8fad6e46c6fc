/** The ways in which plugins for Dovecot find their headers. */

import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeNew } from "../../fixtures/compile.ts";
import { root } from "../../native/compile.ts";
import { compilersHere, dovecot, messages, usual } from "./compiling.ts";

const include = join(root, "native/include");

/** Uses something of most of them. */
const body = `
extern const char *probe_plugin_version;
const char *probe_plugin_version = DOVECOT_ABI_VERSION;
void probe_plugin_init(struct module *module);
void probe_plugin_init(struct module *module)
{
  (void)module;
  i_debug("%s", t_strdup_printf("%s", DOVECOT_VERSION_FULL));
}
`;

const ways: readonly (readonly [string, readonly string[], string])[] = [
  ["<lib.h>", [`-I${dovecot}`], "#include <lib.h>\n#include <mail-storage-private.h>\n#include <module-dir.h>"],
  ['"lib.h"', [`-I${dovecot}`], '#include "lib.h"\n#include "mail-storage-private.h"\n#include "module-dir.h"'],
  [
    '"dovecot/lib.h"',
    [`-I${include}`],
    '#include "dovecot/lib.h"\n#include "dovecot/mail-storage-private.h"\n#include "dovecot/module-dir.h"',
  ],
  [
    "<dovecot/config.h> first",
    [`-I${include}`, `-I${dovecot}`],
    "#include <dovecot/config.h>\n#include <lib.h>\n#include <mail-storage-private.h>",
  ],
  [
    '"config.h" where HAVE_CONFIG_H says so',
    [`-I${dovecot}`, "-DHAVE_CONFIG_H"],
    '#ifdef HAVE_CONFIG_H\n#include "config.h"\n#endif\n#include "lib.h"\n#include "mail-storage-private.h"',
  ],
  [
    "an old Makefile's list of folders, of which most are not there",
    ["", "/src", "/src/lib", "/src/lib-storage", "/src/lib-mail", "/src/lib-imap", "/src/lib-index"]
      .map((folder) => `-I${dovecot}${folder}`)
      .concat("-DHAVE_CONFIG_H"),
    '#include "config.h"\n#include "lib.h"\n#include "mail-storage-private.h"',
  ],
  [
    "mail-storage-private.h, which brings hooks, contexts, users and lists",
    [`-I${dovecot}`],
    '#include "lib.h"\n#include "mail-storage-private.h"\nstatic MODULE_CONTEXT_DEFINE_INIT(probe_module, &mail_user_module_register);\nvoid probe(struct mail_user *user, const struct mail_storage_hooks *hooks);\nvoid probe(struct mail_user *user, const struct mail_storage_hooks *hooks)\n{\n  i_assert(MODULE_CONTEXT(user, probe_module) == NULL && user->namespaces->list != NULL);\n  mail_storage_hooks_add(NULL, hooks);\n}',
  ],
];

const numbers = `
#include "lib.h"
#if DOVECOT_VERSION_MAJOR != 2 || DOVECOT_VERSION_MINOR != 3 || DOVECOT_VERSION_MICRO < 19
#error "another Dovecot"
#endif
#if !DOVECOT_PREREQ(2, 3) || !DOVECOT_PREREQ(2, 3, 18) || !DOVECOT_PREREQ(1, 9, 99) || !DOVECOT_PREREQ(2, 2)
#error "an older one is enough"
#endif
#if DOVECOT_PREREQ(2, 4) || DOVECOT_PREREQ(2, 4, 0) || DOVECOT_PREREQ(3, 0) || DOVECOT_PREREQ(2, 3, 200)
#error "a newer one is asked for"
#endif
int probe(int n);
int probe(int n) { return DOVECOT_PREREQ(2, 3) && n > 0; }
`;

describe.each(compilersHere)("%s", (compiler) => {
  it.each(ways)("takes %s", (_, flags, includes) => {
    expect(messages(compiler, ["-fPIC", ...usual, ...flags], `${includes}\n${body}`)).toBe("");
  });

  it("answers DOVECOT_PREREQ with two numbers and with three", () => {
    expect(messages(compiler, [...usual, `-I${dovecot}`], numbers)).toBe("");
  });

  it("lets a plugin have a config.h of its own, before and after lib.h", () => {
    const own = writeNew("config.h", '#define HAVE_UNISTD_H 1\n#define PACKAGE "probe"\n#define VERSION "1.0"\n');
    const flags = [...usual, `-I${dirname(own)}`, `-I${dovecot}`, "-DHAVE_CONFIG_H"];
    expect(messages(compiler, flags, `#include "config.h"\n#include "lib.h"\n#include "module-dir.h"\n${body}`)).toBe(
      "",
    );
    expect(messages(compiler, flags, `#include "lib.h"\n#include "config.h"\n#include "module-dir.h"\n${body}`)).toBe(
      "",
    );
  });
});
