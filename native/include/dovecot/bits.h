/*
 * Bits of numbers. Part of lib.h.
 */
#ifndef DOVECOT_BITS_H
#define DOVECOT_BITS_H

#include "macros.h"

#define UINT64_SUM_OVERFLOWS(a, b) ((a) > (uint64_t)-1 - (b))

#define BIT(n) (1u << (n))

#define HAS_NO_BITS(val, bits) (((val) & (bits)) == 0)
#define HAS_ANY_BITS(val, bits) (((val) & (bits)) != 0)
#define HAS_ALL_BITS(val, bits) ((~(val) & (bits)) == 0)

/* -x of an unsigned number. */
#define UNSIGNED_MINUS(x) (1 + ~(x))

DOVECOT_API_BEGIN

/** The smallest power of two that is not below `num`; panics if there is none. */
size_t nearest_power(size_t num) ATTR_CONST;

DOVECOT_API_END

static inline bool ATTR_CONST bits_is_power_of_two(uint64_t num)
{
    return num != 0 && (num & (num - 1)) == 0;
}

/** How many bits a number needs; 0 needs none. */
static inline unsigned int ATTR_CONST bits_required64(uint64_t num)
{
    return num == 0 ? 0 : 64 - (unsigned int)__builtin_clzll(num);
}

static inline unsigned int ATTR_CONST bits_required32(uint32_t num)
{
    return bits_required64(num);
}

static inline unsigned int ATTR_CONST bits_required16(uint16_t num)
{
    return bits_required64(num);
}

static inline unsigned int ATTR_CONST bits_required8(uint8_t num)
{
    return bits_required64(num);
}

/* Rotations, left and right, by any count. */

static inline uint64_t ATTR_CONST bits_rotl64(uint64_t num, unsigned int count)
{
    return num << (count & 63) | num >> (-count & 63);
}

static inline uint32_t ATTR_CONST bits_rotl32(uint32_t num, unsigned int count)
{
    return num << (count & 31) | num >> (-count & 31);
}

static inline uint64_t ATTR_CONST bits_rotr64(uint64_t num, unsigned int count)
{
    return num >> (count & 63) | num << (-count & 63);
}

static inline uint32_t ATTR_CONST bits_rotr32(uint32_t num, unsigned int count)
{
    return num >> (count & 31) | num << (-count & 31);
}

#endif
