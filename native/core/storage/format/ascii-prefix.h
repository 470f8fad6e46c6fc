/*
 * How much of some data is ASCII, eight bytes at a time: most mail is.
 */
#ifndef STORAGE_FORMAT_ASCII_PREFIX_H
#define STORAGE_FORMAT_ASCII_PREFIX_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline size_t ascii_prefix(const unsigned char *data, size_t size)
{
    size_t length = 0;
    uint64_t word;

    for (; size - length >= sizeof(word); length += sizeof(word)) {
        memcpy(&word, data + length, sizeof(word));
        if ((word & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    while (length < size && data[length] < 0x80)
        length++;
    return length;
}

#endif
