/*
 * Which messages are \Recent: those that this session is the first to be told of. Kept as uids, which
 * the driver adds in ascending order.
 */
#include "lib.h"

#include "array.h"
#include "base.h"
#include "seq-range-array.h"

void mailbox_recent_set(struct mailbox *box, uint32_t uid)
{
    if (uid <= box->recent_flags_prev_uid)
        return;
    box->recent_flags_prev_uid = uid;
    if (!array_is_created(&box->recent_flags))
        i_array_init(&box->recent_flags, 32);
    seq_range_array_add(&box->recent_flags, uid);
    box->recent_flags_count++;
}

bool mailbox_recent_has(struct mailbox *box, uint32_t uid)
{
    return array_is_created(&box->recent_flags) && seq_range_exists(&box->recent_flags, uid);
}

unsigned int mailbox_recent_count(struct mailbox *box)
{
    const struct seq_range *range;
    uint32_t seq1, seq2;
    unsigned int count = 0;

    if (!array_is_created(&box->recent_flags))
        return 0;
    array_foreach(&box->recent_flags, range)
    {
        mailbox_get_seq_range(box, range->seq1, range->seq2, &seq1, &seq2);
        if (seq1 != 0)
            count += seq2 - seq1 + 1;
    }
    return count;
}
