/*
 * Asking a mail. Strings and streams belong to the mail, until it is set to another message.
 */
#include "lib.h"

#include "istream.h"
#include "mail-storage-private.h"
#include "message-id.h"

static const struct mail_vfuncs *methods(struct mail *mail)
{
    return &((struct mail_private *)mail)->v;
}

enum mail_flags mail_get_flags(struct mail *mail)
{
    return methods(mail)->get_flags(mail);
}

const char *const *mail_get_keywords(struct mail *mail)
{
    return methods(mail)->get_keywords(mail);
}

const ARRAY_TYPE(keyword_indexes) * mail_get_keyword_indexes(struct mail *mail)
{
    return methods(mail)->get_keyword_indexes(mail);
}

uint64_t mail_get_modseq(struct mail *mail)
{
    return methods(mail)->get_modseq(mail);
}

uint64_t mail_get_pvt_modseq(struct mail *mail)
{
    return methods(mail)->get_pvt_modseq(mail);
}

/* A getter in a data stack frame of its own. */
#define IN_FRAME(call)  \
    int result_;        \
    T_BEGIN             \
    {                   \
        result_ = call; \
    }                   \
    T_END;              \
    return result_

int mail_get_parts(struct mail *mail, struct message_part **parts_r)
{
    IN_FRAME(methods(mail)->get_parts(mail, parts_r));
}

int mail_get_date(struct mail *mail, time_t *date_r, int *timezone_r)
{
    int zone;

    IN_FRAME(methods(mail)->get_date(mail, date_r, timezone_r == NULL ? &zone : timezone_r));
}

int mail_get_received_date(struct mail *mail, time_t *date_r)
{
    IN_FRAME(methods(mail)->get_received_date(mail, date_r));
}

int mail_get_save_date(struct mail *mail, time_t *date_r)
{
    IN_FRAME(methods(mail)->get_save_date(mail, date_r));
}

int mail_get_virtual_size(struct mail *mail, uoff_t *size_r)
{
    IN_FRAME(methods(mail)->get_virtual_size(mail, size_r));
}

int mail_get_physical_size(struct mail *mail, uoff_t *size_r)
{
    IN_FRAME(methods(mail)->get_physical_size(mail, size_r));
}

int mail_get_first_header(struct mail *mail, const char *field, const char **value_r)
{
    IN_FRAME(methods(mail)->get_first_header(mail, field, FALSE, value_r));
}

int mail_get_first_header_utf8(struct mail *mail, const char *field, const char **value_r)
{
    IN_FRAME(methods(mail)->get_first_header(mail, field, TRUE, value_r));
}

int mail_get_headers(struct mail *mail, const char *field, const char *const **value_r)
{
    IN_FRAME(methods(mail)->get_headers(mail, field, FALSE, value_r));
}

int mail_get_headers_utf8(struct mail *mail, const char *field, const char *const **value_r)
{
    IN_FRAME(methods(mail)->get_headers(mail, field, TRUE, value_r));
}

int mail_get_header_stream(struct mail *mail, struct mailbox_header_lookup_ctx *headers,
                           struct istream **stream_r)
{
    i_assert(headers->count > 0);
    i_assert(headers->box == mail->box);

    IN_FRAME(methods(mail)->get_header_stream(mail, headers, stream_r));
}

int mail_get_message_id(struct mail *mail, const char **value_r)
{
    const char *header, *id;
    int result;

    *value_r = NULL;
    result = mail_get_first_header(mail, "Message-ID", &header);
    if (result <= 0)
        return result;
    T_BEGIN
    {
        id = message_id_get_next(&header);
        if (id != NULL)
            *value_r = p_strconcat(((struct mail_private *)mail)->data_pool, "<", id, ">", NULL);
    }
    T_END;
    return *value_r == NULL ? 0 : 1;
}

static int get_stream(struct mail *mail, bool get_body, struct message_size *hdr_size,
                      struct message_size *body_size, const char *reason, struct istream **stream_r)
{
    struct mail_private *p = (struct mail_private *)mail;
    int result;

    T_BEGIN
    {
        p->get_stream_reason = reason;
        result = p->v.get_stream(mail, get_body, hdr_size, body_size, stream_r);
        p->get_stream_reason = NULL;
    }
    T_END;
    i_assert(result < 0 || (*stream_r)->blocking);
    return result;
}

int mail_get_stream(struct mail *mail, struct message_size *hdr_size,
                    struct message_size *body_size, struct istream **stream_r)
{
    return get_stream(mail, TRUE, hdr_size, body_size, "mail stream", stream_r);
}

int mail_get_stream_because(struct mail *mail, struct message_size *hdr_size,
                            struct message_size *body_size, const char *reason,
                            struct istream **stream_r)
{
    return get_stream(mail, TRUE, hdr_size, body_size, reason, stream_r);
}

int mail_get_hdr_stream(struct mail *mail, struct message_size *hdr_size, struct istream **stream_r)
{
    return get_stream(mail, FALSE, hdr_size, NULL, "header stream", stream_r);
}

int mail_get_hdr_stream_because(struct mail *mail, struct message_size *hdr_size,
                                const char *reason, struct istream **stream_r)
{
    return get_stream(mail, FALSE, hdr_size, NULL, reason, stream_r);
}

int mail_get_binary_stream(struct mail *mail, const struct message_part *part, bool include_hdr,
                           uoff_t *size_r, bool *binary_r, struct istream **stream_r)
{
    IN_FRAME(methods(mail)->get_binary_stream(mail, part, include_hdr, size_r, NULL, binary_r,
                                              stream_r));
}

int mail_get_binary_size(struct mail *mail, const struct message_part *part, bool include_hdr,
                         uoff_t *size_r, unsigned int *lines_r)
{
    bool binary;

    IN_FRAME(
        methods(mail)->get_binary_stream(mail, part, include_hdr, size_r, lines_r, &binary, NULL));
}

/* Without a frame: a plugin may answer with a string on the data stack. */
int mail_get_special(struct mail *mail, enum mail_fetch_field field, const char **value_r)
{
    if (methods(mail)->get_special(mail, field, value_r) < 0)
        return -1;
    i_assert(*value_r != NULL);
    return 0;
}

int mail_get_backend_mail(struct mail *mail, struct mail **real_mail_r)
{
    return methods(mail)->get_backend_mail(mail, real_mail_r);
}
