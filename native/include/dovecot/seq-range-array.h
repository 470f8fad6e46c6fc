/*
 * Sets of numbers (sequences, UIDs) as sorted ranges that neither overlap nor touch.
 *
 * A set cannot have all numbers from 0 to UINT32_MAX: their count would not be a number any more.
 * Arrays must be created, where nothing else is said.
 */
#ifndef DOVECOT_SEQ_RANGE_ARRAY_H
#define DOVECOT_SEQ_RANGE_ARRAY_H

#include "array.h"

/** From seq1 to seq2, both included. */
struct seq_range {
    uint32_t seq1, seq2;
};
ARRAY_DEFINE_TYPE(seq_range, struct seq_range);

struct seq_range_iter {
    const ARRAY_TYPE(seq_range) * array;
    unsigned int prev_n, prev_idx;
};

static inline uint32_t seq_range_length(const struct seq_range *range)
{
    i_assert(range->seq2 >= range->seq1);
    i_assert(range->seq1 > 0 || range->seq2 < UINT32_MAX);
    return range->seq2 - range->seq1 + 1;
}

DOVECOT_API_BEGIN

/* ---- Adding -------------------------------------------------------------------------------- */

/** TRUE if it was there already. */
bool ATTR_NOWARN_UNUSED_RESULT seq_range_array_add(ARRAY_TYPE(seq_range) * array, uint32_t seq);
/** The same; an array that is not created is, with i_array_init(). */
void seq_range_array_add_with_init(ARRAY_TYPE(seq_range) * array, unsigned int init_count,
                                   uint32_t seq);
void seq_range_array_add_range(ARRAY_TYPE(seq_range) * array, uint32_t seq1, uint32_t seq2);
/** How many of them are new. */
unsigned int seq_range_array_add_range_count(ARRAY_TYPE(seq_range) * array, uint32_t seq1,
                                             uint32_t seq2);
void seq_range_array_merge(ARRAY_TYPE(seq_range) * dest, const ARRAY_TYPE(seq_range) * src);
/** The first `count` numbers of `src`. */
void seq_range_array_merge_n(ARRAY_TYPE(seq_range) * dest, const ARRAY_TYPE(seq_range) * src,
                             unsigned int count);

/* ---- Removing ------------------------------------------------------------------------------ */

/** TRUE if it was there. */
bool ATTR_NOWARN_UNUSED_RESULT seq_range_array_remove(ARRAY_TYPE(seq_range) * array, uint32_t seq);
/** These return how many were removed. */
unsigned int ATTR_NOWARN_UNUSED_RESULT seq_range_array_remove_range(ARRAY_TYPE(seq_range) * array,
                                                                    uint32_t seq1, uint32_t seq2);
unsigned int ATTR_NOWARN_UNUSED_RESULT
seq_range_array_remove_seq_range(ARRAY_TYPE(seq_range) * dest, const ARRAY_TYPE(seq_range) * src);
/** Removes `count` numbers from the nth on (0 is the first). */
void seq_range_array_remove_nth(ARRAY_TYPE(seq_range) * array, uint32_t n, uint32_t count);
/** Removes what is not in `src`; how many were removed. */
unsigned int ATTR_NOWARN_UNUSED_RESULT seq_range_array_intersect(ARRAY_TYPE(seq_range) * dest,
                                                                 const ARRAY_TYPE(seq_range) * src);
/** Replaces the set by the other numbers from min_seq to max_seq; panics if it has some outside. */
void seq_range_array_invert(ARRAY_TYPE(seq_range) * array, uint32_t min_seq, uint32_t max_seq);

/* ---- Asking -------------------------------------------------------------------------------- */

bool seq_range_exists(const ARRAY_TYPE(seq_range) * array, uint32_t seq) ATTR_PURE;
bool seq_range_array_have_common(const ARRAY_TYPE(seq_range) * array1,
                                 const ARRAY_TYPE(seq_range) * array2) ATTR_PURE;
/** How many numbers. */
unsigned int seq_range_count(const ARRAY_TYPE(seq_range) * array) ATTR_PURE;

/** The nth number (0 is the first); FALSE if there are not that many. Quick if n grows from call to
 *  call. The array must not change meanwhile. */
void seq_range_array_iter_init(struct seq_range_iter *iter_r, const ARRAY_TYPE(seq_range) * array);
bool seq_range_array_iter_nth(struct seq_range_iter *iter, unsigned int n, uint32_t *seq_r);

DOVECOT_API_END

#endif
