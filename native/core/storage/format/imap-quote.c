/*
 * Strings as IMAP text (imap-quote.h).
 */
#include "imap-quote.h"

#include "imap-arg.h"
#include "str.h"

/** Longer strings are literals: some clients cannot read such quoted ones. */
#define QUOTED_MAX 1000

/** Whether a quoted string can say it. */
static bool is_quotable(const char *src)
{
    size_t length = 0;

    for (; src[length] != '\0'; length++) {
        if (((unsigned char)src[length] & 0x80) != 0 || src[length] == '\r' || src[length] == '\n')
            return FALSE;
    }
    return length <= QUOTED_MAX;
}

static void append_quotable(string_t *dest, const char *src)
{
    str_append_c(dest, '"');
    for (; *src != '\0'; src++) {
        if (IS_QUOTED_SPECIAL(*src))
            str_append_c(dest, '\\');
        str_append_c(dest, *src);
    }
    str_append_c(dest, '"');
}

void imap_append_string(string_t *dest, const char *src)
{
    i_assert(src != NULL);
    if (is_quotable(src))
        append_quotable(dest, src);
    else
        str_printfa(dest, "{%zu}\r\n%s", strlen(src), src);
}

void imap_append_astring(string_t *dest, const char *src)
{
    const char *byte = src;

    while (*byte != '\0' && IS_ASTRING_CHAR(*byte))
        byte++;
    if (*byte == '\0' && src[0] != '\0' && strcasecmp(src, "NIL") != 0)
        str_append(dest, src);
    else
        imap_append_string(dest, src);
}

void imap_append_nstring(string_t *dest, const char *src)
{
    if (src == NULL)
        str_append(dest, "NIL");
    else
        imap_append_string(dest, src);
}

/* Texts are prepared outside of the data stack, where `dest` may lie. */

void imap_append_nstring_nolf(string_t *dest, const char *src)
{
    string_t *line;

    if (src == NULL || strpbrk(src, "\r\n") == NULL) {
        imap_append_nstring(dest, src);
        return;
    }
    line = str_new(default_pool, strlen(src));
    for (; *src != '\0'; src++) {
        if (*src != '\r' && *src != '\n')
            str_append_c(line, *src);
    }
    imap_append_string(dest, str_c(line));
    str_free(&line);
}

void imap_append_quoted(string_t *dest, const char *src)
{
    str_append_c(dest, '"');
    for (; *src != '\0'; src++) {
        if (((unsigned char)*src & 0x80) != 0 || *src == '\r' || *src == '\n')
            continue;
        if (IS_QUOTED_SPECIAL(*src))
            str_append_c(dest, '\\');
        str_append_c(dest, *src);
    }
    str_append_c(dest, '"');
}

void imap_append_string_for_humans(string_t *dest, const unsigned char *src, size_t size)
{
    string_t *text = str_new(default_pool, size + 1);
    bool space = TRUE; /* none at the beginning */

    for (size_t i = 0; i < size; i++) {
        bool is_space = src[i] <= ' ' && src[i] != '\0';

        if (is_space && !space)
            str_append_c(text, ' ');
        else if (!is_space)
            str_append_c(text, src[i] == '\0' ? (unsigned char)0x80 : src[i]);
        space = is_space;
    }
    if (space && str_len(text) > 0)
        str_truncate(text, str_len(text) - 1);
    imap_append_string(dest, str_c(text));
    str_free(&text);
}
