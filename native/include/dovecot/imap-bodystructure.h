/*
 * IMAP's BODY and BODYSTRUCTURE (RFC 9051 §7.5.2).
 */
#ifndef IMAP_BODYSTRUCTURE_H
#define IMAP_BODYSTRUCTURE_H

#include "lib.h"

struct message_part;

DOVECOT_API_BEGIN

/**
 * Appends the structure without the outermost parentheses; `extended` makes it BODYSTRUCTURE. Every
 * part must have its `data`. 0, or -1 and an error when the tree contradicts what the headers say.
 */
int imap_bodystructure_write(const struct message_part *part, string_t *dest, bool extended,
                             const char **error_r);

DOVECOT_API_END

#endif
