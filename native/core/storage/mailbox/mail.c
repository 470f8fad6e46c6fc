/*
 * Mail objects: made in a transaction, set to one message after the other.
 */
#include "lib.h"

#include "lib-event.h"
#include "mail-storage-private.h"
#include "model/hooks.h"

struct event_category event_category_mail = {
    .parent = &event_category_mailbox,
    .name = "mail",
};

static struct mail_private *private_of(struct mail *mail)
{
    return (struct mail_private *)mail;
}

struct mail *mail_alloc(struct mailbox_transaction_context *t, enum mail_fetch_field wanted_fields,
                        struct mailbox_header_lookup_ctx *wanted_headers)
{
    struct mail *mail;

    i_assert(wanted_headers == NULL || wanted_headers->box == t->box);

    T_BEGIN
    {
        mail = t->box->v.mail_alloc(t, wanted_fields, wanted_headers);
        hook_mail_allocated(mail);
    }
    T_END;
    return mail;
}

void mail_free(struct mail **_mail)
{
    struct mail *mail = *_mail;

    *_mail = NULL;
    private_of(mail)->v.free(mail);
}

void mail_set_seq(struct mail *mail, uint32_t seq)
{
    T_BEGIN
    {
        private_of(mail)->v.set_seq(mail, seq, FALSE);
    }
    T_END;
}

void mail_set_seq_saving(struct mail *mail, uint32_t seq)
{
    T_BEGIN
    {
        private_of(mail)->v.set_seq(mail, seq, TRUE);
    }
    T_END;
}

bool mail_set_uid(struct mail *mail, uint32_t uid)
{
    bool found;

    T_BEGIN
    {
        found = private_of(mail)->v.set_uid(mail, uid);
    }
    T_END;
    return found;
}

bool mail_prefetch(struct mail *mail)
{
    bool ready;

    T_BEGIN
    {
        ready = private_of(mail)->v.prefetch(mail);
    }
    T_END;
    return ready;
}

void mail_add_temp_wanted_fields(struct mail *mail, enum mail_fetch_field fields,
                                 struct mailbox_header_lookup_ctx *headers)
{
    i_assert(headers == NULL || headers->box == mail->box);

    private_of(mail)->v.add_temp_wanted_fields(mail, fields, headers);
}

void mail_event_create(struct mail *mail)
{
    struct mail_private *p = private_of(mail);
    char prefix[64];

    if (p->_event != NULL)
        return;
    p->_event = event_create(mail->box->event);
    event_add_category(p->_event, &event_category_mail);
    event_add_int(p->_event, "seq", mail->seq);
    event_add_int(p->_event, "uid", mail->uid);
    i_snprintf(prefix, sizeof(prefix), "%sUID %u: ", mail->saving ? "saving " : "", mail->uid);
    event_set_append_log_prefix(p->_event, prefix);
}

struct event *mail_event(struct mail *mail)
{
    mail_event_create(mail);
    return private_of(mail)->_event;
}

/* ---- Why a getter fails ---------------------------------------------------------------------- */

void mail_set_aborted(struct mail *mail)
{
    mail_storage_set_error(mail->box->storage, MAIL_ERROR_LOOKUP_ABORTED, "Mail field not cached");
}

void mail_set_expunged(struct mail *mail)
{
    mail_storage_set_error(mail->box->storage, MAIL_ERROR_EXPUNGED, MAIL_ERRSTR_EXPUNGED);
    mail->expunged = TRUE;
}

bool mail_stream_access_start(struct mail *mail)
{
    if (mail->lookup_abort != MAIL_LOOKUP_ABORT_NEVER) {
        mail_set_aborted(mail);
        return false;
    }
    mail->mail_stream_accessed = TRUE;
    return true;
}

bool mail_metadata_access_start(struct mail *mail)
{
    if (mail->lookup_abort >= MAIL_LOOKUP_ABORT_NOT_IN_CACHE) {
        mail_set_aborted(mail);
        return false;
    }
    mail->mail_metadata_accessed = TRUE;
    return true;
}
