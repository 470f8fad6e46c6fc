/*
 * string_t: a buffer that holds text, and can end it with a NUL when somebody needs a C string.
 */
#ifndef DOVECOT_STR_H
#define DOVECOT_STR_H

#include "buffer.h"

DOVECOT_API_BEGIN

/** A new empty string with room for `initial_size` bytes. */
string_t *str_new(pool_t pool, size_t initial_size);
string_t *t_str_new(size_t initial_size);
/** A string that is `str`, `len` bytes before its NUL; the pointer is kept, nothing can be
 *  written to it. */
string_t *str_new_const(pool_t pool, const char *str, size_t len);
string_t *t_str_new_const(const char *str, size_t len);
/** Frees it and sets `*str` to NULL. */
void str_free(string_t **str);
/** The same, but the text, ended by a NUL, is returned and the caller's. */
char *str_free_without_data(string_t **str);

/** The text as a C string; valid until the next write. */
const char *str_c(string_t *str);
char *str_c_modifiable(string_t *str);
bool str_equals(const string_t *str1, const string_t *str2) ATTR_PURE;

/** Appends `cstr` up to its NUL, at most `max_len` bytes. */
void str_append_max(string_t *str, const char *cstr, size_t max_len);

void str_printfa(string_t *str, const char *fmt, ...) ATTR_FORMAT(2, 3);
void str_vprintfa(string_t *str, const char *fmt, va_list args) ATTR_FORMAT(2, 0);

/** Shortens to at most `len` bytes without cutting a UTF-8 character in two. */
void str_truncate_utf8(string_t *str, size_t len);

DOVECOT_API_END

/** Not ended by a NUL. */
static inline const unsigned char *str_data(const string_t *str)
{
    return (const unsigned char *)str->data;
}

/** In bytes. */
static inline size_t str_len(const string_t *str)
{
    return str->used;
}

static inline void str_append(string_t *str, const char *cstr)
{
    buffer_append(str, cstr, strlen(cstr));
}

static inline void str_append_data(string_t *str, const void *data, size_t len)
{
    buffer_append(str, data, len);
}

static inline void str_append_c(string_t *str, unsigned char chr)
{
    buffer_append_c(str, chr);
}
/* Takes a char too, without a warning about its sign. */
#define str_append_c(str, chr)                                                                \
    str_append_c((str),                                                                       \
                 __builtin_choose_expr(__builtin_types_compatible_p(__typeof__((chr)), char), \
                                       (unsigned char)(chr), (chr)))

static inline void str_append_str(string_t *dest, const string_t *src)
{
    buffer_append(dest, src->data, src->used);
}

static inline void str_insert(string_t *str, size_t pos, const char *cstr)
{
    buffer_insert(str, pos, cstr, strlen(cstr));
}

static inline void str_delete(string_t *str, size_t pos, size_t len)
{
    buffer_delete(str, pos, len);
}

static inline void str_replace(string_t *str, size_t pos, size_t len, const char *cstr)
{
    buffer_replace(str, pos, len, cstr, strlen(cstr));
}

/** Shortens to `len` bytes; never makes it longer. */
static inline void str_truncate(string_t *str, size_t len)
{
    if (str_len(str) > len)
        buffer_set_used_size(str, len);
}

#endif
