/* Transfer encodings: quoted-printable and base64 as buffers and streams, whole messages, looking for texts. */
#include "lib.h"

#include "istream-base64.h"
#include "istream-qp.h"
#include "istream.h"
#include "message-decoder.h"
#include "message-parser.h"
#include "message-search.h"
#include "qp-decoder.h"
#include "str-find.h"
#include "str.h"
#include "tap.h"

/* ---- Quoted-printable --------------------------------------------------------------------------- */

/** Decodes in pieces of `piece` bytes; "!" at the end when something was invalid. */
static const char *qp_pieces(const char *text, size_t piece)
{
    string_t *dest = t_str_new(128);
    struct qp_decoder *qp = qp_decoder_init(dest);
    size_t size = strlen(text), invalid_pos;
    const char *error;
    bool invalid = FALSE;

    for (size_t pos = 0; pos < size; pos += piece)
        invalid = qp_decoder_more(qp, (const unsigned char *)text + pos, I_MIN(piece, size - pos),
                                  &invalid_pos, &error) < 0 ||
                  invalid;
    invalid = qp_decoder_finish(qp, &error) < 0 || invalid;
    qp_decoder_deinit(&qp);
    if (invalid)
        str_append_c(dest, '!');
    return str_c(dest);
}

static void qp_is(const char *text, const char *wanted, const char *what)
{
    is_str(qp_pieces(text, SIZE_MAX / 2), wanted, "%s", what);
    is_str(qp_pieces(text, 1), wanted, "%s, byte by byte", what);
}

static void test_qp(void)
{
    qp_is("a=3Db", "a=b", "an encoded byte");
    qp_is("a=3db", "a=b", "small digits");
    qp_is("a=\nb=\r\nc= \t\r\nd", "abcd", "soft line ends");
    qp_is("a\nb\r\nc", "a\r\nb\r\nc", "line ends");
    qp_is("a \t\nb", "a\r\nb", "white space at the end of a line");
    qp_is("a \tb ", "a \tb", "and elsewhere");
    qp_is("a=ZZ", "a=ZZ!", "no digits");
    qp_is("a=3", "a=3!", "one digit");
    qp_is("a=", "a=!", "none");
    qp_is("a= b", "a= b!", "white space behind the sign, and text");
    qp_is("a\rb", "a\rb", "a CR alone");
}

static const char *read_all(struct istream *input)
{
    string_t *seen = t_str_new(128);
    const unsigned char *data;
    size_t size;

    while (i_stream_read_more(input, &data, &size) > 0) {
        str_append_data(seen, data, size);
        i_stream_skip(input, size);
    }
    if (input->stream_errno != 0)
        str_printfa(seen, "!%s", input->stream_errno == EINVAL ? "EINVAL" : "?");
    return str_c(seen);
}

static const char *stream(struct istream *(*create)(struct istream *), const char *text)
{
    struct istream *input = i_stream_create_from_data(text, strlen(text));
    struct istream *decoder = create(input);
    const char *first = read_all(decoder), *again;

    i_stream_seek(decoder, 0);
    again = decoder->stream_errno != 0 ? first : read_all(decoder);
    i_stream_unref(&decoder);
    i_stream_unref(&input);
    return strcmp(first, again) == 0 ? first : "differs when read again";
}

static void test_streams(void)
{
    string_t *many = t_str_new(100000), *wanted = t_str_new(100000);

    is_str(stream(i_stream_create_qp_decoder, "a=3Db=\nc"), "a=bc", "quoted-printable as a stream");
    is_str(stream(i_stream_create_qp_decoder, "a=ZZ"), "a=ZZ!EINVAL", "with an error");
    is_str(stream(i_stream_create_base64_decoder, "aGVs\r\nbG8="), "hello", "base64 as a stream");
    is_str(stream(i_stream_create_base64_decoder, "aGVsbG8=\r\n"), "hello", "with an end of line");
    is_str(stream(i_stream_create_base64_decoder, ""), "", "of nothing");
    is_str(stream(i_stream_create_base64_decoder, "aGV"), "he!EINVAL", "cut off");
    is_str(stream(i_stream_create_base64_decoder, "aG*s"), "h!EINVAL", "garbage ends it");
    is_str(stream(i_stream_create_base64url_decoder, "-_8="), "\xfb\xff",
           "in the alphabet of URLs");
    for (unsigned int i = 0; i < 10000; i++) {
        str_append(many, "YWJj");
        str_append(wanted, "abc");
    }
    is_str(stream(i_stream_create_base64_decoder, str_c(many)), str_c(wanted), "much of it");
}

/* ---- Messages ----------------------------------------------------------------------------------- */

static const char *decode_flags(const char *text, enum message_decoder_flags flags)
{
    const struct message_parser_settings set = {.flags = 0};
    struct istream *input = i_stream_create_from_data(text, strlen(text));
    struct message_parser_ctx *parser = message_parser_init(pool_datastack_create(), input, &set);
    struct message_decoder_context *decoder = message_decoder_init(NULL, flags);
    struct message_block raw, decoded;
    struct message_part *parts;
    string_t *seen = t_str_new(256);

    while (message_parser_parse_next_block(parser, &raw) > 0) {
        i_zero(&decoded);
        if (!message_decoder_decode_next_block(decoder, &raw, &decoded))
            continue;
        if (decoded.hdr != NULL && strncasecmp(decoded.hdr->name, "Content-", 8) != 0)
            str_printfa(seen, "%s=%.*s;", decoded.hdr->name, (int)decoded.hdr->full_value_len,
                        (const char *)decoded.hdr->full_value);
        else if (decoded.hdr == NULL && decoded.size == 0 && raw.size == 0)
            str_append_c(seen, '/');
        else if (decoded.hdr == NULL)
            str_append_data(seen, decoded.data, decoded.size);
    }
    message_decoder_deinit(&decoder);
    message_parser_deinit(&parser, &parts);
    i_stream_unref(&input);
    return str_c(seen);
}

static const char *decode(const char *text)
{
    return decode_flags(text, 0);
}

static void test_messages(void)
{
    is_str(decode("Subject: =?utf-8?q?=C3=A4?=\n\nbody"), "Subject=\xc3\xa4;/body",
           "headers and bodies");
    is_str(decode("Subject: a\n =?utf-8?q?b?=\n\n"), "Subject=a b;/", "a folded header at once");
    is_str(decode("Content-Type: text/plain; charset=iso-8859-1\n"
                  "Content-Transfer-Encoding: quoted-printable\n\na=E4\n"),
           "/a\xc3\xa4\r\n", "quoted-printable in a charset");
    is_str(decode("Content-Type: text/plain; charset=utf-8\n"
                  "Content-Transfer-Encoding: BASE64 (comment)\n\nw6\nQ=\n"),
           "/\xc3\xa4", "base64, over a line end");
    is_str(decode("Content-Type: text/plain; charset=\"iso-8859-1\"\n\n\xe4"), "/\xc3\xa4",
           "8-bit text");
    is_str(decode("\n\xc3\xa4"), "/\xc3\xa4", "UTF-8 that says nothing");
    is_str(decode("Content-Type: text/plain; charset=x-unknown\n\n\xc3\xa4"), "/\xc3\xa4",
           "an unknown charset");
    is_str(decode("Content-Transfer-Encoding: x-unknown\n\nabc"), "/abc", "an unknown encoding");
    is_str(decode("Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nw6Q=\n"), "/",
           "pictures are left out");
    is_str(decode_flags("Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nw6Q=\n",
                        MESSAGE_DECODER_FLAG_RETURN_BINARY),
           "/\xc3\xa4", "unless asked for");
    is_str(decode("Content-Type: multipart/mixed; boundary=b\n\n"
                  "--b\nContent-Type: text/plain; charset=iso-8859-1\n\n\xe4\n"
                  "--b\n\n\xc3\xa4\n--b--\n"),
           "//\xc3\xa4/\xc3\xa4", "each part by its own headers");
}

static int search(const char *text, const char *key, enum message_search_flags flags)
{
    struct istream *input = i_stream_create_from_data(text, strlen(text));
    string_t *form = t_str_new(64);
    struct message_search_context *ctx;
    const char *error;
    int ret;

    (void)uni_utf8_to_decomposed_titlecase(key, strlen(key), form);
    ctx = message_search_init(str_c(form), uni_utf8_to_decomposed_titlecase, flags);
    ret = message_search_msg(ctx, input, NULL, &error);
    message_search_deinit(&ctx);
    i_stream_unref(&input);
    return ret;
}

static void test_searching(void)
{
    const char *mail = "Subject: =?iso-8859-1?q?Gr=FC=DFe?=\n"
                       "Content-Type: text/plain; charset=iso-8859-1\n"
                       "Content-Transfer-Encoding: quoted-printable\n\n"
                       "sch=F6ne, lan=\nge Zeilen\n";

    is_int(search(mail, "GR\xc3\x9c", 0), 1, "in a header, decoded, in any case");
    is_int(search(mail, "subject: gr", 0), 1, "with the name of the header");
    is_int(search(mail, "gr\xc3\xbc", MESSAGE_SEARCH_FLAG_SKIP_HEADERS), 0,
           "unless headers are left out");
    is_int(search(mail, "SCH\xc3\x96NE, LANGE", 0), 1, "in a body, decoded, over a soft line end");
    is_int(search(mail, "zeilen\r\nx", 0), 0, "what is not there is not found");
    is_int(search(mail, "", 0), 1, "an empty text is everywhere");
    is_int(search("A: b\nC: d\n\ne\n", "bc", 0), 0, "not from one header to the next");
}

static void test_str_find(void)
{
    static const char text[] = "abababac abacab";
    struct str_find_context *ctx = str_find_init(default_pool, "abac");
    bool found_all = TRUE;

    for (size_t cut = 0; cut <= 8; cut++) {
        str_find_reset(ctx);
        found_all = found_all && (str_find_more(ctx, (const unsigned char *)text, cut) ||
                                  str_find_more(ctx, (const unsigned char *)text + cut, 8 - cut));
    }
    ok(found_all, "a key is found wherever the data is cut");
    str_find_reset(ctx);
    for (size_t i = 0; i < 7; i++)
        ok(!str_find_more(ctx, (const unsigned char *)text + i, 1), "not after byte %zu", i);
    ok(str_find_more(ctx, (const unsigned char *)text + 7, 1), "but after its last");
    is_int((intmax_t)str_find_get_match_end_pos(ctx), 1, "where it ends is told");
    str_find_deinit(&ctx);
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_qp();
        test_streams();
        test_messages();
        test_searching();
        test_str_find();
    }
    T_END;
    lib_deinit();
    return done();
}
