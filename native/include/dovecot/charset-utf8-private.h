/*
 * The translator behind charset-utf8.h, which a plugin may replace as a whole (aliases of charsets,
 * another library).
 */
#ifndef CHARSET_UTF8_PRIVATE_H
#define CHARSET_UTF8_PRIVATE_H

#include "charset-utf8.h"
#include "unichar.h"

struct charset_utf8_vfuncs {
    int (*to_utf8_begin)(const char *charset, normalizer_func_t *normalizer,
                         struct charset_translation **t_r);
    void (*to_utf8_end)(struct charset_translation *t);
    void (*to_utf8_reset)(struct charset_translation *t);

    enum charset_result (*to_utf8)(struct charset_translation *t, const unsigned char *src,
                                   size_t *src_size, buffer_t *dest);
};

DOVECOT_API_BEGIN

extern const struct charset_utf8_vfuncs charset_utf8only;
extern const struct charset_utf8_vfuncs charset_iconv;
/** The one in use: charset_iconv at first. */
extern const struct charset_utf8_vfuncs *charset_utf8_vfuncs;

DOVECOT_API_END

#endif
