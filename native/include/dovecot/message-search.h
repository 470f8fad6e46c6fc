/*
 * Looking for a text in a message: headers and bodies are decoded first, whatever their encodings
 * and charsets.
 */
#ifndef MESSAGE_SEARCH_H
#define MESSAGE_SEARCH_H

#include "unichar.h"

struct istream;
struct message_block;
struct message_part;
struct message_search_context;

enum message_search_flags {
    /** Look neither at the message's header nor at those of its parts. */
    MESSAGE_SEARCH_FLAG_SKIP_HEADERS = 0x01
};

DOVECOT_API_BEGIN

/** The key must have gone through the same normalizer. */
struct message_search_context *message_search_init(const char *normalized_key_utf8,
                                                   normalizer_func_t *normalizer,
                                                   enum message_search_flags flags);
void message_search_deinit(struct message_search_context **ctx);

/** Feeds one block of a message; TRUE as soon as the key was found. */
bool message_search_more(struct message_search_context *ctx, struct message_block *raw_block);
/** The same, and gives the decoded block, with which further searches need not decode again. */
bool message_search_more_get_decoded(struct message_search_context *ctx,
                                     struct message_block *raw_block,
                                     struct message_block *decoded_block_r);
bool message_search_more_decoded(struct message_search_context *ctx, struct message_block *block);
/** Before the next message. */
void message_search_reset(struct message_search_context *ctx);
/** A whole message. 1: found, 0: not, -1: the stream failed. `parts` may be NULL. */
int message_search_msg(struct message_search_context *ctx, struct istream *input,
                       struct message_part *parts, const char **error_r) ATTR_NULL(3);

DOVECOT_API_END

#endif
