/*
 * Base subjects (RFC 5256 §2.1): a subject without `Re:`, `Fwd:`, `[list]` and the like.
 */
#ifndef IMAP_BASE_SUBJECT_H
#define IMAP_BASE_SUBJECT_H

#include "lib.h"

DOVECOT_API_BEGIN

/**
 * The base subject of a decoded UTF-8 subject, in the form in which texts are compared, so that
 * strcmp() orders it. `*is_reply_or_forward_r` says whether anything of that kind was taken away.
 */
const char *imap_get_base_subject_cased(pool_t pool, const char *subject,
                                        bool *is_reply_or_forward_r);

DOVECOT_API_END

#endif
