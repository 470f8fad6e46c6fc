/*
 * notify: which events its subscribers are told, and when.
 */
#include "mailbox/session.h"

#include "array.h"
#include "mailbox/raw-storage.h"
#include "notify-plugin.h"
#include "notify/notify.h"
#include "seq-range-array.h"
#include "str.h"

static struct mail_user *user;
static struct mailbox *inbox, *archive;
static string_t *trace;

/* ---- Two subscribers -------------------------------------------------------------------------- */

static void *seen_begin(struct mailbox_transaction_context *t)
{
    str_append(trace, "begin ");
    return t->box;
}

static void seen_save(void *txn, struct mail *mail)
{
    str_printfa(trace, "save(%s%s) ", txn == inbox ? "inbox" : "archive",
                mail->uid == 0 ? "" : " with uid");
}

static void seen_copy(void *txn, struct mail *src, struct mail *dest)
{
    str_printfa(trace, "copy(%s to %s) ", mailbox_get_vname(src->box),
                mailbox_get_vname(dest->box));
    if (txn != dest->box)
        str_append(trace, "with a wrong transaction ");
}

static void seen_expunge(void *txn ATTR_UNUSED, struct mail *mail)
{
    const char *subject;

    if (mail_get_first_header(mail, "Subject", &subject) <= 0)
        subject = "unreadable";
    str_printfa(trace, "expunge(%s) ", subject);
}

static void seen_flags(void *txn ATTR_UNUSED, struct mail *mail, enum mail_flags old_flags)
{
    str_printfa(trace, "flags(%x to %x) ", old_flags & MAIL_FLAGS_NONRECENT,
                mail_get_flags(mail) & MAIL_FLAGS_NONRECENT);
}

static void seen_keywords(void *txn ATTR_UNUSED, struct mail *mail, const char *const *old)
{
    str_printfa(trace, "keywords(%s to %s) ", t_strarray_join(old, ","),
                t_strarray_join(mail_get_keywords(mail), ","));
}

static void seen_commit(void *txn ATTR_UNUSED, struct mail_transaction_commit_changes *changes)
{
    str_printfa(trace, "commit(%u) ", seq_range_count(&changes->saved_uids));
}

static void seen_rollback(void *txn ATTR_UNUSED)
{
    str_append(trace, "rollback ");
}

static void seen_create(struct mailbox *box)
{
    str_printfa(trace, "create(%s) ", mailbox_get_vname(box));
}

static void *seen_delete_begin(struct mailbox *box)
{
    str_append(trace, "delete-begin ");
    return box;
}

static void seen_delete_commit(void *txn, struct mailbox *box)
{
    str_append(trace, txn == box ? "delete-commit " : "delete-commit with a wrong txn ");
}

static void seen_delete_rollback(void *txn ATTR_UNUSED)
{
    str_append(trace, "delete-rollback ");
}

static void seen_rename(struct mailbox *src, struct mailbox *dest)
{
    str_printfa(trace, "rename(%s to %s) ", mailbox_get_vname(src), mailbox_get_vname(dest));
}

static void seen_subscribed(struct mailbox *box, bool subscribed)
{
    str_printfa(trace, "%s(%s) ", subscribed ? "subscribe" : "unsubscribe", mailbox_get_vname(box));
}

static const struct notify_vfuncs seen_vfuncs = {
    .mail_transaction_begin = seen_begin,
    .mail_save = seen_save,
    .mail_copy = seen_copy,
    .mail_expunge = seen_expunge,
    .mail_update_flags = seen_flags,
    .mail_update_keywords = seen_keywords,
    .mail_transaction_commit = seen_commit,
    .mail_transaction_rollback = seen_rollback,
    .mailbox_create = seen_create,
    .mailbox_delete_begin = seen_delete_begin,
    .mailbox_delete_commit = seen_delete_commit,
    .mailbox_delete_rollback = seen_delete_rollback,
    .mailbox_rename = seen_rename,
    .mailbox_set_subscribed = seen_subscribed,
};

/* Came later, so it is told first; of very little. */
static void late_save(void *txn, struct mail *mail ATTR_UNUSED)
{
    str_append(trace, txn == NULL ? "late-save " : "late-save with a txn ");
}

static const struct notify_vfuncs late_vfuncs = {.mail_save = late_save};

static struct notify_context *seen, *late;

static void seen_init(struct module *module ATTR_UNUSED)
{
    seen = notify_register(&seen_vfuncs);
    late = notify_register(&late_vfuncs);
}

static void seen_deinit(void)
{
    notify_unregister(seen);
    notify_unregister(late);
}

/* ---- The tests ------------------------------------------------------------------------------- */

#define TRACE_IS(wanted, claim)                \
    do {                                       \
        is_str(str_c(trace), (wanted), claim); \
        str_truncate(trace, 0);                \
    } while (0)

static void sync_both(void)
{
    (void)box_sync(inbox);
    (void)box_sync(archive);
    str_truncate(trace, 0);
}

static void test_save(void)
{
    struct mailbox_transaction_context *t;
    struct mail_save_context *save;

    is_int(box_save(inbox, "Subject: one\n\nhello\n"), 0, "a mail is saved");
    TRACE_IS("begin late-save save(inbox) commit(1) ",
             "subscribers are told in the reverse order, without a uid, then of the commit");
    sync_both();

    t = mailbox_transaction_begin(inbox, 0, "test");
    save = mailbox_save_alloc(t);
    (void)save_text(&save, "Subject: two\n\nhello\n");
    mailbox_transaction_rollback(&t);
    TRACE_IS("begin late-save save(inbox) rollback ", "or of the rollback");
}

static void test_no_notify(void)
{
    struct mailbox_transaction_context *t =
        mailbox_transaction_begin(inbox, MAILBOX_TRANSACTION_FLAG_NO_NOTIFY, "test");
    struct mail_save_context *save = mailbox_save_alloc(t);
    struct mail *mail = mail_alloc(t, 0, NULL);

    (void)save_text(&save, "Subject: two\n\nhello\n");
    mail_set_seq(mail, 1);
    mail_update_flags(mail, MODIFY_ADD, MAIL_DRAFT);
    mail_update_flags(mail, MODIFY_REMOVE, MAIL_DRAFT);
    mail_free(&mail);
    is_int(mailbox_transaction_commit(&t), 0, "a transaction that nobody is to be told of");
    TRACE_IS("", "is told to nobody");
    sync_both();
}

static void test_change(void)
{
    const char *const names[] = {"Work", NULL};
    struct mailbox_transaction_context *t = mailbox_transaction_begin(inbox, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);
    struct mail_keywords *keywords;

    mail_set_seq(mail, 1);
    mail_update_flags(mail, MODIFY_ADD, MAIL_SEEN);
    mail_update_flags(mail, MODIFY_ADD, MAIL_SEEN);
    (void)mailbox_keywords_create(inbox, names, &keywords);
    mail_update_keywords(mail, MODIFY_ADD, keywords);
    mail_update_keywords(mail, MODIFY_ADD, keywords);
    mailbox_keywords_unref(&keywords);
    mail_free(&mail);
    (void)mailbox_transaction_commit(&t);
    TRACE_IS("begin flags(0 to 8) keywords( to Work) commit(0) ",
             "changes of flags and keywords are told when there are any");
    sync_both();
}

static int copy_first(int (*copy)(struct mail_save_context **, struct mail *), struct mailbox *src)
{
    struct mailbox_transaction_context *from = mailbox_transaction_begin(src, 0, "test");
    struct mailbox_transaction_context *to = mailbox_transaction_begin(archive, 0, "test");
    struct mail_save_context *save = mailbox_save_alloc(to);
    struct mail *mail = mail_alloc(from, 0, NULL);
    int result;

    mail_set_seq(mail, 1);
    result = copy(&save, mail);
    mail_free(&mail);
    if (mailbox_transaction_commit(&to) < 0 || mailbox_transaction_commit(&from) < 0)
        return -1;
    return result;
}

static void test_copy(void)
{
    is_int(copy_first(mailbox_copy, inbox), 0, "a mail is copied");
    TRACE_IS("begin begin copy(INBOX to Archive) commit(1) commit(0) ", "which is told as a copy");
    sync_both();
    archive->disable_reflink_copy_to = TRUE;
    is_int(copy_first(mailbox_copy, inbox), 0, "one is copied by saving");
    TRACE_IS("begin begin copy(INBOX to Archive) commit(1) commit(0) ",
             "which is told as a copy only");
    archive->disable_reflink_copy_to = FALSE;
    sync_both();
    is_int(copy_first(mailbox_save_using_mail, inbox), 0, "one is saved from another");
    TRACE_IS("begin begin late-save save(archive) commit(1) commit(0) ",
             "which is told as a new mail");
    sync_both();
    is_int(copy_first(mailbox_move, inbox), 0, "one is moved");
    TRACE_IS("begin begin copy(INBOX to Archive) expunge(one) commit(1) commit(0) ",
             "which is told as a copy and an expunge of a mail that can be read");
    sync_both();
}

static void test_failed_commit(void)
{
    static const char text[] = "Subject: raw\n\nhello\n";
    struct istream *input = i_stream_create_from_data(text, sizeof(text) - 1);
    struct mailbox_transaction_context *t;
    struct mail_user *raw_user;
    struct mailbox *raw;
    const char *error;
    struct mail *mail;

    raw_user = raw_user_create(&error);
    (void)raw_mailbox_alloc_stream(raw_user, input, 0, NULL, &raw, &error);
    t = mailbox_transaction_begin(raw, 0, "test");
    mail = mail_alloc(t, 0, NULL);
    mail_set_seq(mail, 1);
    mail_expunge(mail);
    mail_free(&mail);
    is_int(mailbox_transaction_commit(&t), -1, "an expunge that the storage refuses");
    TRACE_IS("begin expunge(raw) rollback ", "is told as rolled back");
    mailbox_free(&raw);
    mail_user_unref(&raw_user);
    i_stream_unref(&input);
}

static void test_mailboxes(void)
{
    struct mailbox *box = box_alloc(user, "New"), *renamed = box_alloc(user, "Newer");

    (void)mailbox_create(box, NULL, FALSE);
    TRACE_IS("create(New) ", "creating a mailbox is told");
    (void)mailbox_create(box, NULL, FALSE);
    TRACE_IS("", "a failure is not");
    (void)mailbox_set_subscribed(box, TRUE);
    (void)mailbox_set_subscribed(box, TRUE);
    (void)mailbox_set_subscribed(box, FALSE);
    TRACE_IS("subscribe(New) unsubscribe(New) ", "subscribing is, when it changes anything");
    (void)mailbox_rename(box, renamed);
    TRACE_IS("rename(New to Newer) ", "renaming is");
    mailbox_free(&box);
    (void)mailbox_delete(renamed);
    TRACE_IS("delete-begin begin commit(0) delete-commit ", "deleting is, around what it does");
    mailbox_free(&renamed);

    box = box_alloc(user, "INBOX");
    (void)mailbox_delete(box);
    TRACE_IS("delete-begin delete-rollback ", "also when it fails");
    mailbox_free(&box);
}

int main(void)
{
    session_begin();
    notify_builtin_add();
    session_plugin("seen", seen_init, seen_deinit);
    trace = str_new(default_pool, 256);
    user = session_user();
    inbox = box_open(user, "INBOX");
    archive = box_open(user, "Archive");
    str_truncate(trace, 0);
    test_save();
    test_no_notify();
    test_change();
    test_copy();
    test_failed_commit();
    test_mailboxes();
    mailbox_free(&inbox);
    mailbox_free(&archive);
    session_end(&user);
    str_free(&trace);
    return done();
}
