/*
 * Bytes as hex digits, and back.
 */
#ifndef DOVECOT_HEX_BINARY_H
#define DOVECOT_HEX_BINARY_H

#include "lib.h"

DOVECOT_API_BEGIN

/** Results are on the data stack. */
const char *binary_to_hex(const unsigned char *data, size_t size);
const char *binary_to_hex_ucase(const unsigned char *data, size_t size);
void binary_to_hex_append(string_t *dest, const unsigned char *data, size_t size);

/** Appends to `dest`; either case. -1 if `data` is no whole number of bytes. */
int hex_to_binary(const char *data, buffer_t *dest);

DOVECOT_API_END

#endif
