/*
 * Parsing a message in two steps, its header and the rest, for those who want callbacks instead of
 * blocks.
 */
#include "message-parser.h"

static void null_callback(struct message_part *part ATTR_UNUSED,
                          struct message_header_line *hdr ATTR_UNUSED, void *context ATTR_UNUSED)
{
}
message_part_header_callback_t *null_message_part_header_callback = null_callback;

#undef message_parser_parse_header
void message_parser_parse_header(struct message_parser_ctx *ctx, struct message_size *hdr_size,
                                 message_part_header_callback_t *callback, void *context)
{
    struct message_part *part = NULL;
    struct message_block block;
    int ret;

    i_zero(hdr_size);
    while ((ret = message_parser_parse_next_block(ctx, &block)) > 0) {
        part = block.part;
        callback(part, block.hdr, context);
        if (block.hdr == NULL)
            break;
    }
    i_assert(ret != 0);
    if (part == NULL)
        return;
    *hdr_size = part->header_size;
    if (ret < 0)
        callback(part, NULL, context);
}

#undef message_parser_parse_body
void message_parser_parse_body(struct message_parser_ctx *ctx,
                               message_part_header_callback_t *hdr_callback, void *context)
{
    struct message_block block;
    int ret;

    while ((ret = message_parser_parse_next_block(ctx, &block)) > 0) {
        if (block.size == 0 && hdr_callback != NULL)
            hdr_callback(block.part, block.hdr, context);
    }
    i_assert(ret != 0);
}
