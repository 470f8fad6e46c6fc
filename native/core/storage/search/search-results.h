/*
 * Search results that are kept: what searching and syncing tell them.
 */
#ifndef STORAGE_SEARCH_SEARCH_RESULTS_H
#define STORAGE_SEARCH_SEARCH_RESULTS_H

#include "lib.h"

#include "mail-storage-private.h"

/** A match of this search, for the results that are saved from it. */
void mailbox_search_results_add(struct mail_search_context *ctx, uint32_t uid);
/** The search is over: from now on its results follow changes of the mailbox. */
void mailbox_search_results_initial_done(struct mail_search_context *ctx);

/** These are gone. Called while the view still has them. */
void mailbox_search_results_sync_expunges(struct mailbox *box,
                                          const ARRAY_TYPE(seq_range) * expunged_uids);
/** These have changed, and messages from first_new_seq on (0: none) are new in the view. */
void mailbox_search_results_sync_changes(struct mailbox *box,
                                         const ARRAY_TYPE(seq_range) * changed_uids,
                                         uint32_t first_new_seq);

#endif
