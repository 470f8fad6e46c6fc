/*
 * Digits of the transfer encodings, and base64 as mails have it: with line ends, garbage and
 * padding anywhere.
 */
#ifndef STORAGE_FORMAT_MIME_ENCODING_H
#define STORAGE_FORMAT_MIME_ENCODING_H

#include "lib.h"

/** Two hexadecimal digits as a byte; -1 when they are none. */
int mime_hex_byte(const unsigned char *digits);

/** What base64 has not yet given; zero it to begin. */
struct mime_base64 {
    uint32_t bits;
    unsigned int count; /**< characters in `bits`, 0 … 3 */
};

/** Appends what the characters give; those that are none are skipped, and padding ends a group. */
void mime_base64_decode(struct mime_base64 *state, const unsigned char *src, size_t size,
                        buffer_t *dest);
/** Appends the bytes of a group that was not finished. */
void mime_base64_finish(struct mime_base64 *state, buffer_t *dest);

#endif
