/*
 * What a transaction of an index wants to change, for the driver that makes it true.
 */
#ifndef INDEX_TRANSACTION_H
#define INDEX_TRANSACTION_H

#include "array.h"
#include "lib.h"
#include "mail-index.h"
#include "seq-range-array.h"

/** Changes of one message that was there when the transaction began. */
struct mail_index_change {
    uint32_t seq; /**< in the transaction's view */
    uint32_t uid;
    bool expunge;
    uint8_t add_flags, remove_flags;
    uint64_t add_keywords, remove_keywords; /**< bits by index */
    uint64_t min_modseq;                    /**< 0: not asked for */
};

/** Walks the changes in the order of sequence numbers; *seq is 0 at first. */
bool mail_index_transaction_next(struct mail_index_transaction *t, uint32_t *seq,
                                 struct mail_index_change *change_r);
/** It could not be done: the index keeps the message as it is. */
void mail_index_change_failed(struct mail_index_transaction *t, uint32_t seq);
/** A keyword that no message can have was asked for: its index. */
bool mail_index_transaction_impossible_keyword(struct mail_index_transaction *t,
                                               unsigned int *idx_r);

/**
 * Flag and keyword changes of messages whose modseq is above max_modseq when the transaction is
 * committed are left out; their sequence numbers are added to seqs, which must live until then.
 */
void mail_index_transaction_set_max_modseq(struct mail_index_transaction *t, uint64_t max_modseq,
                                           ARRAY_TYPE(seq_range) * seqs);

struct mail_index *mail_index_transaction_get_index(struct mail_index_transaction *t);

/**
 * Gives uids to the appended messages, from first_uid on; one that was appended with a higher uid keeps
 * it. Adds all to uids_r.
 */
void mail_index_append_finish_uids(struct mail_index_transaction *t, uint32_t first_uid,
                                   ARRAY_TYPE(seq_range) * uids_r);

#endif
