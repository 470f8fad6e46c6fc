/*
 * Sizes, dates, and the strings that mail_get_special() gives.
 */
#include "lib.h"

#include <sys/stat.h>

#include "base.h"
#include "hex-binary.h"
#include "md5.h"
#include "message-date.h"

int mail_base_get_virtual_size(struct mail *mail, uoff_t *size_r)
{
    struct mail_base_data *data = &mail_base_of(mail)->data;
    struct message_size hdr_size, body_size;
    struct istream *input;

    if (!data->virtual_size_set)
        data->virtual_size_set = mail_base_recall_size(mail, "virtual size", &data->virtual_size);
    if (!data->virtual_size_set) {
        if (mail_get_stream_because(mail, &hdr_size, &body_size, "virtual size", &input) < 0)
            return -1;
        data->virtual_size = hdr_size.virtual_size + body_size.virtual_size;
        data->virtual_size_set = TRUE;
        mail_base_remember_size(mail, "virtual size", data->virtual_size);
    }
    *size_r = data->virtual_size;
    return 0;
}

/* Streams of plugins that decode may not know their size: then they are read to the end. */
static int stream_size(struct istream *input, uoff_t *size_r)
{
    const unsigned char *data;
    size_t size;
    int ret = i_stream_get_size(input, TRUE, size_r);

    if (ret != 0)
        return ret;
    while (i_stream_read_more(input, &data, &size) > 0)
        i_stream_skip(input, size);
    if (input->stream_errno != 0)
        return -1;
    *size_r = input->v_offset;
    i_stream_seek(input, 0);
    return 1;
}

int mail_base_get_physical_size(struct mail *mail, uoff_t *size_r)
{
    struct mail_base_data *data = &mail_base_of(mail)->data;
    struct istream *input;

    if (!data->physical_size_set)
        data->physical_size_set =
            mail_base_recall_size(mail, "physical size", &data->physical_size);
    if (!data->physical_size_set) {
        if (mail_get_stream_because(mail, NULL, NULL, "physical size", &input) < 0)
            return -1;
        if (stream_size(input, &data->physical_size) < 0)
            return mail_base_stream_failed(mail, input);
        data->physical_size_set = TRUE;
        mail_base_remember_size(mail, "physical size", data->physical_size);
    }
    *size_r = data->physical_size;
    return 0;
}

static int get_stat(struct mail *mail, const char *reason, const struct stat **st_r)
{
    struct istream *input;

    if (mail_get_stream_because(mail, NULL, NULL, reason, &input) < 0)
        return -1;
    if (i_stream_stat(input, FALSE, st_r) < 0)
        return mail_base_stream_failed(mail, input);
    return 0;
}

int mail_base_get_received_date(struct mail *mail, time_t *date_r)
{
    struct mail_base_data *data = &mail_base_of(mail)->data;
    const struct stat *st;

    if (!data->received_date_set) {
        if (get_stat(mail, "received date", &st) < 0)
            return -1;
        data->received_date = st->st_mtime;
        data->received_date_set = TRUE;
    }
    *date_r = data->received_date;
    return 0;
}

int mail_base_get_save_date(struct mail *mail, time_t *date_r)
{
    struct mail_base_data *data = &mail_base_of(mail)->data;
    const struct stat *st;

    if (!data->save_date_set) {
        if (get_stat(mail, "save date", &st) < 0)
            return -1;
        data->save_date = st->st_ctime;
        data->save_date_set = TRUE;
    }
    *date_r = data->save_date;
    return 1;
}

int mail_base_get_date(struct mail *mail, time_t *date_r, int *timezone_r)
{
    struct mail_base_data *data = &mail_base_of(mail)->data;
    const char *value;
    int result;

    if (!data->sent_date_set) {
        result = mail_get_first_header(mail, "Date", &value);
        if (result < 0)
            return -1;
        /* 0 says that there is none, or none that can be read. */
        if (result == 0 || !message_date_parse((const unsigned char *)value, strlen(value),
                                               &data->sent_date, &data->sent_timezone)) {
            data->sent_date = 0;
            data->sent_timezone = 0;
        }
        data->sent_date_set = TRUE;
    }
    *date_r = data->sent_date;
    *timezone_r = data->sent_timezone;
    return 0;
}

/* The bytes of the header as they are, up to and with the empty line. */
static int digest_header(struct mail *mail, unsigned char digest[STATIC_ARRAY MD5_RESULTLEN])
{
    struct md5_context md5;
    struct message_size hdr_size;
    struct istream *input;
    const unsigned char *bytes;
    size_t size;
    uoff_t left;

    if (mail_get_hdr_stream_because(mail, &hdr_size, "header checksum", &input) < 0)
        return -1;
    md5_init(&md5);
    for (left = hdr_size.physical_size; left > 0; left -= size) {
        if (i_stream_read_more(input, &bytes, &size) < 0)
            break;
        size = I_MIN(size, left);
        md5_update(&md5, bytes, size);
        i_stream_skip(input, size);
    }
    md5_final(&md5, digest);
    return input->stream_errno == 0 ? 0 : mail_base_stream_failed(mail, input);
}

static int get_header_md5(struct mail *mail, const char **value_r)
{
    struct mail_base *base = mail_base_of(mail);
    unsigned char digest[MD5_RESULTLEN];

    if (base->data.header_md5 == NULL &&
        !mail_base_recall_string(mail, "header md5", &base->data.header_md5)) {
        if (digest_header(mail, digest) < 0)
            return -1;
        base->data.header_md5 =
            p_strdup(base->mail.data_pool, binary_to_hex(digest, sizeof(digest)));
        mail_base_remember_string(mail, "header md5", base->data.header_md5);
    }
    *value_r = base->data.header_md5;
    return 0;
}

int mail_base_get_special(struct mail *mail, enum mail_fetch_field field, const char **value_r)
{
    *value_r = "";
    switch ((unsigned int)field) {
    case MAIL_FETCH_IMAP_BODY:
        return mail_base_get_body(mail, FALSE, value_r);
    case MAIL_FETCH_IMAP_BODYSTRUCTURE:
        return mail_base_get_body(mail, TRUE, value_r);
    case MAIL_FETCH_IMAP_ENVELOPE:
        return mail_base_get_envelope(mail, value_r);
    case MAIL_FETCH_HEADER_MD5:
        return get_header_md5(mail, value_r);
    case MAIL_FETCH_BODY_SNIPPET:
        return mail_base_get_snippet(mail, value_r);
    case MAIL_FETCH_MAILBOX_NAME:
        *value_r = mail->box->vname;
        return 0;
    default:
        return 0;
    }
}
