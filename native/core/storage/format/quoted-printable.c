/*
 * Q encoding: `_` is a space, `=XX` a byte (RFC 2047 §4.2).
 */
#include "quoted-printable.h"

#include "buffer.h"
#include "format/mime-encoding.h"

int quoted_printable_q_decode(const unsigned char *src, size_t src_size, buffer_t *dest)
{
    int ret = 0;

    for (size_t i = 0; i < src_size; i++) {
        int byte = src[i];

        if (byte == '_') {
            byte = ' ';
        } else if (byte == '=') {
            byte = i + 2 < src_size ? mime_hex_byte(src + i + 1) : -1;
            if (byte < 0) {
                byte = '=';
                ret = -1;
            } else {
                i += 2;
            }
        }
        buffer_append_c(dest, (unsigned char)byte);
    }
    return ret;
}
