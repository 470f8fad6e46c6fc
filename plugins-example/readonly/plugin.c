/*
 * readonly: mailboxes of some namespaces can be read and not changed.
 *
 *     settings: #{ readonly: "Archive/ Public/" }
 *
 * Everything that would change such a mailbox fails with "Permission denied". Saves and copies say so
 * at once. A change of flags or an expunge cannot: their methods return nothing. So the transaction
 * remembers that it was refused, and its commit fails.
 */
#include "lib.h"
#include "mail-storage-private.h"
#include "module-dir.h"

#define READONLY_USER(obj) MODULE_CONTEXT(obj, readonly_user_module)
#define READONLY_BOX(obj) MODULE_CONTEXT_REQUIRE(obj, readonly_storage_module)
#define READONLY_MAIL(obj) MODULE_CONTEXT_REQUIRE(obj, readonly_mail_module)

/* Of a user whose settings name namespaces. */
struct readonly_user {
    union mail_user_module_context module_ctx;
    const char *const *prefixes;
};

/* Of a transaction in a mailbox that may not be changed. */
struct readonly_transaction {
    union mailbox_transaction_module_context module_ctx;
    bool refused;
};

const char *readonly_plugin_version = DOVECOT_ABI_VERSION;

void readonly_plugin_init(struct module *module);
void readonly_plugin_deinit(void);

static MODULE_CONTEXT_DEFINE_INIT(readonly_user_module, &mail_user_module_register);
static MODULE_CONTEXT_DEFINE_INIT(readonly_storage_module, &mail_storage_module_register);
static MODULE_CONTEXT_DEFINE_INIT(readonly_mail_module, &mail_module_register);

static bool is_protected(struct mailbox *box)
{
    struct mail_namespace *ns = mailbox_get_namespace(box);
    struct readonly_user *ruser = READONLY_USER(ns->user);

    return ruser != NULL && str_array_find(ruser->prefixes, ns->prefix);
}

static int refuse(struct mailbox *box)
{
    mail_storage_set_error(box->storage, MAIL_ERROR_PERM, MAIL_ERRSTR_NO_PERMISSION);
    return -1;
}

/* ---- Changes of the mailbox itself, and new mails ---------------------------------------------- */

static bool readonly_is_readonly(struct mailbox *box ATTR_UNUSED)
{
    return TRUE;
}

static int readonly_create_box(struct mailbox *box, const struct mailbox_update *update ATTR_UNUSED,
                               bool directory ATTR_UNUSED)
{
    return refuse(box);
}

static int readonly_update_box(struct mailbox *box, const struct mailbox_update *update ATTR_UNUSED)
{
    return refuse(box);
}

static int readonly_delete_box(struct mailbox *box)
{
    return refuse(box);
}

/* The method is the source's, but it is the destination that may not get a new mailbox. */
static int readonly_rename_box(struct mailbox *src, struct mailbox *dest)
{
    union mailbox_module_context *rbox = READONLY_BOX(src);

    if (is_protected(src) || is_protected(dest))
        return refuse(src);
    return rbox->super.rename_box(src, dest);
}

static int readonly_attribute_set(struct mailbox_transaction_context *t,
                                  enum mail_attribute_type type ATTR_UNUSED,
                                  const char *key ATTR_UNUSED,
                                  const struct mail_attribute_value *value ATTR_UNUSED)
{
    return refuse(t->box);
}

static int readonly_save_begin(struct mail_save_context *ctx, struct istream *input ATTR_UNUSED)
{
    return refuse(ctx->transaction->box);
}

static int readonly_copy(struct mail_save_context *ctx, struct mail *mail ATTR_UNUSED)
{
    return refuse(ctx->transaction->box);
}

/* ---- Changes of mails: remembered, and refused at the commit ------------------------------------ */

static struct mailbox_transaction_context *
readonly_transaction_begin(struct mailbox *box, enum mailbox_transaction_flags flags,
                           const char *reason)
{
    union mailbox_module_context *rbox = READONLY_BOX(box);
    struct mailbox_transaction_context *t = rbox->super.transaction_begin(box, flags, reason);
    struct readonly_transaction *rt = i_new(struct readonly_transaction, 1);

    MODULE_CONTEXT_SET(t, readonly_storage_module, rt);
    return t;
}

static int readonly_transaction_commit(struct mailbox_transaction_context *t,
                                       struct mail_transaction_commit_changes *changes_r)
{
    union mailbox_module_context *rbox = READONLY_BOX(t->box);
    struct readonly_transaction *rt = READONLY_BOX(t);
    struct mailbox *box = t->box;
    bool refused = rt->refused;

    i_free(rt);
    if (!refused)
        return rbox->super.transaction_commit(t, changes_r);
    rbox->super.transaction_rollback(t);
    return refuse(box);
}

static void readonly_transaction_rollback(struct mailbox_transaction_context *t)
{
    union mailbox_module_context *rbox = READONLY_BOX(t->box);
    struct readonly_transaction *rt = READONLY_BOX(t);

    i_free(rt);
    rbox->super.transaction_rollback(t);
}

static void refuse_change(struct mail *mail)
{
    struct readonly_transaction *rt = READONLY_BOX(mail->transaction);

    rt->refused = TRUE;
}

static void readonly_update_flags(struct mail *mail, enum modify_type modify_type ATTR_UNUSED,
                                  enum mail_flags flags ATTR_UNUSED)
{
    refuse_change(mail);
}

static void readonly_update_keywords(struct mail *mail, enum modify_type modify_type ATTR_UNUSED,
                                     struct mail_keywords *keywords ATTR_UNUSED)
{
    refuse_change(mail);
}

static void readonly_expunge(struct mail *mail)
{
    refuse_change(mail);
}

/* ---- Hooks --------------------------------------------------------------------------------------- */

static void readonly_mail_user_created(struct mail_user *user)
{
    const char *prefixes = mail_user_plugin_getenv(user, "readonly");
    struct readonly_user *ruser;

    if (prefixes == NULL)
        return;
    ruser = p_new(user->pool, struct readonly_user, 1);
    ruser->prefixes = (const char *const *)p_strsplit_spaces(user->pool, prefixes, " ");
    MODULE_CONTEXT_SET(user, readonly_user_module, ruser);
}

static void protect(struct mailbox_vfuncs *v)
{
    v->is_readonly = readonly_is_readonly;
    v->create_box = readonly_create_box;
    v->update_box = readonly_update_box;
    v->delete_box = readonly_delete_box;
    v->attribute_set = readonly_attribute_set;
    v->save_begin = readonly_save_begin;
    v->copy = readonly_copy;
    v->transaction_begin = readonly_transaction_begin;
    v->transaction_commit = readonly_transaction_commit;
    v->transaction_rollback = readonly_transaction_rollback;
}

static void readonly_mailbox_allocated(struct mailbox *box)
{
    struct mailbox_vfuncs *v = box->vlast;
    union mailbox_module_context *rbox;

    if (READONLY_USER(mailbox_get_namespace(box)->user) == NULL)
        return;
    rbox = p_new(box->pool, union mailbox_module_context, 1);
    rbox->super = *v;
    box->vlast = &rbox->super;
    v->rename_box = readonly_rename_box;
    if (is_protected(box))
        protect(v);
    MODULE_CONTEXT_SET_SELF(box, readonly_storage_module, rbox);
}

static void readonly_mail_allocated(struct mail *mail)
{
    struct mail_private *pmail = (struct mail_private *)mail;
    struct mail_vfuncs *v = pmail->vlast;
    union mail_module_context *rmail;

    if (!is_protected(mail->box))
        return;
    rmail = p_new(pmail->pool, union mail_module_context, 1);
    rmail->super = *v;
    pmail->vlast = &rmail->super;
    v->update_flags = readonly_update_flags;
    v->update_keywords = readonly_update_keywords;
    v->expunge = readonly_expunge;
    MODULE_CONTEXT_SET_SELF(pmail, readonly_mail_module, rmail);
}

static struct mail_storage_hooks readonly_hooks = {
    .mail_user_created = readonly_mail_user_created,
    .mailbox_allocated = readonly_mailbox_allocated,
    .mail_allocated = readonly_mail_allocated,
};

void readonly_plugin_init(struct module *module)
{
    mail_storage_hooks_add(module, &readonly_hooks);
}

void readonly_plugin_deinit(void)
{
    mail_storage_hooks_remove(&readonly_hooks);
}
