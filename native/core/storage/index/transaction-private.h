/*
 * What a transaction holds, for collecting (transaction.c) and committing (commit.c).
 */
#ifndef INDEX_TRANSACTION_PRIVATE_H
#define INDEX_TRANSACTION_PRIVATE_H

#include "index/index-private.h"

enum { TXN_PAGE_CHANGES = 256 };

struct txn_change {
    struct mail_index_change change;
    struct index_record shown; /**< the message with the change */
    bool used, failed;
};

struct txn_page {
    struct txn_change changes[TXN_PAGE_CHANGES];
};

struct mail_index_transaction {
    struct mail_index_view *view;
    enum mail_index_transaction_flags flags;
    struct index_map *map; /**< what sequence numbers mean; NULL until it matters */

    struct txn_page **pages; /**< NULL where nothing is changed */
    unsigned int page_count;
    ARRAY(struct index_record) appends;

    uint64_t max_modseq;
    ARRAY_TYPE(seq_range) * too_new; /**< NULL: no limit */

    bool impossible_keyword;
    unsigned int impossible_keyword_idx;
};

/** NULL if there is none and it shall not be created. */
struct txn_change *transaction_change(struct mail_index_transaction *t, uint32_t seq, bool create);
void transaction_free(struct mail_index_transaction **t);

#endif
