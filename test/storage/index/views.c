/*
 * Views of an index: they stay as they are until they are synced, and tell then what has changed.
 */
#include "index/driver.h"

static struct test_driver driver;
static struct mail_index *index_under_test;

static void a_view_is_a_snapshot(void)
{
    struct mail_index_view *view = mail_index_view_open(index_under_test);
    uint32_t first, last;

    is_int(mail_index_view_get_messages_count(view), 1200, "a view has what the index has");
    is_int(uid_at(view, 1200), 1200, "in the order of uids");
    test_remove(index_under_test, 600, 700);
    test_add(index_under_test, 1201, 1300);
    is_int(mail_index_view_get_messages_count(view), 1200, "later changes do not show in it");
    ok(mail_index_is_expunged(view, 650), "but a message that is gone is known to be");
    ok(!mail_index_is_expunged(view, 599), "and one that is not gone, not to be");
    ok(mail_index_lookup_seq_range(view, 0, 5, &first, &last) && first == 1 && last == 5,
       "a range of uids becomes a range of sequence numbers");
    ok(!mail_index_lookup_seq_range(view, 1201, 1300, &first, &last) && first == 0 && last == 0,
       "a range that it does not have is none");
    ok(mail_index_lookup_seq_range(view, 1190, UINT32_MAX, &first, &last) && last == 1200,
       "a range without an end ends with the last message");
    mail_index_view_close(&view);
}

static void a_sync_tells_all(void)
{
    struct mail_index_view *view = mail_index_view_open(index_under_test);
    struct mail_index_view_sync_ctx *ctx;
    struct mail_index_view_sync_rec rec;
    const ARRAY_TYPE(seq_range) * gone;
    bool delayed;

    /* uids 1..599 and 701..1300 */
    test_flags(index_under_test, 10, MAIL_SEEN);
    test_flags(index_under_test, 11, MAIL_SEEN);
    test_flags(index_under_test, 800, MAIL_FLAGGED);
    test_remove(index_under_test, 20, 29);
    test_remove(index_under_test, 801, 801);
    test_add(index_under_test, 1301, 1302);

    ctx = mail_index_view_sync_begin(view, 0);
    is_int(mail_index_view_sync_old_count(ctx), 1199, "a sync knows how many there were");
    is_int(mail_index_view_get_messages_count(view), 1201,
           "while it runs, there are the old and the new ones");
    ok(mail_index_view_sync_next(ctx, &rec) && rec.seq1 == 10 && rec.seq2 == 11 && rec.uid1 == 10 &&
           rec.uid2 == 11 && rec.type == MAIL_INDEX_VIEW_SYNC_TYPE_FLAGS,
       "neighbours with changed flags are told together");
    ok(mail_index_view_sync_next(ctx, &rec) && rec.uid1 == 800 && uid_at(view, rec.seq1) == 800,
       "numbers are those with the messages that are gone");
    ok(!rec.hidden, "nobody has hidden the change");
    is_int(mail_index_lookup(view, rec.seq1)->flags, MAIL_FLAGGED, "the new flags can be seen");
    ok(!mail_index_view_sync_next(ctx, &rec), "that is all");
    gone = mail_index_view_sync_expunges(ctx);
    is_int(array_count(gone), 2, "two ranges are gone");
    is_int(array_idx(gone, 0)->seq1, 20, "the first from its first message");
    is_int(array_idx(gone, 0)->seq2, 29, "to its last one");
    is_int(uid_at(view, array_idx(gone, 1)->seq1), 801, "and a single one");
    mail_index_view_sync_commit(&ctx, &delayed);
    ok(!delayed, "nothing is left for later");
    is_int(mail_index_view_get_messages_count(view), 1190, "after it the view is the index");
    is_int(mail_index_get_header(view)->seen_messages_count, 2, "which counts what was seen");
    mail_index_view_close(&view);
}

static void expunges_can_wait(void)
{
    struct mail_index_view *view = mail_index_view_open(index_under_test);
    uint32_t count = mail_index_view_get_messages_count(view);

    test_remove(index_under_test, 1, 3);
    ok(test_sync(view, MAIL_INDEX_VIEW_SYNC_FLAG_NOEXPUNGES), "a sync says that expunges wait");
    is_int(mail_index_view_get_messages_count(view), count, "the messages are still there");
    test_add(index_under_test, 1303, 1303);
    test_flags(index_under_test, 5, MAIL_ANSWERED);
    ok(test_sync(view, MAIL_INDEX_VIEW_SYNC_FLAG_NOEXPUNGES), "and after another sync");
    is_int(mail_index_view_get_messages_count(view), count + 1, "with a new one");
    is_int(mail_index_lookup(view, 5)->flags, MAIL_ANSWERED, "and new flags");
    ok(mail_index_is_expunged(view, 2), "they are known to be gone");
    ok(!test_sync(view, 0), "until a sync lets them go");
    is_int(uid_at(view, 1), 4, "then the first one is another");
    mail_index_view_close(&view);
}

static void modseqs_grow(void)
{
    struct mail_index_view *view = mail_index_view_open(index_under_test);
    uint64_t before = mail_index_modseq_get_highest(view);
    uint32_t seq;

    test_flags(index_under_test, 100, MAIL_SEEN);
    (void)test_sync(view, 0);
    ok(mail_index_modseq_get_highest(view) > before, "a change has a higher modseq");
    ok(mail_index_lookup_seq(view, 100, &seq), "the message that was changed");
    is_int((intmax_t)mail_index_modseq_lookup(view, seq),
           (intmax_t)mail_index_modseq_get_highest(view), "has it");
    before = mail_index_modseq_get_highest(view);
    test_flags(index_under_test, 100, MAIL_SEEN);
    (void)test_sync(view, 0);
    is_int((intmax_t)mail_index_modseq_get_highest(view), (intmax_t)before,
           "setting what is set changes nothing");
    mail_index_view_close(&view);
}

static void another_uidvalidity_ends_a_view(void)
{
    struct mail_index_view *view = mail_index_view_open(index_under_test);
    struct mail_index_update *u;

    ok(!mail_index_view_is_inconsistent(view), "a view is consistent");
    u = mail_index_update_begin(index_under_test);
    mail_index_update_reset(u, 4711);
    mail_index_update_append(u, 1, 0, 0);
    mail_index_update_end(&u);
    ok(mail_index_view_is_inconsistent(view), "until uids mean something else");
    (void)test_sync(view, 0);
    ok(mail_index_view_is_inconsistent(view), "no sync helps");
    mail_index_view_close(&view);
    view = mail_index_view_open(index_under_test);
    is_int(mail_index_get_header(view)->uid_validity, 4711, "a new view has the new uidvalidity");
    is_int(mail_index_view_get_messages_count(view), 1, "and the new messages");
    mail_index_view_close(&view);
}

static void an_index_is_loaded_when_it_is_asked(void)
{
    struct test_driver lazy = {.load_count = 3};
    struct mail_index_transaction_commit_result result;
    struct mail_index_transaction *t;
    struct mail_index_view *view;
    uint32_t seq;

    lazy.index = mail_index_alloc(&lazy_driver, &lazy);
    view = mail_index_view_open(lazy.index);
    t = mail_index_transaction_begin(view, 0);
    mail_index_append(t, 0, &seq);
    is_int(seq, 1, "who only saves counts from one");
    is_int(mail_index_transaction_commit_full(&t, &result), 0, "commits");
    is_int(lazy.loads, 0, "and has loaded nothing");
    is_int(mail_index_view_get_messages_count(view), 3, "the first question for messages");
    is_int(lazy.loads, 1, "loads them");
    is_int(mail_index_view_get_messages_count(view), 3, "the second one");
    is_int(lazy.loads, 1, "does not");
    mail_index_view_close(&view);
    mail_index_free(&lazy.index);
}

int main(void)
{
    lib_init();
    index_under_test = mail_index_alloc(&plain_driver, &driver);
    test_add(index_under_test, 1, 1200);
    a_view_is_a_snapshot();
    a_sync_tells_all();
    expunges_can_wait();
    modseqs_grow();
    another_uidvalidity_ends_a_view();
    an_index_is_loaded_when_it_is_asked();
    mail_index_free(&index_under_test);
    lib_deinit();
    return done();
}
