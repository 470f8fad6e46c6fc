/*
 * Copies of strings, in a pool, on the data stack (t_) or in memory of their own (i_).
 */
#include <stdio.h>

#include "lib.h"

const unsigned char uchar_nul = '\0';
const unsigned char *uchar_empty_ptr = &uchar_nul;

char *p_strdup(pool_t pool, const char *str)
{
    return str == NULL ? NULL : p_memdup(pool, str, strlen(str) + 1);
}

void *p_memdup(pool_t pool, const void *data, size_t size)
{
    void *mem = p_malloc(pool, size);

    return memcpy(mem, data, size);
}

char *p_strdup_empty(pool_t pool, const char *str)
{
    return str == NULL || *str == '\0' ? NULL : p_strdup(pool, str);
}

char *p_strdup_until(pool_t pool, const void *start, const void *end)
{
    size_t size;
    char *copy;

    i_assert((const char *)start <= (const char *)end);
    size = (size_t)((const char *)end - (const char *)start);
    copy = p_malloc(pool, MALLOC_ADD(size, 1));
    return size == 0 ? copy : memcpy(copy, start, size);
}

char *p_strndup(pool_t pool, const void *str, size_t max_chars)
{
    if (str == NULL)
        return NULL;
    return p_strdup_until(pool, str, (const char *)str + strnlen(str, max_chars));
}

char *p_strdup_printf(pool_t pool, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = p_strdup_vprintf(pool, format, args);
    va_end(args);
    return text;
}

static void check_format(int len, const char *format)
{
    if (unlikely(len < 0))
        i_panic("printf(%s): the format is not valid here", format);
}

char *p_strdup_vprintf(pool_t pool, const char *format, va_list args)
{
    int old_errno = errno;
    char brief[256], *text;
    va_list again;
    int len;

    /* most texts are brief: formatting those once is enough */
    va_copy(again, args);
    len = vsnprintf(brief, sizeof(brief), format, again);
    va_end(again);
    check_format(len, format);
    text = p_malloc(pool, (size_t)len + 1);
    if ((size_t)len < sizeof(brief)) {
        memcpy(text, brief, (size_t)len + 1);
    } else {
        errno = old_errno;
        (void)vsnprintf(text, (size_t)len + 1, format, args);
    }
    errno = old_errno;
    return text;
}

char *t_noalloc_strdup_vprintf(const char *format, va_list args, unsigned int *size_r)
{
    int old_errno = errno;
    va_list again;
    char *text;
    int len;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    check_format(len, format);
    *size_r = (unsigned int)len + 1;
    text = t_buffer_get(*size_r);
    errno = old_errno;
    (void)vsnprintf(text, *size_r, format, args);
    errno = old_errno;
    return text;
}

static size_t joined_size(const char *str1, va_list args)
{
    size_t size = 0;

    for (const char *str = str1; str != NULL; str = va_arg(args, const char *))
        size = MALLOC_ADD(size, strlen(str));
    return size;
}

static void join(char *dest, const char *str1, va_list args)
{
    for (const char *str = str1; str != NULL; str = va_arg(args, const char *))
        dest = stpcpy(dest, str);
}

static char *join_in_pool(pool_t pool, const char *str1, va_list args)
{
    va_list again;
    char *text;

    if (str1 == NULL)
        return NULL;
    va_copy(again, args);
    text = p_malloc(pool, joined_size(str1, again) + 1);
    va_end(again);
    join(text, str1, args);
    return text;
}

char *p_strconcat(pool_t pool, const char *str1, ...)
{
    va_list args;
    char *text;

    va_start(args, str1);
    text = join_in_pool(pool, str1, args);
    va_end(args);
    return text;
}

char *vstrconcat(const char *str1, va_list args, size_t *ret_len)
{
    va_list again;
    char *text;

    if (str1 == NULL)
        return NULL;
    va_copy(again, args);
    *ret_len = joined_size(str1, again) + 1;
    va_end(again);
    text = t_buffer_get(*ret_len);
    *text = '\0';
    join(text, str1, args);
    return text;
}

/* ---- In memory of their own ---------------------------------------------------------------- */

char *i_strdup(const char *str)
{
    return p_strdup(default_pool, str);
}

void *i_memdup(const void *data, size_t size)
{
    return p_memdup(default_pool, data, size);
}

char *i_strdup_empty(const char *str)
{
    return p_strdup_empty(default_pool, str);
}

char *i_strdup_until(const void *str, const void *end)
{
    return p_strdup_until(default_pool, str, end);
}

char *i_strndup(const void *str, size_t max_chars)
{
    return p_strndup(default_pool, str, max_chars);
}

char *i_strdup_printf(const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = i_strdup_vprintf(format, args);
    va_end(args);
    return text;
}

char *i_strdup_vprintf(const char *format, va_list args)
{
    return p_strdup_vprintf(default_pool, format, args);
}

char *i_strconcat(const char *str1, ...)
{
    va_list args;
    char *text;

    va_start(args, str1);
    text = join_in_pool(default_pool, str1, args);
    va_end(args);
    return text;
}

/* ---- On the data stack --------------------------------------------------------------------- */

const char *t_strdup(const char *str)
{
    return p_strdup(unsafe_data_stack_pool, str);
}

char *t_strdup_noconst(const char *str)
{
    return p_strdup(unsafe_data_stack_pool, str);
}

const char *t_strdup_empty(const char *str)
{
    return p_strdup_empty(unsafe_data_stack_pool, str);
}

const char *t_strdup_until(const void *start, const void *end)
{
    return p_strdup_until(unsafe_data_stack_pool, start, end);
}

const char *t_strndup(const void *str, size_t max_chars)
{
    return p_strndup(unsafe_data_stack_pool, str, max_chars);
}

const char *t_strdup_printf(const char *format, ...)
{
    va_list args;
    const char *text;

    va_start(args, format);
    text = t_strdup_vprintf(format, args);
    va_end(args);
    return text;
}

const char *t_strdup_vprintf(const char *format, va_list args)
{
    return p_strdup_vprintf(unsafe_data_stack_pool, format, args);
}

const char *t_strconcat(const char *str1, ...)
{
    va_list args;
    const char *text;

    va_start(args, str1);
    text = join_in_pool(unsafe_data_stack_pool, str1, args);
    va_end(args);
    return text;
}
