/*
 * quota: limits how many mails, and how many bytes of them, a user may keep.
 *
 *     settings: #{ quota_bytes: "1000000000", quota_mails: "100000" }
 *
 * A mail that would go over a limit is refused with "Not enough disk quota" while it is saved or
 * copied; moving one within the user's mailboxes is always allowed. What a transaction adds and
 * removes is counted in it, and goes to the books (usage.c) when it is committed.
 */
#include "lib.h"
#include "mail-storage-private.h"
#include "module-dir.h"
#include "usage.h"

#define QUOTA_USER(obj) MODULE_CONTEXT(obj, quota_user_module)
#define QUOTA_BOX(obj) MODULE_CONTEXT_REQUIRE(obj, quota_storage_module)
#define QUOTA_MAIL(obj) MODULE_CONTEXT_REQUIRE(obj, quota_mail_module)

/* Of a user who has limits. */
struct quota_user {
    union mail_user_module_context module_ctx;
    struct usage limits; /* 0: none */
};

struct quota_transaction {
    union mailbox_transaction_module_context module_ctx;
    struct usage change;
};

const char *quota_plugin_version = DOVECOT_ABI_VERSION;

void quota_plugin_init(struct module *module);
void quota_plugin_deinit(void);

static MODULE_CONTEXT_DEFINE_INIT(quota_user_module, &mail_user_module_register);
static MODULE_CONTEXT_DEFINE_INIT(quota_storage_module, &mail_storage_module_register);
static MODULE_CONTEXT_DEFINE_INIT(quota_mail_module, &mail_module_register);

/* ---- Counting ------------------------------------------------------------------------------------- */

static bool fits(int64_t limit, int64_t used, int64_t added)
{
    return limit == 0 || used + added <= limit;
}

static bool usage_fits(const struct usage *limits, const struct usage *used,
                       const struct usage *added)
{
    return fits(limits->bytes, used->bytes, added->bytes) &&
           fits(limits->mails, used->mails, added->mails);
}

/* Whether there is room for what a transaction adds. Old books are not believed when they say no. */
static int quota_check(struct mailbox *box, const struct usage *added)
{
    struct mail_user *user = box->storage->user;
    struct quota_user *quser = QUOTA_USER(user);
    struct usage used;

    if (usage_get(user, &quser->limits, &used) < 0 ||
        (!usage_fits(&quser->limits, &used, added) &&
         usage_recount_if_old(user, &quser->limits, &used) < 0)) {
        mail_storage_set_internal_error(box->storage);
        return -1;
    }
    if (usage_fits(&quser->limits, &used, added))
        return 0;
    mail_storage_set_error(box->storage, MAIL_ERROR_NOQUOTA, MAIL_ERRSTR_NO_QUOTA);
    return -1;
}

static struct usage quota_of(struct mail *mail)
{
    struct usage usage = {.mails = 1};
    uoff_t size;

    if (mail_get_physical_size(mail, &size) == 0)
        usage.bytes = (int64_t)size;
    return usage;
}

static struct usage sum(const struct usage *one, const struct usage *other)
{
    struct usage both = {one->bytes + other->bytes, one->mails + other->mails};

    return both;
}

/* ---- Methods -------------------------------------------------------------------------------------- */

/* Only now is it known how large the mail is. It stays part of the transaction, which whoever saves
   it rolls back when a save has failed. */
static int quota_save_finish(struct mail_save_context *ctx)
{
    struct mailbox_transaction_context *t = ctx->transaction;
    union mailbox_module_context *qbox = QUOTA_BOX(t->box);
    struct quota_transaction *qt = QUOTA_BOX(t);
    struct usage saved;

    if (qbox->super.save_finish(ctx) < 0)
        return -1;
    /* then it is quota_copy() that counts */
    if (ctx->copying_via_save)
        return 0;
    saved = quota_of(ctx->dest_mail);
    qt->change = sum(&qt->change, &saved);
    return quota_check(t->box, &qt->change);
}

static int quota_copy(struct mail_save_context *ctx, struct mail *mail)
{
    struct mailbox_transaction_context *t = ctx->transaction;
    union mailbox_module_context *qbox = QUOTA_BOX(t->box);
    struct quota_transaction *qt = QUOTA_BOX(t);
    struct usage copied = quota_of(mail), change = sum(&qt->change, &copied);

    if (!ctx->moving && quota_check(t->box, &change) < 0)
        return -1;
    if (qbox->super.copy(ctx, mail) < 0)
        return -1;
    qt->change = change;
    return 0;
}

static void quota_expunge(struct mail *mail)
{
    struct mail_private *pmail = (struct mail_private *)mail;
    union mail_module_context *qmail = QUOTA_MAIL(pmail);
    struct quota_transaction *qt = QUOTA_BOX(mail->transaction);
    struct usage expunged = quota_of(mail);

    qt->change.bytes -= expunged.bytes;
    qt->change.mails -= expunged.mails;
    qmail->super.expunge(mail);
}

static int quota_get_status(struct mailbox *box, enum mailbox_status_items items,
                            struct mailbox_status *status_r)
{
    static const struct usage one_more = {.bytes = 1, .mails = 1};
    union mailbox_module_context *qbox = QUOTA_BOX(box);

    if ((items & STATUS_CHECK_OVER_QUOTA) != 0 && quota_check(box, &one_more) < 0)
        return -1;
    return qbox->super.get_status(box, items, status_r);
}

static struct mailbox_transaction_context *
quota_transaction_begin(struct mailbox *box, enum mailbox_transaction_flags flags,
                        const char *reason)
{
    union mailbox_module_context *qbox = QUOTA_BOX(box);
    struct mailbox_transaction_context *t = qbox->super.transaction_begin(box, flags, reason);
    struct quota_transaction *qt = i_new(struct quota_transaction, 1);

    MODULE_CONTEXT_SET(t, quota_storage_module, qt);
    return t;
}

static int quota_transaction_commit(struct mailbox_transaction_context *t,
                                    struct mail_transaction_commit_changes *changes_r)
{
    struct mailbox *box = t->box;
    union mailbox_module_context *qbox = QUOTA_BOX(box);
    struct quota_transaction *qt = QUOTA_BOX(t);
    int ret = qbox->super.transaction_commit(t, changes_r);

    if (ret == 0 && (qt->change.bytes != 0 || qt->change.mails != 0))
        usage_add(box->storage->user, &qt->change);
    i_free(qt);
    return ret;
}

static void quota_transaction_rollback(struct mailbox_transaction_context *t)
{
    union mailbox_module_context *qbox = QUOTA_BOX(t->box);
    struct quota_transaction *qt = QUOTA_BOX(t);

    qbox->super.transaction_rollback(t);
    i_free(qt);
}

/* ---- Hooks ---------------------------------------------------------------------------------------- */

static int64_t limit_of(struct mail_user *user, const char *key)
{
    const char *text = mail_user_plugin_getenv(user, key);
    int64_t limit = 0;

    if (text != NULL && (str_to_int64(text, &limit) < 0 || limit < 0))
        user->error = p_strdup_printf(
            user->pool, "quota: the setting %s must be a number, not '%s'", key, text);
    return limit;
}

static void quota_mail_user_created(struct mail_user *user)
{
    struct usage limits = {limit_of(user, "quota_bytes"), limit_of(user, "quota_mails")};
    struct quota_user *quser;

    if ((limits.bytes == 0 && limits.mails == 0) || user->autocreated)
        return;
    quser = p_new(user->pool, struct quota_user, 1);
    quser->limits = limits;
    MODULE_CONTEXT_SET(user, quota_user_module, quser);
}

static bool is_limited(struct mailbox *box)
{
    struct mail_namespace *ns = mailbox_get_namespace(box);

    return QUOTA_USER(box->storage->user) != NULL && ns->type == MAIL_NAMESPACE_TYPE_PRIVATE &&
           (ns->flags & NAMESPACE_FLAG_NOQUOTA) == 0;
}

static void quota_mailbox_allocated(struct mailbox *box)
{
    struct mailbox_vfuncs *v = box->vlast;
    union mailbox_module_context *qbox;

    if (!is_limited(box))
        return;
    qbox = p_new(box->pool, union mailbox_module_context, 1);
    qbox->super = *v;
    box->vlast = &qbox->super;
    v->get_status = quota_get_status;
    v->transaction_begin = quota_transaction_begin;
    v->transaction_commit = quota_transaction_commit;
    v->transaction_rollback = quota_transaction_rollback;
    v->save_finish = quota_save_finish;
    v->copy = quota_copy;
    MODULE_CONTEXT_SET_SELF(box, quota_storage_module, qbox);
}

static void quota_mail_allocated(struct mail *mail)
{
    struct mail_private *pmail = (struct mail_private *)mail;
    struct mail_vfuncs *v = pmail->vlast;
    union mail_module_context *qmail;

    if (!is_limited(mail->box))
        return;
    qmail = p_new(pmail->pool, union mail_module_context, 1);
    qmail->super = *v;
    pmail->vlast = &qmail->super;
    v->expunge = quota_expunge;
    MODULE_CONTEXT_SET_SELF(pmail, quota_mail_module, qmail);
}

static struct mail_storage_hooks quota_hooks = {
    .mail_user_created = quota_mail_user_created,
    .mailbox_allocated = quota_mailbox_allocated,
    .mail_allocated = quota_mail_allocated,
};

void quota_plugin_init(struct module *module)
{
    mail_storage_hooks_add(module, &quota_hooks);
}

void quota_plugin_deinit(void)
{
    mail_storage_hooks_remove(&quota_hooks);
}
