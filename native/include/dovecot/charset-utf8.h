/*
 * Text of any charset into UTF-8. Invalid input becomes U+FFFD and never stops the translation.
 */
#ifndef CHARSET_UTF8_H
#define CHARSET_UTF8_H

#include "unichar.h"

/** The longest incomplete character that can be left at the end of a block, bytes. */
#define CHARSET_MAX_PENDING_BUF_SIZE 10

struct charset_translation;

enum charset_result {
    CHARSET_RET_OK = 1,
    CHARSET_RET_INCOMPLETE_INPUT = -1, /**< a character is cut by the end of the input */
    CHARSET_RET_INVALID_INPUT = -2     /**< some of it was not of that charset */
};

DOVECOT_API_BEGIN

/** 0, or -1 when the charset is unknown. `normalizer` may be NULL. */
int charset_to_utf8_begin(const char *charset, normalizer_func_t *normalizer,
                          struct charset_translation **t_r) ATTR_NULL(2);
/** UTF-8 to valid UTF-8. */
struct charset_translation *charset_utf8_to_utf8_begin(normalizer_func_t *normalizer);
void charset_to_utf8_end(struct charset_translation **t);
/** Forgets shift states: the next input is another text. */
void charset_to_utf8_reset(struct charset_translation *t);

/** UTF-8 or ASCII, by any of their names. */
bool charset_is_utf8(const char *charset) ATTR_PURE;

/** Appends to dest; `*src_size` becomes the number of bytes taken. */
enum charset_result charset_to_utf8(struct charset_translation *t, const unsigned char *src,
                                    size_t *src_size, buffer_t *dest);

/** One whole string. 0, or -1 when the charset is unknown. */
int charset_to_utf8_str(const char *charset, normalizer_func_t *normalizer, const char *input,
                        string_t *output, enum charset_result *result_r) ATTR_NULL(2);

/** The part of charset_to_utf8() for input that is UTF-8 already. */
enum charset_result charset_utf8_to_utf8(normalizer_func_t *normalizer, const unsigned char *src,
                                         size_t *src_size, buffer_t *dest);

DOVECOT_API_END

#endif
