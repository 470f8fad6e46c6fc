/* Mails, headers and queries damaged at random, from a fixed seed: nothing crashes, reads outside or takes long, and
 * the parser finds the same parts in whatever pieces the mail comes. */
#include "lib.h"

#include "imap-base-subject.h"
#include "imap-bodystructure.h"
#include "imap-envelope.h"
#include "imap-utf7.h"
#include "istream-header-filter.h"
#include "istream.h"
#include "mail-search-build.h"
#include "message-address.h"
#include "message-date.h"
#include "message-decoder.h"
#include "message-header-decode.h"
#include "message-header-encode.h"
#include "message-id.h"
#include "message-parser.h"
#include "message-part-data.h"
#include "search/search-text.h"
#include "str.h"
#include "tap.h"

#define ROUNDS 4000

static uint64_t state = 20240102;

static unsigned int draw(unsigned int below)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned int)(state >> 33) % below;
}

static const char *const mails[] = {
    "From: A <a@b>\r\nTo: g: c@d, \"e f\" <e@f>;\r\nSubject: =?iso-2022-jp?b?GyRCRnwbKEI=?=\r\n"
    " =?utf-8?q?=C3=A4?= x\r\nDate: Tue, 2 Jan 2024 03:04:05 +0100\r\nMessage-ID: <1@2>\r\n"
    "References: <3@4> <\"5\"@6>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=\"b\"; x*0*=utf-8''%C3; x*1=y\r\n\r\npre\r\n--b\r\n"
    "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
    "quoted-printable\r\n\r\n=E4=\r\nx\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: "
    "in\r\nContent-Type: multipart/digest; boundary=b2\r\n\r\n--b2\r\n\r\nA: "
    "b\r\n\r\nc\r\n--b2--\r\n--b\r\nContent-Type: application/x; name=y\r\n"
    "Content-Disposition: attachment; filename=\"a\"\r\nContent-Language: de, en\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n--b--\r\nepi\r\n",
    "Subject: x\n\n",
    "Content-Type: text/plain; charset=utf-7\n\n+AOQ-\n",
    "Content-Type: text/html; charset=shift_jis\nContent-Transfer-Encoding: base64\n\nk/ph\n",
};

static const char *const queries[] = {
    "or from \"x\" (not subject {3}\r\nabc seen) uid 1:3,7:*",
    "charset iso-8859-1 text \"\xe4\" keyword $a sentsince 1-Jan-2024 larger 1k",
    "inthread references (or deleted header x-y z) younger 60 modseq \"/flags/\\\\Seen\" all 5",
    "not not not (((answered))) 1:* fuzzy body x older 5 before 2024-01-02",
};

static const char *const pieces[] = {"--b",
                                     "\r\n",
                                     "\n",
                                     "\n\n",
                                     "=?utf-8?q?",
                                     "?=",
                                     "(",
                                     ")",
                                     "\"",
                                     "Content-Type: ",
                                     ";",
                                     "=",
                                     "<",
                                     ">",
                                     "@",
                                     "\\",
                                     "or ",
                                     "not ",
                                     "{9}\n",
                                     "%",
                                     "\xff",
                                     "\xe2\x82",
                                     "--",
                                     "boundary=b",
                                     "multipart/mixed",
                                     "message/rfc822",
                                     ":",
                                     ",",
                                     "*",
                                     "charset="};

/** A damaged copy, as a buffer without a NUL behind it. */
static buffer_t *mutate(const char *text)
{
    buffer_t *data = buffer_create_dynamic(default_pool, 256);
    unsigned int changes = draw(12);

    buffer_append(data, text, strlen(text));
    for (unsigned int i = 0; i < changes && data->used > 0; i++) {
        size_t pos = draw((unsigned int)data->used);
        const char *piece = pieces[draw(N_ELEMENTS(pieces))];
        unsigned char byte = (unsigned char)draw(256);

        switch (draw(5)) {
        case 0:
            buffer_write(data, pos, &byte, 1);
            break;
        case 1:
            buffer_delete(data, pos, draw(20));
            break;
        case 2:
            buffer_insert(data, pos, piece, strlen(piece));
            break;
        case 3:
            buffer_insert(data, pos, &byte, 1);
            break;
        default: {
            size_t wanted = draw(60), size = I_MIN(wanted, data->used - pos);
            void *copy = i_malloc(size + 1);

            memcpy(copy, CONST_PTR_OFFSET(data->data, pos), size);
            buffer_insert(data, draw((unsigned int)data->used), copy, size);
            i_free(copy);
            break;
        }
        }
    }
    return data;
}

/** A copy in memory of exactly this size, so that reading behind it is seen. */
static unsigned char *exact(const buffer_t *data)
{
    unsigned char *copy = malloc(data->used > 0 ? data->used : 1);

    memcpy(copy, data->data, data->used);
    return copy;
}

static struct message_part *parse(struct istream *input, pool_t pool, bool with_data)
{
    const struct message_parser_settings set = {
        .hdr_flags = draw(2) == 0 ? 0 : MESSAGE_HEADER_PARSER_FLAG_CLEAN_ONELINE};
    struct message_part_data_limits limits = MESSAGE_PART_DATA_LIMITS_INIT;
    struct message_parser_ctx *parser = message_parser_init(pool, input, &set);
    struct message_decoder_context *decoder =
        message_decoder_init(uni_utf8_to_decomposed_titlecase, 0);
    struct message_block block, decoded;
    struct message_part *parts;

    while (message_parser_parse_next_block(parser, &block) > 0) {
        if (with_data && block.size == 0)
            message_part_data_parse_from_header(pool, block.part, &limits, block.hdr);
        (void)message_decoder_decode_next_block(decoder, &block, &decoded);
    }
    message_decoder_deinit(&decoder);
    message_parser_deinit(&parser, &parts);
    return parts;
}

static void write_structure(struct message_part *parts)
{
    string_t *dest = t_str_new(1024);
    struct message_part_envelope *envelope;
    const char *error;

    if (imap_bodystructure_write(parts, dest, TRUE, &error) < 0)
        return;
    str_truncate(dest, 0);
    imap_envelope_write(parts->data->envelope, dest);
    if (!imap_envelope_parse(str_c(dest), pool_datastack_create(), &envelope, &error))
        ok(FALSE, "an envelope that was written can be read: %s", error);
}

static bool fuzz_mail(void)
{
    buffer_t *data = mutate(mails[draw(N_ELEMENTS(mails))]);
    unsigned char *copy = exact(data);
    pool_t pool = pool_alloconly_create(MEMPOOL_GROWING "fuzz", 4096);
    struct istream *whole = i_stream_create_from_data(copy, data->used);
    struct istream *pieces_of = i_stream_create_limit(whole, UOFF_T_MAX);
    struct message_part *parts1, *parts2;
    bool same;

    parts1 = parse(whole, pool, TRUE);
    write_structure(parts1);
    i_stream_seek(whole, 0);
    i_stream_set_max_buffer_size(pieces_of, 250 + draw(50));
    parts2 = parse(pieces_of, pool, FALSE);
    same = message_part_is_equal(parts1, parts2);
    i_stream_unref(&pieces_of);
    i_stream_unref(&whole);
    pool_unref(&pool);
    free(copy);
    buffer_free(&data);
    return same;
}

/** Everything that reads a header; FALSE when something of it was wrong. */
static bool fuzz_header(void)
{
    static const char *const names[] = {"from", "subject"};
    buffer_t *data = mutate(mails[0]);
    unsigned char *copy = exact(data);
    size_t size = I_MIN(data->used, 400);
    const char *text = t_strndup(copy, size), *ids = text;
    string_t *dest = t_str_new(256);
    struct message_address *addr;
    struct istream *input = i_stream_create_from_data(copy, data->used), *filter;
    time_t time;
    int zone;
    bool right, reply;

    message_header_decode_utf8(copy, data->used, dest, NULL);
    right = uni_utf8_data_is_valid(str_data(dest), str_len(dest));
    str_truncate(dest, 0);
    message_header_encode(text, dest);
    (void)message_address_parse(pool_datastack_create(), copy, data->used, 50, 0);
    addr = message_address_parse(pool_datastack_create(), copy, size, 50, 0);
    message_address_write(dest, addr);
    (void)message_address_parse_path(pool_datastack_create(), copy, size, &addr);
    (void)message_date_parse(copy, size, &time, &zone);
    while (message_id_get_next(&ids) != NULL) {
    }
    (void)imap_get_base_subject_cased(pool_datastack_create(), text, &reply);
    filter = (i_stream_create_header_filter)(input, HEADER_FILTER_INCLUDE, names, 2,
                                             *null_header_filter_callback, NULL);
    while (i_stream_read(filter) > 0)
        i_stream_skip(filter, i_stream_get_data_size(filter));
    i_stream_unref(&filter);
    i_stream_unref(&input);
    free(copy);
    buffer_free(&data);
    return right;
}

/** Mailbox names of any bytes survive the way to UTF-8 and back. */
static bool fuzz_name(void)
{
    static const char *const name_pieces[] = {"&", "-", "AOQ", "2D0",  "3gA", "/",
                                              "%", "a", "&-",  "\xc3", ","};
    string_t *name = t_str_new(64), *utf8 = t_str_new(64), *back = t_str_new(64);

    for (unsigned int i = draw(10); i > 0; i--)
        str_append(name, name_pieces[draw(N_ELEMENTS(name_pieces))]);
    imap_utf7_to_utf8_escaped(str_c(name), "%/", utf8);
    return uni_utf8_str_is_valid(str_c(utf8)) &&
           imap_escaped_utf8_to_utf7(str_c(utf8), '%', back) == 0 && str_equals(name, back);
}

/** A query that can be read can be written, read again, and means the same. */
static bool fuzz_query(void)
{
    buffer_t *data = mutate(queries[draw(N_ELEMENTS(queries))]);
    struct mail_search_args *args, *again;
    string_t *text = t_str_new(256);
    const char *error;
    bool right = TRUE;

    buffer_append_c(data, '\0');
    if (search_text_parse(data->data, &args, &error) == 0) {
        mail_search_args_simplify(args);
        if (mail_search_args_to_imap(text, args->args, &error)) {
            right = search_text_parse(str_c(text), &again, &error) == 0;
            if (right)
                mail_search_args_unref(&again);
            else
                printf("# %s: %s\n", str_c(text), error);
        }
        mail_search_args_unref(&args);
    }
    buffer_free(&data);
    return right;
}

static unsigned int rounds(bool (*round)(void))
{
    unsigned int right = 0;

    for (unsigned int i = 0; i < ROUNDS; i++) {
        T_BEGIN
        {
            right += round() ? 1 : 0;
        }
        T_END;
    }
    return right;
}

int main(void)
{
    lib_init();
    is_int(rounds(fuzz_mail), ROUNDS, "damaged mails have the same parts in any pieces");
    is_int(rounds(fuzz_header), ROUNDS, "damaged headers are decoded to valid UTF-8");
    is_int(rounds(fuzz_name), ROUNDS, "damaged mailbox names come back as they were");
    is_int(rounds(fuzz_query), ROUNDS, "damaged queries that can be read can be written and read");
    lib_deinit();
    return done();
}
