/*
 * Transactions of an index: shown at once to who makes them, to all when the driver has made them true.
 */
#include "index/driver.h"

static struct test_driver driver;
static struct mail_index *index_under_test;
static struct mail_index_view *view;

static struct mail_keywords *keywords(const char *name1, const char *name2)
{
    const char *names[] = {name1, name2, NULL};

    return mail_index_keywords_create(index_under_test, names);
}

static unsigned int keyword_count(struct mail_index_view *of, uint32_t seq)
{
    ARRAY_TYPE(keyword_indexes) indexes;
    unsigned int count;

    i_array_init(&indexes, 4);
    mail_index_lookup_keywords(of, seq, &indexes);
    count = array_count(&indexes);
    array_free(&indexes);
    return count;
}

static unsigned int commit(struct mail_index_transaction **t, int wanted, const char *claim)
{
    struct mail_index_transaction_commit_result result;

    is_int(mail_index_transaction_commit_full(t, &result), wanted, "%s", claim);
    return result.changes_mask;
}

static void flags_are_shown_before_the_commit(void)
{
    struct mail_index_transaction *t = mail_index_transaction_begin(view, 0);
    struct mail_index_view *updated = mail_index_transaction_open_updated_view(t);

    mail_index_update_flags(t, 2, MODIFY_ADD, MAIL_SEEN | MAIL_FLAGGED);
    mail_index_update_flags(t, 2, MODIFY_REMOVE, MAIL_FLAGGED);
    is_int(mail_index_lookup(updated, 2)->flags, MAIL_SEEN, "a transaction's view shows its flags");
    is_int(mail_index_lookup(view, 2)->flags, 0, "others do not");
    mail_index_update_flags(t, 2, MODIFY_REPLACE, MAIL_DRAFT | MAIL_RECENT);
    is_int(mail_index_lookup(updated, 2)->flags, MAIL_DRAFT, "replaced flags are all there are");
    mail_index_view_close(&updated);
    is_int(commit(&t, 0, "it commits"),
           (intmax_t)MAIL_INDEX_TRANSACTION_CHANGE_OTHERS | MAIL_INDEX_TRANSACTION_CHANGE_FLAGS,
           "and tells what kind of change it was");
    is_int(mail_index_lookup(view, 2)->flags, 0, "a view sees it after a sync");
    (void)test_sync(view, 0);
    is_int(mail_index_lookup(view, 2)->flags, MAIL_DRAFT, "only");
}

static void changes_join_those_of_others(void)
{
    struct mail_index_transaction *t = mail_index_transaction_begin(view, 0);

    mail_index_update_flags(t, 3, MODIFY_ADD, MAIL_SEEN);
    test_flags(index_under_test, 3, MAIL_ANSWERED);
    (void)commit(&t, 0, "flags are added while others change them");
    (void)test_sync(view, 0);
    is_int(mail_index_lookup(view, 3)->flags, MAIL_ANSWERED | MAIL_SEEN, "and both are there");
}

static void keywords_are_sets(void)
{
    struct mail_index_transaction *t = mail_index_transaction_begin(view, 0);
    struct mail_index_view *updated = mail_index_transaction_open_updated_view(t);
    struct mail_keywords *set = keywords("Work", "work"), *other = keywords("Home", "Fun");
    unsigned int idx;

    is_int(set->count, 1, "the case of a keyword's letters makes no other keyword");
    ok(mail_index_keyword_lookup(index_under_test, "WORK", &idx), "it is found in any case");
    ok(!mail_index_keyword_lookup(index_under_test, "Wor", &idx), "and no other one");
    mail_index_update_keywords(t, 4, MODIFY_ADD, set);
    mail_index_update_keywords(t, 4, MODIFY_ADD, other);
    is_int(keyword_count(updated, 4), 3, "keywords are added");
    mail_index_update_keywords(t, 4, MODIFY_REMOVE, set);
    is_int(keyword_count(updated, 4), 2, "and removed");
    mail_index_update_keywords(t, 4, MODIFY_REPLACE, set);
    is_int(keyword_count(updated, 4), 1, "and replaced");
    mail_index_keywords_unref(&set);
    mail_index_keywords_unref(&other);
    mail_index_view_close(&updated);
    (void)commit(&t, 0, "that is committed");
    (void)test_sync(view, 0);
    is_int(keyword_count(view, 4), 1, "and seen by all");
    is_int(array_count(mail_index_get_keywords(index_under_test)), 3, "the names are known");
}

static void a_driver_can_refuse(void)
{
    struct mail_index_transaction *t = mail_index_transaction_begin(view, 0);

    mail_index_update_flags(t, 5, MODIFY_ADD, MAIL_SEEN);
    mail_index_update_flags(t, 6, MODIFY_ADD, MAIL_SEEN);
    driver.refuse_uid = 5;
    (void)commit(&t, 0, "a driver that could not change one mail can still succeed");
    driver.refuse_uid = 0;
    (void)test_sync(view, 0);
    is_int(mail_index_lookup(view, 5)->flags, 0, "the one is as it was");
    is_int(mail_index_lookup(view, 6)->flags, MAIL_SEEN, "the other is changed");

    t = mail_index_transaction_begin(view, 0);
    mail_index_expunge(t, 5);
    driver.refuse_all = TRUE;
    (void)commit(&t, -1, "when it fails, the commit does");
    driver.refuse_all = FALSE;
    (void)test_sync(view, 0);
    ok(!mail_index_is_expunged(view, 5), "and nothing is changed");
}

static void hidden_changes_are_told_as_hidden(void)
{
    struct mail_index_transaction *t =
        mail_index_transaction_begin(view, MAIL_INDEX_TRANSACTION_FLAG_HIDE);
    struct mail_index_view_sync_ctx *ctx;
    struct mail_index_view_sync_rec rec;
    bool delayed;

    mail_index_update_flags(t, 7, MODIFY_ADD, MAIL_SEEN);
    mail_index_update_flags(t, 8, MODIFY_ADD, MAIL_SEEN);
    (void)commit(&t, 0, "flags are changed with FLAG_HIDE");
    test_flags(index_under_test, 8, MAIL_SEEN | MAIL_DELETED);
    ctx = mail_index_view_sync_begin(view, 0);
    ok(mail_index_view_sync_next(ctx, &rec) && rec.seq1 == 7 && rec.seq2 == 7 && rec.hidden,
       "the next sync says so");
    ok(mail_index_view_sync_next(ctx, &rec) && rec.seq1 == 8 && !rec.hidden,
       "but not of what others have changed after it");
    mail_index_view_sync_commit(&ctx, &delayed);
}

static void appends_get_uids(void)
{
    struct mail_index_transaction *t = mail_index_transaction_begin(view, 0);
    struct mail_index_view *updated = mail_index_transaction_open_updated_view(t);
    uint32_t count = mail_index_view_get_messages_count(view), seq, next;
    ARRAY_TYPE(seq_range) uids;

    i_array_init(&uids, 4);
    next = mail_index_get_header(view)->next_uid;
    mail_index_append(t, 0, &seq);
    is_int(seq, count + 1, "an appended message follows the others");
    is_int(mail_index_view_get_messages_count(updated), count + 1, "in the transaction's view");
    mail_index_update_flags(t, seq, MODIFY_REPLACE, MAIL_FLAGGED);
    mail_index_append(t, next + 10, &seq);
    mail_index_append(t, 0, &seq);
    mail_index_expunge(t, seq);
    is_int(mail_index_view_get_messages_count(updated), count + 2,
           "a save that failed is forgotten");
    mail_index_append_finish_uids(t, next, &uids);
    is_int(seq_range_count(&uids), 2, "each message has a uid");
    ok(seq_range_exists(&uids, next) && seq_range_exists(&uids, next + 10),
       "the next one, or a higher one that was asked for");
    mail_index_view_close(&updated);
    is_int(commit(&t, 0, "they are committed") & MAIL_INDEX_TRANSACTION_CHANGE_APPEND,
           MAIL_INDEX_TRANSACTION_CHANGE_APPEND, "as appended");
    (void)test_sync(view, 0);
    ok(mail_index_lookup_seq(view, next, &seq) &&
           mail_index_lookup(view, seq)->flags == MAIL_FLAGGED,
       "the first is there with its flags");
    array_free(&uids);
}

static void unchangedsince_leaves_out_what_is_newer(void)
{
    struct mail_index_transaction *t = mail_index_transaction_begin(view, 0);
    struct mail_index_transaction_commit_result result;
    ARRAY_TYPE(seq_range) newer;

    i_array_init(&newer, 4);
    mail_index_update_flags(t, 9, MODIFY_ADD, MAIL_SEEN);
    mail_index_update_flags(t, 10, MODIFY_ADD, MAIL_SEEN);
    mail_index_transaction_set_max_modseq(t, mail_index_modseq_get_highest(view), &newer);
    test_flags(index_under_test, 9, MAIL_DRAFT);
    is_int(mail_index_transaction_commit_full(&t, &result), 0, "a conditional change commits");
    is_int(result.ignored_modseq_changes, 1, "without what somebody has changed meanwhile");
    ok(seq_range_exists(&newer, 9) && seq_range_count(&newer) == 1, "which it tells");
    (void)test_sync(view, 0);
    is_int(mail_index_lookup(view, 9)->flags, MAIL_DRAFT, "that stays");
    is_int(mail_index_lookup(view, 10)->flags, MAIL_SEEN, "the rest is changed");
    array_free(&newer);
}

static void any_order_of_changes_will_do(void)
{
    struct mail_index_transaction *t;
    uint32_t count = mail_index_view_get_messages_count(view);

    test_add(index_under_test, 100001, 200000);
    (void)test_sync(view, 0);
    t = mail_index_transaction_begin(view, 0);
    for (uint32_t seq = mail_index_view_get_messages_count(view); seq > count; seq--)
        mail_index_expunge(t, seq);
    driver.changes = 0;
    (void)commit(&t, 0, "100,000 messages are expunged from the last to the first");
    is_int(driver.changes, 100000, "the driver is asked for each");
    (void)test_sync(view, 0);
    is_int(mail_index_view_get_messages_count(view), count, "and all are gone");
}

static void many_keywords_are_refused(void)
{
    struct mail_index_transaction *t = mail_index_transaction_begin(view, 0);
    struct mail_keywords *set = NULL;
    unsigned int idx;

    for (unsigned int i = 0; i < 80; i++) {
        if (set != NULL)
            mail_index_keywords_unref(&set);
        T_BEGIN
        {
            set = keywords(t_strdup_printf("k%u", i), NULL);
        }
        T_END;
    }
    mail_index_update_keywords(t, 1, MODIFY_REMOVE, set);
    ok(!mail_index_transaction_impossible_keyword(t, &idx),
       "a keyword that no message can have can be removed");
    mail_index_update_keywords(t, 1, MODIFY_ADD, set);
    ok(mail_index_transaction_impossible_keyword(t, &idx) && idx == set->idx[0],
       "but not added: the driver is told");
    mail_index_keywords_unref(&set);
    mail_index_transaction_rollback(&t);
}

int main(void)
{
    lib_init();
    index_under_test = mail_index_alloc(&plain_driver, &driver);
    test_add(index_under_test, 1, 20);
    view = mail_index_view_open(index_under_test);
    flags_are_shown_before_the_commit();
    changes_join_those_of_others();
    keywords_are_sets();
    a_driver_can_refuse();
    hidden_changes_are_told_as_hidden();
    appends_get_uids();
    unchangedsince_leaves_out_what_is_newer();
    any_order_of_changes_will_do();
    many_keywords_are_refused();
    mail_index_view_close(&view);
    mail_index_free(&index_under_test);
    lib_deinit();
    return done();
}
