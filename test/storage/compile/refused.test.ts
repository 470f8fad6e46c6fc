/** What is wrong about contexts and objects does not compile, with any compiler that is here. */

import { describe, expect, it } from "vitest";
import { compilersHere, dovecot, messages, usual } from "./compiling.ts";

const head = `
#include "lib.h"
#include "array.h"
#include "hash.h"
#include "llist.h"
#include "mail-storage-private.h"
#include "mail-user.h"

struct my_user { union mail_user_module_context module_ctx; };
struct my_list { union mailbox_list_module_context module_ctx; };
struct my_box { union mailbox_module_context module_ctx; };
struct my_trans { union mailbox_transaction_module_context module_ctx; };
struct my_mail { union mail_module_context module_ctx; };
struct no_context { int number; };

static MODULE_CONTEXT_DEFINE_INIT(user_module, &mail_user_module_register);
static MODULE_CONTEXT_DEFINE_INIT(list_module, &mailbox_list_module_register);
static MODULE_CONTEXT_DEFINE_INIT(storage_module, &mail_storage_module_register);
static MODULE_CONTEXT_DEFINE_INIT(mail_module, &mail_module_register);

void probe(struct mail_user *user, struct mailbox_list *list, struct mail_storage *storage, struct mailbox *box,
           struct mailbox_transaction_context *t, struct mail *mail, struct mail_private *pmail,
           struct my_user *muser, struct my_list *mlist, struct my_box *mbox, struct my_trans *mt,
           struct my_mail *mmail, struct no_context *none, ARRAY_TYPE(seq_range) *uids);
void probe(struct mail_user *user, struct mailbox_list *list, struct mail_storage *storage, struct mailbox *box,
           struct mailbox_transaction_context *t, struct mail *mail, struct mail_private *pmail,
           struct my_user *muser, struct my_list *mlist, struct my_box *mbox, struct my_trans *mt,
           struct my_mail *mmail, struct no_context *none, ARRAY_TYPE(seq_range) *uids)
{
`;

/** To be used: a pair of what is right and what is wrong about it. */
const pairs: readonly (readonly [what: string, right: string, wrong: string])[] = [
  [
    "a user's register for a mailbox",
    "MODULE_CONTEXT_SET(box, storage_module, mbox);",
    "MODULE_CONTEXT_SET(box, user_module, mbox);",
  ],
  [
    "a mailbox's register for a user",
    "MODULE_CONTEXT_SET(user, user_module, muser);",
    "MODULE_CONTEXT_SET(user, storage_module, muser);",
  ],
  [
    "a storage's register for a list",
    "MODULE_CONTEXT_SET(list, list_module, mlist);",
    "MODULE_CONTEXT_SET(list, storage_module, mlist);",
  ],
  [
    "a storage's register for a mail",
    "MODULE_CONTEXT_SET(pmail, mail_module, mmail);",
    "MODULE_CONTEXT_SET(pmail, storage_module, mmail);",
  ],
  [
    "a lookup with a wrong register",
    "mbox = MODULE_CONTEXT(box, storage_module);",
    "mbox = MODULE_CONTEXT(box, mail_module);",
  ],
  [
    "a required lookup with a wrong register",
    "mmail = MODULE_CONTEXT_REQUIRE(pmail, mail_module);",
    "mmail = MODULE_CONTEXT_REQUIRE(pmail, user_module);",
  ],
  [
    "an unset with a wrong register",
    "MODULE_CONTEXT_UNSET(t, storage_module);",
    "MODULE_CONTEXT_UNSET(t, list_module);",
  ],
  [
    "a mailbox's context for a transaction",
    "MODULE_CONTEXT_SET(t, storage_module, mt);",
    "MODULE_CONTEXT_SET(t, storage_module, mbox);",
  ],
  [
    "a transaction's context for a mailbox",
    "MODULE_CONTEXT_SET(box, storage_module, mbox);",
    "MODULE_CONTEXT_SET(box, storage_module, mt);",
  ],
  [
    "a mailbox's union for a storage",
    "MODULE_CONTEXT_SET_SELF(storage, storage_module, (union mail_storage_module_context *)NULL);",
    "MODULE_CONTEXT_SET_SELF(storage, storage_module, (union mailbox_module_context *)NULL);",
  ],
  [
    "a bare union where a struct belongs",
    "MODULE_CONTEXT_SET_SELF(t, storage_module, &mt->module_ctx);",
    "MODULE_CONTEXT_SET(t, storage_module, &mt->module_ctx);",
  ],
  [
    "a struct where a union belongs",
    "MODULE_CONTEXT_SET(box, storage_module, mbox);",
    "MODULE_CONTEXT_SET_SELF(box, storage_module, mbox);",
  ],
  [
    "a context without module_ctx",
    "MODULE_CONTEXT_SET(user, user_module, muser);",
    "MODULE_CONTEXT_SET(user, user_module, none);",
  ],
  [
    "a struct mail, which is a struct mail_private inside",
    "mmail = MODULE_CONTEXT(pmail, mail_module);",
    "mmail = MODULE_CONTEXT(mail, mail_module);",
  ],
  [
    "an object without contexts",
    "muser = MODULE_CONTEXT(user, user_module);",
    "muser = MODULE_CONTEXT(user->namespaces, user_module);",
  ],
  ["a method that there is not", "box->v.save_begin = NULL;", "box->v.save_start = NULL;"],
  [
    "a hook that there is not",
    "struct mail_storage_hooks hooks = { .mailbox_opened = NULL }; (void)hooks;",
    "struct mail_storage_hooks hooks = { .mailbox_closed = NULL }; (void)hooks;",
  ],
  [
    "a method of another kind",
    "box->vlast = &mbox->module_ctx.super;",
    "struct mailbox_vfuncs *v = user->vlast; (void)v;",
  ],
  [
    "a number in an array of ranges",
    "struct seq_range range = {1, 2}; array_push_back(uids, &range);",
    "uint32_t uid = 1; array_push_back(uids, &uid);",
  ],
  [
    "a wrong type of p_new",
    "mbox = p_new(box->pool, struct my_box, 1);",
    "mbox = p_new(box->pool, struct my_mail, 1);",
  ],
  [
    "an event where a user belongs",
    'e_info(user->event, "%s", user->username);',
    'e_info(user, "%s", user->username);',
  ],
  ["a wrong argument for a format", 'i_error("%u", mail->uid);', 'i_error("%s", mail->uid);'],
];

/** Warnings about types are errors, as for everyone who wants to find such mistakes. */
const flags = [
  "-std=gnu11",
  ...usual,
  "-Wno-unused-parameter",
  "-Wno-unused-variable",
  "-Wno-unused-but-set-parameter",
  "-Werror",
  `-I${dovecot}`,
];
const source = (statement: string) => `${head}  ${statement}\n}\n`;

describe.each(compilersHere)("%s", (compiler) => {
  it.each(pairs)("refuses %s", (_, right, wrong) => {
    expect(messages(compiler, flags, source(right))).toBe("");
    expect(messages(compiler, flags, source(wrong))).toMatch(/^failed:\n(.*\n)*.*error/);
  });

  it("refuses a wrong register whatever warnings are asked for, also in strict C", () => {
    for (const standard of ["c11", "c17", "gnu17"]) {
      const plain = [`-std=${standard}`, "-w", `-I${dovecot}`];
      expect(messages(compiler, plain, source("MODULE_CONTEXT_SET(box, user_module, mbox);"))).toContain("error");
      expect(messages(compiler, plain, source("MODULE_CONTEXT_SET(box, storage_module, mt);"))).toContain("error");
      expect(messages(compiler, plain, source("MODULE_CONTEXT_SET(box, storage_module, mbox);"))).toBe("");
    }
  });
});
