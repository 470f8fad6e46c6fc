/*
 * Modified UTF-7, both ways (imap-utf7.h): base64 of UTF-16 between `&` and `-`.
 */
#include "imap-utf7.h"

#include "format/mime-encoding.h"
#include "str.h"
#include "unichar.h"

static const char base64_chars[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static bool is_direct(unsigned char byte)
{
    return byte >= 0x20 && byte <= 0x7e;
}

/* ---- To UTF-7 ----------------------------------------------------------------------------------- */

struct utf7_writer {
    string_t *dest;
    bool shifted;
    uint32_t bits;
    unsigned int bit_count;
};

static void write_unit(struct utf7_writer *writer, unsigned int unit)
{
    if (!writer->shifted) {
        str_append_c(writer->dest, '&');
        writer->shifted = TRUE;
    }
    writer->bits = writer->bits << 16 | unit;
    writer->bit_count += 16;
    while (writer->bit_count >= 6) {
        writer->bit_count -= 6;
        str_append_c(writer->dest, base64_chars[writer->bits >> writer->bit_count & 0x3f]);
    }
}

static void unshift(struct utf7_writer *writer)
{
    if (!writer->shifted)
        return;
    if (writer->bit_count > 0)
        str_append_c(writer->dest, base64_chars[writer->bits << (6 - writer->bit_count) & 0x3f]);
    str_append_c(writer->dest, '-');
    writer->shifted = FALSE;
    writer->bits = writer->bit_count = 0;
}

static void write_char(struct utf7_writer *writer, unichar_t chr)
{
    unichar_t high, low;

    if (chr < 0x80 && is_direct((unsigned char)chr)) {
        unshift(writer);
        str_append_c(writer->dest, (unsigned char)chr);
        if (chr == '&')
            str_append_c(writer->dest, '-');
    } else if (chr < UTF16_SURROGATE_BASE) {
        write_unit(writer, chr);
    } else {
        uni_split_surrogate(chr, &high, &low);
        write_unit(writer, high);
        write_unit(writer, low);
    }
}

int imap_escaped_utf8_hex_to_char(const char *str, unsigned char *chr_r)
{
    int byte;

    if (str[0] == '\0' || (byte = mime_hex_byte((const unsigned char *)str)) < 0)
        return -1;
    *chr_r = (unsigned char)byte;
    return 0;
}

int imap_escaped_utf8_to_utf7(const char *src, char escape_char, string_t *dest)
{
    struct utf7_writer writer = {.dest = dest};

    while (*src != '\0') {
        unsigned char byte;
        unichar_t chr;
        int length;

        if (*src == escape_char && imap_escaped_utf8_hex_to_char(src + 1, &byte) == 0) {
            unshift(&writer);
            str_append_c(dest, byte);
            src += 3;
            continue;
        }
        length = uni_utf8_get_char(src, &chr);
        if (length <= 0)
            return -1;
        write_char(&writer, chr);
        src += length;
    }
    unshift(&writer);
    return 0;
}

int imap_utf8_to_utf7(const char *src, string_t *dest)
{
    return imap_escaped_utf8_to_utf7(src, '\0', dest);
}

int t_imap_utf8_to_utf7(const char *src, const char **dest_r)
{
    string_t *dest = t_str_new(64);
    int ret = imap_utf8_to_utf7(src, dest);

    *dest_r = str_c(dest);
    return ret;
}

/* ---- From UTF-7 --------------------------------------------------------------------------------- */

/** Appends one unit of UTF-16; `*high` holds a first half. FALSE when it may not stand here. */
static bool read_unit(unichar_t unit, unichar_t *high, string_t *dest)
{
    if (*high != 0) {
        if (!UTF16_VALID_LOW_SURROGATE(unit))
            return FALSE;
        uni_ucs4_to_utf8_c(uni_join_surrogate(*high, unit), dest);
        *high = 0;
        return TRUE;
    }
    if (UTF16_VALID_HIGH_SURROGATE(unit)) {
        *high = unit;
        return TRUE;
    }
    if (UTF16_VALID_LOW_SURROGATE(unit) || (unit < 0x80 && is_direct((unsigned char)unit)) ||
        unit == 0)
        return FALSE;
    uni_ucs4_to_utf8_c(unit, dest);
    return TRUE;
}

/** What stands behind an `&` up to its `-`; bytes of it with the `-`, or 0 when it is invalid. */
static size_t read_shifted(const char *src, string_t *dest)
{
    size_t begun = str_len(dest), pos;
    uint32_t bits = 0;
    unsigned int bit_count = 0;
    unichar_t high = 0;

    for (pos = 0; src[pos] != '-'; pos++) {
        const char *digit = src[pos] == '\0' ? NULL : strchr(base64_chars, src[pos]);

        if (digit == NULL)
            break;
        bits = bits << 6 | (uint32_t)(digit - base64_chars);
        bit_count += 6;
        if (bit_count < 16)
            continue;
        bit_count -= 16;
        if (!read_unit(bits >> bit_count & 0xffff, &high, dest))
            break;
    }
    /* Fewer than six bits may be left, all zero; and two runs in a row should have been one. */
    if (src[pos] == '-' && pos > 0 && high == 0 && bit_count < 6 &&
        (bits & ((1U << bit_count) - 1)) == 0 && !(src[pos + 1] == '&' && src[pos + 2] != '-'))
        return pos + 1;
    str_truncate(dest, begun);
    return 0;
}

/** `&-` or a shifted run at `src`; bytes of it, or 0. */
static size_t read_ampersand(const char *src, string_t *dest)
{
    size_t length;

    if (src[1] == '-') {
        str_append_c(dest, '&');
        return 2;
    }
    length = read_shifted(src + 1, dest);
    return length == 0 ? 0 : length + 1;
}

int imap_utf7_to_utf8(const char *src, string_t *dest)
{
    while (*src != '\0') {
        size_t length = 1;

        if (*src == '&') {
            length = read_ampersand(src, dest);
            if (length == 0)
                return -1;
        } else if (is_direct((unsigned char)*src)) {
            str_append_c(dest, *src);
        } else {
            return -1;
        }
        src += length;
    }
    return 0;
}

void imap_utf7_to_utf8_escaped(const char *src, const char *escape_chars, string_t *dest)
{
    while (*src != '\0') {
        size_t length = 0;

        if (strchr(escape_chars, *src) == NULL) {
            if (*src == '&') {
                length = read_ampersand(src, dest);
            } else if (is_direct((unsigned char)*src)) {
                str_append_c(dest, *src);
                length = 1;
            }
        }
        if (length == 0) {
            str_printfa(dest, "%c%02x", escape_chars[0], (unsigned char)*src);
            length = 1;
        }
        src += length;
    }
}

bool imap_utf7_is_valid(const char *src)
{
    bool valid;

    T_BEGIN
    {
        valid = imap_utf7_to_utf8(src, t_str_new(64)) == 0;
    }
    T_END;
    return valid;
}
