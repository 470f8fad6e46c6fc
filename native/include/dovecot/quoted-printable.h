/*
 * The Q encoding of encoded words (RFC 2047 §4.2).
 */
#ifndef QUOTED_PRINTABLE_H
#define QUOTED_PRINTABLE_H

#include "lib.h"

DOVECOT_API_BEGIN

/** Appends the decoded bytes. 0, or -1 when something was invalid (which is copied as it is). */
int quoted_printable_q_decode(const unsigned char *src, size_t src_size, buffer_t *dest);

DOVECOT_API_END

#endif
