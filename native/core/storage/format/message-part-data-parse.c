/*
 * Reading MIME headers and envelopes into message-part-data.h's structs, within the limits of one
 * message.
 */
#include "message-part-data.h"

#include "array.h"
#include "message-address.h"
#include "message-header-parser.h"
#include "rfc2231-parser.h"
#include "rfc822-parser.h"
#include "str.h"

const char *message_part_envelope_headers[] = {"Date",        "Subject",    "From", "Sender",
                                               "Reply-To",    "To",         "Cc",   "Bcc",
                                               "In-Reply-To", "Message-ID", NULL};

/* ---- Values ------------------------------------------------------------------------------------- */

static void begin(struct rfc822_parser_context *parser, const struct message_header_line *hdr)
{
    rfc822_parser_init(parser, hdr->full_value, hdr->full_value_len, NULL);
    parser->nul_replacement_str = RFC822_NUL_REPLACEMENT_STR;
    rfc822_skip_lwsp(parser);
}

/** The parameters that follow. */
static void parse_params(struct rfc822_parser_context *parser, pool_t pool,
                         const struct message_part_param **params_r, unsigned int *count_r,
                         struct message_part_data_limits *limits)
{
    const char *const *results;
    struct message_part_param *params;
    unsigned int count;

    rfc2231_parse(parser, &results);
    count = I_MIN(str_array_length(results) / 2, limits->remaining_mime_params);
    if (count == 0)
        return;
    limits->remaining_mime_params -= count;
    params = p_new(pool, struct message_part_param, count);
    for (unsigned int i = 0; i < count; i++, results += 2) {
        params[i].name = p_strdup(pool, results[0]);
        params[i].value = p_strdup(pool, results[1]);
    }
    *params_r = params;
    *count_r = count;
}

static void parse_content_type(struct message_part_data *data, pool_t pool,
                               const struct message_header_line *hdr,
                               struct message_part_data_limits *limits)
{
    struct rfc822_parser_context parser;
    string_t *str = t_str_new(64);
    const char *type, *slash;
    int ret;

    begin(&parser, hdr);
    ret = rfc822_parse_content_type(&parser, str);
    type = str_c(str);
    slash = strchr(type, '/');
    if (ret >= 0 && slash != NULL) {
        data->content_type = p_strdup_until(pool, type, slash);
        data->content_subtype = p_strdup(pool, slash + 1);
        if (ret > 0)
            parse_params(&parser, pool, &data->content_type_params,
                         &data->content_type_params_count, limits);
    }
    rfc822_parser_deinit(&parser);
}

static void parse_token(const char **token_r, pool_t pool, const struct message_header_line *hdr)
{
    struct rfc822_parser_context parser;
    string_t *str = t_str_new(64);

    begin(&parser, hdr);
    if (rfc822_parse_mime_token(&parser, str) >= 0 && str_len(str) > 0)
        *token_r = p_strdup(pool, str_c(str));
    rfc822_parser_deinit(&parser);
}

static void parse_content_disposition(struct message_part_data *data, pool_t pool,
                                      const struct message_header_line *hdr,
                                      struct message_part_data_limits *limits)
{
    struct rfc822_parser_context parser;
    string_t *str = t_str_new(64);
    int ret;

    begin(&parser, hdr);
    ret = rfc822_parse_mime_token(&parser, str);
    if (ret >= 0 && str_len(str) > 0) {
        data->content_disposition = p_strdup(pool, str_c(str));
        if (ret > 0)
            parse_params(&parser, pool, &data->content_disposition_params,
                         &data->content_disposition_params_count, limits);
    }
    rfc822_parser_deinit(&parser);
}

/** Tags with commas between them. */
static void parse_content_language(struct message_part_data *data, pool_t pool,
                                   const struct message_header_line *hdr,
                                   struct message_part_data_limits *limits)
{
    struct rfc822_parser_context parser;
    string_t *str = t_str_new(64);
    ARRAY_TYPE(const_string) tags;
    int ret = 1;

    p_array_init(&tags, pool, 4);
    begin(&parser, hdr);
    while (ret > 0 && parser.data < parser.end && limits->remaining_language_tags > 0) {
        str_truncate(str, 0);
        ret = rfc822_parse_atom(&parser, str);
        if (ret < 0)
            break;
        if (str_len(str) > 0) {
            const char *tag = p_strdup(pool, str_c(str));

            limits->remaining_language_tags--;
            array_push_back(&tags, &tag);
        }
        if (ret == 0 || *parser.data != ',')
            break;
        parser.data++;
        ret = rfc822_skip_lwsp(&parser);
    }
    rfc822_parser_deinit(&parser);
    if (array_count(&tags) == 0)
        return;
    array_append_zero(&tags);
    data->content_language = array_front(&tags);
}

static void parse_text(const char **text_r, pool_t pool, const struct message_header_line *hdr)
{
    *text_r = message_header_strdup(pool, hdr->full_value, hdr->full_value_len);
}

/* ---- Content-* headers -------------------------------------------------------------------------- */

static void parse_content_header(struct message_part_data *data, pool_t pool,
                                 const struct message_header_line *hdr,
                                 struct message_part_data_limits *limits)
{
    const char *name = hdr->name + strlen("Content-");

    /* The first header of each name counts. */
    if (strcasecmp(name, "Type") == 0 && data->content_type == NULL)
        parse_content_type(data, pool, hdr, limits);
    else if (strcasecmp(name, "Transfer-Encoding") == 0 && data->content_transfer_encoding == NULL)
        parse_token(&data->content_transfer_encoding, pool, hdr);
    else if (strcasecmp(name, "Disposition") == 0 && data->content_disposition == NULL)
        parse_content_disposition(data, pool, hdr, limits);
    else if (strcasecmp(name, "Language") == 0 && data->content_language == NULL)
        parse_content_language(data, pool, hdr, limits);
    else if (strcasecmp(name, "ID") == 0 && data->content_id == NULL)
        parse_text(&data->content_id, pool, hdr);
    else if (strcasecmp(name, "Description") == 0 && data->content_description == NULL)
        parse_text(&data->content_description, pool, hdr);
    else if (strcasecmp(name, "MD5") == 0 && data->content_md5 == NULL)
        parse_text(&data->content_md5, pool, hdr);
    else if (strcasecmp(name, "Location") == 0 && data->content_location == NULL)
        parse_text(&data->content_location, pool, hdr);
}

/* ---- Envelopes ---------------------------------------------------------------------------------- */

static void parse_addresses(struct message_address_list *list, pool_t pool,
                            const struct message_header_line *hdr,
                            struct message_part_data_limits *limits)
{
    struct message_address_list parsed;

    message_address_parse_full(pool, hdr->full_value, hdr->full_value_len,
                               limits->remaining_addresses, MESSAGE_ADDRESS_PARSE_FLAG_FILL_MISSING,
                               &parsed);
    if (parsed.head == NULL)
        return;
    limits->remaining_addresses -= I_MIN(parsed.count, limits->remaining_addresses);
    if (list->tail != NULL) {
        parsed.head->prev = list->tail;
        list->tail->next = parsed.head;
    } else {
        list->head = parsed.head;
    }
    list->tail = parsed.tail;
    list->count += parsed.count;
}

static struct message_address_list *address_field(struct message_part_envelope *envelope,
                                                  const char *name)
{
    return strcasecmp(name, "From") == 0       ? &envelope->from
           : strcasecmp(name, "Sender") == 0   ? &envelope->sender
           : strcasecmp(name, "Reply-To") == 0 ? &envelope->reply_to
           : strcasecmp(name, "To") == 0       ? &envelope->to
           : strcasecmp(name, "Cc") == 0       ? &envelope->cc
           : strcasecmp(name, "Bcc") == 0      ? &envelope->bcc
                                               : NULL;
}

static const char **text_field(struct message_part_envelope *envelope, const char *name)
{
    return strcasecmp(name, "Date") == 0          ? &envelope->date
           : strcasecmp(name, "Subject") == 0     ? &envelope->subject
           : strcasecmp(name, "In-Reply-To") == 0 ? &envelope->in_reply_to
           : strcasecmp(name, "Message-ID") == 0  ? &envelope->message_id
                                                  : NULL;
}

void message_part_envelope_parse_from_header(pool_t pool, struct message_part_envelope **_data,
                                             struct message_part_data_limits *limits,
                                             struct message_header_line *hdr)
{
    struct message_part_envelope *envelope;
    struct message_address_list *list;
    const char **text;

    if (*_data == NULL)
        *_data = p_new(pool, struct message_part_envelope, 1);
    envelope = *_data;
    if (hdr == NULL || !str_array_icase_find(message_part_envelope_headers, hdr->name))
        return;
    if (hdr->continues) {
        hdr->use_full_value = TRUE;
        return;
    }
    list = address_field(envelope, hdr->name);
    text = text_field(envelope, hdr->name);
    if (list != NULL)
        parse_addresses(list, pool, hdr, limits);
    else if (text != NULL && *text == NULL)
        parse_text(text, pool, hdr);
}

/* ---- Parts -------------------------------------------------------------------------------------- */

void message_part_data_parse_from_header(pool_t pool, struct message_part *part,
                                         struct message_part_data_limits *limits,
                                         struct message_header_line *hdr)
{
    bool is_message =
        part->parent == NULL || (part->parent->flags & MESSAGE_PART_FLAG_MESSAGE_RFC822) != 0;

    if (part->data == NULL)
        part->data = p_new(pool, struct message_part_data, 1);
    if (hdr == NULL) {
        if (is_message && part->data->envelope == NULL)
            part->data->envelope = p_new(pool, struct message_part_envelope, 1);
        return;
    }
    if (strncasecmp(hdr->name, "Content-", 8) == 0) {
        if (hdr->continues) {
            hdr->use_full_value = TRUE;
            return;
        }
        if (pool->datastack_pool) {
            parse_content_header(part->data, pool, hdr, limits);
        } else {
            T_BEGIN
            {
                parse_content_header(part->data, pool, hdr, limits);
            }
            T_END;
        }
    } else if (is_message) {
        message_part_envelope_parse_from_header(pool, &part->data->envelope, limits, hdr);
    }
}
