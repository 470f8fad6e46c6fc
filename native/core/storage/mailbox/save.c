/*
 * Saving a mail: what it shall have, its bytes, its end. One save context serves the transaction, one
 * mail after the other.
 */
#include "lib.h"

#include "base.h"
#include "istream.h"

static bool box_is_gone(const struct mailbox *box)
{
    return box->mailbox_deleted || box->marked_deleted;
}

static struct mail_save_context *alloc_context(struct mailbox_transaction_context *t)
{
    struct mail_save_context *ctx;

    if (t->box->v.save_alloc == NULL)
        i_panic("Mailbox %s is of a storage that mails can't be saved to", t->box->vname);
    ctx = t->box->v.save_alloc(t);
    i_assert(!ctx->unfinished);
    ctx->unfinished = TRUE;
    ctx->data.received_date = (time_t)-1;
    ctx->data.save_date = (time_t)-1;
    /* Plugins look at it in every save, whoever began it. */
    if (ctx->dest_mail == NULL)
        ctx->dest_mail = mail_alloc(t, 0, NULL);
    else
        ((struct mail_private *)ctx->dest_mail)->v.close(ctx->dest_mail);
    return ctx;
}

struct mail_save_context *mailbox_save_alloc(struct mailbox_transaction_context *t)
{
    struct mail_save_context *ctx;

    T_BEGIN
    {
        ctx = alloc_context(t);
    }
    T_END;
    return ctx;
}

void mailbox_save_context_deinit(struct mail_save_context *ctx)
{
    i_assert(ctx->dest_mail != NULL);

    mail_free(&ctx->dest_mail);
}

struct mailbox_transaction_context *mailbox_save_get_transaction(struct mail_save_context *ctx)
{
    return ctx->transaction;
}

struct mail *mailbox_save_get_dest_mail(struct mail_save_context *ctx)
{
    return ctx->dest_mail;
}

/* A save was refused before it began; or it failed, and the caller of the save methods shall know. */
int mailbox_save_begin(struct mail_save_context **_ctx, struct istream *input)
{
    struct mail_save_context *ctx = *_ctx;
    struct mailbox *box = ctx->transaction->box;
    int result = -1;

    if (!ctx->copying_or_moving) {
        i_assert(!ctx->copying_via_save);
        ctx->saving = TRUE;
    }
    if (box_is_gone(box)) {
        mailbox_set_deleted(box);
    } else if (box->v.save_begin == NULL) {
        mail_storage_set_error(box->storage, MAIL_ERROR_NOTPOSSIBLE,
                               "Saving messages not supported");
    } else {
        T_BEGIN
        {
            result = box->v.save_begin(ctx, input);
        }
        T_END;
    }
    if (result < 0)
        mailbox_save_cancel(_ctx);
    return result;
}

int mailbox_save_continue(struct mail_save_context *ctx)
{
    int result;

    T_BEGIN
    {
        result = ctx->transaction->box->v.save_continue(ctx);
    }
    T_END;
    return result;
}

static void forget_saving(struct mail_save_context *ctx)
{
    /* Inside of a copy the copy is not over yet. */
    if (!ctx->copying_or_moving)
        ctx->saving = FALSE;
}

static int finish(struct mail_save_context *ctx)
{
    struct mailbox *box = ctx->transaction->box;
    bool was_finishing = ctx->finishing;
    int result;

    ctx->finishing = TRUE;
    T_BEGIN
    {
        result = box->v.save_finish(ctx);
        /* A plugin may refuse without calling what is below it. */
        if (ctx->unfinished)
            box->v.save_cancel(ctx);
    }
    T_END;
    ctx->finishing = was_finishing;
    return result;
}

int mailbox_save_finish(struct mail_save_context **_ctx)
{
    struct mail_save_context *ctx = *_ctx;
    /* ctx->data is emptied on the way; a copy lets go of its keywords itself. */
    struct mail_keywords *keywords = ctx->copying_or_moving ? NULL : ctx->data.keywords;
    int result;

    /* Streams that plugins have put in between may hold bytes back until they see the end. */
    if (mailbox_save_continue(ctx) < 0) {
        mailbox_save_cancel(_ctx);
        return -1;
    }
    *_ctx = NULL;
    result = finish(ctx);
    if (result == 0 && !ctx->copying_or_moving)
        ctx->transaction->save_count++;
    if (keywords != NULL)
        mailbox_keywords_unref(&keywords);
    forget_saving(ctx);
    return result;
}

void mailbox_save_cancel(struct mail_save_context **_ctx)
{
    struct mail_save_context *ctx = *_ctx;
    struct mail_keywords *keywords = ctx->finishing ? NULL : ctx->data.keywords;

    *_ctx = NULL;
    T_BEGIN
    {
        mail_storage_last_error_push(ctx->transaction->box->storage);
        ctx->transaction->box->v.save_cancel(ctx);
        mail_storage_last_error_pop(ctx->transaction->box->storage);
    }
    T_END;
    if (keywords != NULL)
        mailbox_keywords_unref(&keywords);
    /* The sequence number it was set to is given to the next mail. */
    if (ctx->dest_mail != NULL)
        ((struct mail_private *)ctx->dest_mail)->v.close(ctx->dest_mail);
    forget_saving(ctx);
}

void mailbox_base_save_done(struct mail_save_context *ctx)
{
    i_free(ctx->data.guid);
    i_free(ctx->data.pop3_uidl);
    i_free(ctx->data.from_envelope);
    i_zero(&ctx->data);
    ctx->unfinished = FALSE;
}
