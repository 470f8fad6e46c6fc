/** What Dovecot's page on mail plugins prints, put where it belongs in a plugin and else unchanged. */

import { describe, expect, it } from "vitest";
import { dovecot, everyWay, messages, usual } from "./compiling.ts";

const head = `
#include "lib.h"
#include "mail-storage-private.h"
static struct mailbox_transaction_context *
plugin_transaction_begin(struct mailbox *box, enum mailbox_transaction_flags flags, const char *reason);
`;

/** A method that continues as \`begin\` says. */
const tail = (begin: string) => `
static struct mailbox_transaction_context *
plugin_transaction_begin(struct mailbox *box, enum mailbox_transaction_flags flags, const char *reason)
{
  return ${begin}(box, flags, reason);
}
extern const struct mail_storage_hooks plugin_hooks;
const struct mail_storage_hooks plugin_hooks = { .mailbox_allocated = plugin_mailbox_allocated };
`;

const register = `
static MODULE_CONTEXT_DEFINE_INIT(plugin_storage_module,
                                  &mail_storage_module_register);
`;

const external = `
extern MODULE_CONTEXT_DEFINE(plugin_storage_module,
                             &mail_storage_module_register);
struct plugin_storage_module plugin_storage_module =
        MODULE_CONTEXT_INIT(&mail_storage_module_register);
`;

const inUnion = `
union mailbox_module_context *mbox;
struct mailbox_vfuncs *v = box->vlast;

mbox = p_new(box->pool, union mailbox_module_context, 1);
mbox->super = *v;
box->vlast = &mbox->super;

v->transaction_begin = plugin_transaction_begin;
MODULE_CONTEXT_SET_SELF(box, plugin_storage_module, mbox);
`;

const structure = `
struct plugin_mailbox {
        /* must be called module_ctx */
        union mailbox_module_context module_ctx;
};
`;

const inStructure = `
struct plugin_mailbox *mbox;
struct mailbox_vfuncs *v = box->vlast;

mbox = p_new(box->pool, struct plugin_mailbox, 1);
mbox->module_ctx.super = *v;
box->vlast = &mbox->super;

v->transaction_begin = plugin_transaction_begin;
MODULE_CONTEXT_SET(box, plugin_storage_module, mbox);
`;

const lookup = `
#define PLUGIN_CONTEXT(obj) \\
        MODULE_CONTEXT(obj, plugin_storage_module)
`;

const found = `
struct plugin_mailbox *mbox = PLUGIN_CONTEXT(box);
`;

const hook = (body: string) => `static void plugin_mailbox_allocated(struct mailbox *box)\n{${body}}\n`;
const begin = (context: string, call: string) => tail(call).replace("{\n", `{\n${context}`);

const direct = [
  head,
  "static struct mailbox_transaction_context *(*previous)(struct mailbox *, enum mailbox_transaction_flags, const char *);",
  hook("previous = box->v.transaction_begin;\nbox->v.transaction_begin = plugin_transaction_begin;"),
  tail("previous"),
].join("\n");

const withUnion = (registered: string) =>
  [
    head,
    registered,
    hook(inUnion),
    begin(
      "union mailbox_module_context *mbox = MODULE_CONTEXT(box, plugin_storage_module);",
      "mbox->super.transaction_begin",
    ),
  ].join("\n");

const withStructure = (own: string, include = "") =>
  [
    head,
    include,
    register,
    structure,
    lookup,
    hook(own),
    begin(found, "mbox->module_ctx.super.transaction_begin"),
  ].join("\n");

const fragments: readonly (readonly [string, string])[] = [
  ["writes a method straight into the object", direct],
  ["registers a static module, and overrides with a union", withUnion(register)],
  ["registers a module for all its files", withUnion(external)],
  [
    "overrides with a struct, as it has to be written",
    withStructure(inStructure.replace("->super;", "->module_ctx.super;")),
  ],
  ["overrides with a struct, as it is printed", withStructure(inStructure, '#include "seed-verbatim.h"')],
];

const flags = (standard: string) => [`-std=${standard}`, ...usual, "-Wpedantic", `-I${dovecot}`];

describe.each(everyWay)("%s -std=%s", (compiler, standard) => {
  it.each(fragments)("%s", (_, source) => {
    expect(messages(compiler, flags(standard), source)).toBe("");
  });

  it("refuses the struct as it is printed, without seed-verbatim.h", () => {
    expect(messages(compiler, flags(standard), withStructure(inStructure))).toMatch(/no member named .super./);
  });
});
