/*
 * Decoding the blocks of a message into UTF-8 (message-decoder.h): headers by their encoded words,
 * bodies by what the headers of their part said.
 *
 * Bodies in an unknown charset or encoding are taken for UTF-8 as they are; pictures, sounds and
 * videos are left out unless their bytes are asked for, as RFC 9051 §6.4.4 allows in searches.
 */
#include "message-decoder.h"

#include "buffer.h"
#include "charset-utf8.h"
#include "format/mime-encoding.h"
#include "message-header-decode.h"
#include "message-parser.h"
#include "qp-decoder.h"
#include "rfc2231-parser.h"
#include "rfc822-parser.h"
#include "str.h"

struct message_decoder_context {
    normalizer_func_t *normalizer;
    enum message_decoder_flags flags;

    struct message_part *part; /**< the one being decoded */
    struct message_header_line hdr;
    buffer_t *text; /**< what is given to the caller */

    enum message_cte cte;
    char *content_type, *charset; /**< NULL: the header says none */
    bool body_begun;

    struct qp_decoder *qp; /**< writes to `bytes` */
    struct mime_base64 base64;
    buffer_t *bytes; /**< transfer-decoded, not yet translated */

    struct charset_translation *translation;
    char *translation_charset;
};

struct message_decoder_context *message_decoder_init(normalizer_func_t *normalizer,
                                                     enum message_decoder_flags flags)
{
    struct message_decoder_context *ctx = i_new(struct message_decoder_context, 1);

    ctx->normalizer = normalizer;
    ctx->flags = flags;
    ctx->text = buffer_create_dynamic(default_pool, 8192);
    ctx->bytes = buffer_create_dynamic(default_pool, 8192);
    ctx->qp = qp_decoder_init(ctx->bytes);
    return ctx;
}

static void end_translation(struct message_decoder_context *ctx)
{
    if (ctx->translation != NULL)
        charset_to_utf8_end(&ctx->translation);
    i_free(ctx->translation_charset);
}

void message_decoder_deinit(struct message_decoder_context **_ctx)
{
    struct message_decoder_context *ctx = *_ctx;

    *_ctx = NULL;
    end_translation(ctx);
    qp_decoder_deinit(&ctx->qp);
    buffer_free(&ctx->text);
    buffer_free(&ctx->bytes);
    i_free(ctx->content_type);
    i_free(ctx->charset);
    i_free(ctx);
}

void message_decoder_set_return_binary(struct message_decoder_context *ctx, bool set)
{
    ctx->flags = set ? ctx->flags | MESSAGE_DECODER_FLAG_RETURN_BINARY
                     : ctx->flags & ENUM_NEGATE(MESSAGE_DECODER_FLAG_RETURN_BINARY);
}

static void begin_part(struct message_decoder_context *ctx, struct message_part *part)
{
    const char *error;

    ctx->part = part;
    ctx->cte = MESSAGE_CTE_78BIT;
    ctx->body_begun = FALSE;
    i_free(ctx->content_type);
    i_free(ctx->charset);
    ctx->base64 = (struct mime_base64){0, 0};
    (void)qp_decoder_finish(ctx->qp, &error);
    buffer_set_used_size(ctx->bytes, 0);
}

void message_decoder_decode_reset(struct message_decoder_context *ctx)
{
    begin_part(ctx, NULL);
}

const char *message_decoder_current_content_type(struct message_decoder_context *ctx)
{
    return ctx->content_type;
}

/* ---- Headers ------------------------------------------------------------------------------------ */

enum message_cte message_decoder_parse_cte(const struct message_header_line *hdr)
{
    static const struct {
        const char *name;
        enum message_cte cte;
    } names[] = {{"7bit", MESSAGE_CTE_78BIT},
                 {"8bit", MESSAGE_CTE_78BIT},
                 {"binary", MESSAGE_CTE_BINARY},
                 {"quoted-printable", MESSAGE_CTE_QP},
                 {"base64", MESSAGE_CTE_BASE64}};
    struct rfc822_parser_context parser;
    string_t *value = t_str_new(64);

    rfc822_parser_init(&parser, hdr->full_value, hdr->full_value_len, NULL);
    rfc822_skip_lwsp(&parser);
    (void)rfc822_parse_mime_token(&parser, value);
    rfc822_parser_deinit(&parser);
    for (unsigned int i = 0; i < N_ELEMENTS(names); i++) {
        if (strcasecmp(str_c(value), names[i].name) == 0)
            return names[i].cte;
    }
    return MESSAGE_CTE_UNKNOWN;
}

static void parse_content_type(struct message_decoder_context *ctx,
                               const struct message_header_line *hdr)
{
    struct rfc822_parser_context parser;
    const char *const *params;
    string_t *type = t_str_new(64);

    rfc822_parser_init(&parser, hdr->full_value, hdr->full_value_len, NULL);
    if (rfc822_parse_content_type(&parser, type) >= 0) {
        ctx->content_type = i_strdup(str_c(type));
        rfc2231_parse(&parser, &params);
        for (; *params != NULL && ctx->charset == NULL; params += 2) {
            if (strcasecmp(params[0], "charset") == 0)
                ctx->charset = i_strdup(params[1]);
        }
    }
    rfc822_parser_deinit(&parser);
}

static bool decode_header(struct message_decoder_context *ctx, struct message_block *input,
                          struct message_block *output)
{
    struct message_header_line *hdr = input->hdr;

    if (hdr->continues) {
        hdr->use_full_value = TRUE;
        return FALSE;
    }
    T_BEGIN
    {
        if (strcasecmp(hdr->name, "Content-Type") == 0 && ctx->content_type == NULL)
            parse_content_type(ctx, hdr);
        else if (strcasecmp(hdr->name, "Content-Transfer-Encoding") == 0)
            ctx->cte = message_decoder_parse_cte(hdr);
    }
    T_END;
    buffer_set_used_size(ctx->text, 0);
    message_header_decode_utf8(hdr->full_value, hdr->full_value_len, ctx->text, ctx->normalizer);
    ctx->hdr = *hdr;
    ctx->hdr.full_value = ctx->text->data;
    ctx->hdr.full_value_len = ctx->text->used;
    ctx->hdr.value_len = 0;
    output->hdr = &ctx->hdr;
    return TRUE;
}

/* ---- Bodies ------------------------------------------------------------------------------------- */

/** The translation for this part; one is kept from part to part and mail to mail. */
static void begin_translation(struct message_decoder_context *ctx)
{
    const char *charset = ctx->charset == NULL ? "UTF-8" : ctx->charset;

    if (ctx->translation != NULL && strcasecmp(ctx->translation_charset, charset) == 0) {
        charset_to_utf8_reset(ctx->translation);
        return;
    }
    end_translation(ctx);
    if (charset_to_utf8_begin(charset, ctx->normalizer, &ctx->translation) < 0)
        ctx->translation = charset_utf8_to_utf8_begin(ctx->normalizer);
    ctx->translation_charset = i_strdup(charset);
}

static bool type_begins(const struct message_decoder_context *ctx, const char *with)
{
    return ctx->content_type != NULL && strncasecmp(ctx->content_type, with, strlen(with)) == 0;
}

static bool is_text(const struct message_decoder_context *ctx)
{
    return ctx->content_type == NULL || type_begins(ctx, "text/") || type_begins(ctx, "message/");
}

static bool is_media(const struct message_decoder_context *ctx)
{
    return type_begins(ctx, "image/") || type_begins(ctx, "audio/") || type_begins(ctx, "video/") ||
           type_begins(ctx, "font/");
}

static void translate(struct message_decoder_context *ctx, const unsigned char *data, size_t size)
{
    size_t taken = size;

    buffer_set_used_size(ctx->text, 0);
    (void)charset_to_utf8(ctx->translation, data, &taken, ctx->text);
    /* The beginning of a character whose end comes with the next block. */
    if (data == ctx->bytes->data)
        buffer_delete(ctx->bytes, 0, taken);
    else
        buffer_append(ctx->bytes, data + taken, size - taken);
}

/** Takes the transfer encoding off; FALSE when the input can be translated as it is. */
static bool decode_transfer(struct message_decoder_context *ctx, const struct message_block *input)
{
    size_t invalid_pos;
    const char *error;

    switch (ctx->cte) {
    case MESSAGE_CTE_QP:
        (void)qp_decoder_more(ctx->qp, input->data, input->size, &invalid_pos, &error);
        return TRUE;
    case MESSAGE_CTE_BASE64:
        mime_base64_decode(&ctx->base64, input->data, input->size, ctx->bytes);
        return TRUE;
    case MESSAGE_CTE_UNKNOWN:
    case MESSAGE_CTE_78BIT:
    case MESSAGE_CTE_BINARY:
        break;
    }
    if (ctx->bytes->used == 0)
        return FALSE;
    buffer_append(ctx->bytes, input->data, input->size);
    return TRUE;
}

static bool decode_body(struct message_decoder_context *ctx, struct message_block *input,
                        struct message_block *output)
{
    bool raw = (ctx->flags & MESSAGE_DECODER_FLAG_RETURN_BINARY) != 0 && !is_text(ctx);
    bool decoded;

    if (!ctx->body_begun) {
        ctx->body_begun = TRUE;
        if (!raw)
            begin_translation(ctx);
    }
    output->size = 0;
    if (!raw && is_media(ctx))
        return TRUE;
    decoded = decode_transfer(ctx, input);
    if (raw) {
        buffer_set_used_size(ctx->text, 0);
        if (decoded)
            buffer_append_buf(ctx->text, ctx->bytes, 0, SIZE_MAX);
        else
            buffer_append(ctx->text, input->data, input->size);
        buffer_set_used_size(ctx->bytes, 0);
    } else if (decoded) {
        translate(ctx, ctx->bytes->data, ctx->bytes->used);
    } else {
        translate(ctx, input->data, input->size);
    }
    output->data = ctx->text->data;
    output->size = ctx->text->used;
    return output->size > 0;
}

bool message_decoder_decode_next_block(struct message_decoder_context *ctx,
                                       struct message_block *input, struct message_block *output)
{
    if (input->part != ctx->part)
        begin_part(ctx, input->part);
    *output = *input;
    if (input->hdr != NULL)
        return decode_header(ctx, input, output);
    if (input->size == 0)
        return TRUE;
    return decode_body(ctx, input, output);
}
