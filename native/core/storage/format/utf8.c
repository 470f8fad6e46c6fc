/*
 * UTF-8 read, written and checked (unichar.h). Comparing without regard to case is in
 * unicode-casemap.c.
 */
#include "unichar.h"

#include "buffer.h"
#include "format/ascii-prefix.h"

static const uint8_t lengths_from_c2[0x100 - 0xC2] = {
#define FOUR_TIMES(n) n, n, n, n
#define SIXTEEN_TIMES(n) FOUR_TIMES(n), FOUR_TIMES(n), FOUR_TIMES(n), FOUR_TIMES(n)
    FOUR_TIMES(2),
    FOUR_TIMES(2),
    FOUR_TIMES(2),
    2,
    2,
    SIXTEEN_TIMES(2), /* C2 … DF */
    SIXTEEN_TIMES(3), /* E0 … EF */
    4,
    4,
    4,
    4,
    4, /* F0 … F4; what follows begins no character */
    1,
    1,
    1,
    FOUR_TIMES(1),
    FOUR_TIMES(1)};
const uint8_t *const uni_utf8_non1_bytes = lengths_from_c2;

const unsigned char utf8_replacement_char[UTF8_REPLACEMENT_CHAR_LEN] = {0xEF, 0xBF, 0xBD};

unsigned int uni_strlen(const unichar_t *str)
{
    unsigned int length = 0;

    while (str[length] != 0)
        length++;
    return length;
}

/** The least character that needs this many bytes: a smaller one is an overlong form. */
static unichar_t least_of_length(int length)
{
    return length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
}

int uni_utf8_get_char_n(const void *input, size_t max_len, unichar_t *chr_r)
{
    const unsigned char *bytes = input;
    int length;
    unichar_t chr;

    if (max_len == 0)
        return 0;
    if (bytes[0] < 0x80) {
        *chr_r = bytes[0];
        return 1;
    }
    length = (int)uni_utf8_char_bytes(bytes[0]);
    if (length == 1)
        return -1;
    chr = bytes[0] & (0x7FU >> length);
    for (int i = 1; i < length; i++) {
        if ((size_t)i == max_len)
            return 0;
        if ((bytes[i] & 0xC0) != 0x80)
            return -1;
        chr = chr << 6 | (bytes[i] & 0x3F);
    }
    if (chr < least_of_length(length) || !uni_is_valid_ucs4(chr))
        return -1;
    *chr_r = chr;
    return length;
}

int uni_utf8_get_char(const char *input, unichar_t *chr_r)
{
    size_t length = 0;

    while (length < 4 && input[length] != '\0')
        length++;
    return uni_utf8_get_char_n(input, length == 0 ? 1 : length, chr_r);
}

int uni_utf8_to_ucs4_n(const unsigned char *input, size_t size, ARRAY_TYPE(unichars) * output)
{
    unichar_t chr;

    while (size > 0) {
        int length = uni_utf8_get_char_n(input, size, &chr);

        if (length <= 0)
            return -1;
        array_push_back(output, &chr);
        input += length;
        size -= (size_t)length;
    }
    return 0;
}

int uni_utf8_to_ucs4(const char *input, ARRAY_TYPE(unichars) * output)
{
    return uni_utf8_to_ucs4_n((const unsigned char *)input, strlen(input), output);
}

void uni_ucs4_to_utf8_c(unichar_t chr, buffer_t *output)
{
    unsigned char bytes[4];
    size_t length;

    if (chr < 0x80) {
        buffer_append_c(output, (unsigned char)chr);
        return;
    }
    if (!uni_is_valid_ucs4(chr))
        chr = UNICODE_REPLACEMENT_CHAR;
    length = chr < 0x800 ? 2 : chr < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        bytes[i] = (unsigned char)(0x80 | (chr & 0x3F));
        chr >>= 6;
    }
    bytes[0] = (unsigned char)(0xF00U >> length | chr);
    buffer_append(output, bytes, length);
}

void uni_ucs4_to_utf8(const unichar_t *input, size_t len, buffer_t *output)
{
    for (size_t i = 0; i < len && input[i] != 0; i++)
        uni_ucs4_to_utf8_c(input[i], output);
}

unsigned int uni_utf8_partial_strlen_n(const void *input, size_t size, size_t *partial_pos_r)
{
    const unsigned char *bytes = input;
    unsigned int count = 0;
    size_t pos = 0;
    unichar_t chr;

    while (pos < size) {
        int length = uni_utf8_get_char_n(bytes + pos, size - pos, &chr);

        if (length == 0)
            break;
        pos += length > 0 ? (size_t)length : 1;
        count++;
    }
    *partial_pos_r = pos;
    return count;
}

unsigned int uni_utf8_strlen_n(const void *input, size_t size)
{
    size_t partial_pos;
    unsigned int count = uni_utf8_partial_strlen_n(input, size, &partial_pos);

    return count + (unsigned int)(size - partial_pos);
}

unsigned int uni_utf8_strlen(const char *input)
{
    return uni_utf8_strlen_n(input, strlen(input));
}

/** How many bytes from the beginning are valid. */
static size_t valid_prefix(const unsigned char *data, size_t size)
{
    size_t pos = 0;
    unichar_t chr;

    while ((pos += ascii_prefix(data + pos, size - pos)) < size) {
        int length = uni_utf8_get_char_n(data + pos, size - pos, &chr);

        if (length <= 0)
            break;
        pos += (size_t)length;
    }
    return pos;
}

bool uni_utf8_data_is_valid(const unsigned char *data, size_t size)
{
    return valid_prefix(data, size) == size;
}

bool uni_utf8_str_is_valid(const char *str)
{
    return uni_utf8_data_is_valid((const unsigned char *)str, strlen(str));
}

bool uni_utf8_get_valid_data(const unsigned char *input, size_t size, buffer_t *buf)
{
    size_t pos = valid_prefix(input, size);
    bool was_valid = true;

    if (pos == size)
        return TRUE;
    buffer_append(buf, input, pos);
    while (pos < size) {
        size_t valid = valid_prefix(input + pos, size - pos);

        buffer_append(buf, input + pos, valid);
        pos += valid;
        if (valid > 0) {
            was_valid = true;
        } else {
            if (was_valid)
                buffer_append(buf, utf8_replacement_char, UTF8_REPLACEMENT_CHAR_LEN);
            was_valid = false;
            pos++;
        }
    }
    return FALSE;
}

size_t uni_utf8_data_truncate(const unsigned char *data, size_t old_size, size_t max_new_size)
{
    size_t size = max_new_size;

    if (old_size <= max_new_size)
        return old_size;
    while (size > 0 && max_new_size - size < 4 && (data[size] & 0xC0) == 0x80)
        size--;
    return size;
}
