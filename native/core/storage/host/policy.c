/*
 * The `storage` stage of the rules as a module like a plugin's, outermost of all: it asks the host
 * before a mail is saved, copied, changed or expunged and before a mailbox is created, deleted or
 * renamed, once for each of them.
 *
 * Where a method cannot fail (flags, expunge), what was refused is not done, the transaction
 * remembers it, and its commit fails and undoes the rest. The core's own users and what it does by
 * itself (INBOX is made when a mail comes, a mailbox is emptied when it is deleted) are no business
 * of the rules.
 */
#include "host/policy.h"

#include "lib.h"

#include "istream.h"
#include "mail-storage-private.h"
#include "mail-user.h"

#include "host/ask.h"
#include "host/policy-marks.h"
#include "model/modules.h"

struct policy_mailbox {
    union mailbox_module_context module_ctx;
};

struct policy_mail {
    union mail_module_context module_ctx;
};

/* A transaction in which something was refused. */
struct policy_transaction {
    union mailbox_transaction_module_context module_ctx;
    enum mail_error error;
    char *text;
};

static MODULE_CONTEXT_DEFINE_INIT(policy_storage_module, &mail_storage_module_register);
static MODULE_CONTEXT_DEFINE_INIT(policy_mail_module, &mail_module_register);
#define POLICY_CONTEXT(obj) ((struct policy_mailbox *)MODULE_CONTEXT(obj, policy_storage_module))
#define POLICY_MAIL_CONTEXT(obj) ((struct policy_mail *)MODULE_CONTEXT(obj, policy_mail_module))
#define POLICY_TRANSACTION(obj) \
    ((struct policy_transaction *)MODULE_CONTEXT(obj, policy_storage_module))

static bool asking = TRUE;

void policy_ask(bool wanted)
{
    asking = wanted;
}

static struct mailbox_vfuncs *super_of(struct mailbox *box)
{
    return &POLICY_CONTEXT(box)->module_ctx.super;
}

/* Asks for something that can fail at once. */
static int permitted(const struct question *question)
{
    enum mail_error error;
    const char *text;

    if (ask(question, &error, &text) == 0)
        return 0;
    mail_storage_set_error(question->box->storage, error, text);
    return -1;
}

/* ---- Saving and copying ---------------------------------------------------------------------- */

static struct question question_of_save(const struct mail_save_context *ctx, const char *operation)
{
    return (struct question){.operation = operation,
                             .box = ctx->transaction->box,
                             .size = UOFF_T_MAX,
                             .marked = TRUE,
                             .flags = ctx->data.flags,
                             .keywords = marks_of_keywords(ctx->data.keywords)};
}

static int policy_save_begin(struct mail_save_context *ctx, struct istream *input)
{
    struct mailbox *box = ctx->transaction->box;

    /* a copy was asked for as a whole */
    if (!ctx->copying_or_moving) {
        struct question question = question_of_save(ctx, "save");

        if (i_stream_get_size(input, TRUE, &question.size) <= 0)
            question.size = UOFF_T_MAX;
        if (permitted(&question) < 0)
            return -1;
    }
    return super_of(box)->save_begin(ctx, input);
}

static int policy_copy(struct mail_save_context *ctx, struct mail *mail)
{
    struct mailbox *box = ctx->transaction->box;
    struct question question = question_of_save(ctx, ctx->saving ? "save" : "copy");

    if (!ctx->saving)
        question.source = mailbox_get_vname(mail->box);
    if (mail_get_physical_size(mail, &question.size) < 0)
        question.size = UOFF_T_MAX;
    if (permitted(&question) < 0)
        return -1;
    return super_of(box)->copy(ctx, mail);
}

/* ---- Changes of mails, which cannot fail at once --------------------------------------------- */

/* False: it is refused, which the transaction remembers. */
static bool permitted_in(struct mail *mail, const struct question *question)
{
    struct mailbox_transaction_context *t = mail->transaction;
    struct policy_transaction *refused = POLICY_TRANSACTION(t);
    enum mail_error error;
    const char *text;

    if (refused != NULL)
        return FALSE; /* nothing of it will be done */
    if (ask(question, &error, &text) == 0)
        return TRUE;
    refused = i_new(struct policy_transaction, 1);
    refused->error = error;
    refused->text = i_strdup(text);
    MODULE_CONTEXT_SET(t, policy_storage_module, refused);
    return FALSE;
}

static struct question question_of_mail(struct mail *mail, const char *operation)
{
    return (struct question){.operation = operation,
                             .box = mail->box,
                             .uid = mail->uid,
                             .size = UOFF_T_MAX,
                             .marked = TRUE,
                             .flags = mail_get_flags(mail),
                             .keywords = mail_get_keywords(mail)};
}

static void policy_update_flags(struct mail *mail, enum modify_type type, enum mail_flags flags)
{
    struct policy_mail *pmail = POLICY_MAIL_CONTEXT((struct mail_private *)mail);
    struct question question = question_of_mail(mail, "flags");
    enum mail_flags before = question.flags & MAIL_FLAGS_NONRECENT;

    question.flags = marks_after_flags(before, type, flags);
    if (mail->saving || question.flags == before || permitted_in(mail, &question))
        pmail->module_ctx.super.update_flags(mail, type, flags);
}

static void policy_update_keywords(struct mail *mail, enum modify_type type,
                                   struct mail_keywords *keywords)
{
    struct policy_mail *pmail = POLICY_MAIL_CONTEXT((struct mail_private *)mail);
    struct question question = question_of_mail(mail, "flags");
    const char *const *before = question.keywords;

    question.keywords = marks_after_keywords(before, type, marks_of_keywords(keywords));
    if (mail->saving || marks_equal(before, question.keywords) || permitted_in(mail, &question))
        pmail->module_ctx.super.update_keywords(mail, type, keywords);
}

static void policy_expunge(struct mail *mail)
{
    struct policy_mail *pmail = POLICY_MAIL_CONTEXT((struct mail_private *)mail);
    struct question question = question_of_mail(mail, "expunge");

    if (mail->saving || mail->box->deleting || permitted_in(mail, &question))
        pmail->module_ctx.super.expunge(mail);
}

static void forget_refusal(struct policy_transaction *refused)
{
    i_free(refused->text);
    i_free(refused);
}

static int policy_transaction_commit(struct mailbox_transaction_context *t,
                                     struct mail_transaction_commit_changes *changes)
{
    struct policy_transaction *refused = POLICY_TRANSACTION(t);
    struct mailbox *box = t->box;

    if (refused == NULL)
        return super_of(box)->transaction_commit(t, changes);
    super_of(box)->transaction_rollback(t);
    mail_storage_set_error(box->storage, refused->error, refused->text);
    forget_refusal(refused);
    return -1;
}

static void policy_transaction_rollback(struct mailbox_transaction_context *t)
{
    struct policy_transaction *refused = POLICY_TRANSACTION(t);

    super_of(t->box)->transaction_rollback(t);
    if (refused != NULL)
        forget_refusal(refused);
}

/* ---- Mailboxes ------------------------------------------------------------------------------- */

static int permitted_box(struct mailbox *box, const char *operation, const char *source)
{
    const struct question question = {
        .operation = operation, .box = box, .source = source, .size = UOFF_T_MAX};

    return permitted(&question);
}

static int policy_create_box(struct mailbox *box, const struct mailbox_update *update,
                             bool directory)
{
    if (!mailbox_is_autocreated(box) && permitted_box(box, "create", NULL) < 0)
        return -1;
    return super_of(box)->create_box(box, update, directory);
}

static int policy_delete_box(struct mailbox *box)
{
    return permitted_box(box, "delete", NULL) < 0 ? -1 : super_of(box)->delete_box(box);
}

static int policy_rename_box(struct mailbox *src, struct mailbox *dest)
{
    const struct question question = {
        .operation = "rename", .box = dest, .source = mailbox_get_vname(src), .size = UOFF_T_MAX};
    enum mail_error error;
    const char *text;

    if (ask(&question, &error, &text) == 0)
        return super_of(src)->rename_box(src, dest);
    mail_storage_set_error(src->storage, error, text);
    return -1;
}

/* ---- Hooks ----------------------------------------------------------------------------------- */

static void policy_mailbox_allocated(struct mailbox *box)
{
    struct mailbox_vfuncs *v = box->vlast;
    struct policy_mailbox *pbox;

    if (!asking || box->storage->user->autocreated)
        return;
    pbox = p_new(box->pool, struct policy_mailbox, 1);
    pbox->module_ctx.super = *v;
    box->vlast = &pbox->module_ctx.super;
    v->save_begin = policy_save_begin;
    v->copy = policy_copy;
    v->transaction_commit = policy_transaction_commit;
    v->transaction_rollback = policy_transaction_rollback;
    v->create_box = policy_create_box;
    v->delete_box = policy_delete_box;
    v->rename_box = policy_rename_box;
    MODULE_CONTEXT_SET(box, policy_storage_module, pbox);
}

static void policy_mail_allocated(struct mail *_mail)
{
    struct mail_private *mail = (struct mail_private *)_mail;
    struct mail_vfuncs *v = mail->vlast;
    struct policy_mail *pmail;

    if (POLICY_CONTEXT(_mail->box) == NULL)
        return;
    pmail = p_new(mail->pool, struct policy_mail, 1);
    pmail->module_ctx.super = *v;
    mail->vlast = &pmail->module_ctx.super;
    v->update_flags = policy_update_flags;
    v->update_keywords = policy_update_keywords;
    v->expunge = policy_expunge;
    MODULE_CONTEXT_SET(mail, policy_mail_module, pmail);
}

static const struct mail_storage_hooks policy_hooks = {
    .mailbox_allocated = policy_mailbox_allocated,
    .mail_allocated = policy_mail_allocated,
};

static void policy_init(struct module *module)
{
    mail_storage_hooks_add_forced(module, &policy_hooks);
}

static void policy_deinit(void)
{
    mail_storage_hooks_remove(&policy_hooks);
}

void policy_builtin_add(void)
{
    /* '!' comes before all digits and letters: no plugin's file is before this one */
    (void)modules_add_builtin("!storage_stage_plugin.so", "storage_stage_plugin", policy_init,
                              policy_deinit);
}
