/*
 * Sequence sets (imap-seqset.h).
 */
#include "imap-seqset.h"

/** A number from 1 on, or `*`; `*str_p` moves behind it. */
static int read_number(const char **str_p, uint32_t *seq_r)
{
    uint64_t number = 0;
    const char *str = *str_p;

    if (*str == '*') {
        *seq_r = (uint32_t)-1;
        *str_p = str + 1;
        return 0;
    }
    for (; i_isdigit(*str); str++) {
        number = number * 10 + (uint64_t)(*str - '0');
        if (number > UINT32_MAX)
            return -1;
    }
    if (number == 0)
        return -1;
    *seq_r = (uint32_t)number;
    *str_p = str;
    return 0;
}

static int read_range(const char **str_p, uint32_t *seq1_r, uint32_t *seq2_r)
{
    if (read_number(str_p, seq1_r) < 0)
        return -1;
    *seq2_r = *seq1_r;
    if (**str_p != ':')
        return 0;
    (*str_p)++;
    if (read_number(str_p, seq2_r) < 0)
        return -1;
    if (*seq1_r > *seq2_r) {
        uint32_t larger = *seq1_r;

        *seq1_r = *seq2_r;
        *seq2_r = larger;
    }
    return 0;
}

int imap_seq_set_parse(const char *str, ARRAY_TYPE(seq_range) * dest)
{
    uint32_t seq1, seq2;

    for (;;) {
        if (read_range(&str, &seq1, &seq2) < 0)
            return -1;
        seq_range_array_add_range(dest, seq1, seq2);
        if (*str != ',')
            return *str == '\0' ? 0 : -1;
        str++;
    }
}

int imap_seq_set_nostar_parse(const char *str, ARRAY_TYPE(seq_range) * dest)
{
    if (strchr(str, '*') != NULL)
        return -1;
    return imap_seq_set_parse(str, dest);
}

int imap_seq_range_parse(const char *str, uint32_t *seq1_r, uint32_t *seq2_r)
{
    return read_range(&str, seq1_r, seq2_r) == 0 && *str == '\0' ? 0 : -1;
}
