/*
 * What the two charset translators share.
 */
#ifndef STORAGE_FORMAT_CHARSET_H
#define STORAGE_FORMAT_CHARSET_H

#include "charset-utf8.h"

#include <iconv.h>

struct charset_translation {
    normalizer_func_t *normalizer; /**< or NULL */
    iconv_t iconv;                 /**< unused for UTF-8 */
    char *charset;                 /**< NULL for UTF-8 */
};

/** Appends UTF-8 through the normalizer; without one, made valid. */
void charset_append_valid(normalizer_func_t *normalizer, const unsigned char *src, size_t size,
                          buffer_t *dest);

#endif
