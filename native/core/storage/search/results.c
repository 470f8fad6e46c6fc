/*
 * Search results that are kept (search-results.h), and follow the mailbox if that was asked for.
 *
 * A result that follows has criteria of its own, in which sets are uids: sequence numbers change.
 */
#include "search/search-results.h"

#include "array.h"
#include "mail-search-build.h"
#include "mail-search.h"

struct mail_search_result {
    struct mailbox *box;
    enum mailbox_search_result_flags flags;
    struct mail_search_args *args; /**< NULL: it does not follow */
    ARRAY_TYPE(seq_range) uids;
    /** With QUEUE_SYNC: what has changed since the last mailbox_search_result_sync(). */
    ARRAY_TYPE(seq_range) removed, added;
};

static bool follows(const struct mail_search_result *result)
{
    return (result->flags & MAILBOX_SEARCH_RESULT_FLAG_UPDATE) != 0;
}

static bool queues(const struct mail_search_result *result)
{
    return (result->flags & MAILBOX_SEARCH_RESULT_FLAG_QUEUE_SYNC) != 0;
}

/* ---- Lifetime ----------------------------------------------------------------------------------- */

struct mail_search_result *mailbox_search_result_save(struct mail_search_context *ctx,
                                                      enum mailbox_search_result_flags flags)
{
    struct mail_search_result *result = i_new(struct mail_search_result, 1);

    result->box = ctx->transaction->box;
    result->flags = flags;
    i_array_init(&result->uids, 32);
    if (queues(result)) {
        i_array_init(&result->removed, 32);
        i_array_init(&result->added, 32);
    }
    if (follows(result)) {
        result->args = mail_search_args_dup(ctx->args);
        mail_search_args_init(result->args, result->box, TRUE, NULL);
        mail_search_args_seq2uid(result->args);
        mail_search_args_deinit(result->args);
    }
    array_push_back(&ctx->results, &result);
    return result;
}

static void forget(struct mailbox *box, const struct mail_search_result *result)
{
    struct mail_search_result *const *results;
    unsigned int count;

    results = array_get(&box->search_results, &count);
    for (unsigned int i = 0; i < count; i++) {
        if (results[i] == result) {
            array_delete(&box->search_results, i, 1);
            return;
        }
    }
}

void mailbox_search_result_free(struct mail_search_result **_result)
{
    struct mail_search_result *result = *_result;

    *_result = NULL;
    forget(result->box, result);
    if (result->args != NULL)
        mail_search_args_unref(&result->args);
    array_free(&result->uids);
    if (queues(result)) {
        array_free(&result->removed);
        array_free(&result->added);
    }
    i_free(result);
}

int mailbox_search_result_build(struct mailbox_transaction_context *t,
                                struct mail_search_args *args,
                                enum mailbox_search_result_flags flags,
                                struct mail_search_result **result_r)
{
    struct mail_search_context *ctx = mailbox_search_init(t, args, NULL, 0, NULL);
    struct mail *mail;

    *result_r = mailbox_search_result_save(ctx, flags);
    while (mailbox_search_next(ctx, &mail)) {
    }
    if (mailbox_search_deinit(&ctx) == 0)
        return 0;
    mailbox_search_result_free(result_r);
    return -1;
}

const ARRAY_TYPE(seq_range) * mailbox_search_result_get(struct mail_search_result *result)
{
    return &result->uids;
}

/* ---- What searches tell ------------------------------------------------------------------------- */

void mailbox_search_results_add(struct mail_search_context *ctx, uint32_t uid)
{
    struct mail_search_result *result;

    array_foreach_elem(&ctx->results, result)
    {
        seq_range_array_add(&result->uids, uid);
    }
}

void mailbox_search_results_initial_done(struct mail_search_context *ctx)
{
    struct mail_search_result *result;

    array_foreach_elem(&ctx->results, result)
    {
        if (follows(result))
            array_push_back(&result->box->search_results, &result);
    }
}

/* ---- What syncs tell ---------------------------------------------------------------------------- */

static void add(struct mail_search_result *result, uint32_t uid)
{
    if (seq_range_array_add(&result->uids, uid) || !queues(result))
        return; /* it was there */
    if (!seq_range_array_remove(&result->removed, uid))
        seq_range_array_add(&result->added, uid);
}

static void take_away(struct mail_search_result *result, uint32_t uid)
{
    if (!seq_range_array_remove(&result->uids, uid) || !queues(result))
        return; /* it was not there */
    if (!seq_range_array_remove(&result->added, uid))
        seq_range_array_add(&result->removed, uid);
}

void mailbox_search_results_sync_expunges(struct mailbox *box,
                                          const ARRAY_TYPE(seq_range) * expunged_uids)
{
    struct mail_search_result *result;
    struct seq_range_iter iter;
    uint32_t uid;

    array_foreach_elem(&box->search_results, result)
    {
        seq_range_array_iter_init(&iter, expunged_uids);
        for (unsigned int i = 0; seq_range_array_iter_nth(&iter, i, &uid); i++)
            take_away(result, uid);
    }
}

/** The changed and the new messages, as uids. */
static void list_changes(struct mailbox *box, const ARRAY_TYPE(seq_range) * changed_uids,
                         uint32_t first_new_seq, ARRAY_TYPE(seq_range) * uids)
{
    uint32_t count = mail_index_view_get_messages_count(box->view), first, last;

    seq_range_array_merge(uids, changed_uids);
    if (first_new_seq == 0 || first_new_seq > count)
        return;
    mail_index_lookup_uid(box->view, first_new_seq, &first);
    mail_index_lookup_uid(box->view, count, &last);
    seq_range_array_add_range(uids, first, last);
}

/** Asks the criteria again, of these messages only. */
static void update(struct mail_search_result *result, struct mailbox_transaction_context *t,
                   const ARRAY_TYPE(seq_range) * uids)
{
    struct mail_search_args *args = mail_search_args_dup(result->args);
    struct mail_search_arg *filter = mail_search_build_add(args, SEARCH_UIDSET);
    ARRAY_TYPE(seq_range) misses;
    struct mail_search_context *ctx;
    struct seq_range_iter iter;
    struct mail *mail;
    uint32_t uid;

    p_array_init(&filter->value.seqset, args->pool, array_count(uids) + 1);
    array_append_array(&filter->value.seqset, uids);
    i_array_init(&misses, array_count(uids) + 1);
    array_append_array(&misses, uids);
    ctx = mailbox_search_init(t, args, NULL, 0, NULL);
    mail_search_args_unref(&args);
    while (mailbox_search_next(ctx, &mail)) {
        add(result, mail->uid);
        seq_range_array_remove(&misses, mail->uid);
    }
    /* After an error nobody knows: what was in the result stays. */
    if (mailbox_search_deinit(&ctx) == 0) {
        seq_range_array_iter_init(&iter, &misses);
        for (unsigned int i = 0; seq_range_array_iter_nth(&iter, i, &uid); i++)
            take_away(result, uid);
    }
    array_free(&misses);
}

void mailbox_search_results_sync_changes(struct mailbox *box,
                                         const ARRAY_TYPE(seq_range) * changed_uids,
                                         uint32_t first_new_seq)
{
    struct mailbox_transaction_context *t;
    struct mail_search_result *result;
    ARRAY_TYPE(seq_range) uids;

    if (array_count(&box->search_results) == 0)
        return;
    i_array_init(&uids, 32);
    list_changes(box, changed_uids, first_new_seq, &uids);
    if (array_count(&uids) > 0) {
        t = mailbox_transaction_begin(box, 0, "search results");
        array_foreach_elem(&box->search_results, result)
        {
            update(result, t, &uids);
        }
        (void)mailbox_transaction_commit(&t);
    }
    array_free(&uids);
}

void mailbox_search_result_sync(struct mail_search_result *result,
                                ARRAY_TYPE(seq_range) * removed_uids,
                                ARRAY_TYPE(seq_range) * added_uids)
{
    i_assert(queues(result));
    array_clear(removed_uids);
    array_clear(added_uids);
    array_append_array(removed_uids, &result->removed);
    array_append_array(added_uids, &result->added);
    array_clear(&result->removed);
    array_clear(&result->added);
}
