/*
 * What a list driver can use of the core: iterations, subscriptions, names.
 */
#ifndef STORAGE_MODEL_LISTS_H
#define STORAGE_MODEL_LISTS_H

#include "lib.h"

#include "array.h"
#include "mailbox-list-private.h"

/* ---- Iterations ---------------------------------------------------------------------------- */

/**
 * For iter_init: a zeroed struct of `size` bytes, which begins with a
 * mailbox_list_iterate_context, in a pool of its own. list, pool, flags, glob (over vnames, INBOX
 * without regard to case) and module_contexts are filled. Patterns are those of the slot: they
 * match whole vnames, the namespace's prefix included.
 */
struct mailbox_list_iterate_context *mailbox_list_alloc_iter(struct mailbox_list *list,
                                                             const char *const *patterns,
                                                             enum mailbox_list_iter_flags flags,
                                                             size_t size);
/** For iter_deinit: frees it. Returns -1 if it has failed, 0 otherwise. */
int mailbox_list_free_iter(struct mailbox_list_iterate_context *ctx);

/**
 * What the iter slots do when flags have MAILBOX_LIST_ITER_SELECT_SUBSCRIBED: they list
 * subscriptions, whether the mailboxes exist or not. A driver's own slots hand over to these.
 */
struct mailbox_list_iterate_context *
mailbox_list_subscriptions_iter_init(struct mailbox_list *list, const char *const *patterns,
                                     enum mailbox_list_iter_flags flags);
const struct mailbox_info *
mailbox_list_subscriptions_iter_next(struct mailbox_list_iterate_context *ctx);
int mailbox_list_subscriptions_iter_deinit(struct mailbox_list_iterate_context *ctx);

/* Mailboxes that exist only in the configuration (auto=create), and special uses, are added by
   mailbox_list_iter_next() around the slot; a driver lists what is there. */

/* ---- Subscriptions ------------------------------------------------------------------------- */

/**
 * Brings list->subscriptions up to date, from the list whose file they are in (which is another
 * one for a namespace that keeps none of its own). 0, or -1 and the list's error.
 */
int mailbox_list_refresh_subscriptions(struct mailbox_list *list);
/** Adds MAILBOX_SUBSCRIBED or MAILBOX_CHILD_SUBSCRIBED, from list->subscriptions as it is. */
void mailbox_list_set_subscription_flags(struct mailbox_list *list, const char *vname,
                                         enum mailbox_info_flags *flags);
/** Whether a vname is subscribed to, refreshed. -1: error. */
int mailbox_list_is_subscribed(struct mailbox_list *list, const char *vname);

/* ---- Names --------------------------------------------------------------------------------- */

/** The longest storage name, in bytes. */
#define MAILBOX_LIST_NAME_MAX_LENGTH 4096

#endif
