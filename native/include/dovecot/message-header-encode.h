/*
 * Encoded words (RFC 2047) in header values, written. Lines are folded at 76 characters. Runs of
 * invalid UTF-8 become one U+FFFD.
 */
#ifndef MESSAGE_HEADER_ENCODE_H
#define MESSAGE_HEADER_ENCODE_H

#include "lib.h"

DOVECOT_API_BEGIN

/**
 * Encodes those words that need it, with Q or B, whichever is shorter. Existing folding is kept; a
 * line end without white space after it gets a TAB.
 */
void message_header_encode(const char *input, string_t *output);
void message_header_encode_data(const unsigned char *input, size_t len, string_t *output);
/** Encode everything; first_line_len is how long the line is already. */
void message_header_encode_q(const unsigned char *input, size_t len, string_t *output,
                             size_t first_line_len);
void message_header_encode_b(const unsigned char *input, size_t len, string_t *output,
                             size_t first_line_len);

DOVECOT_API_END

#endif
