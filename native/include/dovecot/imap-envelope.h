/*
 * IMAP's ENVELOPE (RFC 9051 §7.5.2).
 */
#ifndef IMAP_ENVELOPE_H
#define IMAP_ENVELOPE_H

#include "lib.h"

struct imap_arg;
struct message_part_envelope;

DOVECOT_API_BEGIN

/** Appends the ten fields without the parentheses around them; NULL writes ten times nothing. */
void imap_envelope_write(struct message_part_envelope *data, string_t *str);

/** FALSE and an error when it is none. The result and its strings are from the pool. */
bool imap_envelope_parse_args(const struct imap_arg *args, pool_t pool,
                              struct message_part_envelope **envlp_r, const char **error_r);
bool imap_envelope_parse(const char *envelope, pool_t pool, struct message_part_envelope **envlp_r,
                         const char **error_r);

DOVECOT_API_END

#endif
