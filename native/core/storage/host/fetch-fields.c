/*
 * The values of mails, one function a kind: numbers, dates, texts, lists.
 */
#include "host/fetch-fields.h"

#include "mail-namespace.h"
#include "mail-user.h"

#include "host/marks.h"

/* ---- One by one. 0, or -1 with the error in the mailbox -------------------------------------- */

static int write_uid(vsmtp_out *out, struct mail *mail)
{
    vsmtp_out_int(out, mail->uid);
    return 0;
}

static int write_seq(vsmtp_out *out, struct mail *mail)
{
    vsmtp_out_int(out, mail->seq);
    return 0;
}

static int write_user(vsmtp_out *out, struct mail *mail)
{
    vsmtp_out_string(out, mailbox_get_namespace(mail->box)->user->username);
    return 0;
}

static int write_mailbox(vsmtp_out *out, struct mail *mail)
{
    vsmtp_out_string(out, mailbox_get_vname(mail->box));
    return 0;
}

static int write_flags(vsmtp_out *out, struct mail *mail)
{
    marks_write_flags(out, mail_get_flags(mail));
    return 0;
}

static int write_keywords(vsmtp_out *out, struct mail *mail)
{
    marks_write_keywords(out, mail_get_keywords(mail));
    return 0;
}

static int write_modseq(vsmtp_out *out, struct mail *mail)
{
    vsmtp_out_int(out, (int64_t)mail_get_modseq(mail));
    return 0;
}

static int write_size(vsmtp_out *out, struct mail *mail, int (*get)(struct mail *, uoff_t *))
{
    uoff_t size;

    if (get(mail, &size) < 0)
        return -1;
    vsmtp_out_int(out, (int64_t)size);
    return 0;
}

static int write_physical_size(vsmtp_out *out, struct mail *mail)
{
    return write_size(out, mail, mail_get_physical_size);
}

static int write_virtual_size(vsmtp_out *out, struct mail *mail)
{
    return write_size(out, mail, mail_get_virtual_size);
}

/* Seconds since 1970; () when there is none. */
static int write_date(vsmtp_out *out, struct mail *mail, int (*get)(struct mail *, time_t *))
{
    time_t date;

    if (get(mail, &date) < 0)
        return -1;
    vsmtp_out_int(out, date);
    return 0;
}

static int write_received(vsmtp_out *out, struct mail *mail)
{
    return write_date(out, mail, mail_get_received_date);
}

static int write_saved(vsmtp_out *out, struct mail *mail)
{
    return write_date(out, mail, mail_get_save_date);
}

static int write_sent(vsmtp_out *out, struct mail *mail)
{
    time_t date;
    int timezone_minutes;

    if (mail_get_date(mail, &date, &timezone_minutes) < 0)
        return -1;
    if (date == 0)
        vsmtp_out_unit(out); /* no Date header */
    else
        vsmtp_out_int(out, date);
    return 0;
}

static int write_special(vsmtp_out *out, struct mail *mail, enum mail_fetch_field field)
{
    const char *value;

    if (mail_get_special(mail, field, &value) < 0)
        return -1;
    vsmtp_out_string(out, value);
    return 0;
}

static int write_guid(vsmtp_out *out, struct mail *mail)
{
    return write_special(out, mail, MAIL_FETCH_GUID);
}

static int write_storage_id(vsmtp_out *out, struct mail *mail)
{
    return write_special(out, mail, MAIL_FETCH_STORAGE_ID);
}

static int write_envelope(vsmtp_out *out, struct mail *mail)
{
    return write_special(out, mail, MAIL_FETCH_IMAP_ENVELOPE);
}

static int write_imap_body(vsmtp_out *out, struct mail *mail)
{
    return write_special(out, mail, MAIL_FETCH_IMAP_BODY);
}

static int write_bodystructure(vsmtp_out *out, struct mail *mail)
{
    return write_special(out, mail, MAIL_FETCH_IMAP_BODYSTRUCTURE);
}

/* All headers of a name, decoded. */
static int write_headers(vsmtp_out *out, struct mail *mail, const char *name)
{
    const char *const *values;
    int result = mail_get_headers_utf8(mail, name, &values);

    if (result < 0)
        return -1;
    if (result == 0)
        vsmtp_out_unit(out);
    else
        marks_write_keywords(out, values);
    return 0;
}

/* ---- By name --------------------------------------------------------------------------------- */

static const struct field {
    const char *name;
    int (*write)(vsmtp_out *out, struct mail *mail); /**< NULL: bytes */
    enum fetch_bytes bytes;
    enum mail_fetch_field wanted;
} fields[] = {
    {"seq", write_seq, FETCH_NO_BYTES, 0},
    {"uid", write_uid, FETCH_NO_BYTES, 0},
    {"guid", write_guid, FETCH_NO_BYTES, MAIL_FETCH_GUID},
    {"user", write_user, FETCH_NO_BYTES, 0},
    {"mailbox", write_mailbox, FETCH_NO_BYTES, 0},
    {"flags", write_flags, FETCH_NO_BYTES, MAIL_FETCH_FLAGS},
    {"keywords", write_keywords, FETCH_NO_BYTES, MAIL_FETCH_FLAGS},
    {"modseq", write_modseq, FETCH_NO_BYTES, 0},
    {"storageid", write_storage_id, FETCH_NO_BYTES, MAIL_FETCH_STORAGE_ID},
    {"size.physical", write_physical_size, FETCH_NO_BYTES, MAIL_FETCH_PHYSICAL_SIZE},
    {"size.virtual", write_virtual_size, FETCH_NO_BYTES, MAIL_FETCH_VIRTUAL_SIZE},
    {"date.sent", write_sent, FETCH_NO_BYTES, MAIL_FETCH_DATE},
    {"date.received", write_received, FETCH_NO_BYTES, MAIL_FETCH_RECEIVED_DATE},
    {"date.saved", write_saved, FETCH_NO_BYTES, MAIL_FETCH_SAVE_DATE},
    {"imap.envelope", write_envelope, FETCH_NO_BYTES, MAIL_FETCH_IMAP_ENVELOPE},
    {"imap.body", write_imap_body, FETCH_NO_BYTES, MAIL_FETCH_IMAP_BODY},
    {"imap.bodystructure", write_bodystructure, FETCH_NO_BYTES, MAIL_FETCH_IMAP_BODYSTRUCTURE},
    {"hdr", NULL, FETCH_HEADER, MAIL_FETCH_STREAM_HEADER},
    {"body", NULL, FETCH_BODY, MAIL_FETCH_STREAM_BODY},
    {"text", NULL, FETCH_TEXT, MAIL_FETCH_STREAM_HEADER | MAIL_FETCH_STREAM_BODY},
};

static const char header_prefix[] = "hdr.";

static const struct field *find_field(const char *name)
{
    for (size_t i = 0; i < N_ELEMENTS(fields); i++) {
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    }
    return NULL;
}

/* The name of the header that a field stands for; NULL. */
static const char *header_of(const char *field)
{
    size_t length = sizeof header_prefix - 1;

    return strncmp(field, header_prefix, length) == 0 && field[length] != '\0' ? field + length
                                                                               : NULL;
}

bool fetch_field_known(const char *name, enum fetch_bytes *bytes_r, enum mail_fetch_field *wanted_r)
{
    const struct field *field = find_field(name);

    *bytes_r = field != NULL ? field->bytes : FETCH_NO_BYTES;
    *wanted_r = field != NULL ? field->wanted : MAIL_FETCH_STREAM_HEADER;
    return field != NULL || header_of(name) != NULL;
}

int fetch_field_write(vsmtp_out *out, const char *name, struct mail *mail)
{
    const char *header = header_of(name);

    return header != NULL ? write_headers(out, mail, header) : find_field(name)->write(out, mail);
}
