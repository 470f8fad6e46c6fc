/* What MIME headers say: envelopes, body structures, parameters, attachments; message ids; base subjects. */
#include "lib.h"

#include "imap-base-subject.h"
#include "imap-bodystructure.h"
#include "imap-envelope.h"
#include "istream.h"
#include "message-id.h"
#include "message-parser.h"
#include "message-part-data.h"
#include "rfc2231-parser.h"
#include "rfc822-parser.h"
#include "str.h"
#include "tap.h"

static struct message_part *parse(const char *text)
{
    const struct message_parser_settings set = {.hdr_flags =
                                                    MESSAGE_HEADER_PARSER_FLAG_CLEAN_ONELINE};
    struct message_part_data_limits limits = MESSAGE_PART_DATA_LIMITS_INIT;
    struct istream *input = i_stream_create_from_data(text, strlen(text));
    pool_t pool = pool_datastack_create();
    struct message_parser_ctx *parser = message_parser_init(pool, input, &set);
    struct message_block block;
    struct message_part *parts;

    while (message_parser_parse_next_block(parser, &block) > 0) {
        if (block.size == 0)
            message_part_data_parse_from_header(pool, block.part, &limits, block.hdr);
    }
    message_parser_deinit(&parser, &parts);
    i_stream_unref(&input);
    return parts;
}

static const char *structure(const char *text, bool extended)
{
    string_t *dest = t_str_new(256);
    const char *error;

    if (imap_bodystructure_write(parse(text), dest, extended, &error) < 0)
        return error;
    return str_c(dest);
}

#define ENVELOPE_NONE "NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL"

static void test_structures(void)
{
    is_str(structure("\nbody\n", FALSE),
           "\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 6 1",
           "text that says nothing");
    is_str(structure("Content-Type: text/html; charset=utf-8; format=flowed\n"
                     "Content-ID: <x@y>\nContent-Description: d\n"
                     "Content-Transfer-Encoding: 8bit\nContent-MD5: abc\n"
                     "Content-Disposition: attachment; filename=\"a b\"\n"
                     "Content-Language: de, en-US\nContent-Location: http://x/\n\n",
                     TRUE),
           "\"text\" \"html\" (\"charset\" \"utf-8\" \"format\" \"flowed\") \"<x@y>\" \"d\" "
           "\"8bit\" 0 0 \"abc\" (\"attachment\" (\"filename\" \"a b\")) (\"de\" \"en-US\") "
           "\"http://x/\"",
           "text that says all there is");
    is_str(structure("Content-Type: multipart/mixed; boundary=b\n\n--b\n\na\n"
                     "--b\nContent-Type: image/png\n\nb\n--b--\n",
                     TRUE),
           "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 1 0 NIL NIL NIL NIL)"
           "(\"image\" \"png\" NIL NIL NIL \"7bit\" 1 NIL NIL NIL NIL)"
           " \"mixed\" (\"boundary\" \"b\") NIL NIL NIL",
           "a multipart");
    is_str(structure("Content-Type: message/rfc822\n\nSubject: in\n\nx\n", FALSE),
           "\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 18 (NIL \"in\" NIL NIL NIL NIL NIL NIL NIL "
           "NIL) (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 3 1) 3",
           "a message inside");
    is_str(structure("Content-Type: multipart/mixed; boundary=b\n\n", FALSE),
           "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0) \"mixed\"",
           "a multipart of nothing");
}

static const char *envelope(const char *text)
{
    string_t *dest = t_str_new(256);

    imap_envelope_write(parse(text)->data->envelope, dest);
    return str_c(dest);
}

static void test_envelopes(void)
{
    const char *text = envelope("Date: d\nSubject: =?utf-8?q?x?=\n y\nFrom: A <a@b>\n"
                                "To: c@d, g: e@f;\nCc: h@i\nCc: j@k\n"
                                "In-Reply-To: <1@2>\nMessage-ID: <3@4>\n\n");
    struct message_part_envelope *parsed;
    string_t *again = t_str_new(256);
    const char *error;

    is_str(
        text,
        "\"d\" \"=?utf-8?q?x?= y\" ((\"A\" NIL \"a\" \"b\")) ((\"A\" NIL \"a\" \"b\")) "
        "((\"A\" NIL \"a\" \"b\")) ((NIL NIL \"c\" \"d\")(NIL NIL \"g\" NIL)(NIL NIL \"e\" \"f\")"
        "(NIL NIL NIL NIL)) ((NIL NIL \"h\" \"i\")(NIL NIL \"j\" \"k\")) NIL \"<1@2>\" \"<3@4>\"",
        "an envelope");
    is_str(envelope("\n"), ENVELOPE_NONE, "an empty one");
    ok(imap_envelope_parse(text, pool_datastack_create(), &parsed, &error), "it can be read");
    imap_envelope_write(parsed, again);
    is_str(str_c(again), text, "and is the same");
    ok(!imap_envelope_parse("\"d\" NIL", pool_datastack_create(), &parsed, &error),
       "half of it cannot");
    ok(!imap_envelope_parse("NIL NIL (NIL) NIL NIL NIL NIL NIL NIL NIL", pool_datastack_create(),
                            &parsed, &error),
       "nor what is no address");
}

static const char *params(const char *text)
{
    struct rfc822_parser_context parser;
    const char *const *result;
    string_t *seen = t_str_new(128);
    int ret;

    rfc822_parser_init(&parser, (const unsigned char *)text, strlen(text), NULL);
    ret = rfc2231_parse(&parser, &result);
    for (; *result != NULL; result += 2)
        str_printfa(seen, "%s=%s;", result[0], result[1]);
    if (ret < 0)
        str_append_c(seen, '!');
    return str_c(seen);
}

static void test_params(void)
{
    string_t *many = t_str_new(1024);

    is_str(params("; a=b; c=\"d e\" (comment)"), "a=b;c=d e;", "parameters");
    is_str(params("; a*0=x; a*2=z; b=1; a*1=\"y\""), "b=1;a=xyz;", "in pieces, in any order");
    is_str(params("; a*=utf-8''%C3%A4"), "a*=utf-8''%C3%A4;", "with a charset");
    is_str(params("; a*0*=utf-8''%C3; a*1=\"b c%\""), "a*=utf-8''%C3b%20c%25;", "or both");
    is_str(params("; a*1=x"), "", "a piece without the first");
    is_str(params("; a*0=x; a*2=z"), "a=x;", "up to a missing one");
    is_str(params("; a=b c=d; e"), "a=b;!", "what is none is told");
    is_str(params("; a=; b=\"\""), "a=;b=;", "empty ones");
    is_str(params("; a=b?c=d/e"), "a=b?c=d/e;", "values that should have been quoted");
    is_str(params(";"), "", "none");
    for (unsigned int i = 0; i < 100000; i++)
        str_printfa(many, ";a*%u=x", i % 7);
    ok(strlen(params(str_c(many))) < 200, "only so many of them count");
}

static void test_attachments(void)
{
    struct message_part *part = parse("Content-Type: application/pdf; name=n\n"
                                      "Content-Disposition: attachment; filename=f\n\n");
    const char *const no_pdf[] = {"!application/*", NULL};
    const char *const but_pdf[] = {"!application/*", "application/pdf", NULL};
    struct message_part_attachment_settings set = {NULL, FALSE};
    const char *name;

    ok(message_part_data_get_filename(part, &name) && strcmp(name, "f") == 0, "a file name");
    ok(message_part_has_parameter(part, "filename", TRUE), "is a parameter");
    ok(message_part_is_attachment(part, &set), "an attachment");
    set.content_type_filter = no_pdf;
    ok(!message_part_is_attachment(part, &set), "unless its type is left out");
    set.content_type_filter = but_pdf;
    ok(message_part_is_attachment(part, &set), "or taken in again");
    set = (struct message_part_attachment_settings){NULL, FALSE};
    part = parse("Content-Disposition: inline\n\n");
    ok(!message_part_is_attachment(part, &set), "inline, it needs a name");
    ok(message_part_data_is_plain_7bit(part), "plain text");
}

static void test_ids(void)
{
    const char *list = "<a@b> junk <\"c\"@d> <broken <\"e f\"@[g]> <h@i";
    string_t *many = t_str_new(1024);
    unsigned int count = 0;

    is_str(message_id_get_next(&list), "a@b", "an id");
    is_str(message_id_get_next(&list), "c@d", "quotes that say nothing");
    is_str(message_id_get_next(&list), "\"e f\"@[g]", "and those that do");
    is_str(message_id_get_next(&list), NULL, "no more");
    for (unsigned int i = 0; i < 100000; i++)
        str_append(many, i % 2 == 0 ? "<a@b>" : "<\"<<(");
    list = str_c(many);
    while (message_id_get_next(&list) != NULL)
        count++;
    ok(count > 0, "many, with garbage between");
}

static void base_is(const char *subject, const char *wanted, bool wanted_reply)
{
    bool reply;

    is_str(imap_get_base_subject_cased(pool_datastack_create(), subject, &reply), wanted, "%.*s",
           (int)strcspn(subject, "\r"), subject);
    ok(reply == wanted_reply, "which is %s", wanted_reply ? "a reply" : "none");
}

static void test_base_subjects(void)
{
    string_t *many = t_str_new(1024);
    bool reply;

    base_is("Test", "TEST", FALSE);
    base_is("Re: Test", "TEST", TRUE);
    base_is("RE : [list] re: Fwd: Test", "TEST", TRUE);
    base_is("Re[2]: Test", "TEST", TRUE);
    base_is("Fw: Test (fwd) (FWD) ", "TEST", TRUE);
    base_is("[list] Test", "TEST", FALSE);
    base_is("[list]", "[LIST]", FALSE);
    base_is("[a] [b]", "[B]", FALSE);
    base_is("[fwd: Re: Test]", "TEST", TRUE);
    base_is("[Fwd: [Fwd: Test]]", "TEST", TRUE);
    base_is("Test\r\n  with   space", "TEST WITH SPACE", FALSE);
    base_is("Regards", "REGARDS", FALSE);
    base_is("Re:", "", TRUE);
    base_is("", "", FALSE);
    for (unsigned int i = 0; i < 300000; i++)
        str_append(many, i % 3 == 0 ? "[a]" : "[fwd:");
    (void)imap_get_base_subject_cased(pool_datastack_create(), str_c(many), &reply);
    str_truncate(many, 0);
    for (unsigned int i = 0; i < 300000; i++)
        str_append(many, "[a]");
    is_str(imap_get_base_subject_cased(pool_datastack_create(), str_c(many), &reply), "[A]",
           "any number of blobs");
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_structures();
        test_envelopes();
        test_params();
        test_attachments();
        test_ids();
        test_base_subjects();
    }
    T_END;
    lib_deinit();
    return done();
}
