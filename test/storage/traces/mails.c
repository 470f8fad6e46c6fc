/* What is called for operations on mails. */
#include "recording.h"

#include "ioloop.h"
#include "mail-copy.h"
#include "mailbox/raw-storage.h"

static const char mail_text[] = "Message-ID: <1@example.org>\nSubject: one\n\nhello\n";

static void save(void)
{
    struct mailbox *box = box_open(user, "INBOX");
    struct mail_transaction_commit_changes changes;
    struct mailbox_transaction_context *t;
    struct mail_save_context *ctx;

    record();
    t = mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    ctx = mailbox_save_alloc(t);
    ok(save_text(&ctx, mail_text) == 0, "a mail is saved");
    ok(mailbox_transaction_commit_get_changes(&t, &changes) == 0, "and committed");
    record_changes(&changes);
    compare("save");
    mailbox_free(&box);
}

static void save_cancel(void)
{
    struct mailbox *box = box_open(user, "INBOX");
    struct istream *input = i_stream_create_from_data(mail_text, sizeof(mail_text) - 1);
    struct mailbox_transaction_context *t;
    struct mail_save_context *ctx;

    record();
    t = mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    ctx = mailbox_save_alloc(t);
    ok(mailbox_save_begin(&ctx, input) == 0, "a save is begun");
    mailbox_save_cancel(&ctx);
    mailbox_transaction_rollback(&t);
    compare("save-cancel");
    i_stream_unref(&input);
    mailbox_free(&box);
}

/* Copies INBOX's first mail to Work: by mailbox_copy() or mailbox_move(). */
static void copy(const char *operation, bool move, bool via_save)
{
    struct mailbox *box = box_open(user, "INBOX"), *work = box_open(user, "Work");
    struct mail_transaction_commit_changes changes;
    struct mailbox_transaction_context *t, *from;
    struct mail_save_context *ctx;
    struct mail *mail;

    work->disable_reflink_copy_to = via_save;
    from = mailbox_transaction_begin(box, 0, "test");
    mail = mail_alloc(from, 0, NULL);
    mail_set_seq(mail, 1);
    record();
    t = mailbox_transaction_begin(work, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    ctx = mailbox_save_alloc(t);
    mailbox_save_copy_flags(ctx, mail);
    ok((move ? mailbox_move(&ctx, mail) : mailbox_copy(&ctx, mail)) == 0, "a mail is copied");
    mail_free(&mail);
    ok(mailbox_transaction_commit_get_changes(&t, &changes) == 0, "the copy is committed");
    record_changes(&changes);
    ok(mailbox_transaction_commit_get_changes(&from, &changes) == 0, "so is where it came from");
    record_changes(&changes);
    compare(operation);
    mailbox_free(&work);
    mailbox_free(&box);
}

static void deliver_into(struct mailbox *box, struct mail *mail)
{
    struct mailbox_transaction_context *t =
        mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
    struct mail_save_context *ctx = mailbox_save_alloc(t);

    ok(mailbox_save_using_mail(&ctx, mail) == 0, "a mail is delivered");
    ok(mailbox_transaction_commit(&t) == 0, "and committed");
}

static void delivery(void)
{
    struct istream *input = i_stream_create_from_data(mail_text, sizeof(mail_text) - 1);
    struct mailbox_transaction_context *raw_t;
    struct mailbox *box, *raw_box;
    struct mail_user *raw_user;
    const char *error;
    struct mail *mail;

    raw_user = raw_user_create(&error);
    if (raw_mailbox_alloc_stream(raw_user, input, ioloop_time, "", &raw_box, &error) < 0)
        i_fatal("%s", error);
    raw_t = mailbox_transaction_begin(raw_box, 0, "test");
    mail = mail_alloc(raw_t, 0, NULL);
    mail_set_seq(mail, 1);
    record();
    box =
        mailbox_alloc(mail_namespace_find_inbox(user->namespaces)->list, "INBOX",
                      MAILBOX_FLAG_SAVEONLY | MAILBOX_FLAG_POST_SESSION | MAILBOX_FLAG_IGNORE_ACLS);
    ok(mailbox_open(box) == 0, "INBOX is opened");
    deliver_into(box, mail);
    mailbox_free(&box);
    compare("delivery");
    mail_free(&mail);
    mailbox_transaction_rollback(&raw_t);
    mailbox_free(&raw_box);
    mail_user_unref(&raw_user);
    i_stream_unref(&input);
}

static void store(void)
{
    struct mailbox *box = box_open(user, "INBOX");
    struct mail_transaction_commit_changes changes;
    struct mailbox_transaction_context *t;
    struct mail *mail;

    record();
    t = mailbox_transaction_begin(box, 0, "test");
    mail = mail_alloc(t, 0, NULL);
    mail_set_seq(mail, 1);
    mail_update_flags(mail, MODIFY_ADD, MAIL_FLAGGED);
    mail_free(&mail);
    ok(mailbox_transaction_commit_get_changes(&t, &changes) == 0, "a flag is added");
    record_changes(&changes);
    compare("store");
    mailbox_free(&box);
}

static struct mail_search_args *all_mails(void)
{
    struct mail_search_args *args = mail_search_build_init();

    mail_search_build_add_all(args);
    return args;
}

static void fetch(void)
{
    struct mailbox *box = box_open(user, "INBOX");
    struct mail_search_args *args = all_mails();
    struct mailbox_transaction_context *t;
    struct mail_search_context *search;
    struct mail *mail;

    record();
    t = mailbox_transaction_begin(box, 0, "test");
    search = mailbox_search_init(t, args, NULL, 0, NULL);
    mail_search_args_unref(&args);
    while (mailbox_search_next(search, &mail))
        trace("a mail");
    ok(mailbox_search_deinit(&search) == 0, "mails are searched");
    ok(mailbox_transaction_commit(&t) == 0, "and nothing is changed");
    compare("fetch");
    mailbox_free(&box);
}

static void expunge(void)
{
    struct mailbox *box = box_open(user, "INBOX");
    struct mail_transaction_commit_changes changes;
    struct mailbox_transaction_context *t;
    struct mail *mail;

    record();
    t = mailbox_transaction_begin(box, 0, "test");
    mail = mail_alloc(t, 0, NULL);
    mail_set_seq(mail, 1);
    mail_expunge(mail);
    mail_free(&mail);
    ok(mailbox_transaction_commit_get_changes(&t, &changes) == 0, "a mail is expunged");
    record_changes(&changes);
    ok(mailbox_sync(box, 0) == 0, "which the sync shows");
    compare("expunge");
    mailbox_free(&box);
}

int main(void)
{
    traced_user();
    save();
    save_cancel();
    store();
    fetch();
    copy("copy", false, false);
    copy("copy-via-save", false, true);
    copy("move", true, false);
    delivery();
    expunge();
    return traced_end();
}
