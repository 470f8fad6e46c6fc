/*
 * The beginning of what a message says, for lists of messages (RFC 8970): the first text part, in one
 * line, without markup and without what it quotes from the message it answers. When all of it is
 * quoted, the quotation.
 */
#include "lib.h"

#include "base.h"
#include "message-decoder.h"
#include "message-parser.h"
#include "str.h"

/* '1': in this form. */
#define SNIPPET_ALGORITHM "1"

enum { SNIPPET_MAX_CHARS = 200 };

struct snippet {
    string_t *said, *quoted;
    unsigned int said_chars, quoted_chars;
    bool html;
    bool in_tag, line_start, quote, space;
};

static void add_char(struct snippet *snippet, const unsigned char *bytes, unsigned int size)
{
    string_t *dest = snippet->quote ? snippet->quoted : snippet->said;
    unsigned int *chars = snippet->quote ? &snippet->quoted_chars : &snippet->said_chars;

    if (*chars + 2 > SNIPPET_MAX_CHARS)
        return;
    if (snippet->space && str_len(dest) > 0) {
        str_append_c(dest, ' ');
        (*chars)++;
    }
    snippet->space = false;
    str_append_data(dest, bytes, size);
    (*chars)++;
}

/* Line ends, quoting and tags; true when the byte itself is not a part of the text. */
static bool is_structure(struct snippet *snippet, unsigned char c)
{
    if (c == '\n') {
        snippet->line_start = true;
        snippet->quote = false;
        snippet->space = true;
        return true;
    }
    if (snippet->line_start && c == '>' && !snippet->html) {
        snippet->quote = true;
        return true;
    }
    if (snippet->html && (c == '<' || c == '>')) {
        snippet->in_tag = c == '<';
        snippet->space = true;
        return true;
    }
    if (c <= ' ') {
        snippet->space = true;
        return true;
    }
    return snippet->in_tag;
}

static void add_text(struct snippet *snippet, const unsigned char *text, size_t size)
{
    unsigned int length;

    for (size_t i = 0; i < size; i += length) {
        length = uni_utf8_char_bytes((char)text[i]);
        if (i + length > size)
            return; /* the decoder gives whole characters */
        if (length == 1 && is_structure(snippet, text[i]))
            continue;
        snippet->line_start = false;
        add_char(snippet, text + i, length);
    }
}

static bool is_full(const struct snippet *snippet)
{
    return snippet->said_chars + 2 > SNIPPET_MAX_CHARS;
}

/* Whether the part that begins is the one to show: text, and not an attachment of a later one. */
static bool wants_part(const struct message_part *part, const char *content_type, bool *html_r)
{
    *html_r = content_type != NULL && strcasecmp(content_type, "text/html") == 0;
    return (part->flags & MESSAGE_PART_FLAG_TEXT) != 0 || content_type == NULL || *html_r;
}

static void read_blocks(struct snippet *snippet, struct message_parser_ctx *parser,
                        struct message_decoder_context *decoder)
{
    struct message_block raw, decoded;
    const struct message_part *chosen = NULL;
    const char *content_type;

    while (!is_full(snippet) && message_parser_parse_next_block(parser, &raw) > 0) {
        if (chosen != NULL && raw.part != chosen)
            return;
        if (!message_decoder_decode_next_block(decoder, &raw, &decoded) || decoded.hdr != NULL ||
            decoded.size == 0)
            continue;
        if (chosen == NULL) {
            content_type = message_decoder_current_content_type(decoder);
            if (!wants_part(raw.part, content_type, &snippet->html))
                continue;
            chosen = raw.part;
        }
        add_text(snippet, decoded.data, decoded.size);
    }
}

static const char *make_snippet(pool_t pool, struct istream *input)
{
    static const struct message_parser_settings settings = {.flags = 0};
    struct snippet snippet = {.line_start = true};
    struct message_decoder_context *decoder = message_decoder_init(NULL, 0);
    struct message_parser_ctx *parser;
    struct message_part *parts;

    snippet.said = t_str_new(256);
    snippet.quoted = t_str_new(256);
    parser = message_parser_init(pool_datastack_create(), input, &settings);
    read_blocks(&snippet, parser, decoder);
    message_parser_deinit(&parser, &parts);
    message_decoder_deinit(&decoder);
    if (snippet.said_chars > 0)
        return p_strconcat(pool, SNIPPET_ALGORITHM, str_c(snippet.said), NULL);
    if (snippet.quoted_chars > 0)
        return p_strconcat(pool, SNIPPET_ALGORITHM, "> ", str_c(snippet.quoted), NULL);
    return SNIPPET_ALGORITHM;
}

int mail_base_get_snippet(struct mail *mail, const char **value_r)
{
    struct mail_base *base = mail_base_of(mail);
    struct istream *input;

    if (base->data.snippet == NULL &&
        !mail_base_recall_string(mail, "snippet", &base->data.snippet)) {
        if (mail_get_stream_because(mail, NULL, NULL, "snippet", &input) < 0)
            return -1;
        T_BEGIN
        {
            base->data.snippet = make_snippet(base->mail.data_pool, input);
        }
        T_END;
        if (input->stream_errno != 0) {
            base->data.snippet = NULL;
            return mail_base_stream_failed(mail, input);
        }
        mail_base_remember_string(mail, "snippet", base->data.snippet);
    }
    *value_r = base->data.snippet;
    return 0;
}
