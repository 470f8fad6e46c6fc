/*
 * Transactions of a mailbox: what is saved, copied, flagged and expunged in one happens at its commit.
 */
#include "lib.h"

#include "index/transaction.h"
#include "mail-storage-private.h"
#include "seq-range-array.h"

struct mailbox_transaction_context *mailbox_transaction_begin(struct mailbox *box,
                                                              enum mailbox_transaction_flags flags,
                                                              const char *reason)
{
    struct mailbox_transaction_context *t;

    i_assert(box->opened);

    box->transaction_count++;
    T_BEGIN
    {
        t = box->v.transaction_begin(box, flags, reason);
    }
    T_END;
    i_assert(t->reason != NULL);
    return t;
}

struct mailbox *mailbox_transaction_get_mailbox(const struct mailbox_transaction_context *t)
{
    return t->box;
}

unsigned int mailbox_transaction_get_count(const struct mailbox *box)
{
    return box->transaction_count;
}

/* None: the storage gives them later, or a plugin has failed a save that was made. */
static void all_or_no_uids(struct mail_transaction_commit_changes *changes, unsigned int save_count)
{
    if (array_is_created(&changes->saved_uids) &&
        seq_range_count(&changes->saved_uids) != save_count)
        array_clear(&changes->saved_uids);
}

int mailbox_transaction_commit_get_changes(struct mailbox_transaction_context **_t,
                                           struct mail_transaction_commit_changes *changes_r)
{
    struct mailbox_transaction_context *t = *_t;
    struct mailbox *box = t->box;
    unsigned int save_count = t->save_count;
    int result;

    *_t = NULL;
    i_zero(changes_r);
    T_BEGIN
    {
        result = box->v.transaction_commit(t, changes_r);
    }
    T_END;
    if (result == 0)
        all_or_no_uids(changes_r, save_count);
    else
        pool_unref(&changes_r->pool);
    /* Not before: what a commit begins and ends itself must not look like the last transaction. */
    box->transaction_count--;
    return result;
}

int mailbox_transaction_commit(struct mailbox_transaction_context **t)
{
    struct mail_transaction_commit_changes changes;

    if (mailbox_transaction_commit_get_changes(t, &changes) < 0)
        return -1;
    pool_unref(&changes.pool);
    return 0;
}

void mailbox_transaction_rollback(struct mailbox_transaction_context **_t)
{
    struct mailbox_transaction_context *t = *_t;
    struct mailbox *box = t->box;

    *_t = NULL;
    box->v.transaction_rollback(t);
    box->transaction_count--;
}

void mailbox_transaction_set_max_modseq(struct mailbox_transaction_context *t, uint64_t max_modseq,
                                        ARRAY_TYPE(seq_range) * seqs)
{
    mail_index_transaction_set_max_modseq(t->itrans, max_modseq, seqs);
}
