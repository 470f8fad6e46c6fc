/*
 * Backslashes before quotes and backslashes, put in and taken out.
 */
#include "strescape.h"

#include "str.h"

void str_append_escaped(string_t *dest, const void *src, size_t src_size)
{
    const char *text = src;

    for (size_t i = 0; i < src_size; i++) {
        if (IS_ESCAPED_CHAR(text[i]))
            str_append_c(dest, '\\');
        str_append_c(dest, text[i]);
    }
}

const char *str_nescape(const void *str, size_t len)
{
    string_t *dest = t_str_new(len * 2);

    str_append_escaped(dest, str, len);
    return str_c(dest);
}

/* Copies up to `end`, which may be behind `dest` in the same memory; returns where it ended. A
 * backslash that ends the text stands for nothing. */
static char *unescape(char *dest, const char *src, const char *end)
{
    for (; src < end; src++) {
        if (*src == '\\' && ++src == end)
            break;
        *dest++ = *src;
    }
    return dest;
}

char *str_unescape(char *str)
{
    *unescape(str, str, str + strlen(str)) = '\0';
    return str;
}

void str_append_unescaped(string_t *dest, const void *src, size_t src_size)
{
    size_t old_len = str_len(dest);
    char *space = buffer_append_space_unsafe(dest, src_size);
    char *end = unescape(space, src, (const char *)src + src_size);

    str_truncate(dest, old_len + (size_t)(end - space));
}

int str_unescape_next(const char **str, const char **unescaped_r)
{
    const char *end = *str;

    for (; *end != '"'; end++) {
        if (*end == '\\')
            end++;
        if (*end == '\0')
            return -1;
    }
    *unescaped_r = str_unescape(p_strdup_until(unsafe_data_stack_pool, *str, end));
    *str = end + 1;
    return 0;
}
