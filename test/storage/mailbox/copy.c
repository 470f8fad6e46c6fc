/*
 * Copying, moving and delivering: the bits a plugin tells them apart by.
 */
#include "session.h"

#include "array.h"
#include "mailbox/raw-storage.h"
#include "seq-range-array.h"
#include "str.h"

struct seen_mailbox {
    union mailbox_module_context module_ctx;
};

struct seen_mail {
    union mail_module_context module_ctx;
};

static MODULE_CONTEXT_DEFINE_INIT(seen_module, &mail_storage_module_register);
static MODULE_CONTEXT_DEFINE_INIT(seen_mail_module, &mail_module_register);
#define SEEN(box) ((struct seen_mailbox *)MODULE_CONTEXT_REQUIRE(box, seen_module))

static struct mail_user *user;
static struct mailbox *inbox, *archive;
static string_t *trace;
static bool refuse, refuse_before;

static void see(const struct mail_save_context *ctx, const char *what)
{
    str_printfa(trace, "%s%s%s%s%s%s ", what, ctx->saving ? "+saving" : "",
                ctx->moving ? "+moving" : "", ctx->finishing ? "+finishing" : "",
                ctx->copying_or_moving ? "+copying" : "", ctx->copying_via_save ? "+via" : "");
}

static int seen_copy(struct mail_save_context *ctx, struct mail *mail)
{
    see(ctx, "copy");
    if (refuse_before) {
        mail_storage_set_error(ctx->transaction->box->storage, MAIL_ERROR_PERM, "Refused");
        return -1;
    }
    if (SEEN(ctx->transaction->box)->module_ctx.super.copy(ctx, mail) < 0)
        return -1;
    if (!refuse)
        return 0;
    mail_storage_set_error(ctx->transaction->box->storage, MAIL_ERROR_PERM, "Refused");
    return -1;
}

static int seen_save_begin(struct mail_save_context *ctx, struct istream *input)
{
    see(ctx, "begin");
    return SEEN(ctx->transaction->box)->module_ctx.super.save_begin(ctx, input);
}

static int seen_save_finish(struct mail_save_context *ctx)
{
    see(ctx, "finish");
    return SEEN(ctx->transaction->box)->module_ctx.super.save_finish(ctx);
}

static void seen_expunge(struct mail *mail)
{
    struct seen_mail *seen = MODULE_CONTEXT_REQUIRE((struct mail_private *)mail, seen_mail_module);

    str_append(trace, "expunge ");
    seen->module_ctx.super.expunge(mail);
}

static void seen_allocated(struct mailbox *box)
{
    struct mailbox_vfuncs *v = box->vlast;
    struct seen_mailbox *seen = p_new(box->pool, struct seen_mailbox, 1);

    seen->module_ctx.super = *v;
    box->vlast = &seen->module_ctx.super;
    v->copy = seen_copy;
    v->save_begin = seen_save_begin;
    v->save_finish = seen_save_finish;
    MODULE_CONTEXT_SET(box, seen_module, seen);
}

static void seen_mail_allocated(struct mail *mail)
{
    struct mail_private *pmail = (struct mail_private *)mail;
    struct seen_mail *seen = p_new(pmail->pool, struct seen_mail, 1);
    struct mail_vfuncs *v = pmail->vlast;

    seen->module_ctx.super = *v;
    pmail->vlast = &seen->module_ctx.super;
    v->expunge = seen_expunge;
    MODULE_CONTEXT_SET(pmail, seen_mail_module, seen);
}

static const struct mail_storage_hooks hooks = {
    .mailbox_allocated = seen_allocated,
    .mail_allocated = seen_mail_allocated,
};

static void seen_init(struct module *module)
{
    mail_storage_hooks_add(module, &hooks);
}

static void seen_deinit(void)
{
    mail_storage_hooks_remove(&hooks);
}

/* ---- The tests ------------------------------------------------------------------------------- */

typedef int copy_function(struct mail_save_context **ctx, struct mail *mail);

/* Copies the first mail of a mailbox to another one. -1: it failed; both are rolled back then. */
static int copy_first(struct mailbox *src, struct mailbox *dest, copy_function *copy)
{
    struct mailbox_transaction_context *from = mailbox_transaction_begin(src, 0, "test");
    struct mailbox_transaction_context *to =
        mailbox_transaction_begin(dest, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    struct mail_transaction_commit_changes changes;
    struct mail *mail = mail_alloc(from, 0, NULL);
    struct mail_save_context *save;
    int result;

    str_truncate(trace, 0);
    mail_set_seq(mail, 1);
    save = mailbox_save_alloc(to);
    mailbox_save_copy_flags(save, mail);
    result = copy(&save, mail);
    ok(save == NULL, "the save context is over in any case");
    ok(!to->save_ctx->moving && !to->save_ctx->saving && !to->save_ctx->copying_or_moving &&
           !to->save_ctx->copying_via_save && !to->save_ctx->finishing && !to->save_ctx->unfinished,
       "and none of its bits stay");
    mail_free(&mail);
    if (result < 0) {
        mailbox_transaction_rollback(&to);
        mailbox_transaction_rollback(&from);
        return -1;
    }
    is_int(mailbox_transaction_commit_get_changes(&to, &changes), 0,
           "the destination is committed");
    is_int(seq_range_count(&changes.saved_uids), 1, "it tells the uid of the copy");
    pool_unref(&changes.pool);
    is_int(mailbox_transaction_commit(&from), 0, "the source is committed");
    (void)box_sync(src);
    (void)box_sync(dest);
    return 0;
}

static void test_copy(void)
{
    const char *const names[] = {"Work", NULL};
    struct mailbox_transaction_context *t;
    struct mail_keywords *keywords;
    const char *const *have;
    struct mail *mail;

    t = mailbox_transaction_begin(inbox, 0, "test");
    mail = mail_alloc(t, 0, NULL);
    mail_set_seq(mail, 1);
    mail_update_flags(mail, MODIFY_ADD, MAIL_SEEN);
    (void)mailbox_keywords_create(inbox, names, &keywords);
    mail_update_keywords(mail, MODIFY_ADD, keywords);
    mailbox_keywords_unref(&keywords);
    mail_free(&mail);
    is_int(mailbox_transaction_commit(&t), 0, "a mail has a flag and a keyword");
    is_int(box_sync(inbox), 0, "after a sync");

    is_int(copy_first(inbox, archive, mailbox_copy), 0, "it is copied");
    is_str(str_c(trace), "copy+finishing+copying ", "which is one step between Maildirs");
    is_int(box_count(inbox), 1, "it is still where it was");
    is_int(box_count(archive), 1, "and in the other mailbox");
    t = mailbox_transaction_begin(archive, 0, "test");
    mail = mail_alloc(t, 0, NULL);
    mail_set_seq(mail, 1);
    ok((mail_get_flags(mail) & MAIL_SEEN) != 0, "with its flag");
    have = mail_get_keywords(mail);
    ok(str_array_length(have) == 1 && strcmp(have[0], "Work") == 0, "and its keyword");
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
}

static void test_copy_via_save(void)
{
    archive->disable_reflink_copy_to = TRUE;
    is_int(copy_first(inbox, archive, mailbox_copy), 0, "a copy that must not share the file");
    is_str(str_c(trace),
           "copy+finishing+copying begin+finishing+copying+via finish+finishing+copying+via ",
           "is a save inside a copy");
    is_int(box_count(archive), 2, "the copy is there");
    archive->disable_reflink_copy_to = FALSE;
}

static void test_refused(void)
{
    refuse_before = true;
    is_int(copy_first(inbox, archive, mailbox_copy), -1,
           "a plugin can refuse a copy without calling what is below it");
    is_str(mailbox_get_last_error(archive, NULL), "Refused", "for its reason");
    refuse_before = false;
    refuse = true;
    is_int(copy_first(inbox, archive, mailbox_move), -1, "or when it is made");
    is_str(mailbox_get_last_error(archive, NULL), "Refused", "for its reason");
    is_str(str_c(trace), "copy+moving+finishing+copying ", "the mail is not expunged then");
    refuse = false;
    is_int(box_count(inbox), 1, "it stays");
}

static void test_move(void)
{
    is_int(copy_first(inbox, archive, mailbox_move), 0, "a mail is moved");
    is_str(str_c(trace), "copy+moving+finishing+copying expunge ",
           "which is a copy, then an expunge");
    is_int(box_count(inbox), 0, "it is not there any more");
    is_int(box_count(archive), 3, "but here");
}

static void test_delivery(void)
{
    static const char text[] = "Subject: delivered\n\nhello\n";
    struct istream *input = i_stream_create_from_data(text, sizeof(text) - 1);
    struct mail_user *raw_user;
    struct mailbox *raw;
    const char *error;

    raw_user = raw_user_create(&error);
    ok(raw_user != NULL && raw_user->autocreated, "deliveries have a user of their own");
    is_int(raw_mailbox_alloc_stream(raw_user, input, 784887151, "kim@example.org", &raw, &error), 0,
           "whose mailbox is the stream");
    is_int(copy_first(raw, inbox, mailbox_save_using_mail), 0, "its mail is saved");
    is_str(str_c(trace),
           "copy+saving+finishing+copying begin+saving+finishing+copying+via "
           "finish+saving+finishing+copying+via ",
           "as a copy that is a new mail, made by saving");
    is_int(box_count(inbox), 1, "it is in the mailbox");
    mailbox_free(&raw);
    mail_user_unref(&raw_user);
    i_stream_unref(&input);
}

static void test_delivered_mail(void)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(inbox, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);
    const char *value;
    time_t date;

    mail_set_seq(mail, 1);
    is_int(mail_get_received_date(mail, &date), 0, "it was received");
    is_int(date, 784887151, "when the delivery says");
    is_int(mail_get_first_header(mail, "Subject", &value), 1, "it has its header");
    is_str(value, "delivered", "as it came");
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
}

int main(void)
{
    session_begin();
    session_plugin("seen", seen_init, seen_deinit);
    user = session_user();
    trace = str_new(default_pool, 256);
    inbox = box_open(user, "INBOX");
    archive = box_open(user, "Archive");
    ok(box_save(inbox, "Subject: one\n\nhello\n") == 0 && box_sync(inbox) == 0, "there is a mail");
    test_copy();
    test_copy_via_save();
    test_refused();
    test_move();
    test_delivery();
    test_delivered_mail();
    mailbox_free(&inbox);
    mailbox_free(&archive);
    str_free(&trace);
    session_end(&user);
    return done();
}
