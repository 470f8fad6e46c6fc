/*
 * Saving: what a plugin sees of it, what happens when something refuses, what a commit tells.
 */
#include "session.h"

#include "array.h"
#include "ostream.h"
#include "seq-range-array.h"
#include "str.h"

struct seen_mailbox {
    union mailbox_module_context module_ctx;
};

static MODULE_CONTEXT_DEFINE_INIT(seen_module, &mail_storage_module_register);
#define SEEN(box) ((struct seen_mailbox *)MODULE_CONTEXT_REQUIRE(box, seen_module))

static struct mail_user *user;
static struct mailbox *box;
static string_t *trace;
static const char *refuse_in = "";

/* ---- The plugin: writes down what it sees, and refuses where it is told to ------------------- */

static int see(struct mail_save_context *ctx, const char *what)
{
    str_printfa(trace, "%s%s%s%s%s ", what, ctx->saving ? "+saving" : "",
                ctx->finishing ? "+finishing" : "", ctx->copying_or_moving ? "+copying" : "",
                ctx->copying_via_save ? "+via" : "");
    if (strcmp(refuse_in, what) != 0)
        return 0;
    mail_storage_set_error(ctx->transaction->box->storage, MAIL_ERROR_NOQUOTA,
                           "The plugin's reason");
    return -1;
}

static int seen_save_begin(struct mail_save_context *ctx, struct istream *input)
{
    return see(ctx, "begin") < 0
               ? -1
               : SEEN(ctx->transaction->box)->module_ctx.super.save_begin(ctx, input);
}

static int seen_save_continue(struct mail_save_context *ctx)
{
    return see(ctx, "continue") < 0
               ? -1
               : SEEN(ctx->transaction->box)->module_ctx.super.save_continue(ctx);
}

static int seen_save_finish(struct mail_save_context *ctx)
{
    return see(ctx, "finish") < 0 ? -1
                                  : SEEN(ctx->transaction->box)->module_ctx.super.save_finish(ctx);
}

static void seen_save_cancel(struct mail_save_context *ctx)
{
    (void)see(ctx, "cancel");
    SEEN(ctx->transaction->box)->module_ctx.super.save_cancel(ctx);
}

static int seen_commit(struct mailbox_transaction_context *t,
                       struct mail_transaction_commit_changes *changes_r)
{
    union mailbox_module_context *super = &SEEN(t->box)->module_ctx;
    bool refuse = strcmp(refuse_in, "commit") == 0;

    str_append(trace, "commit ");
    if (!refuse)
        return super->super.transaction_commit(t, changes_r);
    mail_storage_set_error(t->box->storage, MAIL_ERROR_NOQUOTA, "The plugin's reason");
    super->super.transaction_rollback(t);
    return -1;
}

static void seen_rollback(struct mailbox_transaction_context *t)
{
    str_append(trace, "rollback ");
    SEEN(t->box)->module_ctx.super.transaction_rollback(t);
}

static void seen_allocated(struct mailbox *new_box)
{
    struct mailbox_vfuncs *v = new_box->vlast;
    struct seen_mailbox *seen = p_new(new_box->pool, struct seen_mailbox, 1);

    seen->module_ctx.super = *v;
    new_box->vlast = &seen->module_ctx.super;
    v->save_begin = seen_save_begin;
    v->save_continue = seen_save_continue;
    v->save_finish = seen_save_finish;
    v->save_cancel = seen_save_cancel;
    v->transaction_commit = seen_commit;
    v->transaction_rollback = seen_rollback;
    MODULE_CONTEXT_SET(new_box, seen_module, seen);
}

static const struct mail_storage_hooks hooks = {.mailbox_allocated = seen_allocated};

static void seen_init(struct module *module)
{
    mail_storage_hooks_add(module, &hooks);
}

static void seen_deinit(void)
{
    mail_storage_hooks_remove(&hooks);
}

/* ---- The tests ------------------------------------------------------------------------------- */

static const char mail_text[] = "Subject: one\n\nhello\n";

static void test_save(void)
{
    struct mail_transaction_commit_changes changes;
    struct mailbox_transaction_context *t;
    struct mail_save_context *save;
    const char *value;

    str_truncate(trace, 0);
    t = mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    save = mailbox_save_alloc(t);
    ok(save->unfinished && save->dest_mail != NULL, "a save has a mail from the beginning");
    mailbox_save_set_flags(save, MAIL_FLAGGED, NULL);
    mailbox_save_set_received_date(save, 784887151, 0);
    is_int(save_text(&save, mail_text), 0, "a mail is saved");
    ok(save == NULL, "and the save is over");
    ok(t->save_ctx->dest_mail->saving && t->save_ctx->dest_mail->uid == 0,
       "it has no uid before the commit");
    is_int(mail_get_first_header(t->save_ctx->dest_mail, "Subject", &value), 1,
           "but can be read already");
    is_str(value, "one", "as it was written");
    save = mailbox_save_alloc(t);
    is_int(save_text(&save, mail_text), 0, "another one is saved in the same transaction");
    is_int(mailbox_transaction_commit_get_changes(&t, &changes), 0, "they are committed");
    is_str(str_c(trace),
           "begin+saving continue+saving continue+saving finish+saving+finishing "
           "begin+saving continue+saving continue+saving finish+saving+finishing commit ",
           "a plugin sees each step, with one more continue before the end");
    is_int(seq_range_count(&changes.saved_uids), 2, "the commit tells the uids of both");
    ok((changes.changes_mask & MAIL_INDEX_TRANSACTION_CHANGE_APPEND) != 0,
       "and that mails were added");
    ok(changes.uid_validity != 0, "and what the uids are valid with");
    pool_unref(&changes.pool);
    is_int(box_sync(box), 0, "after a sync");
    is_int(box_count(box), 2, "they are in the mailbox");
}

static void test_saved_mail(void)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);
    time_t date;
    uoff_t size;

    mail_set_seq(mail, 1);
    ok((mail_get_flags(mail) & MAIL_FLAGGED) != 0, "the flags are kept");
    is_int(mail_get_received_date(mail, &date), 0, "the date is kept");
    is_int(date, 784887151, "to the second");
    is_int(mail_get_physical_size(mail, &size), 0, "the size is known");
    is_int(size, sizeof(mail_text) - 1, "in bytes");
    is_int(mail_get_virtual_size(mail, &size), 0, "and with CRLF line ends");
    is_int(size, sizeof(mail_text) - 1 + 3, "which is more");
    ok(mail_set_uid(mail, mail->uid), "it is found by its uid");
    ok(!mail_set_uid(mail, 999) && mail->expunged, "a uid that is not there is an expunged mail");
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
}

static void test_refused(const char *where, const char *wanted)
{
    uint32_t before = box_count(box);
    enum mail_error error;

    refuse_in = where;
    str_truncate(trace, 0);
    is_int(box_save(box, mail_text), -1, "a save that is refused in %s fails", where);
    is_str(mailbox_get_last_error(box, &error), "The plugin's reason", "for that reason");
    is_int(error, MAIL_ERROR_NOQUOTA, "of that class");
    is_str(str_c(trace), wanted, "after what was begun was ended");
    refuse_in = "";
    is_int(box_sync(box), 0, "after a sync");
    is_int(box_count(box), before, "there is no new mail");
}

static void test_cancel(void)
{
    struct mailbox_transaction_context *t =
        mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    struct mail_transaction_commit_changes changes;
    struct mail_save_context *save;
    struct istream *input = i_stream_create_from_data(mail_text, strlen(mail_text));

    save = mailbox_save_alloc(t);
    is_int(mailbox_save_begin(&save, input), 0, "a save is begun");
    mailbox_save_cancel(&save);
    save = mailbox_save_alloc(t);
    is_int(save_text(&save, "Subject: two\n\nhello\n"), 0, "cancelled, and another one saved");
    is_int(mailbox_transaction_commit_get_changes(&t, &changes), 0, "at the commit");
    is_int(seq_range_count(&changes.saved_uids), 1, "only this one is there");
    pool_unref(&changes.pool);
    i_stream_unref(&input);
    is_int(box_sync(box), 0, "after a sync");
    is_int(box_count(box), 3, "there is one more mail");
}

static void test_rollback(void)
{
    struct mailbox_transaction_context *t =
        mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    struct mail_save_context *save = mailbox_save_alloc(t);

    is_int(save_text(&save, mail_text), 0, "a mail is saved");
    is_int(mailbox_transaction_get_count(box), 1, "in an open transaction");
    mailbox_transaction_rollback(&t);
    is_int(mailbox_transaction_get_count(box), 0, "that is rolled back");
    is_int(box_sync(box), 0, "after a sync");
    is_int(box_count(box), 3, "the mail is not there");
}

static void test_keywords(void)
{
    const char *const names[] = {"Work", "$Label1", NULL}, *const bad[] = {"a b", NULL};
    struct mailbox_transaction_context *t;
    struct mail_keywords *keywords;
    struct mail_save_context *save;
    const char *const *have;
    struct mail *mail;

    is_int(mailbox_keywords_create(box, bad, &keywords), -1, "a keyword with a space is refused");
    is_str(mailbox_get_last_error(box, NULL), "Invalid characters in keyword", "and told why");
    is_int(mailbox_keywords_create(box, names, &keywords), 0, "keywords are made");
    t = mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    save = mailbox_save_alloc(t);
    mailbox_save_set_flags(save, 0, keywords);
    mailbox_keywords_unref(&keywords);
    is_int(save_text(&save, mail_text), 0, "a mail is saved with them");
    is_int(mailbox_transaction_commit(&t), 0, "and committed");
    is_int(box_sync(box), 0, "after a sync");

    t = mailbox_transaction_begin(box, 0, "test");
    mail = mail_alloc(t, 0, NULL);
    mail_set_seq(mail, box_count(box));
    have = mail_get_keywords(mail);
    ok(str_array_length(have) == 2 && str_array_icase_find(have, "Work") &&
           str_array_icase_find(have, "$Label1"),
       "it has them");
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
}

int main(void)
{
    session_begin();
    session_plugin("seen", seen_init, seen_deinit);
    user = session_user();
    trace = str_new(default_pool, 256);
    box = box_open(user, "INBOX");
    test_save();
    test_saved_mail();
    test_refused("begin", "begin+saving cancel+saving rollback ");
    test_refused("continue", "begin+saving continue+saving cancel+saving rollback ");
    test_refused("finish", "begin+saving continue+saving continue+saving finish+saving+finishing "
                           "cancel+saving+finishing rollback ");
    test_refused("commit", "begin+saving continue+saving continue+saving "
                           "finish+saving+finishing commit ");
    test_cancel();
    test_rollback();
    test_keywords();
    mailbox_free(&box);
    str_free(&trace);
    session_end(&user);
    return done();
}
