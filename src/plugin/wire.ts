/**
 * The wire form: how arrays, maps and other vSL values look in the block of bytes that a C function reads or wrote.
 * native/core/value.c is the other side; value.h documents what C sees of it.
 *
 * A value is a tag and what follows it; numbers are little endian and not aligned:
 *
 *     unit                              int     i64             string, bytes   u32 length, bytes, NUL
 *     bool    u8, 0 or 1                float   f64             array           u32 count, u32 size, elements
 *     char    u32 code point                                    map             u32 count, u32 size, entries
 *
 * `size` counts the bytes that follow it, so that a container can be stepped over. An entry is a key (u32 length,
 * UTF-8, NUL) and a value; keys come in the order of their bytes. The NUL after text lets C use it where it lies; the
 * length does not count it. Both directions check every bound, and no container stands more than 64 deep.
 */

export const Tag = { unit: 0, bool: 1, int: 2, float: 3, char: 4, string: 5, bytes: 6, array: 7, map: 8 } as const;

/** How deep arrays and maps may stand inside one another; `VSMTP_DEPTH` in value.h. */
export const MAX_DEPTH = 64;

/** How large the encoded arguments of one call may be. */
export const MAX_BYTES = 64 * 1024 * 1024;
