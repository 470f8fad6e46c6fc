/*
 * Encoding base64. Input becomes output in groups of three bytes; what a full buffer has no room
 * for waits in the encoder.
 */
#include "base64.h"

/* Adds characters to what waits, and the line ends between them. */
static void add_chars(struct base64_encoder *enc, const char *chars, unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        if (enc->cur_line_len == enc->max_line_len) {
            if ((enc->flags & BASE64_ENCODE_FLAG_CRLF) != 0)
                enc->waiting[enc->waiting_len++] = '\r';
            enc->waiting[enc->waiting_len++] = '\n';
            enc->cur_line_len = 0;
        }
        enc->waiting[enc->waiting_len++] = (unsigned char)chars[i];
        enc->cur_line_len++;
    }
}

/* The group, which has one byte at least; returns how many characters it fills. */
static unsigned int encode_group(struct base64_encoder *enc, char chars[4])
{
    const char *map = enc->b64->encmap;
    unsigned int count = enc->group_len + 1;
    uint32_t bits;

    for (unsigned int i = enc->group_len; i < sizeof(enc->group); i++)
        enc->group[i] = 0;
    bits = (uint32_t)enc->group[0] << 16 | (uint32_t)enc->group[1] << 8 | enc->group[2];
    chars[0] = map[bits >> 18];
    chars[1] = map[bits >> 12 & 63];
    chars[2] = map[bits >> 6 & 63];
    chars[3] = map[bits & 63];
    enc->group_len = 0;
    return count;
}

/* FALSE if some of it still waits. */
static bool flush(struct base64_encoder *enc, buffer_t *dest)
{
    unsigned int count = enc->waiting_len;

    if (dest != NULL) {
        count = (unsigned int)I_MIN(count, buffer_get_avail_size(dest));
        buffer_append(dest, enc->waiting, count);
    }
    enc->waiting_len -= count;
    memmove(enc->waiting, enc->waiting + count, enc->waiting_len);
    return enc->waiting_len == 0;
}

bool base64_encode_more(struct base64_encoder *enc, const void *src, size_t src_size,
                        size_t *src_pos_r, buffer_t *dest)
{
    const unsigned char *bytes = src;
    size_t pos = 0;
    bool flushed = flush(enc, dest);

    i_assert(!enc->finishing);
    while (flushed && pos < src_size) {
        enc->group[enc->group_len++] = bytes[pos++];
        if (enc->group_len == sizeof(enc->group)) {
            char chars[4];

            (void)encode_group(enc, chars);
            add_chars(enc, chars, 4);
            flushed = flush(enc, dest);
        }
    }
    if (src_pos_r != NULL)
        *src_pos_r = pos;
    return flushed && pos == src_size;
}

bool base64_encode_finish(struct base64_encoder *enc, buffer_t *dest)
{
    i_assert(!enc->finished);
    if (!flush(enc, dest))
        return FALSE;
    if (!enc->finishing && enc->group_len > 0) {
        char chars[4];
        unsigned int count = encode_group(enc, chars);

        if ((enc->flags & BASE64_ENCODE_FLAG_NO_PADDING) == 0) {
            while (count < sizeof(chars))
                chars[count++] = '=';
        }
        add_chars(enc, chars, count);
    }
    enc->finishing = TRUE;
    enc->finished = flush(enc, dest);
    return enc->finished;
}

/* ---- Sizes --------------------------------------------------------------------------------- */

static unsigned int newline_size(const struct base64_encoder *enc)
{
    return (enc->flags & BASE64_ENCODE_FLAG_CRLF) != 0 ? 2 : 1;
}

uoff_t base64_get_full_encoded_size(struct base64_encoder *enc, uoff_t src_size)
{
    uoff_t chars = src_size / 3 * 4, rest = src_size % 3;

    if (rest > 0)
        chars += (enc->flags & BASE64_ENCODE_FLAG_NO_PADDING) != 0 ? rest + 1 : 4;
    if (chars > enc->max_line_len)
        chars += (chars - 1) / enc->max_line_len * newline_size(enc);
    return chars;
}

size_t base64_encode_get_size(struct base64_encoder *enc, size_t src_size)
{
    size_t chars = (enc->group_len + src_size) / 3 * 4, newlines = 0;

    if (chars > 0 && enc->max_line_len != SIZE_MAX)
        newlines = (enc->cur_line_len + chars - 1) / enc->max_line_len;
    return enc->waiting_len + chars + newlines * newline_size(enc);
}

size_t base64_encode_get_full_space(struct base64_encoder *enc, size_t dst_space)
{
    size_t chars = dst_space, rest;

    if (dst_space > enc->max_line_len) {
        size_t line = enc->max_line_len + newline_size(enc);

        chars = dst_space / line * enc->max_line_len + I_MIN(dst_space % line, enc->max_line_len);
    }
    rest = chars % 4;
    if ((enc->flags & BASE64_ENCODE_FLAG_NO_PADDING) == 0 || rest < 2)
        rest = 1;
    return chars / 4 * 3 + rest - 1;
}

buffer_t *t_base64_scheme_encode(const struct base64_scheme *b64, enum base64_encode_flags flags,
                                 size_t max_line_len, const void *src, size_t src_size)
{
    buffer_t *dest = t_buffer_create(MAX_BASE64_ENCODED_SIZE(src_size));

    base64_scheme_encode(b64, flags, max_line_len, src, src_size, dest);
    return dest;
}
