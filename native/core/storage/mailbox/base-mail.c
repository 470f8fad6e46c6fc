/*
 * The life of a mail object: made once, set to one message after the other. What was learnt of a
 * message lies in data_pool and goes with it.
 */
#include "lib.h"

#include "array.h"
#include "base.h"
#include "lib-event.h"

static void reset(struct mail_base *base)
{
    struct mail *mail = &base->mail.mail;

    mail->seq = 0;
    mail->uid = 0;
    mail->expunged = FALSE;
    mail->saving = FALSE;
    mail->has_nuls = FALSE;
    mail->has_no_nuls = FALSE;
    mail->mail_stream_accessed = FALSE;
    mail->mail_metadata_accessed = FALSE;
    i_zero(&base->data);
}

struct mail_base *mail_base_alloc(struct mailbox_transaction_context *t, size_t size,
                                  const struct mail_base_ops *ops,
                                  enum mail_fetch_field wanted_fields,
                                  struct mailbox_header_lookup_ctx *wanted_headers)
{
    pool_t pool = pool_alloconly_create("mail", I_MAX(2048, size * 2));
    struct mail_base *base = p_malloc(pool, size);

    i_assert(size >= sizeof(*base));

    base->ops = ops;
    base->mail.pool = pool;
    base->mail.data_pool = pool_alloconly_create(MEMPOOL_GROWING "mail data", 4096);
    base->mail.v = *t->box->mail_vfuncs;
    base->mail.mail.box = t->box;
    base->mail.mail.transaction = t;
    base->mail.wanted_fields = wanted_fields;
    base->mail.wanted_headers = wanted_headers;
    if (wanted_headers != NULL)
        mailbox_header_lookup_ref(wanted_headers);
    p_array_init(&base->mail.module_contexts, pool, 5);
    t->mail_ref_count++;
    return base;
}

void mail_base_close(struct mail *mail)
{
    struct mail_base *base = mail_base_of(mail);

    i_stream_unref(&base->data.header_stream);
    i_stream_unref(&base->data.stream);
    event_unref(&base->mail._event);
    reset(base);
    p_clear(base->mail.data_pool);
}

void mail_base_free(struct mail *mail)
{
    struct mail_private *p = (struct mail_private *)mail;
    pool_t pool = p->pool;

    p->v.close(mail);
    i_assert(mail->transaction->mail_ref_count > 0);
    mail->transaction->mail_ref_count--;
    mailbox_header_lookup_unref(&p->wanted_headers);
    pool_unref(&p->data_pool);
    pool_unref(&pool);
}

void mail_base_set_seq(struct mail *mail, uint32_t seq, bool saving)
{
    struct mail_index_view *view = mail->transaction->view;

    if (mail->seq == seq)
        return;
    ((struct mail_private *)mail)->v.close(mail);
    mail->seq = seq;
    mail->saving = saving;
    mail_index_lookup_uid(view, seq, &mail->uid);
    mail->expunged = !saving && mail_index_is_expunged(view, seq);
}

bool mail_base_set_uid(struct mail *mail, uint32_t uid)
{
    struct mail_private *p = (struct mail_private *)mail;
    uint32_t seq;

    if (mail_index_lookup_seq(mail->transaction->view, uid, &seq)) {
        p->v.set_seq(mail, seq, FALSE);
        return true;
    }
    p->v.close(mail);
    mail->uid = uid;
    mail->expunged = TRUE;
    return false;
}

/* What is remembered of a message is what was asked for: nothing is read only to remember it. */
int mail_base_precache(struct mail *mail ATTR_UNUSED)
{
    return 0;
}

/* Files are read when they are asked for. */
bool mail_base_prefetch(struct mail *mail ATTR_UNUSED)
{
    return true;
}

void mail_base_add_temp_wanted_fields(struct mail *mail ATTR_UNUSED,
                                      enum mail_fetch_field fields ATTR_UNUSED,
                                      struct mailbox_header_lookup_ctx *headers ATTR_UNUSED)
{
}

int mail_base_get_backend_mail(struct mail *mail, struct mail **real_mail_r)
{
    *real_mail_r = mail;
    return 0;
}

int mail_base_istream_opened(struct mail *mail ATTR_UNUSED, struct istream **input ATTR_UNUSED)
{
    return 0;
}
