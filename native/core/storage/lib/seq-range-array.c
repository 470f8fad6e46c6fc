/*
 * Sets of numbers as sorted ranges: adding, removing, asking. Ranges that touch are one range.
 */
#include "seq-range-array.h"

/* The index of the first range that ends at `seq` or behind it. */
static unsigned int first_reaching(const ARRAY_TYPE(seq_range) * array, uint32_t seq)
{
    unsigned int count, first = 0;
    const struct seq_range *ranges = array_get(array, &count);

    while (first < count) {
        unsigned int middle = first + (count - first) / 2;

        if (ranges[middle].seq2 < seq)
            first = middle + 1;
        else
            count = middle;
    }
    return first;
}

bool seq_range_exists(const ARRAY_TYPE(seq_range) * array, uint32_t seq)
{
    unsigned int idx = first_reaching(array, seq);

    return idx < array_count(array) && array_idx(array, idx)->seq1 <= seq;
}

unsigned int seq_range_count(const ARRAY_TYPE(seq_range) * array)
{
    const struct seq_range *range;
    unsigned int count = 0;

    array_foreach(array, range) count += seq_range_length(range);
    return count;
}

/* ---- Adding -------------------------------------------------------------------------------- */

unsigned int seq_range_array_add_range_count(ARRAY_TYPE(seq_range) * array, uint32_t seq1,
                                             uint32_t seq2)
{
    struct seq_range merged = {seq1, seq2};
    unsigned int added = seq_range_length(&merged);
    /* the first one that touches it, and the first one behind it that does not */
    unsigned int first = first_reaching(array, seq1 == 0 ? 0 : seq1 - 1), behind = first;
    unsigned int count = array_count(array);

    for (; behind < count; behind++) {
        const struct seq_range *range = array_idx(array, behind);
        uint32_t common1 = I_MAX(range->seq1, seq1), common2 = I_MIN(range->seq2, seq2);

        if (range->seq1 > seq2 && range->seq1 - seq2 > 1)
            break;
        if (common1 <= common2)
            added -= common2 - common1 + 1;
        merged.seq1 = I_MIN(merged.seq1, range->seq1);
        merged.seq2 = I_MAX(merged.seq2, range->seq2);
    }
    i_assert(merged.seq1 > 0 || merged.seq2 < UINT32_MAX);
    if (behind == first) {
        array_insert(array, first, &merged, 1);
        return added;
    }
    array_idx_set(array, first, &merged);
    array_delete(array, first + 1, behind - first - 1);
    return added;
}

void seq_range_array_add_range(ARRAY_TYPE(seq_range) * array, uint32_t seq1, uint32_t seq2)
{
    (void)seq_range_array_add_range_count(array, seq1, seq2);
}

bool seq_range_array_add(ARRAY_TYPE(seq_range) * array, uint32_t seq)
{
    return seq_range_array_add_range_count(array, seq, seq) == 0;
}

void seq_range_array_add_with_init(ARRAY_TYPE(seq_range) * array, unsigned int init_count,
                                   uint32_t seq)
{
    if (!array_is_created(array))
        i_array_init(array, init_count);
    seq_range_array_add(array, seq);
}

void seq_range_array_merge(ARRAY_TYPE(seq_range) * dest, const ARRAY_TYPE(seq_range) * src)
{
    seq_range_array_merge_n(dest, src, UINT_MAX);
}

void seq_range_array_merge_n(ARRAY_TYPE(seq_range) * dest, const ARRAY_TYPE(seq_range) * src,
                             unsigned int count)
{
    const struct seq_range *range;

    array_foreach(src, range)
    {
        unsigned int length = I_MIN(seq_range_length(range), count);

        if (count == 0)
            return;
        seq_range_array_add_range(dest, range->seq1, range->seq1 + (length - 1));
        count -= length;
    }
}

/* ---- Removing ------------------------------------------------------------------------------ */

unsigned int seq_range_array_remove_range(ARRAY_TYPE(seq_range) * array, uint32_t seq1,
                                          uint32_t seq2)
{
    unsigned int removed = 0, first, behind;

    i_assert(seq1 <= seq2);
    first = behind = first_reaching(array, seq1);
    for (; behind < array_count(array); behind++) {
        struct seq_range *range = array_idx_modifiable(array, behind);
        struct seq_range rest = *range;

        if (range->seq1 > seq2)
            break;
        removed += I_MIN(range->seq2, seq2) - I_MAX(range->seq1, seq1) + 1;
        if (range->seq2 > seq2) {
            /* the right part stays, maybe a left one too, and nothing behind is touched */
            range->seq1 = seq2 + 1;
            if (rest.seq1 < seq1) {
                rest.seq2 = seq1 - 1;
                array_insert(array, behind, &rest, 1);
            }
            break;
        }
        if (range->seq1 < seq1) {
            range->seq2 = seq1 - 1;
            first++;
        }
    }
    if (behind > first)
        array_delete(array, first, behind - first);
    return removed;
}

bool seq_range_array_remove(ARRAY_TYPE(seq_range) * array, uint32_t seq)
{
    return seq_range_array_remove_range(array, seq, seq) > 0;
}

unsigned int seq_range_array_remove_seq_range(ARRAY_TYPE(seq_range) * dest,
                                              const ARRAY_TYPE(seq_range) * src)
{
    const struct seq_range *range;
    unsigned int removed = 0;

    array_foreach(src, range) removed +=
        seq_range_array_remove_range(dest, range->seq1, range->seq2);
    return removed;
}

void seq_range_array_remove_nth(ARRAY_TYPE(seq_range) * array, uint32_t n, uint32_t count)
{
    struct seq_range_iter iter;
    uint32_t seq1, seq2;

    if (count == 0)
        return;
    seq_range_array_iter_init(&iter, array);
    if (!seq_range_array_iter_nth(&iter, n, &seq1))
        return;
    if (count - 1 >= UINT32_MAX - n || !seq_range_array_iter_nth(&iter, n + (count - 1), &seq2))
        seq2 = array_back(array)->seq2;
    seq_range_array_remove_range(array, seq1, seq2);
}

unsigned int seq_range_array_intersect(ARRAY_TYPE(seq_range) * dest,
                                       const ARRAY_TYPE(seq_range) * src)
{
    const struct seq_range *range;
    unsigned int removed = 0;
    uint32_t next = 0;

    /* what lies between the ranges of `src` goes */
    array_foreach(src, range)
    {
        if (range->seq1 > next)
            removed += seq_range_array_remove_range(dest, next, range->seq1 - 1);
        if (range->seq2 == UINT32_MAX)
            return removed;
        next = range->seq2 + 1;
    }
    return removed + seq_range_array_remove_range(dest, next, UINT32_MAX);
}

void seq_range_array_invert(ARRAY_TYPE(seq_range) * array, uint32_t min_seq, uint32_t max_seq)
{
    ARRAY_TYPE(seq_range) others;

    if (array_not_empty(array)) {
        i_assert(array_front(array)->seq1 >= min_seq);
        i_assert(array_back(array)->seq2 <= max_seq);
    }
    if (min_seq > max_seq)
        return;
    i_array_init(&others, array_count(array) + 1);
    if (array_is_empty(array)) {
        seq_range_array_add_range(&others, min_seq, max_seq);
    } else {
        const struct seq_range *range;
        uint32_t next = min_seq;
        bool more = TRUE;

        array_foreach(array, range)
        {
            struct seq_range gap = {next, range->seq1 - 1};

            if (range->seq1 > next)
                array_push_back(&others, &gap);
            more = range->seq2 < max_seq;
            next = range->seq2 + 1;
        }
        if (more) {
            struct seq_range rest = {next, max_seq};

            array_push_back(&others, &rest);
        }
    }
    array_clear(array);
    array_append_array(array, &others);
    array_free(&others);
}
