/*
 * Changing a mail: what these ask for happens when the transaction is committed.
 */
#include "lib.h"

#include "lib-event.h"
#include "mail-storage-private.h"

static const struct mail_vfuncs *methods(struct mail *mail)
{
    return &((struct mail_private *)mail)->v;
}

void mail_update_flags(struct mail *mail, enum modify_type modify_type, enum mail_flags flags)
{
    methods(mail)->update_flags(mail, modify_type, flags);
}

void mail_update_keywords(struct mail *mail, enum modify_type modify_type,
                          struct mail_keywords *keywords)
{
    methods(mail)->update_keywords(mail, modify_type, keywords);
}

void mail_update_modseq(struct mail *mail, uint64_t min_modseq)
{
    methods(mail)->update_modseq(mail, min_modseq);
}

void mail_update_pvt_modseq(struct mail *mail, uint64_t min_pvt_modseq)
{
    methods(mail)->update_pvt_modseq(mail, min_pvt_modseq);
}

void mail_update_pop3_uidl(struct mail *mail, const char *uidl)
{
    methods(mail)->update_pop3_uidl(mail, uidl);
}

void mail_expunge(struct mail *mail)
{
    T_BEGIN
    {
        methods(mail)->expunge(mail);
    }
    T_END;
}

void mail_autoexpunge(struct mail *mail)
{
    struct mail_private *p = (struct mail_private *)mail;

    p->autoexpunged = TRUE;
    mail_expunge(mail);
    p->autoexpunged = FALSE;
}

int mail_precache(struct mail *mail)
{
    int result;

    T_BEGIN
    {
        result = methods(mail)->precache(mail);
    }
    T_END;
    return result;
}

void mail_set_cache_corrupted(struct mail *mail, enum mail_fetch_field field, const char *reason)
{
    methods(mail)->set_cache_corrupted(mail, field, reason);
}

void mail_set_mail_cache_corrupted(struct mail *mail, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    T_BEGIN
    {
        e_error(mail_event(mail), "Corrupted record: %s", t_strdup_vprintf(fmt, args));
    }
    T_END;
    va_end(args);
}
