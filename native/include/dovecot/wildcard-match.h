/*
 * Masks with `*` (any text) and `?` (one byte).
 */
#ifndef WILDCARD_MATCH_H
#define WILDCARD_MATCH_H

#include "lib.h"

DOVECOT_API_BEGIN

bool wildcard_match(const char *data, const char *mask);
/** ASCII letters match in either case. */
bool wildcard_match_icase(const char *data, const char *mask);

/** Whether the mask has no wildcard. */
static inline bool wildcard_is_literal(const char *mask)
{
    return strpbrk(mask, "*?") == NULL;
}

DOVECOT_API_END

#endif
