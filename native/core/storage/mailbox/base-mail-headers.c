/*
 * The headers of a message: parsed once, all of them, then found by name. Values are unfolded to one
 * line; the decoded form is made when somebody asks for it.
 */
#include "lib.h"

#include "array.h"
#include "base.h"
#include "istream-header-filter.h"
#include "message-header-decode.h"
#include "message-header-parser.h"
#include "str.h"

struct mail_header {
    const char *name;
    const char *value;
    const char *decoded; /**< NULL until asked for */
    size_t value_length;
};

struct header_parse {
    pool_t pool;
    ARRAY(struct mail_header) headers;
};

static void add_header(struct header_parse *parse, const struct message_header_line *hdr)
{
    struct mail_header *header = array_append_space(&parse->headers);

    header->name = p_strndup(parse->pool, hdr->name, hdr->name_len);
    header->value = message_header_strdup(parse->pool, hdr->full_value, hdr->full_value_len);
    header->value_length = strlen(header->value);
}

static void parse_stream(struct mail_base *base, struct istream *input)
{
    static const enum message_header_parser_flags flags =
        MESSAGE_HEADER_PARSER_FLAG_SKIP_INITIAL_LWSP | MESSAGE_HEADER_PARSER_FLAG_DROP_CR |
        MESSAGE_HEADER_PARSER_FLAG_CLEAN_ONELINE;
    struct header_parse parse = {.pool = base->mail.data_pool};
    struct message_header_parser_ctx *parser;
    struct message_header_line *hdr;
    unsigned int count;

    t_array_init(&parse.headers, 64);
    parser = message_parse_header_init(input, NULL, flags);
    while (message_parse_header_next(parser, &hdr) > 0) {
        if (hdr->eoh || hdr->name_len == 0)
            continue;
        if (hdr->continues)
            hdr->use_full_value = TRUE;
        else
            add_header(&parse, hdr);
    }
    message_parse_header_deinit(&parser);
    count = array_count(&parse.headers);
    base->data.headers = p_new(parse.pool, struct mail_header, count + 1);
    if (count > 0)
        memcpy(base->data.headers, array_front(&parse.headers),
               count * sizeof(*base->data.headers));
    base->data.headers_count = count;
    base->data.headers_parsed = TRUE;
}

static int parse_headers(struct mail *mail)
{
    struct mail_base *base = mail_base_of(mail);
    struct istream *input;

    if (base->data.headers_parsed)
        return 0;
    if (mail_get_hdr_stream_because(mail, NULL, "headers", &input) < 0)
        return -1;
    T_BEGIN
    {
        parse_stream(base, input);
    }
    T_END;
    if (input->stream_errno == 0)
        return 0;
    base->data.headers_parsed = FALSE;
    return mail_base_stream_failed(mail, input);
}

static const char *decoded(pool_t pool, struct mail_header *header)
{
    string_t *text;

    if (header->decoded != NULL)
        return header->decoded;
    T_BEGIN
    {
        text = t_str_new(header->value_length + 64);
        message_header_decode_utf8((const unsigned char *)header->value, header->value_length, text,
                                   NULL);
        header->decoded = p_strdup(pool, str_c(text));
    }
    T_END;
    return header->decoded;
}

static const char *value_of(struct mail_base *base, struct mail_header *header, bool decode_to_utf8)
{
    return decode_to_utf8 ? decoded(base->mail.data_pool, header) : header->value;
}

/* ---- By name ------------------------------------------------------------------------------------ */

ARRAY_DEFINE_TYPE(named, struct mail_header *);

static const char *key_of(const char *field)
{
    return t_strconcat("header ", t_str_lcase(field), NULL);
}

/* Values are remembered one after the other, each with its NUL. */
static void remember(struct mail *mail, const char *field, const ARRAY_TYPE(named) * headers)
{
    buffer_t *values = t_buffer_create(256);
    struct mail_header *header;

    array_foreach_elem(headers, header)
        buffer_append(values, header->value, header->value_length + 1);
    mail_base_remember(mail, key_of(field), str_data(values), str_len(values));
}

static bool recall(struct mail *mail, const char *field, ARRAY_TYPE(named) * headers)
{
    pool_t pool = ((struct mail_private *)mail)->data_pool;
    const void *data;
    const char *at, *end;
    size_t size;

    if (!mail_base_recall(mail, key_of(field), &data, &size))
        return FALSE;
    if (size == 0)
        return TRUE;
    at = p_memdup(pool, data, size);
    end = at + size;
    if (end[-1] != '\0')
        return FALSE;
    for (; at < end; at += strlen(at) + 1) {
        struct mail_header *header = p_new(pool, struct mail_header, 1);

        header->value = at;
        header->value_length = strlen(at);
        array_push_back(headers, &header);
    }
    return TRUE;
}

/* The headers of this name. 0, or -1. */
static int find(struct mail *mail, const char *field, ARRAY_TYPE(named) * headers)
{
    struct mail_base_data *data = &mail_base_of(mail)->data;

    t_array_init(headers, 4);
    if (!data->headers_parsed && recall(mail, field, headers))
        return 0;
    if (parse_headers(mail) < 0)
        return -1;
    for (unsigned int i = 0; i < data->headers_count; i++) {
        struct mail_header *header = &data->headers[i];

        if (strcasecmp(header->name, field) == 0)
            array_push_back(headers, &header);
    }
    remember(mail, field, headers);
    return 0;
}

int mail_base_get_first_header(struct mail *mail, const char *field, bool decode_to_utf8,
                               const char **value_r)
{
    ARRAY_TYPE(named) headers;

    *value_r = NULL;
    if (find(mail, field, &headers) < 0)
        return -1;
    if (array_is_empty(&headers))
        return 0;
    *value_r = value_of(mail_base_of(mail), *array_front(&headers), decode_to_utf8);
    return 1;
}

int mail_base_get_headers(struct mail *mail, const char *field, bool decode_to_utf8,
                          const char *const **value_r)
{
    struct mail_base *base = mail_base_of(mail);
    ARRAY_TYPE(named) headers;
    struct mail_header *header;
    const char **values;

    *value_r = NULL;
    if (find(mail, field, &headers) < 0)
        return -1;
    values = p_new(base->mail.data_pool, const char *, array_count(&headers) + 1);
    *value_r = values;
    array_foreach_elem(&headers, header) *values++ = value_of(base, header, decode_to_utf8);
    return array_is_empty(&headers) ? 0 : 1;
}

int mail_base_get_header_stream(struct mail *mail, struct mailbox_header_lookup_ctx *headers,
                                struct istream **stream_r)
{
    struct mail_base *base = mail_base_of(mail);
    struct istream *input;

    if (mail_get_hdr_stream_because(mail, NULL, "header stream", &input) < 0)
        return -1;
    i_stream_unref(&base->data.header_stream);
    base->data.header_stream = i_stream_create_header_filter(
        input, HEADER_FILTER_INCLUDE | HEADER_FILTER_HIDE_BODY | HEADER_FILTER_ADD_MISSING_EOH,
        headers->name, headers->count, *null_header_filter_callback, (void *)NULL);
    *stream_r = base->data.header_stream;
    return 0;
}
