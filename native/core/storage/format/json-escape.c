/*
 * Strings of JSON (json-parser.h), escaped so that they may stand in scripts too: U+2028 and U+2029,
 * which end lines there, are written as escapes.
 */
#include "json-parser.h"

#include "str.h"

void ostream_escaped_json_format(string_t *dest, unsigned char src)
{
    switch (src) {
    case '\b':
        str_append(dest, "\\b");
        break;
    case '\t':
        str_append(dest, "\\t");
        break;
    case '\n':
        str_append(dest, "\\n");
        break;
    case '\f':
        str_append(dest, "\\f");
        break;
    case '\r':
        str_append(dest, "\\r");
        break;
    case '"':
        str_append(dest, "\\\"");
        break;
    case '\\':
        str_append(dest, "\\\\");
        break;
    default:
        if (src < 0x20)
            str_printfa(dest, "\\u%04x", src);
        else
            str_append_c(dest, src);
        break;
    }
}

void json_append_escaped_ucs4(string_t *dest, unichar_t chr)
{
    if (chr < 0x80)
        ostream_escaped_json_format(dest, (unsigned char)chr);
    else if (chr == 0x2028 || chr == 0x2029)
        str_printfa(dest, "\\u%04x", chr);
    else
        uni_ucs4_to_utf8_c(chr, dest);
}

void json_append_escaped_data(string_t *dest, const unsigned char *src, size_t size)
{
    while (size > 0) {
        unichar_t chr;
        int length = uni_utf8_get_char_n(src, size, &chr);

        if (length <= 0) {
            chr = UNICODE_REPLACEMENT_CHAR;
            length = 1;
        }
        json_append_escaped_ucs4(dest, chr);
        src += length;
        size -= (size_t)length;
    }
}

void json_append_escaped(string_t *dest, const char *src)
{
    json_append_escaped_data(dest, (const unsigned char *)src, strlen(src));
}
