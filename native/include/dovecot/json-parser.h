/*
 * Strings of JSON (RFC 8259 §7), written. The caller writes the quotes.
 */
#ifndef JSON_PARSER_H
#define JSON_PARSER_H

#include "unichar.h"

DOVECOT_API_BEGIN

void json_append_escaped_ucs4(string_t *dest, unichar_t chr);
/** Invalid UTF-8 becomes U+FFFD. */
void json_append_escaped(string_t *dest, const char *src);
void json_append_escaped_data(string_t *dest, const unsigned char *src, size_t size);
/** One byte of ASCII, or of UTF-8 that is known to be valid. */
void ostream_escaped_json_format(string_t *dest, unsigned char src);

DOVECOT_API_END

#endif
