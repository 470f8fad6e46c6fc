/*
 * Results that are kept, and follow the mailbox.
 */
#include "searching.h"

#include "array.h"
#include "imap-util.h"

static struct mail_user *user;
static struct mailbox *box;

static const char *set_text(const ARRAY_TYPE(seq_range) * set)
{
    string_t *text = t_str_new(64);

    imap_write_seq_range(text, set);
    return str_c(text);
}

static struct mail_search_result *keep(const char *query, enum mailbox_search_result_flags flags)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail_search_args *args;
    struct mail_search_result *result;
    const char *error;

    if (search_text_parse(query, &args, &error) < 0 ||
        mailbox_search_result_build(t, args, flags, &result) < 0)
        i_fatal("%s", query);
    mail_search_args_unref(&args);
    (void)mailbox_transaction_commit(&t);
    return result;
}

static void is_result(struct mail_search_result *result, const char *uids, const char *what)
{
    is_str(set_text(mailbox_search_result_get(result)), uids, "%s", what);
}

static void change(uint32_t uid, enum modify_type type, enum mail_flags flags)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail *mail = mail_alloc(t, 0, NULL);

    (void)mail_set_uid(mail, uid);
    if (flags == MAIL_RECENT)
        mail_expunge(mail);
    else
        mail_update_flags(mail, type, flags);
    mail_free(&mail);
    if (mailbox_transaction_commit(&t) < 0 || box_sync(box) < 0)
        i_fatal("%s", mailbox_get_last_internal_error(box, NULL));
}

static void test_following(void)
{
    struct mail_search_result *fixed = keep("unseen", 0);
    struct mail_search_result *unseen = keep(
        "unseen 1:*", MAILBOX_SEARCH_RESULT_FLAG_UPDATE | MAILBOX_SEARCH_RESULT_FLAG_QUEUE_SYNC);
    ARRAY_TYPE(seq_range) removed, added;

    i_array_init(&removed, 8);
    i_array_init(&added, 8);
    is_result(fixed, "1:4", "a result");
    is_result(unseen, "1:4", "one that follows");
    change(2, MODIFY_ADD, MAIL_SEEN);
    is_result(unseen, "1,3:4", "a message that does not match any more leaves it");
    change(2, MODIFY_REMOVE, MAIL_SEEN);
    is_result(unseen, "1:4", "and comes back");
    change(3, MODIFY_ADD, MAIL_RECENT);
    is_result(unseen, "1:2,4", "an expunged one leaves it");
    is_result(fixed, "1:4", "the other stays as it was");
    mailbox_search_result_sync(unseen, &removed, &added);
    is_str(set_text(&removed), "3", "what has left since the last time");
    is_str(set_text(&added), "", "what has come and gone does not count");
    change(1, MODIFY_ADD, MAIL_SEEN);
    mailbox_search_result_sync(unseen, &removed, &added);
    is_str(set_text(&removed), "1", "what has left since then");
    change(1, MODIFY_REMOVE, MAIL_SEEN);
    mailbox_search_result_sync(unseen, &removed, &added);
    is_str(set_text(&added), "1", "and what has come");
    mailbox_search_result_free(&fixed);
    mailbox_search_result_free(&unseen);
    array_free(&removed);
    array_free(&added);
}

static void test_new_messages(void)
{
    struct mail_search_result *all = keep("subject mail", MAILBOX_SEARCH_RESULT_FLAG_UPDATE);
    struct mail_search_result *old = keep("1:2", MAILBOX_SEARCH_RESULT_FLAG_UPDATE);

    box_add(box, "Subject: a mail\n\n", (struct mail_facts){0, NULL, 0});
    box_add(box, "Subject: another\n\n", (struct mail_facts){0, NULL, 0});
    (void)box_sync(box);
    is_result(all, "1:2,4:5", "new messages that match come in");
    change(1, MODIFY_ADD, MAIL_RECENT);
    is_result(old, "2", "sequence numbers mean the messages that they were");
    mailbox_search_result_free(&all);
    mailbox_search_result_free(&old);
}

int main(void)
{
    session_begin();
    user = session_user();
    box = box_open(user, "INBOX");
    T_BEGIN
    {
        for (unsigned int i = 0; i < 4; i++)
            box_add(box, "Subject: mail\n\n", (struct mail_facts){0, NULL, 0});
        (void)box_sync(box);
        test_following();
        test_new_messages();
    }
    T_END;
    mailbox_free(&box);
    session_end(&user);
    return done();
}
