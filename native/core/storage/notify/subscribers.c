/*
 * Subscribing to notify.
 */
#include "subscribers.h"

#include "llist.h"

static struct notify_context *first;
static unsigned int last_id;

struct notify_context *notify_first(void)
{
    return first;
}

struct notify_context *notify_register(const struct notify_vfuncs *vfuncs)
{
    struct notify_context *ctx = i_new(struct notify_context, 1);

    ctx->v = vfuncs;
    ctx->id = ++last_id;
    DLLIST_PREPEND(&first, ctx);
    return ctx;
}

void notify_unregister(struct notify_context *ctx)
{
    DLLIST_REMOVE(&first, ctx);
    i_free(ctx);
}

struct notify_txns *notify_txns_new(void)
{
    struct notify_txns *txns = i_new(struct notify_txns, 1);

    i_array_init(&txns->txns, 4);
    return txns;
}

void notify_txns_free(struct notify_txns **_txns)
{
    struct notify_txns *txns = *_txns;

    *_txns = NULL;
    array_free(&txns->txns);
    i_free(txns);
}

void notify_txns_add(struct notify_txns *txns, const struct notify_context *ctx, void *txn)
{
    struct notify_txn *added = array_append_space(&txns->txns);

    added->id = ctx->id;
    added->txn = txn;
}

bool notify_txns_find(const struct notify_txns *txns, const struct notify_context *ctx,
                      void **txn_r)
{
    const struct notify_txn *txn;

    array_foreach(&txns->txns, txn)
    {
        if (txn->id == ctx->id) {
            *txn_r = txn->txn;
            return true;
        }
    }
    return false;
}
