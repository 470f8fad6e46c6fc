/*
 * The MIME structure of a message and what IMAP makes of it: BODY, BODYSTRUCTURE, ENVELOPE.
 */
#include "lib.h"

#include "base.h"
#include "imap-bodystructure.h"
#include "imap-envelope.h"
#include "message-parser.h"
#include "message-part-data.h"
#include "str.h"

/* Values as BODYSTRUCTURE and ENVELOPE want them. */
static const enum message_header_parser_flags hdr_flags =
    MESSAGE_HEADER_PARSER_FLAG_SKIP_INITIAL_LWSP | MESSAGE_HEADER_PARSER_FLAG_DROP_CR;

struct structure_parse {
    pool_t pool;
    struct message_part_data_limits limits;
    struct message_part_envelope *envelope;
};

static void parse_part_header(struct message_part *part, struct message_header_line *hdr,
                              struct structure_parse *parse)
{
    message_part_data_parse_from_header(parse->pool, part, &parse->limits, hdr);
}

static void parse_parts(struct mail_base *base, struct istream *input)
{
    const struct message_parser_settings settings = {
        .hdr_flags = hdr_flags,
        .flags = MESSAGE_PARSER_FLAG_SKIP_BODY_BLOCK,
    };
    struct structure_parse parse = {
        .pool = base->mail.data_pool,
        .limits = MESSAGE_PART_DATA_LIMITS_INIT,
    };
    struct message_parser_ctx *parser;

    parser = message_parser_init(parse.pool, input, &settings);
    message_parser_parse_header(parser, &base->data.hdr_size, parse_part_header, &parse);
    message_parser_parse_body(parser, parse_part_header, &parse);
    message_parser_deinit(&parser, &base->data.parts);
}

int mail_base_get_parts(struct mail *mail, struct message_part **parts_r)
{
    struct mail_base *base = mail_base_of(mail);
    struct mail_base_data *data = &base->data;
    struct istream *input;

    *parts_r = data->parts;
    if (data->parts != NULL)
        return 0;
    if (mail_get_stream_because(mail, NULL, NULL, "mime parts", &input) < 0)
        return -1;
    T_BEGIN
    {
        parse_parts(base, input);
    }
    T_END;
    if (input->stream_errno != 0) {
        data->parts = NULL;
        data->hdr_size_set = FALSE;
        return mail_base_stream_failed(mail, input);
    }
    data->hdr_size = data->parts->header_size;
    data->body_size = data->parts->body_size;
    data->hdr_size_set = TRUE;
    data->body_size_set = TRUE;
    *parts_r = data->parts;
    return 0;
}

static int write_structure(struct mail *mail, bool extended, const char **value_r)
{
    pool_t pool = ((struct mail_private *)mail)->data_pool;
    struct message_part *parts;
    const char *error;
    string_t *text;
    int result;

    if (mail_get_parts(mail, &parts) < 0)
        return -1;
    T_BEGIN
    {
        text = t_str_new(512);
        result = imap_bodystructure_write(parts, text, extended, &error);
        if (result < 0)
            mail_set_critical(mail, "The MIME structure contradicts the headers: %s", error);
        else
            *value_r = p_strdup(pool, str_c(text));
    }
    T_END;
    return result;
}

int mail_base_get_body(struct mail *mail, bool extended, const char **value_r)
{
    struct mail_base_data *data = &mail_base_of(mail)->data;
    const char **kept = extended ? &data->bodystructure : &data->body;
    const char *key = extended ? "bodystructure" : "body";

    if (*kept == NULL && !mail_base_recall_string(mail, key, kept)) {
        if (write_structure(mail, extended, kept) < 0)
            return -1;
        mail_base_remember_string(mail, key, *kept);
    }
    *value_r = *kept;
    return 0;
}

static void parse_envelope_header(struct message_header_line *hdr, struct structure_parse *parse)
{
    message_part_envelope_parse_from_header(parse->pool, &parse->envelope, &parse->limits, hdr);
}

static const char *write_envelope(struct mail_base *base, struct istream *input)
{
    struct structure_parse parse = {
        .pool = base->mail.data_pool,
        .limits = MESSAGE_PART_DATA_LIMITS_INIT,
    };
    string_t *text = t_str_new(256);

    message_parse_header(input, NULL, hdr_flags, parse_envelope_header, &parse);
    imap_envelope_write(parse.envelope, text);
    return p_strdup(base->mail.data_pool, str_c(text));
}

int mail_base_get_envelope(struct mail *mail, const char **value_r)
{
    struct mail_base *base = mail_base_of(mail);
    struct istream *input;

    if (base->data.envelope == NULL &&
        !mail_base_recall_string(mail, "envelope", &base->data.envelope)) {
        if (mail_get_hdr_stream_because(mail, NULL, "envelope", &input) < 0)
            return -1;
        T_BEGIN
        {
            base->data.envelope = write_envelope(base, input);
        }
        T_END;
        if (input->stream_errno != 0) {
            base->data.envelope = NULL;
            return mail_base_stream_failed(mail, input);
        }
        mail_base_remember_string(mail, "envelope", base->data.envelope);
    }
    *value_r = base->data.envelope;
    return 0;
}
