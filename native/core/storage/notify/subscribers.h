/*
 * Who is subscribed to notify, and what each of them has begun.
 */
#ifndef STORAGE_NOTIFY_SUBSCRIBERS_H
#define STORAGE_NOTIFY_SUBSCRIBERS_H

#include "lib.h"

#include "array.h"
#include "mail-storage-private.h"
#include "notify-plugin.h"

struct notify_context {
    struct notify_context *prev, *next;
    const struct notify_vfuncs *v;
    unsigned int id; /**< of no other subscriber, before or after */
};

/** The one that came last; the order in which they are told. */
struct notify_context *notify_first(void);

/**
 * The `txn` pointers that subscribers have given for one transaction, or one deletion. A subscriber
 * that came later has none, and is not told of it; one that left has one that nobody uses.
 */
struct notify_txns {
    union mailbox_transaction_module_context module_ctx;
    ARRAY(struct notify_txn) txns;
};

struct notify_txn {
    unsigned int id;
    void *txn;
};

struct notify_txns *notify_txns_new(void);
void notify_txns_free(struct notify_txns **txns);
void notify_txns_add(struct notify_txns *txns, const struct notify_context *ctx, void *txn);
/** False: not told of it. */
bool notify_txns_find(const struct notify_txns *txns, const struct notify_context *ctx,
                      void **txn_r);

#endif
