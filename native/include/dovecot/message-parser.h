/*
 * MIME messages, block by block, from a stream, in constant memory whatever the message is like.
 *
 * For each part in order: its header lines, one block with neither header nor data at their end,
 * then its body. The tree of parts grows meanwhile; the sizes of a part are complete when the next
 * part has begun or the message has ended.
 */
#ifndef MESSAGE_PARSER_H
#define MESSAGE_PARSER_H

#include "message-header-parser.h"
#include "message-part.h"

enum message_parser_flags {
    /** Give no blocks of bodies. */
    MESSAGE_PARSER_FLAG_SKIP_BODY_BLOCK = 0x01,
    /** A Content-Type without MIME-Version means nothing. */
    MESSAGE_PARSER_FLAG_MIME_VERSION_STRICT = 0x02,
    /** Give preambles and epilogues too. */
    MESSAGE_PARSER_FLAG_INCLUDE_MULTIPART_BLOCKS = 0x04,
    /** Give the boundary lines too, as blocks of the multipart that they divide. */
    MESSAGE_PARSER_FLAG_INCLUDE_BOUNDARIES = 0x08
};

#define MESSAGE_PARSER_DEFAULT_MAX_NESTED_MIME_PARTS 100
#define MESSAGE_PARSER_DEFAULT_MAX_TOTAL_MIME_PARTS 10000
#define MESSAGE_PARSER_DEFAULT_ALL_HEADERS_MAX_SIZE ((size_t)50 * 1024 * 1024)

/** Zero for a limit means its default. What is beyond a limit is body, flagged OVERFLOW. */
struct message_parser_settings {
    enum message_header_parser_flags hdr_flags;
    enum message_parser_flags flags;
    unsigned int max_nested_mime_parts;
    unsigned int max_total_mime_parts;
    size_t all_headers_max_size; /**< values kept for all header blocks together, bytes */
};

struct message_parser_ctx;

/** Valid until the next one is asked for. */
struct message_block {
    struct message_part *part;
    struct message_header_line *hdr; /**< NULL for bodies and for the end of headers */
    const unsigned char *data;
    size_t size; /**< 0 at the end of headers */
};

/** Called for each line, and once with NULL at the end of a part's headers. */
typedef void message_part_header_callback_t(struct message_part *part,
                                            struct message_header_line *hdr, void *context);

DOVECOT_API_BEGIN

extern message_part_header_callback_t *null_message_part_header_callback;

/** Parts are allocated from the pool. The stream is referenced until deinit. */
struct message_parser_ctx *message_parser_init(pool_t part_pool, struct istream *input,
                                               const struct message_parser_settings *set);
void message_parser_deinit(struct message_parser_ctx **ctx, struct message_part **parts_r);

/** 1: a block, 0: the stream would block, -1: the end, or the stream failed. */
int message_parser_parse_next_block(struct message_parser_ctx *ctx, struct message_block *block_r);

/** Parses the message's own header of a blocking stream. */
void message_parser_parse_header(struct message_parser_ctx *ctx, struct message_size *hdr_size,
                                 message_part_header_callback_t *callback, void *context)
    ATTR_NULL(4);
#define message_parser_parse_header(ctx, hdr_size, callback, context)                  \
    message_parser_parse_header(                                                       \
        ctx,                                                                           \
        hdr_size - CALLBACK_TYPECHECK(callback, void (*)(struct message_part *,        \
                                                         struct message_header_line *, \
                                                         __typeof__(context))),        \
        (message_part_header_callback_t *)callback, context)

/** Parses the rest of a blocking stream; the callback sees the headers of inner parts. */
void message_parser_parse_body(struct message_parser_ctx *ctx,
                               message_part_header_callback_t *hdr_callback, void *context)
    ATTR_NULL(3);
#define message_parser_parse_body(ctx, callback, context)                                         \
    message_parser_parse_body(                                                                    \
        ctx, (message_part_header_callback_t *)callback,                                          \
        (void *)((uintptr_t)context -                                                             \
                 CALLBACK_TYPECHECK(callback,                                                     \
                                    void (*)(struct message_part *, struct message_header_line *, \
                                             __typeof__(context)))))

DOVECOT_API_END

#endif
