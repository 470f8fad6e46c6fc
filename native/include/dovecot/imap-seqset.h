/*
 * Sequence sets of IMAP: `1,3:5,9:*`. `*` is stored as (uint32_t)-1.
 */
#ifndef IMAP_SEQSET_H
#define IMAP_SEQSET_H

#include "seq-range-array.h"

DOVECOT_API_BEGIN

/** 0, or -1 when it is none. The second form allows no `*`. */
int imap_seq_set_parse(const char *str, ARRAY_TYPE(seq_range) * dest);
int imap_seq_set_nostar_parse(const char *str, ARRAY_TYPE(seq_range) * dest);
/** One number or range, in either order; the smaller end comes first. */
int imap_seq_range_parse(const char *str, uint32_t *seq1_r, uint32_t *seq2_r);

DOVECOT_API_END

#endif
