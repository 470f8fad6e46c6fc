/*
 * Changing mails: what the transaction shows, what a sync tells, in which order.
 */
#include "session.h"

#include "array.h"
#include "seq-range-array.h"
#include "str.h"

static struct mail_user *user;
static struct mailbox *box, *other;

/* What a sync of `synced` tells, as text. */
static const char *sync_records(struct mailbox *synced, enum mailbox_sync_flags flags,
                                struct mailbox_sync_status *status_r)
{
    static const char *const kinds[] = {"", "expunge", "flags", "", "modseq"};
    struct mailbox_sync_context *ctx =
        mailbox_sync_init(synced, flags | MAILBOX_SYNC_FLAG_FULL_READ);
    string_t *records = t_str_new(64);
    struct mailbox_sync_rec rec;

    while (mailbox_sync_next(ctx, &rec))
        str_printfa(records, "%s %u:%u, ", kinds[rec.type], rec.seq1, rec.seq2);
    if (mailbox_sync_deinit(&ctx, status_r) < 0)
        return "failed";
    return str_c(records);
}

static struct mail *mail_at(struct mailbox_transaction_context *t, uint32_t seq)
{
    struct mail *mail = mail_alloc(t, 0, NULL);

    mail_set_seq(mail, seq);
    return mail;
}

static void test_flags(void)
{
    struct mail_transaction_commit_changes changes;
    struct mailbox_transaction_context *t;
    struct mailbox_sync_status status;
    struct mail *mail;

    t = mailbox_transaction_begin(box, 0, "test");
    mail = mail_at(t, 2);
    mail_update_flags(mail, MODIFY_ADD, MAIL_FLAGGED | MAIL_SEEN);
    ok((mail_get_flags(mail) & MAIL_FLAGGED) != 0, "the transaction shows what it changes");
    mail_update_flags(mail, MODIFY_REMOVE, MAIL_SEEN);
    ok((mail_get_flags(mail) & MAIL_SEEN) == 0, "also what it takes back");
    mail_free(&mail);
    is_int(mailbox_transaction_commit_get_changes(&t, &changes), 0, "it is committed");
    ok((changes.changes_mask & MAIL_INDEX_TRANSACTION_CHANGE_FLAGS) != 0 &&
           (changes.changes_mask & MAIL_INDEX_TRANSACTION_CHANGE_EXPUNGE) == 0,
       "and tells that flags have changed");
    pool_unref(&changes.pool);
    is_str(sync_records(box, 0, &status), "flags 2:2, ", "a sync tells which");
    is_str(sync_records(box, 0, &status), "", "once");
    is_str(sync_records(other, 0, &status), "flags 2:2, ", "and so it does to another session");
}

static void test_hidden(void)
{
    struct mailbox_transaction_context *t;
    struct mailbox_sync_status status;
    struct mail *mail;

    t = mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_HIDE, "test");
    mail = mail_at(t, 3);
    mail_update_flags(mail, MODIFY_REPLACE, MAIL_ANSWERED);
    mail_free(&mail);
    is_int(mailbox_transaction_commit(&t), 0, "a change that is to be hidden is committed");
    is_str(sync_records(box, 0, &status), "modseq 3:3, ", "its own session learns the modseq only");
    is_str(sync_records(other, 0, &status), "flags 3:3, ", "the other one the flags");
}

static void test_rollback(void)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mailbox_sync_status status;
    struct mail *mail = mail_at(t, 1);

    mail_update_flags(mail, MODIFY_ADD, MAIL_DELETED);
    mail_expunge(mail);
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
    is_str(sync_records(box, 0, &status), "", "what is rolled back never was");
}

static void test_expunge(void)
{
    struct mail_transaction_commit_changes changes;
    struct mailbox_transaction_context *t;
    struct mailbox_sync_status status;
    struct mail *mail;
    const char *value;
    uint32_t seq;

    t = mailbox_transaction_begin(box, 0, "test");
    for (seq = 1; seq <= 4; seq += 2) {
        mail = mail_at(t, seq);
        mail_expunge(mail);
        is_int(mail_get_first_header(mail, "Subject", &value), 1,
               "a mail that is to be expunged can still be read");
        mail_free(&mail);
    }
    is_int(mailbox_transaction_commit_get_changes(&t, &changes), 0, "expunges are committed");
    ok((changes.changes_mask & MAIL_INDEX_TRANSACTION_CHANGE_EXPUNGE) != 0, "which is told");
    pool_unref(&changes.pool);
    is_int(box_count(box), 5, "the view has the mails until it is synced");
    is_str(sync_records(other, MAILBOX_SYNC_FLAG_NO_EXPUNGES, &status), "",
           "another session can put it off");
    ok(status.sync_delayed_expunges, "and is told so");
    t = mailbox_transaction_begin(other, 0, "test");
    mail = mail_at(t, 1);
    ok(mail->expunged, "for it the mail is an expunged one");
    is_int(mail_get_first_header(mail, "Subject", &value), -1, "that cannot be read");
    is_str(mailbox_get_last_error(other, NULL), "Message was expunged", "because it is gone");
    mail_free(&mail);
    mailbox_transaction_rollback(&t);

    is_str(sync_records(box, 0, &status), "expunge 3:3, expunge 1:1, ",
           "a sync tells expunges from the last one down");
    is_int(box_count(box), 3, "then they are gone");
    is_str(sync_records(other, 0, &status), "expunge 3:3, expunge 1:1, ", "here too");
}

static void test_unchanged_since(void)
{
    struct mail_transaction_commit_changes changes;
    struct mailbox_transaction_context *t;
    ARRAY_TYPE(seq_range) conflicts;
    uint64_t first, second;
    struct mail *mail;

    t = mailbox_transaction_begin(box, 0, "test");
    mail = mail_at(t, 2);
    first = mail_get_modseq(mail);
    mail_update_flags(mail, MODIFY_ADD, MAIL_DRAFT);
    mail_free(&mail);
    (void)mailbox_transaction_commit(&t);
    (void)box_sync(box);
    t = mailbox_transaction_begin(box, 0, "test");
    mail = mail_at(t, 2);
    second = mail_get_modseq(mail);
    ok(second > first, "a change raises the modseq of a mail");
    t_array_init(&conflicts, 4);
    mailbox_transaction_set_max_modseq(t, first, &conflicts);
    mail_update_flags(mail, MODIFY_ADD, MAIL_ANSWERED);
    mail_set_seq(mail, 1);
    mail_update_flags(mail, MODIFY_ADD, MAIL_ANSWERED);
    mail_free(&mail);
    is_int(mailbox_transaction_commit_get_changes(&t, &changes), 0,
           "flags are changed if nobody has changed them since");
    is_int(changes.ignored_modseq_changes, 1, "which is not so for one mail");
    ok(seq_range_count(&conflicts) == 1 && seq_range_exists(&conflicts, 2), "that is named");
    pool_unref(&changes.pool);
    (void)box_sync(box);
    (void)box_sync(other);
}

static void test_uids(void)
{
    ARRAY_TYPE(seq_range) seqs, uids, gone;
    uint32_t seq1, seq2;

    t_array_init(&seqs, 4);
    t_array_init(&uids, 4);
    t_array_init(&gone, 4);
    mailbox_get_seq_range(box, 2, 4, &seq1, &seq2);
    ok(seq1 == 1 && seq2 == 2, "uids are found by their sequence numbers");
    mailbox_get_seq_range(box, 3, 3, &seq1, &seq2);
    ok(seq1 == 0 && seq2 == 0, "or none");
    seq_range_array_add_range(&seqs, 2, (uint32_t)-1);
    mailbox_get_uid_range(box, &seqs, &uids);
    is_int(seq_range_count(&uids), 2, "and sequence numbers by their uids");
    ok(seq_range_exists(&uids, 4) && seq_range_exists(&uids, 5), "up to the last one");
    array_clear(&uids);
    seq_range_array_add_range(&uids, 1, 100);
    (void)mailbox_get_expunged_uids(box, 1, &uids, &gone);
    ok(seq_range_count(&gone) == 2 && seq_range_exists(&gone, 1) && seq_range_exists(&gone, 3),
       "uids that are gone are known");
}

static void test_search(void)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail_search_args *args = mail_search_build_init();
    struct mail_search_context *search;
    struct mail *mail;
    string_t *found = t_str_new(64);
    const char *value;

    mail_search_build_add_all(args);
    search = mailbox_search_init(t, args, NULL, 0, NULL);
    mail_search_args_unref(&args);
    while (mailbox_search_next(search, &mail)) {
        ok(mail_get_first_header(mail, "Subject", &value) == 1, "a mail that is found can be read");
        str_printfa(found, "%s ", value);
    }
    is_int(mailbox_search_deinit(&search), 0, "a search ends well");
    is_str(str_c(found), "2 4 5 ", "and has found all mails");
    mailbox_transaction_rollback(&t);
}

static void test_results(void)
{
    struct mailbox_transaction_context *t = mailbox_transaction_begin(box, 0, "test");
    struct mail_search_args *args = mail_search_build_init();
    struct mail_search_context *search;
    struct mail_search_result *result;
    struct mail *mail;

    mail_search_build_add(args, SEARCH_FLAGS)->value.flags = MAIL_SEEN;
    search = mailbox_search_init(t, args, NULL, 0, NULL);
    mail_search_args_unref(&args);
    result = mailbox_search_result_save(search, MAILBOX_SEARCH_RESULT_FLAG_UPDATE);
    while (mailbox_search_next(search, &mail))
        ;
    is_int(mailbox_search_deinit(&search), 0, "a search's result can be kept");
    is_int(seq_range_count(mailbox_search_result_get(result)), 0, "at first nothing is in it");
    mail = mail_at(t, 2);
    mail_update_flags(mail, MODIFY_ADD, MAIL_SEEN);
    mail_free(&mail);
    (void)mailbox_transaction_commit(&t);
    (void)box_sync(box);
    ok(seq_range_count(mailbox_search_result_get(result)) == 1 &&
           seq_range_exists(mailbox_search_result_get(result), 4),
       "a sync adds what matches by now");
    t = mailbox_transaction_begin(box, 0, "test");
    mail = mail_at(t, 2);
    mail_expunge(mail);
    mail_free(&mail);
    (void)mailbox_transaction_commit(&t);
    (void)box_sync(box);
    is_int(seq_range_count(mailbox_search_result_get(result)), 0, "and takes away what is gone");
    mailbox_search_result_free(&result);
}

static void test_status(void)
{
    struct mailbox *closed = box_alloc(user, "INBOX");
    struct mailbox_status status;
    struct mailbox_metadata metadata;

    is_int(mailbox_get_status(closed, STATUS_MESSAGES | STATUS_UIDNEXT | STATUS_UNSEEN, &status), 0,
           "a mailbox that is not open can be asked");
    ok(status.messages == 2 && status.uidnext == 6 && status.unseen == 2, "and knows its numbers");
    is_int(mailbox_get_metadata(
               closed, MAILBOX_METADATA_VIRTUAL_SIZE | MAILBOX_METADATA_PHYSICAL_SIZE, &metadata),
           0, "also how large it is");
    ok(metadata.physical_size == 2 * 19 && metadata.virtual_size == 2 * 23, "both ways");
    mailbox_free(&closed);
}

int main(void)
{
    char text[64];

    session_begin();
    user = session_user();
    box = box_open(user, "INBOX");
    for (int i = 1; i <= 5; i++) {
        i_snprintf(text, sizeof(text), "Subject: %d\n\nhello\n\n", i);
        if (box_save(box, text) < 0)
            i_fatal("save failed");
    }
    (void)box_sync(box);
    other = box_open(user, "INBOX");
    test_flags();
    test_hidden();
    test_rollback();
    test_unchanged_since();
    test_expunge();
    test_uids();
    test_search();
    test_results();
    test_status();
    mailbox_free(&other);
    mailbox_free(&box);
    session_end(&user);
    return done();
}
