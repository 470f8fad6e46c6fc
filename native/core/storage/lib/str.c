/*
 * Strings: buffers of text that can be ended by a NUL.
 */
#include "str.h"

#include <stdio.h>

#include "lib/buffer-parts.h"

string_t *str_new(pool_t pool, size_t initial_size)
{
    /* `initial_size` characters and the NUL, as plugins count */
    return buffer_create_dynamic(pool, initial_size);
}

string_t *t_str_new(size_t initial_size)
{
    return str_new(pool_datastack_create(), initial_size);
}

string_t *str_new_const(pool_t pool, const char *str, size_t len)
{
    string_t *result = p_new(pool, string_t, 1);
    struct buffer_parts *parts;

    i_assert(str[len] == '\0');
    (buffer_create_from_const_data)(result, str, len);
    parts = buffer_parts(result);
    parts->nul_terminated = TRUE;
    parts->pool = pool;
    return result;
}

string_t *t_str_new_const(const char *str, size_t len)
{
    return str_new_const(unsafe_data_stack_pool, str, len);
}

void str_free(string_t **str)
{
    buffer_free(str);
}

char *str_free_without_data(string_t **str)
{
    (void)str_c_modifiable(*str);
    return buffer_free_without_data(str);
}

char *str_c_modifiable(string_t *str)
{
    struct buffer_parts *buf = buffer_parts(str);

    i_assert(buf->writable != NULL);
    if (unlikely(buf->pool == NULL && buf->used == buf->size))
        i_panic("String of %zu bytes has no room for its NUL", buf->size);
    buf->writable[buf->used] = '\0';
    return (char *)buf->writable;
}

const char *str_c(string_t *str)
{
    const struct buffer_parts *buf = buffer_parts(str);

    if (buf->writable != NULL)
        return str_c_modifiable(str);
    return buf->nul_terminated ? buf->data : t_strndup(buf->data, buf->used);
}

bool str_equals(const string_t *str1, const string_t *str2)
{
    return buffer_cmp(str1, str2);
}

void str_append_max(string_t *str, const char *cstr, size_t max_len)
{
    buffer_append(str, cstr, strnlen(cstr, max_len));
}

void str_printfa(string_t *str, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    str_vprintfa(str, fmt, args);
    va_end(args);
}

void str_vprintfa(string_t *str, const char *fmt, va_list args)
{
    struct buffer_parts *buf = buffer_parts(str);
    size_t room = buf->writable == NULL ? 0 : buf->size - buf->used + (buf->pool != NULL ? 1 : 0);
    int old_errno = errno;
    va_list again;
    int len;

    va_copy(again, args);
    len = vsnprintf(room == 0 ? NULL : (char *)buf->writable + buf->used, room, fmt, args);
    if (unlikely(len < 0))
        i_panic("str_vprintfa(%s): the format is not valid here", fmt);
    if ((size_t)len < room) {
        buf->used += (size_t)len;
    } else {
        char *text;

        errno = old_errno;
        text = i_strdup_vprintf(fmt, again);
        buffer_append(str, text, (size_t)len);
        i_free(text);
    }
    va_end(again);
    errno = old_errno;
}

void str_truncate_utf8(string_t *str, size_t len)
{
    const unsigned char *data = str_data(str);

    if (str_len(str) <= len)
        return;
    /* back to where a character begins */
    while (len > 0 && (data[len] & 0xc0) == 0x80)
        len--;
    str_truncate(str, len);
}
