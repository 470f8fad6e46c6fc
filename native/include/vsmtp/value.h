/*
 * vSL values in C: reading the arrays and maps that a script hands over, and building those it gets
 * back.
 *
 * Numbers, booleans and plain strings need nothing of this: they are ordinary C parameters and
 * results. A parameter `const vsmtp_value *` takes any vSL value, and a last parameter
 * `vsmtp_out *` lets a function build any.
 *
 *     VSMTP_FUNCTION(void, sum, (const vsmtp_value *numbers, vsmtp_out *out), VSMTP_QUICK)
 *     {
 *         int64_t total = 0, number;
 *         vsmtp_cursor cursor;
 *
 *         for (vsmtp_iterate(numbers, &cursor); vsmtp_next(&cursor);)
 *             if (vsmtp_as_int(&cursor.value, &number))
 *                 total += number;
 *         vsmtp_out_int(out, total);
 *     }
 *
 * Values are encoded in one block of bytes, and a vsmtp_value is a place in that block. Every
 * function here checks every length against the end of the block; no damaged block makes it read
 * outside.
 *
 * Ownership: what is read belongs to the host and lives until the plugin's function returns. Copy
 * what must live longer. What is written is copied at once, and the vsmtp_out belongs to the host
 * too.
 *
 * Threads: a value may be read by several threads while the call lasts; a vsmtp_out by one at a
 * time.
 *
 * Errors: nothing here aborts or allocates for reading. NULL for a value is allowed everywhere and
 * reads as VSMTP_INVALID.
 */
#ifndef VSMTP_VALUE_H
#define VSMTP_VALUE_H

#include <stddef.h>
#include <stdint.h>
#ifndef __cplusplus
#include <stdbool.h>
#endif

#include "export.h"

VSMTP_C_BEGIN

/* ---- What a value is ----------------------------------------------------------------------- */

/**
 * One value: where its encoding begins, and where the block ends that it lies in. Both fields are
 * the host's.
 */
typedef struct vsmtp_value {
    const uint8_t *at;
    const uint8_t *end;
} vsmtp_value;

/** Types of values. The numbers are those of the encoding and never change. */
enum {
    VSMTP_INVALID = -1, /**< no value: NULL, or a damaged block */
    VSMTP_UNIT = 0,     /**< `()` */
    VSMTP_BOOL = 1,
    VSMTP_INT = 2,    /**< i64 */
    VSMTP_FLOAT = 3,  /**< f64 */
    VSMTP_CHAR = 4,   /**< one Unicode code point */
    VSMTP_STRING = 5, /**< UTF-8 */
    VSMTP_BYTES = 6,  /**< blob */
    VSMTP_ARRAY = 7,
    VSMTP_MAP = 8
};

/** Arrays and maps may stand this deep inside one another, in arguments and in results. */
#define VSMTP_DEPTH 64

/** The type of a value: one of the enumeration above. */
VSMTP_EXPORT int32_t vsmtp_type(const vsmtp_value *value);

/**
 * The name of a type as vSL's `type_of` says it ("i64", "string", "map" …), for messages. Static,
 * never NULL.
 */
VSMTP_EXPORT const char *vsmtp_type_name(int32_t type);

/* ---- Reading scalars: false or NULL, and nothing stored, if the value is of another type ---- */

/** Reads a bool. */
VSMTP_EXPORT bool vsmtp_as_bool(const vsmtp_value *value, bool *result);

/** Reads an i64. A float is not an integer, even when it is whole. */
VSMTP_EXPORT bool vsmtp_as_int(const vsmtp_value *value, int64_t *result);

/** Reads an f64. An i64 is taken too and converted (exactly up to 2^53). */
VSMTP_EXPORT bool vsmtp_as_float(const vsmtp_value *value, double *result);

/** Reads a char: a Unicode code point. */
VSMTP_EXPORT bool vsmtp_as_char(const vsmtp_value *value, uint32_t *result);

/**
 * Reads a string: UTF-8, ended by NUL, valid until the plugin's function returns.
 *
 * A vSL string may hold NUL characters. Pass `length` to get its size in bytes without the final
 * NUL; with NULL for `length` a string that holds a NUL is not taken (NULL), so that C functions
 * never see half a string.
 */
VSMTP_EXPORT const char *vsmtp_as_string(const vsmtp_value *value, size_t *length);

/** Reads a blob; `length` may not be NULL. The bytes are followed by a NUL that does not count. */
VSMTP_EXPORT const uint8_t *vsmtp_as_bytes(const vsmtp_value *value, size_t *length);

/* ---- Reading arrays and maps --------------------------------------------------------------- */

/** How many elements an array or entries a map has; 0 for every other value. */
VSMTP_EXPORT size_t vsmtp_count(const vsmtp_value *value);

/** The element `index` (from 0) of an array. Walks from the front: use a cursor to visit all. */
VSMTP_EXPORT bool vsmtp_array_at(const vsmtp_value *array, size_t index, vsmtp_value *element);

/** The value under `key` of a map. False when there is none or this is no map. */
VSMTP_EXPORT bool vsmtp_map_get(const vsmtp_value *map, const char *key, vsmtp_value *value);

/**
 * A walk through an array or a map, element by element; maps come in the order of their keys.
 *
 *     vsmtp_cursor cursor;
 *     for (vsmtp_iterate(&map, &cursor); vsmtp_next(&cursor);)
 *         use(cursor.key, &cursor.value);
 */
typedef struct vsmtp_cursor {
    vsmtp_value value;   /**< the current element */
    const char *key;     /**< its key, UTF-8 ended by NUL; NULL in an array */
    size_t key_length;   /**< bytes of the key without the NUL */
    const uint8_t *next; /**< private */
    const uint8_t *end;  /**< private */
    uint32_t left;       /**< private */
    int32_t container;   /**< private */
} vsmtp_cursor;

/** Puts a cursor before the first element. A value that is neither array nor map has none. */
VSMTP_EXPORT void vsmtp_iterate(const vsmtp_value *container, vsmtp_cursor *cursor);

/** Moves on to the next element; false when there is none. */
VSMTP_EXPORT bool vsmtp_next(vsmtp_cursor *cursor);

/* ---- Reading options: a map of settings, with good errors -------------------------------------
 *
 * For functions that take `#{ command: "echo", timeout: 10 }`. A key that is absent, or whose value
 * is `()`, gives the fallback. A value of the wrong type is an error of the call (vsmtp_fail,
 * "option `timeout` must be of type i64, not string") and gives the fallback too, so a function may
 * read all its options and ask vsmtp_failed() once.
 */

/** A string option; borrowed from the map, or the fallback itself (which may be NULL). */
VSMTP_EXPORT const char *vsmtp_map_string(const vsmtp_value *map, const char *key,
                                          const char *fallback);

/** An i64 option. */
VSMTP_EXPORT int64_t vsmtp_map_int(const vsmtp_value *map, const char *key, int64_t fallback);

/** An f64 option; an i64 is taken too. */
VSMTP_EXPORT double vsmtp_map_float(const vsmtp_value *map, const char *key, double fallback);

/** A bool option. */
VSMTP_EXPORT bool vsmtp_map_bool(const vsmtp_value *map, const char *key, bool fallback);

/** An array option. False when it is absent or no array (which is an error of the call). */
VSMTP_EXPORT bool vsmtp_map_array(const vsmtp_value *map, const char *key, vsmtp_value *array);

/** A map option. False when it is absent or no map (which is an error of the call). */
VSMTP_EXPORT bool vsmtp_map_map(const vsmtp_value *map, const char *key, vsmtp_value *inner);

/** A string option that must be there: NULL, and an error of the call, when it is not. */
VSMTP_EXPORT const char *vsmtp_map_required_string(const vsmtp_value *map, const char *key);

/** An i64 option that must be there: false, and an error of the call, when it is not. */
VSMTP_EXPORT bool vsmtp_map_required_int(const vsmtp_value *map, const char *key, int64_t *result);

/* ---- Building a value -------------------------------------------------------------------------
 *
 * One value is written to a vsmtp_out: a scalar, or begin, elements, end. In a map a key comes
 * before every value.
 *
 *     vsmtp_out_begin_map(out);
 *     vsmtp_out_key(out, "status");
 *     vsmtp_out_int(out, 0);
 *     vsmtp_out_key(out, "lines");
 *     vsmtp_out_begin_array(out);
 *     vsmtp_out_string(out, "first");
 *     vsmtp_out_end(out);
 *     vsmtp_out_end(out);
 *
 * A mistake (a value without its key, a second value, an end too many, the same key twice,
 * VSMTP_DEPTH passed, 256 MiB passed) is remembered, later calls do nothing, and the call fails
 * with a sentence about the first mistake once the function has returned. Nothing written means
 * `()`.
 */

/** Where a function writes its result. Belongs to the host and to this call: never keep it. */
typedef struct vsmtp_out vsmtp_out;

/** Writes `()`. */
VSMTP_EXPORT void vsmtp_out_unit(vsmtp_out *out);

/** Writes a bool. */
VSMTP_EXPORT void vsmtp_out_bool(vsmtp_out *out, bool value);

/** Writes an i64. */
VSMTP_EXPORT void vsmtp_out_int(vsmtp_out *out, int64_t value);

/** Writes an f64. */
VSMTP_EXPORT void vsmtp_out_float(vsmtp_out *out, double value);

/** Writes a char: a Unicode code point (a mistake when it is above 10FFFF or a surrogate). */
VSMTP_EXPORT void vsmtp_out_char(vsmtp_out *out, uint32_t code_point);

/**
 * Writes a string up to its NUL; NULL writes `()`. UTF-8: what is not becomes U+FFFD in the
 * script.
 */
VSMTP_EXPORT void vsmtp_out_string(vsmtp_out *out, const char *text);

/** Writes a string of `length` bytes, which may hold NULs and need not end with one. */
VSMTP_EXPORT void vsmtp_out_string_n(vsmtp_out *out, const char *text, size_t length);

/** Writes a blob of `length` bytes, copied. `bytes` may be NULL when `length` is 0. */
VSMTP_EXPORT void vsmtp_out_bytes(vsmtp_out *out, const void *bytes, size_t length);

/** Writes a copy of a value that was read, with all that is in it. */
VSMTP_EXPORT void vsmtp_out_value(vsmtp_out *out, const vsmtp_value *value);

/** Begins an array; its elements follow, then vsmtp_out_end. */
VSMTP_EXPORT void vsmtp_out_begin_array(vsmtp_out *out);

/** Begins a map; keys and values follow by turns, in any order of keys, then vsmtp_out_end. */
VSMTP_EXPORT void vsmtp_out_begin_map(vsmtp_out *out);

/** Writes the key of the next value of a map: UTF-8 up to its NUL. */
VSMTP_EXPORT void vsmtp_out_key(vsmtp_out *out, const char *key);

/** Writes a key of `length` bytes. */
VSMTP_EXPORT void vsmtp_out_key_n(vsmtp_out *out, const char *key, size_t length);

/** Ends the array or map that was begun last. */
VSMTP_EXPORT void vsmtp_out_end(vsmtp_out *out);

VSMTP_C_END

#endif
