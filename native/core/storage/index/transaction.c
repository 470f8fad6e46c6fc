/*
 * Collecting changes, and showing them. Changes lie in pages by sequence number, so that any order of
 * updates of any number of messages costs the same for each.
 */
#include "index/transaction-private.h"

#include "seq-range-array.h"

struct mail_index_transaction *mail_index_transaction_begin(struct mail_index_view *view,
                                                            enum mail_index_transaction_flags flags)
{
    struct mail_index_transaction *t = i_new(struct mail_index_transaction, 1);

    i_assert(view->updated_by == NULL);
    t->view = view;
    view->refcount++;
    t->flags = flags;
    i_array_init(&t->appends, 4);
    if (view->map != NULL) {
        t->map = view->map;
        index_map_ref(t->map);
    }
    return t;
}

void transaction_free(struct mail_index_transaction **_t)
{
    struct mail_index_transaction *t = *_t;

    *_t = NULL;
    for (unsigned int i = 0; i < t->page_count; i++)
        i_free(t->pages[i]);
    i_free(t->pages);
    array_free(&t->appends);
    index_map_unref(&t->map);
    mail_index_view_close(&t->view);
    i_free(t);
}

void mail_index_transaction_rollback(struct mail_index_transaction **t)
{
    transaction_free(t);
}

struct mail_index *mail_index_transaction_get_index(struct mail_index_transaction *t)
{
    return t->view->index;
}

struct index_map *transaction_map(struct mail_index_transaction *t)
{
    if (t->map != NULL)
        return t->map;
    /* one that saves before it looks at anything never needs the other messages */
    if (array_not_empty(&t->appends)) {
        t->map = index_map_new();
        t->map->hdr.uid_validity = t->view->index->head->hdr.uid_validity;
        return t->map;
    }
    if (view_map(t->view) == t->view->map) {
        t->map = t->view->map;
        index_map_ref(t->map);
        return t->map;
    }
    return t->view->index->head;
}

uint32_t transaction_messages_count(struct mail_index_transaction *t)
{
    return transaction_map(t)->hdr.messages_count + array_count(&t->appends);
}

struct txn_change *transaction_change(struct mail_index_transaction *t, uint32_t seq, bool create)
{
    unsigned int page = (seq - 1) / TXN_PAGE_CHANGES;

    if (page >= t->page_count) {
        unsigned int room = (transaction_map(t)->hdr.messages_count - 1) / TXN_PAGE_CHANGES + 1;

        if (!create)
            return NULL;
        t->pages = i_realloc_type(t->pages, struct txn_page *, t->page_count, room);
        t->page_count = room;
    }
    if (t->pages[page] == NULL) {
        if (!create)
            return NULL;
        t->pages[page] = i_new(struct txn_page, 1);
    }
    return &t->pages[page]->changes[(seq - 1) % TXN_PAGE_CHANGES];
}

const struct index_record *transaction_record(struct mail_index_transaction *t, uint32_t seq)
{
    const struct index_map *map = transaction_map(t);
    const struct txn_change *change;

    if (seq > map->hdr.messages_count) {
        seq -= map->hdr.messages_count + 1;
        return seq < array_count(&t->appends) ? array_idx(&t->appends, seq) : NULL;
    }
    change = transaction_change(t, seq, FALSE);
    return change != NULL && change->used ? &change->shown : index_map_at(map, seq);
}

bool transaction_has_expunged(struct mail_index_transaction *t, uint32_t seq)
{
    const struct txn_change *change;

    if (seq > transaction_map(t)->hdr.messages_count)
        return FALSE;
    change = transaction_change(t, seq, FALSE);
    return change != NULL && change->used && change->change.expunge;
}

void mail_index_append(struct mail_index_transaction *t, uint32_t uid, uint32_t *seq_r)
{
    struct index_record *record = array_append_space(&t->appends);

    record->rec.uid = uid;
    *seq_r = transaction_messages_count(t);
}

/* The record of a message that this transaction has appended; NULL: it was there before. */
static struct index_record *appended(struct mail_index_transaction *t, uint32_t seq)
{
    uint32_t count = transaction_map(t)->hdr.messages_count;

    i_assert(seq > 0 && seq <= transaction_messages_count(t));
    return seq > count ? array_idx_modifiable(&t->appends, seq - count - 1) : NULL;
}

/* The change of a message that was there before. */
static struct txn_change *changed(struct mail_index_transaction *t, uint32_t seq)
{
    struct txn_change *change = transaction_change(t, seq, TRUE);

    if (!change->used) {
        change->used = TRUE;
        change->shown = *index_map_at(transaction_map(t), seq);
        change->change.seq = seq;
        change->change.uid = change->shown.rec.uid;
    }
    return change;
}

void mail_index_expunge(struct mail_index_transaction *t, uint32_t seq)
{
    if (appended(t, seq) == NULL)
        changed(t, seq)->change.expunge = TRUE;
    else if (seq == transaction_messages_count(t))
        array_pop_back(&t->appends); /* a save that has failed */
}

/* Adds one more step to what shall be added and removed, and to the value that is shown. */
static void modify(enum modify_type type, uint64_t all, uint64_t bits, uint64_t *add,
                   uint64_t *remove, uint64_t *shown)
{
    if (type == MODIFY_REPLACE)
        *add = 0;
    *add = type == MODIFY_REMOVE ? *add & ~bits : *add | bits;
    *remove =
        type == MODIFY_REMOVE ? *remove | bits : (type == MODIFY_REPLACE ? all : *remove) & ~bits;
    *shown = (*shown & ~*remove) | *add;
}

void mail_index_update_flags(struct mail_index_transaction *t, uint32_t seq,
                             enum modify_type modify_type, enum mail_flags flags)
{
    uint64_t add = 0, remove = 0, shown;
    struct index_record *record = appended(t, seq);
    struct txn_change *change = NULL;

    if (record == NULL) {
        change = changed(t, seq);
        record = &change->shown;
        add = change->change.add_flags;
        remove = change->change.remove_flags;
    }
    shown = record->rec.flags;
    modify(modify_type, MAIL_FLAGS_NONRECENT, flags & MAIL_FLAGS_NONRECENT, &add, &remove, &shown);
    record->rec.flags = (uint8_t)shown;
    if (change != NULL) {
        change->change.add_flags = (uint8_t)add;
        change->change.remove_flags = (uint8_t)remove;
    }
}

static uint64_t keyword_bits(struct mail_index_transaction *t, const struct mail_keywords *keywords,
                             enum modify_type type)
{
    uint64_t bits = 0;

    i_assert(keywords->index == t->view->index);
    for (unsigned int i = 0; i < keywords->count; i++) {
        if (keywords->idx[i] < INDEX_KEYWORDS_MAX)
            bits |= UINT64_C(1) << keywords->idx[i];
        else if (type != MODIFY_REMOVE && !t->impossible_keyword) {
            t->impossible_keyword = TRUE;
            t->impossible_keyword_idx = keywords->idx[i];
        }
    }
    return bits;
}

void mail_index_update_keywords(struct mail_index_transaction *t, uint32_t seq,
                                enum modify_type modify_type, struct mail_keywords *keywords)
{
    uint64_t bits = keyword_bits(t, keywords, modify_type), add = 0, remove = 0;
    struct index_record *record = appended(t, seq);
    struct txn_change *change;

    if (record != NULL) {
        modify(modify_type, UINT64_MAX, bits, &add, &remove, &record->keywords);
        return;
    }
    change = changed(t, seq);
    modify(modify_type, UINT64_MAX, bits, &change->change.add_keywords,
           &change->change.remove_keywords, &change->shown.keywords);
}

void mail_index_update_modseq(struct mail_index_transaction *t, uint32_t seq, uint64_t min_modseq)
{
    struct index_record *record = appended(t, seq);

    if (record == NULL) {
        struct txn_change *change = changed(t, seq);

        change->change.min_modseq = I_MAX(change->change.min_modseq, min_modseq);
        record = &change->shown;
    }
    record->modseq = I_MAX(record->modseq, min_modseq);
}
