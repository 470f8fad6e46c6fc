/*
 * Bytes as hex digits, and back.
 */
#include "hex-binary.h"

#include "str.h"

static void append_hex(string_t *dest, const unsigned char *data, size_t size, const char *digits)
{
    char *p = buffer_append_space_unsafe(dest, size * 2);

    for (size_t i = 0; i < size; i++) {
        *p++ = digits[data[i] >> 4];
        *p++ = digits[data[i] & 0x0f];
    }
}

void binary_to_hex_append(string_t *dest, const unsigned char *data, size_t size)
{
    append_hex(dest, data, size, "0123456789abcdef");
}

const char *binary_to_hex(const unsigned char *data, size_t size)
{
    string_t *dest = t_str_new(size * 2);

    binary_to_hex_append(dest, data, size);
    return str_c(dest);
}

const char *binary_to_hex_ucase(const unsigned char *data, size_t size)
{
    string_t *dest = t_str_new(size * 2);

    append_hex(dest, data, size, "0123456789ABCDEF");
    return str_c(dest);
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int hex_to_binary(const char *data, buffer_t *dest)
{
    for (; *data != '\0'; data += 2) {
        int high = digit_value(data[0]), low = high < 0 ? -1 : digit_value(data[1]);

        if (low < 0)
            return -1;
        buffer_append_c(dest, (unsigned char)(high << 4 | low));
    }
    return 0;
}
