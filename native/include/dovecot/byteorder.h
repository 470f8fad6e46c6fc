/*
 * Numbers in big and little endian order, in registers and in memory of any alignment. Part of
 * lib.h.
 *
 *     be32_to_cpu(x)              cpu32_to_be(x)                  a number as it is
 *     be32_to_cpu_unaligned(ptr)  cpu32_to_be_unaligned(x, ptr)   a number in memory
 *
 * and the same with `le` and `cpu`, and 8, 16 and 64.
 */
#ifndef DOVECOT_BYTEORDER_H
#define DOVECOT_BYTEORDER_H

#include "macros.h"

static inline uint8_t ATTR_CONST i_bswap_8(uint8_t in)
{
    return in;
}

static inline uint16_t ATTR_CONST i_bswap_16(uint16_t in)
{
    return __builtin_bswap16(in);
}

static inline uint32_t ATTR_CONST i_bswap_32(uint32_t in)
{
    return __builtin_bswap32(in);
}

static inline uint64_t ATTR_CONST i_bswap_64(uint64_t in)
{
    return __builtin_bswap64(in);
}

#ifdef WORDS_BIGENDIAN
#define BYTEORDER_BE_(size, x) (x)
#define BYTEORDER_LE_(size, x) i_bswap_##size(x)
#else
#define BYTEORDER_BE_(size, x) i_bswap_##size(x)
#define BYTEORDER_LE_(size, x) (x)
#endif
#define BYTEORDER_CPU_(size, x) (x)

/* To and from one order, `swap` being the same both ways. */
#define BYTEORDER_REGISTER_(size, order, swap)                                        \
    static inline uint##size##_t ATTR_CONST order##size##_to_cpu(uint##size##_t in)   \
    {                                                                                 \
        return swap(size, in);                                                        \
    }                                                                                 \
    static inline uint##size##_t ATTR_CONST cpu##size##_to_##order(uint##size##_t in) \
    {                                                                                 \
        return swap(size, in);                                                        \
    }
#define BYTEORDER_LOAD_(size, order, swap)                                      \
    static inline uint##size##_t order##size##_to_cpu_unaligned(const void *in) \
    {                                                                           \
        uint##size##_t value;                                                   \
                                                                                \
        memcpy(&value, in, sizeof(value));                                      \
        return swap(size, value);                                               \
    }
#define BYTEORDER_STORE_(size, order, swap)                                             \
    static inline void cpu##size##_to_##order##_unaligned(uint##size##_t in, void *out) \
    {                                                                                   \
        uint##size##_t value = swap(size, in);                                          \
                                                                                        \
        memcpy(out, &value, sizeof(value));                                             \
    }
#define BYTEORDER_DEFINE_(size)                  \
    BYTEORDER_REGISTER_(size, be, BYTEORDER_BE_) \
    BYTEORDER_REGISTER_(size, le, BYTEORDER_LE_) \
    BYTEORDER_LOAD_(size, be, BYTEORDER_BE_)     \
    BYTEORDER_LOAD_(size, le, BYTEORDER_LE_)     \
    BYTEORDER_LOAD_(size, cpu, BYTEORDER_CPU_)   \
    BYTEORDER_STORE_(size, be, BYTEORDER_BE_)    \
    BYTEORDER_STORE_(size, le, BYTEORDER_LE_)

BYTEORDER_DEFINE_(8)
BYTEORDER_DEFINE_(16)
BYTEORDER_DEFINE_(32)
BYTEORDER_DEFINE_(64)

#undef BYTEORDER_DEFINE_
#undef BYTEORDER_REGISTER_
#undef BYTEORDER_LOAD_
#undef BYTEORDER_STORE_
#undef BYTEORDER_BE_
#undef BYTEORDER_LE_
#undef BYTEORDER_CPU_

#endif
