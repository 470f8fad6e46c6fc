/*
 * Looking what has changed in a mailbox, and being told when something does.
 */
#include "lib.h"

#include "array.h"
#include "lib-event.h"
#include "mail-storage-private.h"

static struct mailbox_sync_context *sync_that_failed(struct mailbox *box,
                                                     enum mailbox_sync_flags flags)
{
    struct mailbox_sync_context *ctx = i_new(struct mailbox_sync_context, 1);

    ctx->box = box;
    ctx->flags = flags;
    ctx->open_failed = TRUE;
    return ctx;
}

struct mailbox_sync_context *mailbox_sync_init(struct mailbox *box, enum mailbox_sync_flags flags)
{
    struct mailbox_sync_context *ctx;

    if (box->transaction_count != 0)
        i_panic("Trying to sync mailbox %s with open transactions", box->name);
    if (!box->opened && mailbox_open(box) < 0)
        return sync_that_failed(box, flags);
    T_BEGIN
    {
        ctx = box->v.sync_init(box, flags);
    }
    T_END;
    return ctx;
}

bool mailbox_sync_next(struct mailbox_sync_context *ctx, struct mailbox_sync_rec *sync_rec_r)
{
    if (ctx->open_failed)
        return false;
    return ctx->box->v.sync_next(ctx, sync_rec_r);
}

static void log_inbox_failure(struct mailbox *box)
{
    enum mail_error error;
    const char *text = mailbox_get_last_internal_error(box, &error);

    if (error == MAIL_ERROR_TEMP)
        return; /* it was logged when it happened */
    e_error(box->event, "Syncing INBOX failed: %s", text);
}

int mailbox_sync_deinit(struct mailbox_sync_context **_ctx, struct mailbox_sync_status *status_r)
{
    struct mailbox_sync_context *ctx = *_ctx;
    struct mailbox *box = ctx->box;
    int result = -1;

    *_ctx = NULL;
    i_zero(status_r);
    if (ctx->open_failed) {
        i_free(ctx);
    } else {
        T_BEGIN
        {
            result = box->v.sync_deinit(ctx, status_r);
        }
        T_END;
    }
    if (result == 0)
        box->synced = TRUE;
    else if (box->inbox_user)
        log_inbox_failure(box);
    return result;
}

int mailbox_sync(struct mailbox *box, enum mailbox_sync_flags flags)
{
    struct mailbox_sync_context *ctx;
    struct mailbox_sync_rec rec;
    struct mailbox_sync_status status;

    /* Nobody follows the changes, so nobody minds if everything is different now. */
    if (array_count(&box->search_results) == 0)
        flags |= MAILBOX_SYNC_FLAG_FIX_INCONSISTENT;
    ctx = mailbox_sync_init(box, flags);
    while (mailbox_sync_next(ctx, &rec))
        ;
    return mailbox_sync_deinit(&ctx, &status);
}

void mailbox_sync_notify(struct mailbox *box, uint32_t uid, enum mailbox_sync_type sync_type)
{
    if (box->v.sync_notify != NULL)
        box->v.sync_notify(box, uid, sync_type);
}

void mailbox_notify_changes(struct mailbox *box, mailbox_notify_callback_t *callback, void *context)
{
    i_assert(callback != NULL);

    box->notify_callback = callback;
    box->notify_context = context;
    box->v.notify_changes(box);
}

void mailbox_notify_changes_stop(struct mailbox *box)
{
    box->notify_callback = NULL;
    box->notify_context = NULL;
    box->v.notify_changes(box);
}
