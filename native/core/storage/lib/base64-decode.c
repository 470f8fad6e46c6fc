/*
 * Decoding base64: strict about the characters, the padding and what follows it, as far as the
 * flags say so.
 */
#include "base64.h"

#include "lib/buffer-parts.h"

static bool is_space(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Takes one character of the alphabet; TRUE if `*byte_r` is complete now. */
static bool add_value(struct base64_decoder *dec, unsigned char value, unsigned char *byte_r)
{
    /* bits of this value that are left over for the next byte, by the place in the group */
    static const unsigned char shifts[] = {0, 4, 2, 0};
    unsigned int place = dec->sub_pos;

    dec->bits = dec->bits << 6 | value;
    dec->sub_pos = (place + 1) % 4;
    *byte_r = (unsigned char)(dec->bits >> shifts[place]);
    return place > 0;
}

static bool add_padding(struct base64_decoder *dec)
{
    if ((dec->flags & BASE64_DECODE_FLAG_NO_PADDING) != 0 || dec->sub_pos < 2)
        return FALSE;
    dec->seen_padding = TRUE;
    dec->sub_pos = (dec->sub_pos + 1) % 4;
    dec->seen_end = dec->sub_pos == 0;
    return TRUE;
}

/* 1: the character was taken; 0: the data ends before it; -1: it has no business here. */
static int take(struct base64_decoder *dec, unsigned char c, buffer_t *dest)
{
    unsigned char value = dec->b64->decmap[c], byte;

    if (value != 0xff && !dec->seen_padding) {
        if (add_value(dec, value, &byte))
            buffer_append_c(dest, byte);
        return 1;
    }
    if (c == '=' && !dec->seen_end && add_padding(dec))
        return 1;
    if (is_space(c) && (dec->flags & BASE64_DECODE_FLAG_NO_WHITESPACE) == 0)
        return 1;
    if ((dec->flags & BASE64_DECODE_FLAG_EXPECT_BOUNDARY) != 0 && value == 0xff) {
        dec->seen_boundary = TRUE;
        return 0;
    }
    return -1;
}

/* If the source is a part of `dest`, it must not move while it is read. */
static const unsigned char *settle(const void *src, size_t src_size, buffer_t *dest)
{
    uintptr_t start = (uintptr_t)dest->data;
    size_t offset = (uintptr_t)src - start;

    if ((uintptr_t)src < start || offset >= dest->used)
        return src;
    buffer_reserve(buffer_parts(dest), dest->used + MAX_BASE64_DECODED_SIZE(src_size));
    return (const unsigned char *)dest->data + offset;
}

int base64_decode_more(struct base64_decoder *dec, const void *src, size_t src_size,
                       size_t *src_pos_r, buffer_t *dest)
{
    const unsigned char *chars = settle(src, src_size, dest);
    size_t pos = 0;
    int result = dec->failed ? -1 : dec->seen_boundary ? 0 : 1;

    i_assert(!dec->finished);
    while (result == 1 && pos < src_size && buffer_get_avail_size(dest) > 0) {
        result = take(dec, chars[pos], dest);
        if (result == 1)
            pos++;
    }
    if (src_pos_r != NULL)
        *src_pos_r = pos;
    if (result < 0)
        dec->failed = TRUE;
    return result == 1 && dec->seen_end ? 0 : result;
}

int base64_decode_finish(struct base64_decoder *dec)
{
    unsigned int lenient = BASE64_DECODE_FLAG_NO_PADDING | BASE64_DECODE_FLAG_IGNORE_PADDING;

    i_assert(!dec->finished);
    dec->finished = TRUE;
    if (dec->failed || dec->sub_pos == 1)
        return -1;
    if (dec->sub_pos == 0)
        return 0;
    return (dec->flags & lenient) != 0 ? 0 : -1;
}

int base64_scheme_decode(const struct base64_scheme *b64, enum base64_decode_flags flags,
                         const void *src, size_t src_size, buffer_t *dest)
{
    struct base64_decoder dec;
    size_t pos;
    int result;

    base64_decode_init(&dec, b64, flags);
    result = base64_decode_more(&dec, src, src_size, &pos, dest);
    /* a fixed buffer was full */
    if (result > 0 && pos < src_size)
        return -1;
    return base64_decode_finish(&dec) < 0 ? -1 : result;
}

buffer_t *t_base64_scheme_decode(const struct base64_scheme *b64, enum base64_decode_flags flags,
                                 const void *src, size_t src_size)
{
    buffer_t *dest = t_buffer_create(MAX_BASE64_DECODED_SIZE(src_size));

    (void)base64_scheme_decode(b64, flags, src, src_size, dest);
    return dest;
}
