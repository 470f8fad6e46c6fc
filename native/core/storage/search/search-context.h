/*
 * A search under way: what the searching methods of mailboxes (search-slots.h) and the stages of
 * matching share.
 *
 * A message is looked at in stages, each costing more than the one before: what the index knows, what
 * the mail's file says without being read, its headers, its body. A stage leaves its results in the
 * criteria, and the next one is entered only when they do not decide yet.
 */
#ifndef STORAGE_SEARCH_SEARCH_CONTEXT_H
#define STORAGE_SEARCH_SEARCH_CONTEXT_H

#include "lib.h"

#include "mail-search.h"
#include "mail-storage-private.h"

struct message_decoder_context;

struct index_search_context {
    struct mail_search_context mail_ctx;
    struct mailbox *box;
    uint32_t seq1, seq2; /**< no message outside can match; seq1 > seq2: none */

    struct mail *mail; /**< the one being matched, while a match function runs */
    struct message_decoder_context *decoder; /**< of bodies; NULL until one is read */
    pool_t part_pool;                        /**< of the parts of one body */

    bool failed; /**< some message could not be looked at */
    bool sorted; /**< all matches are in the sort program */
};

/** Stages; each sets the results that it can find, and answers what is known then: 1, 0, -1. */
int search_match_index(struct index_search_context *ctx, uint32_t seq);
int search_match_facts(struct index_search_context *ctx, struct mail *mail);
int search_match_headers(struct index_search_context *ctx, struct mail *mail);
int search_match_body(struct index_search_context *ctx, struct mail *mail);

/** One date criterion, of any type: 1, 0, or -1 when the date cannot be had. */
int search_match_date(struct mail *mail, const struct mail_search_arg *arg);

/** What the index knows decides alone how far a search has to go at most. */
void search_limit_range(struct index_search_context *ctx);

/**
 * A getter of the mail has failed: the criterion does not match. Unless the message is gone, the
 * search will end with an error.
 */
void search_arg_failed(struct index_search_context *ctx, struct mail *mail,
                       struct mail_search_arg *arg);

/**
 * Which messages the INTHREAD criteria match: found for all threads at once, before the first message.
 * -1 when that failed.
 */
int search_find_threads(struct index_search_context *ctx);

#endif
