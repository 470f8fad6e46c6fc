/*
 * Modified UTF-7, in which IMAP4rev1 and Maildir++ write mailbox names (RFC 3501 §5.1.3).
 */
#ifndef IMAP_UTF7_H
#define IMAP_UTF7_H

#include "lib.h"

DOVECOT_API_BEGIN

/** 0, or -1 when the source is no valid UTF-8. Both append or give a data stack string. */
int imap_utf8_to_utf7(const char *src, string_t *dest);
int t_imap_utf8_to_utf7(const char *src, const char **dest_r);
/** The same, but `<escape_char>XX` of the source stands for that byte as it is. */
int imap_escaped_utf8_to_utf7(const char *src, char escape_char, string_t *dest);
/** Two hexadecimal digits; -1 when they are none. */
int imap_escaped_utf8_hex_to_char(const char *str, unsigned char *chr_r);

/** 0, or -1 when the source is no valid modified UTF-7 (the shortest form is the only valid). */
int imap_utf7_to_utf8(const char *src, string_t *dest);
/**
 * The same for any source: what is invalid, and all characters of escape_chars, are written as
 * `<escape_chars[0]>XX`, from which imap_escaped_utf8_to_utf7() makes the source again.
 */
void imap_utf7_to_utf8_escaped(const char *src, const char *escape_chars, string_t *dest);
bool imap_utf7_is_valid(const char *src);

DOVECOT_API_END

#endif
