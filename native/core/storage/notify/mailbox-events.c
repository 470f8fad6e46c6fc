/*
 * Telling of mailboxes that are created, updated, deleted, renamed and subscribed to.
 */
#include "events.h"
#include "subscribers.h"

static int create_box(struct mailbox *box, const struct mailbox_update *update, bool directory)
{
    struct notify_context *ctx, *next;

    if (notify_mailbox_of(box)->module_ctx.super.create_box(box, update, directory) < 0)
        return -1;
    for (ctx = notify_first(); ctx != NULL; ctx = next) {
        next = ctx->next;
        if (ctx->v->mailbox_create != NULL)
            ctx->v->mailbox_create(box);
    }
    return 0;
}

static int update_box(struct mailbox *box, const struct mailbox_update *update)
{
    struct notify_context *ctx, *next;

    if (notify_mailbox_of(box)->module_ctx.super.update_box(box, update) < 0)
        return -1;
    for (ctx = notify_first(); ctx != NULL; ctx = next) {
        next = ctx->next;
        if (ctx->v->mailbox_update != NULL)
            ctx->v->mailbox_update(box);
    }
    return 0;
}

static struct notify_txns *tell_delete_begin(struct mailbox *box)
{
    struct notify_txns *txns = notify_txns_new();
    struct notify_context *ctx, *next;
    void *txn;

    for (ctx = notify_first(); ctx != NULL; ctx = next) {
        next = ctx->next;
        txn = ctx->v->mailbox_delete_begin == NULL ? NULL : ctx->v->mailbox_delete_begin(box);
        notify_txns_add(txns, ctx, txn);
    }
    return txns;
}

static void tell_delete_end(struct mailbox *box, struct notify_txns *txns, bool deleted)
{
    struct notify_context *ctx, *next;
    void *txn;

    for (ctx = notify_first(); ctx != NULL; ctx = next) {
        next = ctx->next;
        if (!notify_txns_find(txns, ctx, &txn))
            continue;
        if (deleted && ctx->v->mailbox_delete_commit != NULL)
            ctx->v->mailbox_delete_commit(txn, box);
        else if (!deleted && ctx->v->mailbox_delete_rollback != NULL)
            ctx->v->mailbox_delete_rollback(txn);
    }
}

static int delete_box(struct mailbox *box)
{
    struct notify_txns *txns = tell_delete_begin(box);
    int result = notify_mailbox_of(box)->module_ctx.super.delete_box(box);

    tell_delete_end(box, txns, result == 0);
    notify_txns_free(&txns);
    return result;
}

static int rename_box(struct mailbox *src, struct mailbox *dest)
{
    struct notify_context *ctx, *next;

    if (notify_mailbox_of(src)->module_ctx.super.rename_box(src, dest) < 0)
        return -1;
    for (ctx = notify_first(); ctx != NULL; ctx = next) {
        next = ctx->next;
        if (ctx->v->mailbox_rename != NULL)
            ctx->v->mailbox_rename(src, dest);
    }
    return 0;
}

static int set_subscribed(struct mailbox *box, bool set)
{
    struct notify_context *ctx, *next;

    if (notify_mailbox_of(box)->module_ctx.super.set_subscribed(box, set) < 0)
        return -1;
    for (ctx = notify_first(); ctx != NULL; ctx = next) {
        next = ctx->next;
        if (ctx->v->mailbox_set_subscribed != NULL)
            ctx->v->mailbox_set_subscribed(box, set);
    }
    return 0;
}

void notify_override_mailbox(struct mailbox_vfuncs *v)
{
    v->create_box = create_box;
    v->update_box = update_box;
    v->delete_box = delete_box;
    v->rename_box = rename_box;
    v->set_subscribed = set_subscribed;
}
