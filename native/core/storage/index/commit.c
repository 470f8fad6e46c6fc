/*
 * Committing a transaction: first the driver makes it true in its files, then the head shows it.
 */
#include "index/transaction-private.h"

#include "seq-range-array.h"

bool mail_index_transaction_next(struct mail_index_transaction *t, uint32_t *seq,
                                 struct mail_index_change *change_r)
{
    for (unsigned int i = *seq; i < t->page_count * TXN_PAGE_CHANGES; i++) {
        const struct txn_page *page = t->pages[i / TXN_PAGE_CHANGES];
        const struct txn_change *change;

        if (page == NULL) {
            i = (i / TXN_PAGE_CHANGES + 1) * TXN_PAGE_CHANGES - 1;
            continue;
        }
        change = &page->changes[i % TXN_PAGE_CHANGES];
        if (change->used && !change->failed) {
            *change_r = change->change;
            *seq = i + 1;
            return TRUE;
        }
    }
    return FALSE;
}

void mail_index_change_failed(struct mail_index_transaction *t, uint32_t seq)
{
    struct txn_change *change = transaction_change(t, seq, FALSE);

    i_assert(change != NULL);
    change->failed = TRUE;
}

bool mail_index_transaction_impossible_keyword(struct mail_index_transaction *t,
                                               unsigned int *idx_r)
{
    *idx_r = t->impossible_keyword_idx;
    return t->impossible_keyword;
}

void mail_index_append_finish_uids(struct mail_index_transaction *t, uint32_t first_uid,
                                   ARRAY_TYPE(seq_range) * uids_r)
{
    struct index_record *record;

    array_foreach_modifiable(&t->appends, record)
    {
        if (record->rec.uid < first_uid)
            record->rec.uid = first_uid;
        first_uid = record->rec.uid + 1;
        seq_range_array_add(uids_r, record->rec.uid);
    }
}

/* What of the index a change has changed: bits of changes_mask. */
static unsigned int apply(struct mail_index_update *u, const struct mail_index *index,
                          const struct mail_index_change *change)
{
    unsigned int mask = 0;
    uint64_t keywords;
    uint8_t flags;

    if (change->expunge) {
        mail_index_update_remove(u, change->uid);
        return MAIL_INDEX_TRANSACTION_CHANGE_EXPUNGE;
    }
    if (!mail_index_head_lookup(index, change->uid, &flags, &keywords))
        return 0;
    if ((change->add_flags | change->remove_flags) != 0)
        mask |= MAIL_INDEX_TRANSACTION_CHANGE_FLAGS;
    if ((change->add_keywords | change->remove_keywords) != 0)
        mask |= MAIL_INDEX_TRANSACTION_CHANGE_KEYWORDS;
    flags = (uint8_t)((flags & ~change->remove_flags) | change->add_flags);
    keywords = (keywords & ~change->remove_keywords) | change->add_keywords;
    mail_index_update_set(u, change->uid, flags, keywords);
    if (change->min_modseq != 0) {
        mail_index_update_raise_modseq(u, change->uid, change->min_modseq);
        mask |= MAIL_INDEX_TRANSACTION_CHANGE_MODSEQ;
    }
    return mask;
}

static unsigned int apply_all(struct mail_index_transaction *t, struct mail_index_update *u,
                              ARRAY_TYPE(seq_range) * uids)
{
    struct mail_index *index = t->view->index;
    const struct index_record *record;
    struct mail_index_change change;
    unsigned int mask = 0;
    uint32_t seq = 0;

    while (mail_index_transaction_next(t, &seq, &change)) {
        mask |= apply(u, index, &change);
        seq_range_array_add(uids, change.uid);
    }
    array_foreach(&t->appends, record)
    {
        /* what comes before it is not known yet: the next sync tells of both */
        if (record->rec.uid != index->head->hdr.next_uid)
            continue;
        mail_index_update_append(u, record->rec.uid, record->rec.flags, record->keywords);
        mail_index_update_raise_modseq(u, record->rec.uid, record->modseq);
    }
    return mask;
}

void mail_index_transaction_set_max_modseq(struct mail_index_transaction *t, uint64_t max_modseq,
                                           ARRAY_TYPE(seq_range) * seqs)
{
    t->max_modseq = max_modseq;
    t->too_new = seqs;
}

/* How many changes are left out because somebody else was faster. */
static unsigned int leave_out_too_new(struct mail_index_transaction *t)
{
    const struct index_map *head = t->view->index->head;
    struct mail_index_change change;
    uint32_t seq = 0, head_seq;
    unsigned int count = 0;

    while (t->too_new != NULL && mail_index_transaction_next(t, &seq, &change)) {
        if (change.expunge || !index_map_find(head, change.uid, &head_seq) ||
            index_map_at(head, head_seq)->modseq <= t->max_modseq)
            continue;
        mail_index_change_failed(t, seq);
        seq_range_array_add(t->too_new, seq);
        count++;
    }
    return count;
}

static void show_in_head(struct mail_index_transaction *t,
                         struct mail_index_transaction_commit_result *result_r)
{
    struct mail_index *index = t->view->index;
    unsigned int mask = array_is_empty(&t->appends) ? 0 : MAIL_INDEX_TRANSACTION_CHANGE_APPEND;
    ARRAY_TYPE(seq_range) uids;

    i_array_init(&uids, 16);
    if (index->loaded) {
        struct mail_index_update *u = mail_index_update_begin(index);

        mask |= apply_all(t, u, &uids);
        mail_index_update_end(&u);
    }
    if ((t->flags & MAIL_INDEX_TRANSACTION_FLAG_HIDE) != 0 && array_not_empty(&uids))
        view_hide(t->view, index->head->highest_modseq, &uids);
    array_free(&uids);
    /* whatever changes, the modseq of the mailbox does */
    if (mask != 0)
        mask |= MAIL_INDEX_TRANSACTION_CHANGE_OTHERS;
    result_r->changes_mask = (enum mail_index_transaction_change)mask;
}

int mail_index_transaction_commit_full(struct mail_index_transaction **t,
                                       struct mail_index_transaction_commit_result *result_r)
{
    struct mail_index *index = (*t)->view->index;
    int result;

    i_zero(result_r);
    result_r->ignored_modseq_changes = leave_out_too_new(*t);
    result = index->driver->commit((*t), index->context);
    show_in_head(*t, result_r);
    transaction_free(t);
    return result;
}
