/*
 * Message ids (message-id.h): `<` local-part `@` domain `>`, with quoting taken away where it says
 * nothing, so that equal ids are equal strings.
 */
#include "message-id.h"

#include "rfc822-parser.h"
#include "str.h"

/** No id is longer; what is behind this is not even looked at. */
#define ID_MAX 2048

static bool parse_left(struct rfc822_parser_context *parser, string_t *id)
{
    int ret;

    if (*parser->data == '"') {
        string_t *quoted = t_str_new(64);
        const unsigned char *byte;
        bool plain = TRUE;

        ret = rfc822_parse_quoted_string(parser, quoted);
        if (ret <= 0)
            return FALSE;
        for (byte = str_data(quoted); byte < str_data(quoted) + str_len(quoted); byte++)
            plain = plain && (IS_ATEXT(*byte) || *byte == '.');
        if (plain && str_len(quoted) > 0) {
            str_append_str(id, quoted);
        } else {
            str_append_c(id, '"');
            str_append_str(id, quoted);
            str_append_c(id, '"');
        }
        return TRUE;
    }
    return rfc822_parse_dot_atom(parser, id) > 0;
}

/** One id; `*msgid_p`, behind the `<`, moves as far as was read. */
static const char *parse_id(const char **msgid_p)
{
    const unsigned char *data = (const unsigned char *)*msgid_p;
    struct rfc822_parser_context parser;
    string_t *id = t_str_new(128);
    bool valid;

    rfc822_parser_init(&parser, data, strnlen(*msgid_p, ID_MAX), NULL);
    valid = rfc822_skip_lwsp(&parser) > 0 && parse_left(&parser, id) && *parser.data == '@';
    if (valid) {
        str_append_c(id, '@');
        valid = rfc822_parse_domain(&parser, id) > 0 && *parser.data == '>';
    }
    if (valid)
        parser.data++;
    *msgid_p += parser.data - data;
    rfc822_parser_deinit(&parser);
    return valid ? str_c(id) : NULL;
}

const char *message_id_get_next(const char **msgid_p)
{
    const char *id;

    while (*(*msgid_p += strcspn(*msgid_p, "<")) == '<') {
        (*msgid_p)++;
        id = parse_id(msgid_p);
        if (id != NULL)
            return id;
    }
    return NULL;
}
