/*
 * Text from strangers, made safe for a log line: no control characters, valid UTF-8, limited
 * length.
 */
#ifndef DOVECOT_STR_SANITIZE_H
#define DOVECOT_STR_SANITIZE_H

#include "lib.h"

DOVECOT_API_BEGIN

/** With '?' for control characters and bytes that are no UTF-8; more than `max_bytes` bytes are cut
 *  off, between characters, and end with "...". */
void str_sanitize_append(string_t *dest, const char *src, size_t max_bytes);
/** With U+FFFD instead, and at most `max_cps` characters, the last of them U+2026 if some were cut
 *  off. */
void str_sanitize_append_utf8(string_t *dest, const char *src, uintmax_t max_cps);

/** `src` itself (also NULL) if nothing needs to change, else on the data stack. */
const char *str_sanitize(const char *src, size_t max_bytes);
const char *str_sanitize_utf8(const char *src, uintmax_t max_cps);

DOVECOT_API_END

#endif
