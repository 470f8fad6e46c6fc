/*
 * A copy made by saving: every storage can do it, from every other one.
 */
#include "lib.h"

#include "istream.h"
#include "mail-copy.h"
#include "mail-storage-private.h"

/* The destination's error shall be the one of the source. */
static int reading_failed(struct mail_save_context *ctx, struct mail *mail, const char *what)
{
    struct mail_storage *dest = ctx->transaction->box->storage;
    enum mail_error error;
    const char *text;

    if (mail->box->storage == dest)
        return -1;
    text = mail_storage_get_last_error(mail->box->storage, &error);
    mail_storage_set_error(dest, error, t_strdup_printf("%s (%s)", text, what));
    return -1;
}

int mail_save_copy_default_metadata(struct mail_save_context *ctx, struct mail *mail)
{
    const char *from_envelope, *guid;
    time_t received_date;

    if (ctx->data.from_envelope == NULL) {
        if (mail_get_special(mail, MAIL_FETCH_FROM_ENVELOPE, &from_envelope) < 0)
            return reading_failed(ctx, mail, "from-envelope");
        if (*from_envelope != '\0')
            mailbox_save_set_from_envelope(ctx, from_envelope);
    }
    if (ctx->data.received_date == (time_t)-1) {
        if (mail_get_received_date(mail, &received_date) < 0)
            return reading_failed(ctx, mail, "received-date");
        mailbox_save_set_received_date(ctx, received_date, 0);
    }
    if (ctx->data.guid == NULL) {
        if (mail_get_special(mail, MAIL_FETCH_GUID, &guid) < 0)
            return reading_failed(ctx, mail, "guid");
        if (*guid != '\0')
            mailbox_save_set_guid(ctx, guid);
    }
    return 0;
}

/* *ctx is NULL when the save is over. */
static int save_stream(struct mail_save_context **ctx, struct istream *input)
{
    ssize_t got;

    if (mailbox_save_begin(ctx, input) < 0)
        return -1;
    do {
        if (mailbox_save_continue(*ctx) < 0)
            return -1;
        got = i_stream_read(input);
        i_assert(got != 0);
    } while (got != -1);
    if (input->stream_errno != 0) {
        mail_set_critical((*ctx)->copy_src_mail, "copy: i_stream_read(%s) failed: %s",
                          i_stream_get_name(input), i_stream_get_error(input));
        (void)reading_failed(*ctx, (*ctx)->copy_src_mail, "stream");
        return -1;
    }
    return mailbox_save_finish(ctx);
}

int mail_storage_copy(struct mail_save_context *ctx, struct mail *mail)
{
    struct mail_private *pmail = (struct mail_private *)mail;
    struct istream *input;

    i_assert(ctx->copying_or_moving);

    ctx->copying_via_save = TRUE;
    /* The file is read as a whole: what is learnt of it on the way need not be kept. */
    pmail->v.set_uid_cache_updates(mail, TRUE);
    if (mail_get_stream_because(mail, NULL, NULL, "copying", &input) < 0)
        (void)reading_failed(ctx, mail, "stream");
    else if (mail_save_copy_default_metadata(ctx, mail) == 0 && save_stream(&ctx, input) == 0)
        return 0;
    if (ctx != NULL)
        mailbox_save_cancel(&ctx);
    return -1;
}

bool mail_storage_copy_can_use_hardlink(struct mailbox *src, struct mailbox *dest)
{
    const struct mailbox_permissions *from = mailbox_get_permissions(src);
    const struct mailbox_permissions *to = mailbox_get_permissions(dest);

    return from->file_uid == to->file_uid && from->file_create_mode == to->file_create_mode &&
           from->file_create_gid == to->file_create_gid && !dest->disable_reflink_copy_to;
}
