/*
 * Unicode characters and UTF-8: reading, writing, checking, and the form in which texts are
 * compared without regard to case.
 */
#ifndef UNICHAR_H
#define UNICHAR_H

#include "lib.h"

#include "array.h"

/** Stands for what could not be read. */
#define UNICODE_REPLACEMENT_CHAR 0xfffd
#define UNICODE_REPLACEMENT_CHAR_UTF8 "\xEF\xBF\xBD"
#define UNICODE_REPLACEMENT_CHAR_UTF8_LEN (sizeof(UNICODE_REPLACEMENT_CHAR_UTF8) - 1)
#define UTF8_REPLACEMENT_CHAR_LEN 3

#define UNICODE_HORIZONTAL_ELLIPSIS_CHAR 0x2026
#define UNICODE_HORIZONTAL_ELLIPSIS_CHAR_UTF8 "\xE2\x80\xA6"
#define UNICODE_HORIZONTAL_ELLIPSIS_CHAR_UTF8_LEN \
    (sizeof(UNICODE_HORIZONTAL_ELLIPSIS_CHAR_UTF8) - 1)

#define UNICHAR_T_MAX 0x10ffff

/* UTF-16 surrogates, as JSON and modified UTF-7 use them. */
#define UTF16_SURROGATE_BASE 0x10000
#define UTF16_SURROGATE_SHIFT 10
#define UTF16_SURROGATE_MASK 0x03ff
#define UTF16_SURROGATE_HIGH_FIRST 0xd800
#define UTF16_SURROGATE_HIGH_LAST 0xdbff
#define UTF16_SURROGATE_HIGH_MAX 0xdfff
#define UTF16_SURROGATE_LOW_FIRST 0xdc00
#define UTF16_SURROGATE_LOW_LAST 0xdfff
#define UTF16_SURROGATE_HIGH(chr) \
    (UTF16_SURROGATE_HIGH_FIRST + (((chr)-UTF16_SURROGATE_BASE) >> UTF16_SURROGATE_SHIFT))
#define UTF16_SURROGATE_LOW(chr) \
    (UTF16_SURROGATE_LOW_FIRST + (((chr)-UTF16_SURROGATE_BASE) & UTF16_SURROGATE_MASK))
#define UTF16_VALID_HIGH_SURROGATE(chr) (((chr)&0xfffc00) == UTF16_SURROGATE_HIGH_FIRST)
#define UTF16_VALID_LOW_SURROGATE(chr) (((chr)&0xfffc00) == UTF16_SURROGATE_LOW_FIRST)

/** Whether a character can begin with this byte. */
#define UTF8_IS_START_SEQ(b) (((b)&0x80) == 0 || ((b)&0xC0) == 0xC0)

typedef uint32_t unichar_t;
ARRAY_DEFINE_TYPE(unichars, unichar_t);

/** Appends a normalized form of UTF-8 input; -1 when some of it was invalid, 0 otherwise. */
typedef int normalizer_func_t(const void *input, size_t size, buffer_t *output);

static inline bool ATTR_PURE uni_is_valid_ucs4(unichar_t chr)
{
    return !UTF16_VALID_HIGH_SURROGATE(chr) && !UTF16_VALID_LOW_SURROGATE(chr) &&
           chr <= UNICHAR_T_MAX;
}

DOVECOT_API_BEGIN

extern const unsigned char utf8_replacement_char[UTF8_REPLACEMENT_CHAR_LEN];
/** Lengths of characters by their first byte, from 0xC2 on. */
extern const uint8_t *const uni_utf8_non1_bytes;

/** Bytes of the character that begins with this byte; 1 for what begins none. */
static inline unsigned int ATTR_CONST uni_utf8_char_bytes(unsigned char chr)
{
    return chr < 0xC2 ? 1 : uni_utf8_non1_bytes[chr - 0xC2];
}

/** Characters before the 0 that ends the string. */
unsigned int uni_strlen(const unichar_t *str) ATTR_PURE;

/** 0, or -1 when the input is invalid. Both append. */
int uni_utf8_to_ucs4(const char *input, ARRAY_TYPE(unichars) * output);
int uni_utf8_to_ucs4_n(const unsigned char *input, size_t size, ARRAY_TYPE(unichars) * output);
void uni_ucs4_to_utf8(const unichar_t *input, size_t len, buffer_t *output);
void uni_ucs4_to_utf8_c(unichar_t chr, buffer_t *output);

/** Bytes of the first character; 0 when the input ends inside it, -1 when it is invalid. */
int uni_utf8_get_char(const char *input, unichar_t *chr_r);
int uni_utf8_get_char_n(const void *input, size_t max_len, unichar_t *chr_r);

/** Numbers of characters; each invalid byte counts as one. */
unsigned int uni_utf8_strlen(const char *input) ATTR_PURE;
unsigned int uni_utf8_strlen_n(const void *input, size_t size) ATTR_PURE;
/** Does not count a character that is cut by the end; `*partial_pos_r` is where that begins. */
unsigned int uni_utf8_partial_strlen_n(const void *input, size_t size, size_t *partial_pos_r);

unichar_t uni_ucs4_to_titlecase(unichar_t chr) ATTR_CONST;
/**
 * Appends the form in which texts are compared (i;unicode-casemap, RFC 5051, and simple case
 * folding besides): two texts that differ in case, in composition or in compatibility forms only
 * give the same bytes. Invalid input becomes U+FFFD and makes the result -1.
 */
int uni_utf8_to_decomposed_titlecase(const void *input, size_t size, buffer_t *output);

/** TRUE for valid input, buf untouched; else buf gets the input with U+FFFD where it was invalid. */
bool uni_utf8_get_valid_data(const unsigned char *input, size_t size,
                             buffer_t *buf) ATTR_WARN_UNUSED_RESULT;
bool uni_utf8_str_is_valid(const char *str);
bool uni_utf8_data_is_valid(const unsigned char *data, size_t size);
/** The largest size up to max_new_size that cuts no character. */
size_t uni_utf8_data_truncate(const unsigned char *data, size_t old_size, size_t max_new_size);

static inline unichar_t uni_join_surrogate(unichar_t high, unichar_t low)
{
    i_assert(UTF16_VALID_HIGH_SURROGATE(high) && UTF16_VALID_LOW_SURROGATE(low));
    return UTF16_SURROGATE_BASE + ((high - UTF16_SURROGATE_HIGH_FIRST) << UTF16_SURROGATE_SHIFT) +
           (low - UTF16_SURROGATE_LOW_FIRST);
}

static inline void uni_split_surrogate(unichar_t chr, unichar_t *high_r, unichar_t *low_r)
{
    i_assert(chr >= UTF16_SURROGATE_BASE && chr <= UNICHAR_T_MAX);
    *high_r = UTF16_SURROGATE_HIGH(chr);
    *low_r = UTF16_SURROGATE_LOW(chr);
}

DOVECOT_API_END

#endif
