/*
 * What can be asked of a mail, asked of one that is only a stream.
 */
#include "session.h"

#include "mailbox/raw-storage.h"
#include "message-part-data.h"
#include "message-size.h"
#include "str.h"

static const char message[] = "Return-Path: <kim@example.org>\n"
                              "Date: Tue, 15 Nov 1994 08:12:31 +0200\n"
                              "From: =?utf-8?q?K=C3=ADm?= <kim@example.org>\n"
                              "To: lee@example.org,\n"
                              "\trobin@example.org\n"
                              "Subject: =?utf-8?b?0L/RgNC40LLQtdGC?=\n"
                              "Received: from a\n"
                              "Received: from b\n"
                              "Message-ID: (a comment) <first@example.org> and more\n"
                              "MIME-Version: 1.0\n"
                              "Content-Type: multipart/mixed; boundary=x\n"
                              "\n"
                              "--x\n"
                              "Content-Type: text/plain; charset=utf-8\n"
                              "Content-Transfer-Encoding: quoted-printable\n"
                              "\n"
                              "> what you wrote\n"
                              "Gr=C3=BC=C3=9Fe  from\n"
                              "here.\n"
                              "--x\n"
                              "Content-Type: application/octet-stream\n"
                              "Content-Transfer-Encoding: base64\n"
                              "\n"
                              "aGVsbG8AIQ==\n"
                              "--x--\n";

static struct mail_user *raw_user;
static struct mailbox *box;
static struct mailbox_transaction_context *t;
static struct mail *mail;

static void open_mail(void)
{
    struct istream *input = i_stream_create_from_data(message, sizeof(message) - 1);
    const char *error;

    raw_user = raw_user_create(&error);
    if (raw_user == NULL)
        i_fatal("raw user: %s", error);
    if (raw_mailbox_alloc_stream(raw_user, input, 784887151, "kim@example.org", &box, &error) < 0)
        i_fatal("raw mailbox: %s", error);
    i_stream_unref(&input);
    t = mailbox_transaction_begin(box, 0, "test");
    mail = mail_alloc(t, 0, NULL);
    mail_set_seq(mail, 1);
}

static void close_mail(void)
{
    mail_free(&mail);
    mailbox_transaction_rollback(&t);
    mailbox_free(&box);
    mail_user_unref(&raw_user);
}

static const char *header(const char *name)
{
    const char *value;

    return mail_get_first_header(mail, name, &value) > 0 ? value : NULL;
}

static void test_headers(void)
{
    const char *value;
    const char *const *values;

    is_str(header("subject"),
           "=?utf-8?b?0L/RgNC40LLQtdGC?=", "a header is found whatever its case, as it is written");
    is_int(mail_get_first_header_utf8(mail, "Subject", &value), 1, "and decoded");
    is_str(value, "привет", "to what it means");
    is_str(header("To"), "lee@example.org, robin@example.org", "a folded header is one line");
    is_int(mail_get_headers(mail, "Received", &values), 1, "all headers of a name are found");
    ok(strcmp(values[0], "from a") == 0 && strcmp(values[1], "from b") == 0 && values[2] == NULL,
       "in their order");
    is_int(mail_get_first_header(mail, "X-None", &value), 0, "a header that is not there is 0");
    ok(value == NULL, "and NULL");
    is_int(mail_get_headers(mail, "X-None", &values), 0, "and as a list 0");
    ok(values[0] == NULL, "and empty");
    is_int(mail_get_message_id(mail, &value), 1, "there is a message id");
    is_str(value, "<first@example.org>", "without what is around it");
}

static void test_header_stream(void)
{
    const char *const names[] = {"Subject", "date", "Subject", NULL};
    struct mailbox_header_lookup_ctx *lookup = mailbox_header_lookup_init(box, names);
    struct istream *input;
    const unsigned char *data;
    size_t size;

    is_int(lookup->count, 2, "a lookup has each name once");
    is_int(mail_get_header_stream(mail, lookup, &input), 0, "some headers can be had as a stream");
    while (i_stream_read(input) > 0)
        ;
    data = i_stream_get_data(input, &size);
    is_str(t_strndup(data, size),
           "Date: Tue, 15 Nov 1994 08:12:31 +0200\r\n"
           "Subject: =?utf-8?b?0L/RgNC40LLQtdGC?=\r\n\r\n",
           "which has these only");
    mailbox_header_lookup_unref(&lookup);
}

static void test_sizes(void)
{
    struct message_size hdr, body;
    struct istream *input;
    uoff_t size;
    unsigned int i, lines = 0;

    for (i = 0; i < sizeof(message) - 1; i++)
        lines += message[i] == '\n';
    is_int(mail_get_physical_size(mail, &size), 0, "the size is known");
    is_int(size, sizeof(message) - 1, "in bytes");
    is_int(mail_get_virtual_size(mail, &size), 0, "and with CRLF line ends");
    is_int(size, sizeof(message) - 1 + lines, "which is a byte more for each line");
    is_int(mail_get_stream(mail, &hdr, &body, &input), 0, "the stream comes with both sizes");
    is_int(hdr.physical_size + body.physical_size, sizeof(message) - 1, "which add up");
    is_int(hdr.lines + body.lines, lines, "as the lines do");
    is_int(input->v_offset, 0, "and stands at its beginning");
}

static void test_dates(void)
{
    time_t date;
    int timezone;

    is_int(mail_get_date(mail, &date, &timezone), 0, "the date of the header is read");
    is_int(date, 784879951, "as seconds");
    is_int(timezone, 120, "and minutes of the timezone");
    is_int(mail_get_received_date(mail, &date), 0, "the time it was received is");
    is_int(date, 784887151, "what the delivery says");
}

static const char *special(enum mail_fetch_field field)
{
    const char *value;

    return mail_get_special(mail, field, &value) < 0 ? NULL : value;
}

static void test_special(void)
{
    is_str(special(MAIL_FETCH_FROM_ENVELOPE), "kim@example.org", "the envelope's sender is kept");
    is_str(special(MAIL_FETCH_MAILBOX_NAME), box->vname, "it knows its mailbox");
    is_str(special(MAIL_FETCH_GUID), "", "it has no guid");
    is_str(special(MAIL_FETCH_BODY_SNIPPET), "1Grüße from here.",
           "its snippet is decoded text, unquoted, in one line");
    is_str(special(MAIL_FETCH_IMAP_ENVELOPE),
           "\"Tue, 15 Nov 1994 08:12:31 +0200\" \"=?utf-8?b?0L/RgNC40LLQtdGC?=\" "
           "((\"=?utf-8?q?K=C3=ADm?=\" NIL \"kim\" \"example.org\")) "
           "((\"=?utf-8?q?K=C3=ADm?=\" NIL \"kim\" \"example.org\")) "
           "((\"=?utf-8?q?K=C3=ADm?=\" NIL \"kim\" \"example.org\")) "
           "((NIL NIL \"lee\" \"example.org\")(NIL NIL \"robin\" \"example.org\")) NIL NIL NIL "
           "\"(a comment) <first@example.org> and more\"",
           "its envelope is IMAP's");
    is_str(special(MAIL_FETCH_IMAP_BODY),
           "(\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"quoted-printable\" 46 2)"
           "(\"application\" \"octet-stream\" NIL NIL NIL \"base64\" 12) \"mixed\"",
           "its body structure is IMAP's");
    is_int(strlen(special(MAIL_FETCH_HEADER_MD5)), 32, "the header has a checksum");
}

static void test_parts(void)
{
    struct message_part *parts, *again;
    struct istream *input;
    const unsigned char *data;
    size_t size;
    uoff_t binary_size;
    unsigned int lines;
    bool binary;

    is_int(mail_get_parts(mail, &parts), 0, "the MIME parts are found");
    is_int(parts->children_count, 2, "there are two");
    is_str(parts->children->data->content_subtype, "plain", "with their types");
    is_int(mail_get_parts(mail, &again), 0, "asked again");
    ok(parts == again, "they are the same");

    is_int(
        mail_get_binary_stream(mail, parts->children->next, FALSE, &binary_size, &binary, &input),
        0, "a part can be had without its encoding");
    ok(binary_size == 7 && binary, "with its size, and whether it is binary");
    while (i_stream_read(input) > 0)
        ;
    data = i_stream_get_data(input, &size);
    ok(size == 7 && memcmp(data, "hello\0!", 7) == 0, "it is what was encoded");
    i_stream_unref(&input);
    is_int(mail_get_binary_size(mail, parts->children, TRUE, &binary_size, &lines), 0,
           "a text part is measured with its header");
    is_int(lines, 5, "in lines");
}

static void test_lookup_abort(void)
{
    enum mail_error error;
    const char *value;

    ((struct mail_private *)mail)->v.close(mail);
    mail_set_seq(mail, 1);
    mail->lookup_abort = MAIL_LOOKUP_ABORT_READ_MAIL;
    is_int(mail_get_first_header(mail, "Subject", &value), -1,
           "what needs the file fails when reading is not wanted");
    (void)mailbox_get_last_error(box, &error);
    is_int(error, MAIL_ERROR_LOOKUP_ABORTED, "with an error of its own");
    mail->lookup_abort = MAIL_LOOKUP_ABORT_NEVER;
    is_int(mail_get_first_header(mail, "Subject", &value), 1, "and works again afterwards");
}

static void test_refusal(void)
{
    struct mailbox_transaction_context *change;
    struct mail *victim;

    change = mailbox_transaction_begin(box, 0, "test");
    victim = mail_alloc(change, 0, NULL);
    mail_set_seq(victim, 1);
    mail_expunge(victim);
    mail_free(&victim);
    is_int(mailbox_transaction_commit(&change), -1, "a mail that is a stream cannot be expunged");
    is_str(mailbox_get_last_error(box, NULL), "A mailbox that is a stream can't be changed",
           "which is told");
}

int main(void)
{
    session_begin();
    open_mail();
    test_headers();
    test_header_stream();
    test_sizes();
    test_dates();
    test_special();
    test_parts();
    test_lookup_abort();
    test_refusal();
    close_mail();
    mail_storage_deinit();
    pool_unref(&session_pool);
    lib_deinit();
    return done();
}
