/*
 * Looking for a string in data that comes in pieces, in time linear in the data.
 */
#ifndef STR_FIND_H
#define STR_FIND_H

#include "lib.h"

struct str_find_context;

DOVECOT_API_BEGIN

/** `key` is not empty; it is copied. */
struct str_find_context *str_find_init(pool_t pool, const char *key);
void str_find_deinit(struct str_find_context **ctx);

/** TRUE when the key ends in this piece, wherever it began. */
bool str_find_more(struct str_find_context *ctx, const unsigned char *data, size_t size);
/** After TRUE: where in that piece the key ended. */
size_t str_find_get_match_end_pos(struct str_find_context *ctx);
/** What came before does not count any more. */
void str_find_reset(struct str_find_context *ctx);

DOVECOT_API_END

#endif
