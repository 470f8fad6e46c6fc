/*
 * From uids to sequence numbers and back, and what is known of uids that are gone.
 */
#include "lib.h"

#include "array.h"
#include "mail-storage-private.h"
#include "seq-range-array.h"

void mailbox_get_seq_range(struct mailbox *box, uint32_t uid1, uint32_t uid2, uint32_t *seq1_r,
                           uint32_t *seq2_r)
{
    (void)mail_index_lookup_seq_range(box->view, uid1, uid2, seq1_r, seq2_r);
}

void mailbox_get_uid_range(struct mailbox *box, const ARRAY_TYPE(seq_range) * seqs,
                           ARRAY_TYPE(seq_range) * uids)
{
    const struct seq_range *range;
    uint32_t seq, last, uid, count = mail_index_view_get_messages_count(box->view);

    array_foreach(seqs, range)
    {
        /* `*`, the last message, is written as the highest number. */
        last = I_MIN(range->seq2, count);
        for (seq = range->seq1 == (uint32_t)-1 ? count : range->seq1; seq != 0 && seq <= last;
             seq++) {
            mail_index_lookup_uid(box->view, seq, &uid);
            seq_range_array_add(uids, uid);
        }
    }
}

static void remove_existing(struct mailbox *box, ARRAY_TYPE(seq_range) * uids)
{
    uint32_t seq, uid, count = mail_index_view_get_messages_count(box->view);

    for (seq = 1; seq <= count; seq++) {
        mail_index_lookup_uid(box->view, seq, &uid);
        seq_range_array_remove(uids, uid);
    }
}

/* The index keeps no history: when something was expunged is not known. Every uid that was given and is
   not there now was expunged at some time, which callers take as a superset. */
bool mailbox_get_expunged_uids(struct mailbox *box, uint64_t prev_modseq ATTR_UNUSED,
                               const ARRAY_TYPE(seq_range) * uids_filter,
                               ARRAY_TYPE(seq_range) * expunged_uids)
{
    uint32_t next_uid = mail_index_get_header(box->view)->next_uid;
    ARRAY_TYPE(seq_range) candidates;

    T_BEGIN
    {
        t_array_init(&candidates, 64);
        seq_range_array_merge(&candidates, uids_filter);
        if (next_uid > 0)
            seq_range_array_remove_range(&candidates, next_uid, (uint32_t)-1);
        remove_existing(box, &candidates);
        seq_range_array_merge(expunged_uids, &candidates);
    }
    T_END;
    return false;
}

bool mailbox_get_expunges(struct mailbox *box, uint64_t prev_modseq,
                          const ARRAY_TYPE(seq_range) * uids_filter,
                          ARRAY_TYPE(mailbox_expunge_rec) * expunges)
{
    ARRAY_TYPE(seq_range) uids;
    struct seq_range_iter iter;
    struct mailbox_expunge_rec *rec;
    unsigned int n = 0;
    uint32_t uid;
    bool complete;

    T_BEGIN
    {
        t_array_init(&uids, 64);
        complete = mailbox_get_expunged_uids(box, prev_modseq, uids_filter, &uids);
        seq_range_array_iter_init(&iter, &uids);
        while (seq_range_array_iter_nth(&iter, n++, &uid)) {
            rec = array_append_space(expunges);
            rec->uid = uid;
        }
    }
    T_END;
    return complete;
}
