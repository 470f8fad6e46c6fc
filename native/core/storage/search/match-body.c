/*
 * The last stage: the mail is read once for all BODY and TEXT criteria that are not decided, decoded
 * once, and no further than needed.
 */
#include "search/search-context.h"

#include "array.h"
#include "istream.h"
#include "message-decoder.h"
#include "message-parser.h"
#include "message-search.h"
#include "search/search-key.h"

struct body_stage {
    struct index_search_context *ctx;
    ARRAY(struct mail_search_arg *) args; /**< still looked for */
    bool have_text;                       /**< some want the headers too */
};

static void collect_arg(struct mail_search_arg *arg, struct body_stage *stage)
{
    if (arg->type != SEARCH_BODY && arg->type != SEARCH_TEXT)
        return;
    if (arg->type == SEARCH_TEXT)
        stage->have_text = TRUE;
    message_search_reset(search_key_get(arg, stage->ctx->mail_ctx.normalizer)->message);
    array_push_back(&stage->args, &arg);
}

static void ignore_arg(struct mail_search_arg *arg ATTR_UNUSED, void *context ATTR_UNUSED) {}

static int known_result(struct index_search_context *ctx)
{
    return mail_search_args_foreach(ctx->mail_ctx.args->args, ignore_arg, (void *)NULL);
}

/** TRUE when a criterion was found in the block. */
static bool search_block(struct body_stage *stage, struct message_block *decoded)
{
    bool found = FALSE;

    for (unsigned int i = array_count(&stage->args); i > 0; i--) {
        struct mail_search_arg *arg = array_idx_elem(&stage->args, i - 1);

        if (!message_search_more_decoded(arg->initialized.key->message, decoded))
            continue;
        ARG_SET_RESULT(arg, 1);
        array_delete(&stage->args, i - 1, 1);
        found = TRUE;
    }
    return found;
}

/** Headers that say how the body is to be decoded are needed in any case. */
static bool is_needed(const struct body_stage *stage, const struct message_block *raw)
{
    return raw->hdr == NULL || stage->have_text || strncasecmp(raw->hdr->name, "Content-", 8) == 0;
}

/** Reads until all is decided: 1, 0, or -1 at the end of the mail. */
static int search_stream(struct body_stage *stage, struct istream *input)
{
    static const struct message_parser_settings set = {
        .hdr_flags = MESSAGE_HEADER_PARSER_FLAG_CLEAN_ONELINE};
    struct index_search_context *ctx = stage->ctx;
    struct message_parser_ctx *parser = message_parser_init(ctx->part_pool, input, &set);
    struct message_part *parts;
    struct message_block raw, decoded;
    int result = -1;

    message_decoder_decode_reset(ctx->decoder);
    while (result == -1 && message_parser_parse_next_block(parser, &raw) > 0) {
        i_zero(&decoded);
        if (is_needed(stage, &raw) &&
            message_decoder_decode_next_block(ctx->decoder, &raw, &decoded) &&
            search_block(stage, &decoded))
            result = known_result(ctx);
    }
    message_parser_deinit(&parser, &parts);
    message_decoder_decode_reset(ctx->decoder);
    p_clear(ctx->part_pool);
    return result;
}

static void begin_reading(struct index_search_context *ctx)
{
    if (ctx->decoder != NULL)
        return;
    ctx->decoder = message_decoder_init(ctx->mail_ctx.normalizer, 0);
    ctx->part_pool = pool_alloconly_create(MEMPOOL_GROWING "search parts", 4096);
}

/** What was not found is not there, or could not be looked at. */
static void end_args(struct body_stage *stage, struct mail *mail, bool failed)
{
    struct mail_search_arg *arg;

    array_foreach_elem(&stage->args, arg)
    {
        if (failed)
            search_arg_failed(stage->ctx, mail, arg);
        else
            ARG_SET_RESULT(arg, 0);
    }
}

int search_match_body(struct index_search_context *ctx, struct mail *mail)
{
    struct body_stage stage = {.ctx = ctx};
    struct istream *input;
    int result;

    ctx->mail = mail;
    t_array_init(&stage.args, 8);
    (void)mail_search_args_foreach(ctx->mail_ctx.args->args, collect_arg, &stage);
    if (array_count(&stage.args) == 0)
        return known_result(ctx);
    begin_reading(ctx);
    if (mail_get_stream_because(mail, NULL, NULL, "search", &input) < 0) {
        end_args(&stage, mail, TRUE);
        return known_result(ctx);
    }
    result = search_stream(&stage, input);
    if (result != -1)
        return result;
    if (input->stream_errno != 0)
        mail_set_critical(mail, "read(%s) failed: %s", i_stream_get_name(input),
                          i_stream_get_error(input));
    end_args(&stage, mail, input->stream_errno != 0);
    return known_result(ctx);
}
