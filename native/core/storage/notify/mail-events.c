/*
 * Telling of expunges and of changed flags and keywords.
 */
#include "events.h"
#include "subscribers.h"

static void expunge(struct mail *mail)
{
    struct notify_txns *txns = notify_txns_of(mail->transaction);
    struct notify_context *ctx, *next;
    void *txn;

    for (ctx = notify_first(); ctx != NULL; ctx = next) {
        next = ctx->next;
        if (ctx->v->mail_expunge != NULL && notify_txns_find(txns, ctx, &txn))
            ctx->v->mail_expunge(txn, mail);
    }
    notify_mail_of(mail)->module_ctx.super.expunge(mail);
}

static void update_flags(struct mail *mail, enum modify_type modify_type, enum mail_flags flags)
{
    struct notify_txns *txns = notify_txns_of(mail->transaction);
    enum mail_flags old_flags = mail_get_flags(mail);
    struct notify_context *ctx, *next;
    void *txn;

    notify_mail_of(mail)->module_ctx.super.update_flags(mail, modify_type, flags);
    if (mail->saving || mail_get_flags(mail) == old_flags)
        return;
    for (ctx = notify_first(); ctx != NULL; ctx = next) {
        next = ctx->next;
        if (ctx->v->mail_update_flags != NULL && notify_txns_find(txns, ctx, &txn))
            ctx->v->mail_update_flags(txn, mail, old_flags);
    }
}

static bool keywords_equal(const char *const *names1, const char *const *names2)
{
    for (; *names1 != NULL && *names2 != NULL; names1++, names2++) {
        if (strcmp(*names1, *names2) != 0)
            return false;
    }
    return *names1 == *names2;
}

static void update_keywords(struct mail *mail, enum modify_type modify_type,
                            struct mail_keywords *keywords)
{
    struct notify_txns *txns = notify_txns_of(mail->transaction);
    const char *const *old_keywords = mail_get_keywords(mail);
    struct notify_context *ctx, *next;
    void *txn;

    notify_mail_of(mail)->module_ctx.super.update_keywords(mail, modify_type, keywords);
    if (mail->saving || keywords_equal(old_keywords, mail_get_keywords(mail)))
        return;
    for (ctx = notify_first(); ctx != NULL; ctx = next) {
        next = ctx->next;
        if (ctx->v->mail_update_keywords != NULL && notify_txns_find(txns, ctx, &txn))
            ctx->v->mail_update_keywords(txn, mail, old_keywords);
    }
}

void notify_override_mail(struct mail_vfuncs *v)
{
    v->expunge = expunge;
    v->update_flags = update_flags;
    v->update_keywords = update_keywords;
}
