/*
 * Bringing a view up to date, and telling what that changes.
 *
 * From _begin() to _commit() the view has the new state and the new messages, and still the ones that
 * are gone; all sequence numbers told are those of this time. _commit() lets these go.
 */
#ifndef INDEX_VIEW_SYNC_H
#define INDEX_VIEW_SYNC_H

#include "array.h"
#include "lib.h"
#include "mail-index.h"
#include "seq-range-array.h"

struct mail_index_view_sync_ctx;

enum mail_index_view_sync_flags {
    /** Messages that are gone stay in the view until a later sync. */
    MAIL_INDEX_VIEW_SYNC_FLAG_NOEXPUNGES = 0x01
};

enum mail_index_view_sync_type {
    MAIL_INDEX_VIEW_SYNC_TYPE_FLAGS = 0x01, /**< flags or keywords */
    MAIL_INDEX_VIEW_SYNC_TYPE_MODSEQ = 0x02 /**< nothing else */
};

/** Messages of which the same is to be told. */
struct mail_index_view_sync_rec {
    uint32_t seq1, seq2;
    uint32_t uid1, uid2; /**< of seq1 and seq2 */
    enum mail_index_view_sync_type type;
    bool hidden; /**< by a transaction of this view with MAIL_INDEX_TRANSACTION_FLAG_HIDE */
};

struct mail_index_view_sync_ctx *mail_index_view_sync_begin(struct mail_index_view *view,
                                                            enum mail_index_view_sync_flags flags);
bool mail_index_view_sync_next(struct mail_index_view_sync_ctx *ctx,
                               struct mail_index_view_sync_rec *rec_r);
/** The messages that _commit() removes from the view; none with NOEXPUNGES. */
const ARRAY_TYPE(seq_range) *
    mail_index_view_sync_expunges(const struct mail_index_view_sync_ctx *ctx);
/** The number of messages before new ones were added. */
uint32_t mail_index_view_sync_old_count(const struct mail_index_view_sync_ctx *ctx);
/** Frees ctx. *delayed_expunges_r: the view still shows messages that are gone. */
void mail_index_view_sync_commit(struct mail_index_view_sync_ctx **ctx, bool *delayed_expunges_r);

#endif
