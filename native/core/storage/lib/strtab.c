/*
 * Fields separated by TABs: the characters that would disturb such a line are written as 0x01 and a
 * letter.
 */
#include "str.h"
#include "strescape.h"

#define MARK '\001'
#define SPECIAL "\001\t\r\n"

/* The letter for a character; 0 if it stands for itself. */
static char code_of(char c)
{
    switch (c) {
    case '\0':
        return '0';
    case MARK:
        return '1';
    case '\t':
        return 't';
    case '\r':
        return 'r';
    case '\n':
        return 'n';
    default:
        return 0;
    }
}

static char decoded(char code)
{
    switch (code) {
    case '0':
        return '\0';
    case '1':
        return MARK;
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'n':
        return '\n';
    default:
        return code;
    }
}

void str_append_tabescaped_n(string_t *dest, const unsigned char *src, size_t src_size)
{
    for (size_t i = 0; i < src_size; i++) {
        char code = code_of((char)src[i]);

        if (code == 0) {
            str_append_c(dest, src[i]);
            continue;
        }
        str_append_c(dest, MARK);
        str_append_c(dest, code);
    }
}

void str_append_tabescaped(string_t *dest, const char *src)
{
    str_append_tabescaped_n(dest, (const unsigned char *)src, strlen(src));
}

const char *str_tabescape(const char *str)
{
    string_t *dest;

    if (strpbrk(str, SPECIAL) == NULL)
        return str;
    dest = t_str_new(strlen(str) * 2);
    str_append_tabescaped(dest, str);
    return str_c(dest);
}

/* Like unescape() in strescape.c: in place or not; a mark at the end stands for nothing. */
static char *unescape(char *dest, const char *src, const char *end)
{
    for (; src < end; src++) {
        if (*src != MARK) {
            *dest++ = *src;
            continue;
        }
        if (++src == end)
            break;
        *dest++ = decoded(*src);
    }
    return dest;
}

void str_append_tabunescaped(string_t *dest, const void *src, size_t src_size)
{
    size_t old_len = str_len(dest);
    char *space = buffer_append_space_unsafe(dest, src_size);
    char *end = unescape(space, src, (const char *)src + src_size);

    str_truncate(dest, old_len + (size_t)(end - space));
}

char *str_tabunescape(char *str)
{
    *unescape(str, str, str + strlen(str)) = '\0';
    return str;
}

const char *t_str_tabunescape(const char *str)
{
    if (strchr(str, MARK) == NULL)
        return str;
    return str_tabunescape(t_strdup_noconst(str));
}

/* Fields that are parts of `str`. */
static char **split_in_place(pool_t pool, char *str)
{
    unsigned int count = 1;
    char **fields;

    if (*str == '\0')
        return p_new(pool, char *, 1);
    for (const char *p = str; (p = strchr(p, '\t')) != NULL; p++)
        count++;

    fields = p_new(pool, char *, count + 1);
    for (unsigned int i = 0; i < count; i++) {
        char *end = strchr(str, '\t');

        if (end != NULL)
            *end = '\0';
        fields[i] = str_tabunescape(str);
        if (end != NULL)
            str = end + 1;
    }
    return fields;
}

char **p_strsplit_tabescaped(pool_t pool, const char *str)
{
    return split_in_place(pool, p_strdup(pool, str));
}

const char *const *t_strsplit_tabescaped(const char *str)
{
    return (const char *const *)p_strsplit_tabescaped(unsafe_data_stack_pool, str);
}

const char *const *t_strsplit_tabescaped_inplace(char *str)
{
    return (const char *const *)split_in_place(unsafe_data_stack_pool, str);
}
