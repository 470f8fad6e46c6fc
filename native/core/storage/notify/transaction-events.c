/*
 * Telling of transactions and of what is saved and copied in them.
 */
#include "events.h"
#include "subscribers.h"

/* ---- Saving and copying ---------------------------------------------------------------------- */

static void tell_save(struct mail_save_context *save)
{
    struct notify_txns *txns = notify_txns_of(save->transaction);
    struct notify_context *ctx, *next;
    void *txn;

    for (ctx = notify_first(); txns != NULL && ctx != NULL; ctx = next) {
        next = ctx->next;
        if (ctx->v->mail_save != NULL && notify_txns_find(txns, ctx, &txn))
            ctx->v->mail_save(txn, save->dest_mail);
    }
}

static void tell_copy(struct mail_save_context *save, struct mail *src)
{
    struct notify_txns *txns = notify_txns_of(save->transaction);
    struct notify_context *ctx, *next;
    void *txn;

    for (ctx = notify_first(); txns != NULL && ctx != NULL; ctx = next) {
        next = ctx->next;
        if (ctx->v->mail_copy != NULL && notify_txns_find(txns, ctx, &txn))
            ctx->v->mail_copy(txn, src, save->dest_mail);
    }
}

static int copy(struct mail_save_context *save, struct mail *src)
{
    struct notify_mailbox *nbox = notify_mailbox_of(save->transaction->box);

    if (nbox->module_ctx.super.copy(save, src) < 0)
        return -1;
    if (save->saving)
        tell_save(save);
    else
        tell_copy(save, src);
    return 0;
}

static int save_finish(struct mail_save_context *save)
{
    struct notify_mailbox *nbox = notify_mailbox_of(save->transaction->box);
    bool part_of_copy = save->copying_via_save;

    if (nbox->module_ctx.super.save_finish(save) < 0)
        return -1;
    if (!part_of_copy)
        tell_save(save);
    return 0;
}

/* ---- Transactions ---------------------------------------------------------------------------- */

static struct mailbox_transaction_context *
transaction_begin(struct mailbox *box, enum mailbox_transaction_flags flags, const char *reason)
{
    struct notify_mailbox *nbox = notify_mailbox_of(box);
    struct mailbox_transaction_context *t;
    struct notify_context *ctx, *next;
    struct notify_txns *txns;
    void *txn;

    t = nbox->module_ctx.super.transaction_begin(box, flags, reason);
    if ((flags & MAILBOX_TRANSACTION_FLAG_NO_NOTIFY) != 0)
        return t;
    txns = notify_txns_new();
    notify_txns_attach(t, txns);
    for (ctx = notify_first(); ctx != NULL; ctx = next) {
        next = ctx->next;
        txn = ctx->v->mail_transaction_begin == NULL ? NULL : ctx->v->mail_transaction_begin(t);
        notify_txns_add(txns, ctx, txn);
    }
    return t;
}

static void tell_commit(struct notify_txns *txns, struct mail_transaction_commit_changes *changes)
{
    struct notify_context *ctx, *next;
    void *txn;

    for (ctx = notify_first(); ctx != NULL; ctx = next) {
        next = ctx->next;
        if (ctx->v->mail_transaction_commit != NULL && notify_txns_find(txns, ctx, &txn))
            ctx->v->mail_transaction_commit(txn, changes);
    }
}

static void tell_rollback(struct notify_txns *txns)
{
    struct notify_context *ctx, *next;
    void *txn;

    for (ctx = notify_first(); ctx != NULL; ctx = next) {
        next = ctx->next;
        if (ctx->v->mail_transaction_rollback != NULL && notify_txns_find(txns, ctx, &txn))
            ctx->v->mail_transaction_rollback(txn);
    }
}

static int transaction_commit(struct mailbox_transaction_context *t,
                              struct mail_transaction_commit_changes *changes_r)
{
    struct notify_mailbox *nbox = notify_mailbox_of(t->box);
    struct notify_txns *txns = notify_txns_of(t);
    int result;

    result = nbox->module_ctx.super.transaction_commit(t, changes_r);
    if (txns == NULL)
        return result;
    if (result < 0)
        tell_rollback(txns);
    else
        tell_commit(txns, changes_r);
    notify_txns_free(&txns);
    return result;
}

static void transaction_rollback(struct mailbox_transaction_context *t)
{
    struct notify_mailbox *nbox = notify_mailbox_of(t->box);
    struct notify_txns *txns = notify_txns_of(t);

    if (txns != NULL)
        tell_rollback(txns);
    nbox->module_ctx.super.transaction_rollback(t);
    if (txns != NULL)
        notify_txns_free(&txns);
}

void notify_override_transactions(struct mailbox_vfuncs *v)
{
    v->copy = copy;
    v->save_finish = save_finish;
    v->transaction_begin = transaction_begin;
    v->transaction_commit = transaction_commit;
    v->transaction_rollback = transaction_rollback;
}
