/*
 * Text for logs: control characters and what is no UTF-8 are replaced, long texts are cut off.
 */
#include "str-sanitize.h"

#include "str.h"
#include "unichar.h"

#define ELLIPSIS_UTF8 "\xe2\x80\xa6"
#define REPLACEMENT_UTF8 "\xef\xbf\xbd"

/* Bytes of the character at `src`; 0 if it must not be shown, and then `*skip_r` says how many to
   replace. */
static size_t shown_char(const char *src, size_t *skip_r)
{
    unichar_t chr;
    int len = uni_utf8_get_char(src, &chr);

    *skip_r = 1;
    if (len <= 0)
        return 0;
    *skip_r = (size_t)len;
    /* C0, DEL and C1 controls */
    if (chr < 0x20 || (chr >= 0x7f && chr < 0xa0))
        return 0;
    return (size_t)len;
}

/* Bytes at the start of `src` that can stay as they are. */
static size_t clean_prefix(const char *src, uintmax_t max_chars)
{
    size_t pos = 0, len, skip;

    for (uintmax_t chars = 0; src[pos] != '\0' && chars < max_chars; chars++) {
        len = shown_char(src + pos, &skip);
        if (len == 0)
            break;
        pos += len;
    }
    return pos;
}

void str_sanitize_append(string_t *dest, const char *src, size_t max_bytes)
{
    size_t start = str_len(dest), pos = 0, len, skip;
    /* where to cut if the text turns out to be too long: "..." counts too */
    size_t cut = start, room = max_bytes < 3 ? 0 : max_bytes - 3;

    while (src[pos] != '\0') {
        len = shown_char(src + pos, &skip);
        if (pos + skip > max_bytes) {
            str_truncate(dest, cut);
            str_append_max(dest, "...", max_bytes);
            return;
        }
        if (len == 0)
            str_append_c(dest, '?');
        else
            str_append_data(dest, src + pos, len);
        pos += skip;
        if (str_len(dest) - start <= room)
            cut = str_len(dest);
    }
}

void str_sanitize_append_utf8(string_t *dest, const char *src, uintmax_t max_cps)
{
    size_t pos = 0, len, skip, last = str_len(dest);

    for (uintmax_t chars = 0; src[pos] != '\0'; chars++) {
        if (chars == max_cps) {
            if (max_cps == 0)
                return;
            str_truncate(dest, last);
            str_append(dest, ELLIPSIS_UTF8);
            return;
        }
        last = str_len(dest);
        len = shown_char(src + pos, &skip);
        if (len == 0)
            str_append(dest, REPLACEMENT_UTF8);
        else
            str_append_data(dest, src + pos, len);
        pos += skip;
    }
}

const char *str_sanitize(const char *src, size_t max_bytes)
{
    size_t clean;
    string_t *dest;

    if (src == NULL)
        return NULL;
    clean = clean_prefix(src, UINTMAX_MAX);
    if (src[clean] == '\0' && clean <= max_bytes)
        return src;
    dest = t_str_new(I_MIN(max_bytes, 256));
    str_sanitize_append(dest, src, max_bytes);
    return str_c(dest);
}

const char *str_sanitize_utf8(const char *src, uintmax_t max_cps)
{
    string_t *dest;

    if (src == NULL)
        return NULL;
    if (src[clean_prefix(src, max_cps)] == '\0')
        return src;
    dest = t_str_new(64);
    str_sanitize_append_utf8(dest, src, max_cps);
    return str_c(dest);
}
