/*
 * Encoded words (RFC 2047) in header values, read.
 */
#ifndef MESSAGE_HEADER_DECODE_H
#define MESSAGE_HEADER_DECODE_H

#include "unichar.h"

/** One run of decoded bytes. charset is NULL where nothing was encoded. FALSE stops decoding. */
typedef bool message_header_decode_callback_t(const unsigned char *data, size_t size,
                                              const char *charset, void *context);

DOVECOT_API_BEGIN

/** White space between two encoded words is dropped; what is not a valid one is given as it is. */
void message_header_decode(const unsigned char *data, size_t size,
                           message_header_decode_callback_t *callback, void *context);
/** Appends the value as valid UTF-8, through `normalizer` when that is not NULL. */
void message_header_decode_utf8(const unsigned char *data, size_t size, buffer_t *dest,
                                normalizer_func_t *normalizer);

DOVECOT_API_END

#endif
