/*
 * Looking for a text in a message (message-search.h). A header is looked at as `Name: value`, a body
 * as one text from its beginning to its end.
 */
#include "message-search.h"

#include "buffer.h"
#include "istream.h"
#include "message-decoder.h"
#include "message-parser.h"
#include "str-find.h"

struct message_search_context {
    normalizer_func_t *normalizer;
    enum message_search_flags flags;
    struct str_find_context *find; /**< NULL: an empty key, which is everywhere */
    struct message_decoder_context *decoder;
    struct message_part *part; /**< whose text was looked at last */
    buffer_t *name;
};

struct message_search_context *message_search_init(const char *normalized_key_utf8,
                                                   normalizer_func_t *normalizer,
                                                   enum message_search_flags flags)
{
    struct message_search_context *ctx = i_new(struct message_search_context, 1);

    ctx->normalizer = normalizer;
    ctx->flags = flags;
    if (normalized_key_utf8[0] != '\0')
        ctx->find = str_find_init(default_pool, normalized_key_utf8);
    ctx->decoder = message_decoder_init(normalizer, 0);
    ctx->name = buffer_create_dynamic(default_pool, 64);
    return ctx;
}

void message_search_deinit(struct message_search_context **_ctx)
{
    struct message_search_context *ctx = *_ctx;

    *_ctx = NULL;
    if (ctx->find != NULL)
        str_find_deinit(&ctx->find);
    message_decoder_deinit(&ctx->decoder);
    buffer_free(&ctx->name);
    i_free(ctx);
}

static bool search_header(struct message_search_context *ctx, const struct message_header_line *hdr)
{
    if ((ctx->flags & MESSAGE_SEARCH_FLAG_SKIP_HEADERS) != 0)
        return FALSE;
    buffer_set_used_size(ctx->name, 0);
    if (ctx->normalizer != NULL)
        (void)ctx->normalizer(hdr->name, hdr->name_len, ctx->name);
    else
        buffer_append(ctx->name, hdr->name, hdr->name_len);
    if (hdr->name_len > 0)
        buffer_append(ctx->name, ": ", 2);
    str_find_reset(ctx->find);
    return str_find_more(ctx->find, ctx->name->data, ctx->name->used) ||
           str_find_more(ctx->find, hdr->full_value, hdr->full_value_len);
}

bool message_search_more_decoded(struct message_search_context *ctx, struct message_block *block)
{
    if (ctx->find == NULL)
        return TRUE;
    if (block->hdr != NULL) {
        ctx->part = NULL;
        return search_header(ctx, block->hdr);
    }
    if (block->part != ctx->part) {
        str_find_reset(ctx->find);
        ctx->part = block->part;
    }
    return str_find_more(ctx->find, block->data, block->size);
}

bool message_search_more_get_decoded(struct message_search_context *ctx,
                                     struct message_block *raw_block,
                                     struct message_block *decoded_block_r)
{
    i_zero(decoded_block_r);
    decoded_block_r->part = raw_block->part;
    return message_decoder_decode_next_block(ctx->decoder, raw_block, decoded_block_r) &&
           message_search_more_decoded(ctx, decoded_block_r);
}

bool message_search_more(struct message_search_context *ctx, struct message_block *raw_block)
{
    struct message_block decoded;

    return message_search_more_get_decoded(ctx, raw_block, &decoded);
}

void message_search_reset(struct message_search_context *ctx)
{
    ctx->part = NULL;
    if (ctx->find != NULL)
        str_find_reset(ctx->find);
    message_decoder_decode_reset(ctx->decoder);
}

int message_search_msg(struct message_search_context *ctx, struct istream *input,
                       struct message_part *parts ATTR_UNUSED, const char **error_r)
{
    const struct message_parser_settings set = {.hdr_flags =
                                                    MESSAGE_HEADER_PARSER_FLAG_CLEAN_ONELINE};
    struct message_parser_ctx *parser;
    struct message_part *tree;
    struct message_block raw;
    bool found = FALSE;
    pool_t pool = pool_alloconly_create(MEMPOOL_GROWING "message search", 1024);

    message_search_reset(ctx);
    parser = message_parser_init(pool, input, &set);
    while (!found && message_parser_parse_next_block(parser, &raw) > 0)
        found = message_search_more(ctx, &raw);
    message_parser_deinit(&parser, &tree);
    message_search_reset(ctx);
    pool_unref(&pool);
    if (!found && input->stream_errno != 0) {
        *error_r = t_strdup(i_stream_get_error(input));
        return -1;
    }
    return found ? 1 : 0;
}
