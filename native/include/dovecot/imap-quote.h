/*
 * IMAP's ways of writing a string: atom, "quoted", or literal.
 */
#ifndef IMAP_QUOTE_H
#define IMAP_QUOTE_H

#include "lib.h"

DOVECOT_API_BEGIN

/** Quoted, or a literal where that cannot be. */
void imap_append_string(string_t *dest, const char *src);
/** An atom if it can be. */
void imap_append_astring(string_t *dest, const char *src);
/** NIL for NULL; the second form leaves out CRs and LFs. */
void imap_append_nstring(string_t *dest, const char *src);
void imap_append_nstring_nolf(string_t *dest, const char *src);
/** Always quoted; what cannot be quoted is left out. */
void imap_append_quoted(string_t *dest, const char *src);
/** White space is squeezed, NULs and control characters do not show. */
void imap_append_string_for_humans(string_t *dest, const unsigned char *src, size_t size);

DOVECOT_API_END

#endif
