/*
 * The message as a stream: opened once, given to plugins to wrap, and put back to its beginning for
 * everybody who asks.
 */
#include "lib.h"

#include "base.h"

int mail_base_stream_failed(struct mail *mail, struct istream *stream)
{
    struct mail_private *p = (struct mail_private *)mail;
    const char *reason = p->get_stream_reason;

    if (stream->stream_errno == ENOENT) {
        mail_set_expunged(mail);
        return -1;
    }
    mail_set_critical(mail, "read(%s) failed: %s%s", i_stream_get_name(stream),
                      i_stream_get_error(stream),
                      reason == NULL ? "" : t_strdup_printf(" (read reason=%s)", reason));
    return -1;
}

static int open_stream(struct mail_base *base)
{
    struct mail *mail = &base->mail.mail;
    struct istream *input;

    if (mail->expunged && !mail->saving) {
        mail_set_expunged(mail);
        return -1;
    }
    if (!mail_stream_access_start(mail))
        return -1;
    if (base->ops->open_stream(mail, &input) < 0)
        return -1;
    mail->transaction->stats.open_lookup_count++;
    if (base->mail.v.istream_opened(mail, &input) < 0) {
        i_stream_unref(&input);
        return -1;
    }
    base->data.stream = input;
    return 0;
}

static void note_nuls(struct mail *mail, bool has_nuls)
{
    if (has_nuls) {
        mail->has_nuls = TRUE;
        mail->has_no_nuls = FALSE;
    }
}

static int measure_header(struct mail_base *base)
{
    struct mail_base_data *data = &base->data;
    bool has_nuls;

    if (data->hdr_size_set)
        return 0;
    i_stream_seek(data->stream, 0);
    if (message_get_header_size(data->stream, &data->hdr_size, &has_nuls) < 0)
        return mail_base_stream_failed(&base->mail.mail, data->stream);
    note_nuls(&base->mail.mail, has_nuls);
    data->hdr_size_set = TRUE;
    return 0;
}

static int measure_body(struct mail_base *base)
{
    struct mail_base_data *data = &base->data;
    struct mail *mail = &base->mail.mail;
    bool has_nuls;

    if (measure_header(base) < 0)
        return -1;
    if (data->body_size_set)
        return 0;
    i_stream_seek(data->stream, data->hdr_size.physical_size);
    if (message_get_body_size(data->stream, &data->body_size, &has_nuls) < 0)
        return mail_base_stream_failed(mail, data->stream);
    note_nuls(mail, has_nuls);
    mail->has_no_nuls = !mail->has_nuls;
    data->body_size_set = TRUE;
    return 0;
}

int mail_base_get_stream(struct mail *mail, bool get_body ATTR_UNUSED,
                         struct message_size *hdr_size, struct message_size *body_size,
                         struct istream **stream_r)
{
    struct mail_base *base = mail_base_of(mail);
    struct mail_base_data *data = &base->data;

    if (data->stream == NULL && open_stream(base) < 0)
        return -1;
    if (hdr_size != NULL) {
        if (measure_header(base) < 0)
            return -1;
        *hdr_size = data->hdr_size;
    }
    if (body_size != NULL) {
        if (measure_body(base) < 0)
            return -1;
        *body_size = data->body_size;
    }
    i_stream_seek(data->stream, 0);
    *stream_r = data->stream;
    return 0;
}
