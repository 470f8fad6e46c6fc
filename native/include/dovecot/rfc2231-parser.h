/*
 * Parameters that are continued and encoded (RFC 2231).
 */
#ifndef RFC2231_PARSER_H
#define RFC2231_PARSER_H

#include "lib.h"

struct rfc822_parser_context;

DOVECOT_API_BEGIN

/**
 * All parameters that follow, as key, value, key, value, …, NULL on the data stack. Pieces `key*0`,
 * `key*1` … become one; a value that says its charset is given as `charset'language'%XX…` under
 * `key*`. NULs become U+FFFD. 0, or -1 when something was invalid (the rest is there all the same).
 */
int ATTR_NOWARN_UNUSED_RESULT rfc2231_parse(struct rfc822_parser_context *ctx,
                                            const char *const **result_r);

DOVECOT_API_END

#endif
