/*
 * Flags, keywords and modseqs of a mail, as its transaction shows them, and the changes it collects.
 */
#include "lib.h"

#include "array.h"
#include "base.h"
#include "lib-event.h"

enum mail_flags mail_base_get_flags(struct mail *mail)
{
    unsigned int flags = mail_index_lookup(mail->transaction->view, mail->seq)->flags;

    flags &= MAIL_FLAGS_NONRECENT;
    if (mail->uid != 0 && mailbox_recent_has(mail->box, mail->uid))
        flags |= MAIL_RECENT;
    return (enum mail_flags)flags;
}

const ARRAY_TYPE(keyword_indexes) * mail_base_get_keyword_indexes(struct mail *mail)
{
    struct mail_base *base = mail_base_of(mail);
    ARRAY_TYPE(keyword_indexes) *indexes = &base->data.keyword_indexes;

    if (array_is_created(indexes))
        return indexes;
    p_array_init(indexes, base->mail.data_pool, 8);
    mail_index_lookup_keywords(mail->transaction->view, mail->seq, indexes);
    return indexes;
}

const char *const *mail_base_get_keywords(struct mail *mail)
{
    struct mail_base *base = mail_base_of(mail);
    const ARRAY_TYPE(keywords) * all;
    const ARRAY_TYPE(keyword_indexes) * indexes;
    const char **names;
    unsigned int i, count;
    const unsigned int *idx;

    if (base->data.keywords != NULL)
        return base->data.keywords;
    indexes = mail_get_keyword_indexes(mail);
    all = mail_index_get_keywords(mail->box->index);
    idx = array_get(indexes, &count);
    names = p_new(base->mail.data_pool, const char *, count + 1);
    for (i = 0; i < count; i++)
        names[i] = array_idx_elem(all, idx[i]);
    base->data.keywords = names;
    return names;
}

uint64_t mail_base_get_modseq(struct mail *mail)
{
    return mail_index_modseq_lookup(mail->transaction->view, mail->seq);
}

/* No flags are kept for each user apart. */
uint64_t mail_base_get_pvt_modseq(struct mail *mail ATTR_UNUSED)
{
    return 0;
}

void mail_base_update_pvt_modseq(struct mail *mail ATTR_UNUSED, uint64_t min_pvt_modseq ATTR_UNUSED)
{
}

void mail_base_update_flags(struct mail *mail, enum modify_type modify_type, enum mail_flags flags)
{
    mail_index_update_flags(mail->transaction->itrans, mail->seq, modify_type,
                            flags & MAIL_FLAGS_NONRECENT);
}

void mail_base_update_keywords(struct mail *mail, enum modify_type modify_type,
                               struct mail_keywords *keywords)
{
    struct mail_base *base = mail_base_of(mail);

    base->data.keywords = NULL;
    i_zero(&base->data.keyword_indexes);
    mail_index_update_keywords(mail->transaction->itrans, mail->seq, modify_type, keywords);
}

void mail_base_update_modseq(struct mail *mail, uint64_t min_modseq)
{
    mail_index_update_modseq(mail->transaction->itrans, mail->seq, min_modseq);
}

void mail_base_update_pop3_uidl(struct mail *mail ATTR_UNUSED, const char *uidl ATTR_UNUSED) {}

/* What is going to be gone can still be named: by its guid, which its copies have too. */
static const char *guid_without_reading(struct mail *mail)
{
    enum mail_lookup_abort lookup_abort = mail->lookup_abort;
    const char *guid;

    mail->lookup_abort = MAIL_LOOKUP_ABORT_NOT_IN_CACHE;
    mail_storage_last_error_push(mail->box->storage);
    if (mail_get_special(mail, MAIL_FETCH_GUID, &guid) < 0)
        guid = "";
    mail_storage_last_error_pop(mail->box->storage);
    mail->lookup_abort = lookup_abort;
    return guid;
}

void mail_base_expunge(struct mail *mail)
{
    const char *guid = guid_without_reading(mail);

    e_debug(event_create_passthrough(mail_event(mail))
                ->set_name("mail_expunge_requested")
                ->add_str("guid", guid)
                ->event(),
            "Expunge requested (GUID %s)", guid);
    mail_index_expunge(mail->transaction->itrans, mail->seq);
}
