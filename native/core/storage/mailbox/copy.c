/*
 * Copying and moving mails: the storage of the destination does it, from the mail that is behind a
 * virtual one.
 */
#include "lib.h"

#include "mail-storage-private.h"

/* Errors of the source are told where the caller looks: at the destination. */
static int source_failed(struct mail_save_context *ctx, struct mail *mail)
{
    struct mail_storage *dest = ctx->transaction->box->storage;

    if (mail->box->storage != dest)
        mail_storage_copy_error(dest, mail->box->storage);
    return -1;
}

static int call_copy(struct mail_save_context *ctx, struct mail *backend_mail)
{
    struct mailbox *box = ctx->transaction->box;
    int result;

    if (box->v.copy == NULL) {
        mail_storage_set_error(box->storage, MAIL_ERROR_NOTPOSSIBLE,
                               "Copying messages not supported");
        return -1;
    }
    T_BEGIN
    {
        result = box->v.copy(ctx, backend_mail);
    }
    T_END;
    return result;
}

/* A plugin may refuse without calling what is below it. */
static void cancel_unfinished(struct mail_save_context *ctx)
{
    struct mail_storage *storage = ctx->transaction->box->storage;

    if (!ctx->unfinished)
        return;
    mail_storage_last_error_push(storage);
    T_BEGIN
    {
        ctx->transaction->box->v.save_cancel(ctx);
    }
    T_END;
    mail_storage_last_error_pop(storage);
    if (ctx->dest_mail != NULL)
        ((struct mail_private *)ctx->dest_mail)->v.close(ctx->dest_mail);
}

static int copy_mail(struct mail_save_context *ctx, struct mail *mail)
{
    struct mail_keywords *keywords = ctx->data.keywords;
    struct mail *backend_mail;
    int result;

    i_assert(!ctx->copying_or_moving);
    i_assert(ctx->copy_src_mail == NULL);

    ctx->copying_or_moving = TRUE;
    ctx->copy_src_mail = mail;
    ctx->finishing = TRUE;
    if (mail_get_backend_mail(mail, &backend_mail) < 0)
        result = source_failed(ctx, mail);
    else
        result = call_copy(ctx, backend_mail);
    cancel_unfinished(ctx);
    ctx->finishing = FALSE;
    ctx->copy_src_mail = NULL;
    ctx->copying_via_save = FALSE;
    ctx->copying_or_moving = FALSE;
    ctx->saving = FALSE;

    if (result == 0)
        ctx->transaction->save_count++;
    if (keywords != NULL)
        mailbox_keywords_unref(&keywords);
    return result;
}

static int copy_unless_gone(struct mail_save_context **_ctx, struct mail *mail)
{
    struct mail_save_context *ctx = *_ctx;
    struct mailbox *box = ctx->transaction->box;

    *_ctx = NULL;
    if (!box->mailbox_deleted && !box->marked_deleted)
        return copy_mail(ctx, mail);
    mailbox_set_deleted(box);
    mailbox_save_cancel(&ctx);
    return -1;
}

int mailbox_copy(struct mail_save_context **_ctx, struct mail *mail)
{
    i_assert(!(*_ctx)->saving && !(*_ctx)->moving);

    return copy_unless_gone(_ctx, mail);
}

int mailbox_move(struct mail_save_context **_ctx, struct mail *mail)
{
    struct mail_save_context *ctx = *_ctx;
    int result;

    i_assert(!ctx->saving && !ctx->moving);

    ctx->moving = TRUE;
    result = copy_unless_gone(_ctx, mail);
    if (result == 0)
        mail_expunge(mail);
    ctx->moving = FALSE;
    return result;
}

int mailbox_save_using_mail(struct mail_save_context **_ctx, struct mail *mail)
{
    i_assert(!(*_ctx)->saving && !(*_ctx)->moving);

    (*_ctx)->saving = TRUE;
    return copy_unless_gone(_ctx, mail);
}
