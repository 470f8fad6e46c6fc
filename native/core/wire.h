/*
 * The encoding of values: one tag byte, then what the tag says; numbers little endian and
 * unaligned.
 *
 *     unit 0 | bool 1: u8 | int 2: i64 | float 3: f64 | char 4: u32 code point
 *     string 5, bytes 6: u32 length, bytes, NUL
 *     array 7: u32 count, u32 size, elements
 *     map 8: u32 count, u32 size, entries of: u32 length of key, key, NUL, value; keys ascending
 *
 * `size` counts the bytes after itself, so that a container is skipped in one step. The same
 * encoding is known to src/plugin/wire.ts. Private to the core libraries: value.c reads with this,
 * out.c writes.
 */
#ifndef VSMTP_CORE_WIRE_H
#define VSMTP_CORE_WIRE_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <vsmtp/value.h>

/** One value with all of its own bytes known to lie inside the block. */
struct wire_item {
    int32_t type;
    const uint8_t *body;  /**< the scalar, the characters, or the first element */
    const uint8_t *after; /**< behind the value's last byte */
    uint32_t size;        /**< bytes of body, without the NUL */
    uint32_t count;       /**< elements of a container */
};

/**
 * Opens the value at the front of `value`; false when it is damaged. Does not look inside
 * containers.
 */
bool wire_open(const vsmtp_value *value, struct wire_item *item);

/** Opens the map key at `at`; `after` is where its value begins. */
bool wire_open_key(const uint8_t *at, const uint8_t *end, struct wire_item *key);

/** True when the value and all in it are sound, nested at most `depth` containers deep. */
bool wire_sound(const vsmtp_value *value, unsigned depth);

/** True for Unicode scalar values: what a vSL char may be. */
static inline bool wire_code_point(uint32_t code)
{
    return code < 0xD800 || (code > 0xDFFF && code <= 0x10FFFF);
}

static inline uint32_t wire_u32(const uint8_t *at)
{
    uint32_t word;

    memcpy(&word, at, sizeof word);
    return le32toh(word);
}

static inline uint64_t wire_u64(const uint8_t *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return le64toh(word);
}

static inline void wire_put_u32(uint8_t *at, uint32_t word)
{
    word = htole32(word);
    memcpy(at, &word, sizeof word);
}

static inline void wire_put_u64(uint8_t *at, uint64_t word)
{
    word = htole64(word);
    memcpy(at, &word, sizeof word);
}

#endif
