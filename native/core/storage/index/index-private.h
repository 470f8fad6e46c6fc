/*
 * The index, its views and its transactions, as the files of this folder share them.
 */
#ifndef INDEX_PRIVATE_H
#define INDEX_PRIVATE_H

#include "index/index.h"
#include "index/map.h"
#include "index/transaction.h"

/** A keyword from this index on cannot be set on any message. */
enum { INDEX_KEYWORDS_MAX = 64 };

struct mail_index {
    const struct mail_index_driver *driver;
    void *context;
    struct index_map *head; /**< the state of now; views may hold it too */
    bool loading, loaded;

    ARRAY_TYPE(keywords) keywords;
    pool_t keywords_pool;
    unsigned int view_count;
};

/** Changes that a view's next sync does not tell: what one transaction of it did. */
struct index_hidden {
    uint64_t modseq;
    ARRAY_TYPE(seq_range) uids;
};

struct mail_index_view {
    struct mail_index *index;
    int refcount;
    struct index_map *map; /**< NULL until somebody asks, see view_map() */
    ARRAY(struct index_hidden) hidden;
    struct mail_index_transaction *updated_by; /**< it shows this transaction's changes */
};

/* ---- index.c ---------------------------------------------------------------------------------- */

/** The head, loaded. */
struct index_map *index_head(struct mail_index *index);
/** The head to write to: a copy if views hold it. */
struct index_map *index_writable_head(struct mail_index *index);

/* ---- view.c ----------------------------------------------------------------------------------- */

struct index_map *view_map(struct mail_index_view *view);
void view_hide(struct mail_index_view *view, uint64_t modseq, const ARRAY_TYPE(seq_range) * uids);
bool view_is_hidden(const struct mail_index_view *view, uint32_t uid, uint64_t modseq);
void view_forget_hidden(struct mail_index_view *view);

/* ---- transaction.c ---------------------------------------------------------------------------- */

/** The record as the transaction has it, of its own messages too; NULL: no such message. */
const struct index_record *transaction_record(struct mail_index_transaction *t, uint32_t seq);
bool transaction_has_expunged(struct mail_index_transaction *t, uint32_t seq);
uint32_t transaction_messages_count(struct mail_index_transaction *t);
struct index_map *transaction_map(struct mail_index_transaction *t);

#endif
