/*
 * Sets of numbers: counting through them, and what two sets have in common.
 */
#include "seq-range-array.h"

bool seq_range_array_have_common(const ARRAY_TYPE(seq_range) * array1,
                                 const ARRAY_TYPE(seq_range) * array2)
{
    unsigned int count1, count2, i = 0, j = 0;
    const struct seq_range *ranges1 = array_get(array1, &count1);
    const struct seq_range *ranges2 = array_get(array2, &count2);

    while (i < count1 && j < count2) {
        if (ranges1[i].seq2 < ranges2[j].seq1)
            i++;
        else if (ranges2[j].seq2 < ranges1[i].seq1)
            j++;
        else
            return TRUE;
    }
    return FALSE;
}

void seq_range_array_iter_init(struct seq_range_iter *iter_r, const ARRAY_TYPE(seq_range) * array)
{
    i_zero(iter_r);
    iter_r->array = array;
}

bool seq_range_array_iter_nth(struct seq_range_iter *iter, unsigned int n, uint32_t *seq_r)
{
    unsigned int count;
    const struct seq_range *ranges = array_get(iter->array, &count);

    if (n < iter->prev_n) {
        iter->prev_n = 0;
        iter->prev_idx = 0;
    }
    /* prev_n numbers lie before range prev_idx */
    for (; iter->prev_idx < count; iter->prev_idx++) {
        const struct seq_range *range = &ranges[iter->prev_idx];
        unsigned int length = seq_range_length(range);

        if (n - iter->prev_n < length) {
            *seq_r = range->seq1 + (n - iter->prev_n);
            return TRUE;
        }
        iter->prev_n += length;
    }
    return FALSE;
}
