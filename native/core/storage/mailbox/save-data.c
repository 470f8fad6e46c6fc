/*
 * What a mail that is being saved shall have besides its bytes.
 */
#include "lib.h"

#include "mail-storage-private.h"

void mailbox_save_set_flags(struct mail_save_context *ctx, enum mail_flags flags,
                            struct mail_keywords *keywords)
{
    enum mail_flags private_mask = mailbox_get_private_flags_mask(ctx->transaction->box);

    if (keywords != NULL)
        mailbox_keywords_ref(keywords);
    if (ctx->data.keywords != NULL)
        mailbox_keywords_unref(&ctx->data.keywords);
    ctx->data.flags = (enum mail_flags)(flags & ~(unsigned int)private_mask);
    ctx->data.pvt_flags = flags & private_mask;
    ctx->data.keywords = keywords;
}

void mailbox_save_copy_flags(struct mail_save_context *ctx, struct mail *mail)
{
    const char *const *names = mail_get_keywords(mail);
    struct mail_keywords *keywords = NULL;

    if (names[0] != NULL)
        keywords = mailbox_keywords_create_valid(ctx->transaction->box, names);
    mailbox_save_set_flags(ctx, mail_get_flags(mail), keywords);
    if (keywords != NULL)
        mailbox_keywords_unref(&keywords);
}

void mailbox_save_set_min_modseq(struct mail_save_context *ctx, uint64_t min_modseq)
{
    ctx->data.min_modseq = min_modseq;
}

void mailbox_save_set_received_date(struct mail_save_context *ctx, time_t received_date,
                                    int timezone_offset)
{
    ctx->data.received_date = received_date;
    ctx->data.received_tz_offset = timezone_offset;
}

void mailbox_save_set_save_date(struct mail_save_context *ctx, time_t save_date)
{
    ctx->data.save_date = save_date;
}

void mailbox_save_set_from_envelope(struct mail_save_context *ctx, const char *envelope)
{
    i_free(ctx->data.from_envelope);
    ctx->data.from_envelope = i_strdup(envelope);
}

void mailbox_save_set_uid(struct mail_save_context *ctx, uint32_t uid)
{
    ctx->data.uid = uid;
}

void mailbox_save_set_guid(struct mail_save_context *ctx, const char *guid)
{
    i_assert(guid == NULL || *guid != '\0');

    i_free(ctx->data.guid);
    ctx->data.guid = i_strdup(guid);
}

void mailbox_save_set_pop3_uidl(struct mail_save_context *ctx, const char *uidl)
{
    i_assert(*uidl != '\0');
    i_assert(strchr(uidl, '\n') == NULL);

    i_free(ctx->data.pop3_uidl);
    ctx->data.pop3_uidl = i_strdup(uidl);
}

void mailbox_save_set_pop3_order(struct mail_save_context *ctx, unsigned int order)
{
    i_assert(order > 0);

    ctx->data.pop3_order = order;
}
