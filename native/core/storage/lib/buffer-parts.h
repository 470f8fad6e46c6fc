/*
 * What a buffer_t is made of, for those who write to it. The first two members are the public ones.
 */
#ifndef LIB_BUFFER_PARTS_H
#define LIB_BUFFER_PARTS_H

#include "buffer.h"

struct buffer_parts {
    const void *data;
    size_t used;
    unsigned char *writable; /* the same as data; NULL if nothing may be written */
    size_t size;             /* bytes there are, without the one for str_c()'s NUL */
    size_t max_size;         /* bytes it may grow to */
    pool_t pool;             /* where data and the buffer itself come from; NULL: neither is ours */
    bool nul_terminated;     /* data[used] is a NUL, although it is not writable */
} __attribute__((__may_alias__));

_Static_assert(sizeof(struct buffer_parts) <= sizeof(struct buffer), "buffer_t is large enough");

static inline struct buffer_parts *buffer_parts(const buffer_t *buf)
{
    return CONST_CAST(buf);
}

/* Makes the buffer at least `size` bytes large, and NUL-room for one more if it is dynamic; panics
   if it cannot be. */
void buffer_reserve(struct buffer_parts *buf, size_t size);

#endif
