/*
 * trash: what a user expunges goes to the mailbox Trash first, and is gone only when it is expunged
 * there.
 *
 *     settings: #{ trash: "Trash" }
 *
 * The copies are made in a transaction of Trash's own beside the one that expunges. It is committed
 * first: when that fails, nothing is expunged. A mail that is moved is not lost either, so it makes
 * no copy.
 */
#include "lib.h"
#include "mail-storage-private.h"
#include "module-dir.h"

#define TRASH_USER(obj) MODULE_CONTEXT(obj, trash_user_module)
#define TRASH_BOX(obj) MODULE_CONTEXT_REQUIRE(obj, trash_storage_module)
#define TRASH_MAIL(obj) MODULE_CONTEXT_REQUIRE(obj, trash_mail_module)

struct trash_user {
    union mail_user_module_context module_ctx;
    const char *mailbox; /* vname of the Trash */
    struct mail *moving; /* copied by mailbox_move(), about to be expunged; NULL */
    bool keeping;        /* the copy under way is ours */
};

/* Of a transaction that may expunge. */
struct trash_transaction {
    union mailbox_transaction_module_context module_ctx;
    struct mailbox *trash; /* opened at the first expunge; NULL */
    struct mailbox_transaction_context *copies;
    bool failed;
};

const char *trash_plugin_version = DOVECOT_ABI_VERSION;

void trash_plugin_init(struct module *module);
void trash_plugin_deinit(void);

static MODULE_CONTEXT_DEFINE_INIT(trash_user_module, &mail_user_module_register);
static MODULE_CONTEXT_DEFINE_INIT(trash_storage_module, &mail_storage_module_register);
static MODULE_CONTEXT_DEFINE_INIT(trash_mail_module, &mail_module_register);

/* ---- The Trash ------------------------------------------------------------------------------------ */

static int trash_open(struct mailbox *box)
{
    if (mailbox_open(box) == 0)
        return 0;
    if (mailbox_get_last_mail_error(box) != MAIL_ERROR_NOTFOUND)
        return -1;
    return mailbox_create(box, NULL, FALSE) < 0 ? -1 : mailbox_open(box);
}

static int trash_begin(struct trash_transaction *tt, struct mail_user *user, const char *vname)
{
    struct mail_namespace *ns = mail_namespace_find(user->namespaces, vname);

    tt->trash = mailbox_alloc(ns->list, vname, 0);
    if (trash_open(tt->trash) < 0)
        return -1;
    tt->copies =
        mailbox_transaction_begin(tt->trash, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "trash plugin");
    return 0;
}

static int trash_copy(struct trash_transaction *tt, struct mail *mail)
{
    struct mail_save_context *ctx = mailbox_save_alloc(tt->copies);

    mailbox_save_copy_flags(ctx, mail);
    ctx->data.flags &= ~(enum mail_flags)MAIL_DELETED;
    return mailbox_copy(&ctx, mail);
}

static void trash_keep(struct trash_transaction *tt, struct trash_user *tuser, struct mail *mail)
{
    struct mail_storage *storage = mail->box->storage;

    tuser->keeping = TRUE;
    if (!tt->failed)
        tt->failed = (tt->trash == NULL && trash_begin(tt, storage->user, tuser->mailbox) < 0) ||
                     trash_copy(tt, mail) < 0;
    tuser->keeping = FALSE;
    if (tt->failed)
        mail_storage_copy_error(storage, tt->trash->storage);
}

/* Ends what trash_begin() began: 0, or -1 and the error in the Trash's storage. */
static int trash_end(struct trash_transaction *tt, bool commit)
{
    if (tt->copies == NULL)
        return tt->failed ? -1 : 0;
    if (commit && !tt->failed)
        return mailbox_transaction_commit(&tt->copies);
    mailbox_transaction_rollback(&tt->copies);
    return tt->failed ? -1 : 0;
}

static void trash_free(struct trash_transaction *tt)
{
    if (tt->trash != NULL)
        mailbox_free(&tt->trash);
    i_free(tt);
}

/* ---- Methods -------------------------------------------------------------------------------------- */

static void trash_mail_expunge(struct mail *mail)
{
    struct mail_private *pmail = (struct mail_private *)mail;
    union mail_module_context *tmail = TRASH_MAIL(pmail);
    struct trash_user *tuser = TRASH_USER(mail->box->storage->user);

    if (tuser->moving != mail)
        trash_keep(TRASH_BOX(mail->transaction), tuser, mail);
    tuser->moving = NULL;
    tmail->super.expunge(mail);
}

static int trash_mailbox_copy(struct mail_save_context *ctx, struct mail *mail)
{
    union mailbox_module_context *tbox = TRASH_BOX(ctx->transaction->box);
    struct trash_user *tuser = TRASH_USER(mail->box->storage->user);
    bool moving = ctx->moving;
    int ret;

    /* For quota, which comes after us: the mail changes its place, it is not one more. */
    if (tuser != NULL && tuser->keeping)
        ctx->moving = TRUE;
    ret = tbox->super.copy(ctx, mail);
    ctx->moving = moving;
    /* The mail may be another user's, whose it is to keep it or not. */
    if (tuser != NULL)
        tuser->moving = ret == 0 && moving ? mail : NULL;
    return ret;
}

static struct mailbox_transaction_context *
trash_transaction_begin(struct mailbox *box, enum mailbox_transaction_flags flags,
                        const char *reason)
{
    union mailbox_module_context *tbox = TRASH_BOX(box);
    struct mailbox_transaction_context *t = tbox->super.transaction_begin(box, flags, reason);
    struct trash_transaction *tt = i_new(struct trash_transaction, 1);

    MODULE_CONTEXT_SET(t, trash_storage_module, tt);
    return t;
}

static int trash_transaction_commit(struct mailbox_transaction_context *t,
                                    struct mail_transaction_commit_changes *changes_r)
{
    struct mailbox *box = t->box;
    union mailbox_module_context *tbox = TRASH_BOX(box);
    struct trash_transaction *tt = TRASH_BOX(t);
    int ret;

    if (trash_end(tt, TRUE) == 0) {
        ret = tbox->super.transaction_commit(t, changes_r);
    } else {
        tbox->super.transaction_rollback(t);
        mail_storage_copy_error(box->storage, tt->trash->storage);
        ret = -1;
    }
    trash_free(tt);
    return ret;
}

static void trash_transaction_rollback(struct mailbox_transaction_context *t)
{
    union mailbox_module_context *tbox = TRASH_BOX(t->box);
    struct trash_transaction *tt = TRASH_BOX(t);

    (void)trash_end(tt, FALSE);
    tbox->super.transaction_rollback(t);
    trash_free(tt);
}

/* ---- Hooks ---------------------------------------------------------------------------------------- */

static void trash_mail_user_created(struct mail_user *user)
{
    const char *mailbox = mail_user_plugin_getenv(user, "trash");
    struct trash_user *tuser;

    if (mailbox == NULL || *mailbox == '\0' || user->autocreated)
        return;
    tuser = p_new(user->pool, struct trash_user, 1);
    tuser->mailbox = p_strdup(user->pool, mailbox);
    MODULE_CONTEXT_SET(user, trash_user_module, tuser);
}

static void trash_mailbox_allocated(struct mailbox *box)
{
    struct mailbox_vfuncs *v = box->vlast;
    union mailbox_module_context *tbox;

    if (TRASH_USER(box->storage->user) == NULL)
        return;
    tbox = p_new(box->pool, union mailbox_module_context, 1);
    tbox->super = *v;
    box->vlast = &tbox->super;
    v->copy = trash_mailbox_copy;
    v->transaction_begin = trash_transaction_begin;
    v->transaction_commit = trash_transaction_commit;
    v->transaction_rollback = trash_transaction_rollback;
    MODULE_CONTEXT_SET_SELF(box, trash_storage_module, tbox);
}

static void trash_mail_allocated(struct mail *mail)
{
    struct mail_private *pmail = (struct mail_private *)mail;
    struct trash_user *tuser = TRASH_USER(mail->box->storage->user);
    struct mail_vfuncs *v = pmail->vlast;
    union mail_module_context *tmail;

    if (tuser == NULL || strcmp(mailbox_get_vname(mail->box), tuser->mailbox) == 0)
        return;
    tmail = p_new(pmail->pool, union mail_module_context, 1);
    tmail->super = *v;
    pmail->vlast = &tmail->super;
    v->expunge = trash_mail_expunge;
    MODULE_CONTEXT_SET_SELF(pmail, trash_mail_module, tmail);
}

static struct mail_storage_hooks trash_hooks = {
    .mail_user_created = trash_mail_user_created,
    .mailbox_allocated = trash_mailbox_allocated,
    .mail_allocated = trash_mail_allocated,
};

void trash_plugin_init(struct module *module)
{
    mail_storage_hooks_add(module, &trash_hooks);
}

void trash_plugin_deinit(void)
{
    mail_storage_hooks_remove(&trash_hooks);
}
