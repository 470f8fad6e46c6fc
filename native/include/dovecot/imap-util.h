/*
 * IMAP's way of writing flags, sequence sets and arguments.
 */
#ifndef IMAP_UTIL_H
#define IMAP_UTIL_H

#include "lib.h"

#include "array.h"
#include "mail-types.h"
#include "seq-range-array.h"

struct imap_arg;

DOVECOT_API_BEGIN

/** Appends `\Seen \Draft keyword …`, with spaces between. keywords: NULL-terminated, or NULL. */
void imap_write_flags(string_t *dest, enum mail_flags flags, const char *const *keywords)
    ATTR_NULL(3);
/** `\Seen` → MAIL_SEEN; 0 for what is no system flag. */
enum mail_flags imap_parse_system_flag(const char *str);

/** Appends `1:3,7`. */
void imap_write_seq_range(string_t *dest, const ARRAY_TYPE(seq_range) * array);
/** Append arguments as IMAP text; the second form goes on to the end of the list. */
void imap_write_arg(string_t *dest, const struct imap_arg *arg);
void imap_write_args(string_t *dest, const struct imap_arg *args);
/** One line of valid UTF-8 without control characters, for logs. */
void imap_write_args_for_human(string_t *dest, const struct imap_arg *args);
/** imap_write_args() on the data stack. */
const char *imap_args_to_str(const struct imap_arg *args);

DOVECOT_API_END

#endif
