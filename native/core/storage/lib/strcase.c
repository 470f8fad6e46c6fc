/*
 * Strings changed on their way: letters' case, single characters, white space and other sets of
 * characters at the ends, line ends. Only ASCII letters have a case here, whatever the locale.
 */
#include <stdio.h>

#include "str.h"

/* ASCII letters differ in this bit only. */
#define CASE_BIT 0x20

static char upper(char c)
{
    return (char)(c >= 'a' && c <= 'z' ? c & ~CASE_BIT : c);
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c | CASE_BIT : c);
}

char *str_ucase(char *str)
{
    for (char *p = str; *p != '\0'; p++)
        *p = upper(*p);
    return str;
}

char *str_lcase(char *str)
{
    for (char *p = str; *p != '\0'; p++)
        *p = lower(*p);
    return str;
}

const char *t_str_ucase(const char *str)
{
    return str_ucase(t_strdup_noconst(str));
}

const char *t_str_lcase(const char *str)
{
    return str_lcase(t_strdup_noconst(str));
}

const char *t_strcut(const char *str, char cutchar)
{
    const char *end = strchr(str, cutchar);

    return end == NULL ? str : t_strdup_until(str, end);
}

const char *t_str_replace(const char *str, char from, char to)
{
    char *copy;

    if (strchr(str, from) == NULL)
        return str;
    copy = t_strdup_noconst(str);
    for (char *p = copy; *p != '\0'; p++) {
        if (*p == from)
            *p = to;
    }
    return copy;
}

const char *t_str_oneline(const char *str)
{
    bool new_line = FALSE;
    string_t *line;

    if (strpbrk(str, "\r\n") == NULL)
        return str;
    line = t_str_new(strlen(str));
    for (const char *p = str; *p != '\0'; p++) {
        if (*p == '\r')
            continue;
        if (*p == '\n') {
            new_line = TRUE;
            continue;
        }
        if (new_line && str_len(line) > 0)
            str_append_c(line, ' ');
        new_line = FALSE;
        str_append_c(line, *p);
    }
    return str_c(line);
}

/* ---- The ends ------------------------------------------------------------------------------ */

static const char *rtrimmed_end(const char *str, const char *chars)
{
    const char *end = str + strlen(str);

    while (end > str && strchr(chars, end[-1]) != NULL)
        end--;
    return end;
}

const char *str_ltrim(const char *str, const char *chars)
{
    return str + strspn(str, chars);
}

const char *p_str_trim(pool_t pool, const char *str, const char *chars)
{
    str = str_ltrim(str, chars);
    return p_strdup_until(pool, str, rtrimmed_end(str, chars));
}

const char *p_str_ltrim(pool_t pool, const char *str, const char *chars)
{
    return p_strdup(pool, str_ltrim(str, chars));
}

const char *p_str_rtrim(pool_t pool, const char *str, const char *chars)
{
    return p_strdup_until(pool, str, rtrimmed_end(str, chars));
}

const char *t_str_trim(const char *str, const char *chars)
{
    return p_str_trim(unsafe_data_stack_pool, str, chars);
}

const char *t_str_ltrim(const char *str, const char *chars)
{
    return p_str_ltrim(unsafe_data_stack_pool, str, chars);
}

const char *t_str_rtrim(const char *str, const char *chars)
{
    return p_str_rtrim(unsafe_data_stack_pool, str, chars);
}

/* ---- Into memory of the caller ------------------------------------------------------------- */

int i_snprintf(char *dest, size_t max_chars, const char *format, ...)
{
    int old_errno = errno;
    va_list args;
    int len;

    i_assert(max_chars < INT_MAX);
    va_start(args, format);
    len = vsnprintf(dest, max_chars, format, args);
    va_end(args);
    errno = old_errno;
    return len < 0 || (size_t)len >= max_chars ? -1 : 0;
}

int i_strocpy(char *dest, const char *src, size_t dstsize)
{
    size_t size = strlen(src) + 1;

    if (dstsize == 0)
        return -1;
    if (size <= dstsize) {
        memcpy(dest, src, size);
        return 0;
    }
    memcpy(dest, src, dstsize - 1);
    dest[dstsize - 1] = '\0';
    return -1;
}
