/*
 * Lenient base64 for searching and showing (mime-encoding.h): nothing is an error, because a mail
 * that is damaged in one place should still be found by what the rest of it says.
 */
#include "format/mime-encoding.h"

#include "buffer.h"

static int hex_digit(unsigned char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

int mime_hex_byte(const unsigned char *digits)
{
    int high = hex_digit(digits[0]), low = high < 0 ? -1 : hex_digit(digits[1]);

    return low < 0 ? -1 : high << 4 | low;
}

#define NONE 0xff
#define NONE4 NONE, NONE, NONE, NONE
#define NONE16 NONE4, NONE4, NONE4, NONE4
#define NONE64 NONE16, NONE16, NONE16, NONE16
static const unsigned char base64_values[256] = {
    /* clang-format off */
    NONE16, NONE16,
    NONE4, NONE4, NONE, NONE, NONE, 62, NONE, NONE, NONE, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, NONE, NONE, NONE, NONE, NONE, NONE,
    NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NONE, NONE, NONE, NONE, NONE,
    NONE, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, NONE, NONE, NONE, NONE, NONE,
    NONE64, NONE64
    /* clang-format on */
};

/** Whole groups without anything between them; returns how many characters they were. */
static size_t decode_groups(const unsigned char *src, size_t size, buffer_t *dest)
{
    unsigned char *out = buffer_append_space_unsafe(dest, size / 4 * 3);
    size_t pos = 0, written = 0;

    for (; pos + 4 <= size; pos += 4) {
        unsigned int a = base64_values[src[pos]], b = base64_values[src[pos + 1]];
        unsigned int c = base64_values[src[pos + 2]], d = base64_values[src[pos + 3]];

        if (((a | b | c | d) & 0x80) != 0)
            break;
        out[written++] = (unsigned char)(a << 2 | b >> 4);
        out[written++] = (unsigned char)(b << 4 | c >> 2);
        out[written++] = (unsigned char)(c << 6 | d);
    }
    buffer_set_used_size(dest, dest->used - size / 4 * 3 + written);
    return pos;
}

void mime_base64_finish(struct mime_base64 *state, buffer_t *dest)
{
    if (state->count >= 2)
        buffer_append_c(dest, (unsigned char)(state->bits >> (state->count == 2 ? 4 : 10)));
    if (state->count == 3)
        buffer_append_c(dest, (unsigned char)(state->bits >> 2));
    state->count = 0;
    state->bits = 0;
}

static void decode_char(struct mime_base64 *state, unsigned char chr, buffer_t *dest)
{
    unsigned int value = base64_values[chr];

    if (chr == '=') {
        mime_base64_finish(state, dest);
        return;
    }
    if (value == NONE)
        return;
    state->bits = state->bits << 6 | value;
    if (++state->count < 4)
        return;
    buffer_append_c(dest, (unsigned char)(state->bits >> 16));
    buffer_append_c(dest, (unsigned char)(state->bits >> 8));
    buffer_append_c(dest, (unsigned char)state->bits);
    state->count = 0;
    state->bits = 0;
}

/** The usual length of a line; a run of groups is not looked for further than this. */
#define BASE64_LINE 76

void mime_base64_decode(struct mime_base64 *state, const unsigned char *src, size_t size,
                        buffer_t *dest)
{
    size_t pos = 0;

    while (pos < size) {
        size_t taken = 0;

        if (state->count == 0 && size - pos >= 4)
            taken = decode_groups(src + pos, I_MIN(size - pos, BASE64_LINE), dest);
        pos += taken;
        if (taken == 0)
            decode_char(state, src[pos++], dest);
    }
}
