/*
 * Two ways of quoting: backslashes in front of quotes and backslashes, and, for lines of fields
 * that TABs separate, codes of two characters for TAB, CR, LF, NUL and 0x01.
 */
#ifndef DOVECOT_STRESCAPE_H
#define DOVECOT_STRESCAPE_H

#include "str.h"

#define IS_ESCAPED_CHAR(c) ((c) == '"' || (c) == '\\' || (c) == '\'')

DOVECOT_API_BEGIN

/* ---- Backslashes --------------------------------------------------------------------------- */

/** With a backslash before each \ " and '. The result is on the data stack. */
const char *str_nescape(const void *str, size_t len);
void str_append_escaped(string_t *dest, const void *src, size_t src_size);

/** Without them. In place; the result is `str`. */
char *str_unescape(char *str);
void str_append_unescaped(string_t *dest, const void *src, size_t src_size);
/** Takes the text up to a '"' that has no backslash, puts it into `*unescaped_r` (data stack) and
 *  moves `*str` behind the '"'. -1 if there is none. */
int str_unescape_next(const char **str, const char **unescaped_r);

/* ---- TAB-separated fields ------------------------------------------------------------------ */

/** The result is `str` itself if nothing needs a code, else on the data stack. */
const char *str_tabescape(const char *str);
void str_append_tabescaped(string_t *dest, const char *src);
void str_append_tabescaped_n(string_t *dest, const unsigned char *src, size_t src_size);

void str_append_tabunescaped(string_t *dest, const void *src, size_t src_size);
/** In place; the result is `str`. */
char *str_tabunescape(char *str);
const char *t_str_tabunescape(const char *str);

/** Splits at TABs and decodes the fields, into an array that NULL ends. No field for "". */
char **p_strsplit_tabescaped(pool_t pool, const char *str);
const char *const *t_strsplit_tabescaped(const char *str);
/** The same, with fields that are parts of `str`, which is changed; only the array is allocated. */
const char *const *t_strsplit_tabescaped_inplace(char *str);

DOVECOT_API_END

static inline const char *str_escape(const char *str)
{
    return str_nescape(str, strlen(str));
}

#endif
