/*
 * Sizes of allocations, computed so that an overflow panics instead of wrapping to a small number.
 *
 * Part of lib.h.
 */
#ifndef DOVECOT_MALLOC_OVERFLOW_H
#define DOVECOT_MALLOC_OVERFLOW_H

#include "macros.h"

#define MALLOC_MULTIPLY(a, b) malloc_multiply_check((a), (b), __FILE__, __LINE__)
#define MALLOC_ADD(a, b) malloc_add_check((a), (b), __FILE__, __LINE__)

static inline size_t malloc_multiply_check(size_t a, size_t b, const char *fname,
                                           unsigned int linenum)
{
    size_t product;

    if (unlikely(__builtin_mul_overflow(a, b, &product)))
        i_panic("file %s: line %u: memory allocation overflow: %zu * %zu", fname, linenum, a, b);
    return product;
}

static inline size_t malloc_add_check(size_t a, size_t b, const char *fname, unsigned int linenum)
{
    size_t sum;

    if (unlikely(__builtin_add_overflow(a, b, &sum)))
        i_panic("file %s: line %u: memory allocation overflow: %zu + %zu", fname, linenum, a, b);
    return sum;
}

#endif
