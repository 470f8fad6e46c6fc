/*
 * Blocks of a MIME message turned into UTF-8: encoded words in headers, transfer encodings and
 * charsets of bodies.
 */
#ifndef MESSAGE_DECODER_H
#define MESSAGE_DECODER_H

#include "unichar.h"

struct message_block;
struct message_header_line;
struct message_decoder_context;

enum message_cte {
    MESSAGE_CTE_UNKNOWN = 0,
    MESSAGE_CTE_78BIT,
    MESSAGE_CTE_BINARY,
    MESSAGE_CTE_QP,
    MESSAGE_CTE_BASE64
};

enum message_decoder_flags {
    /** Bodies that are not text are given too: transfer-decoded, their bytes untouched. */
    MESSAGE_DECODER_FLAG_RETURN_BINARY = 0x02
};

DOVECOT_API_BEGIN

struct message_decoder_context *message_decoder_init(normalizer_func_t *normalizer,
                                                     enum message_decoder_flags flags);
void message_decoder_deinit(struct message_decoder_context **ctx);
void message_decoder_set_return_binary(struct message_decoder_context *ctx, bool set);

/**
 * TRUE when `output` was filled: a whole header (full_value, as UTF-8), the end of headers, or body
 * text. FALSE when the input gave nothing yet. A character cut by the end of a block comes with the
 * next. The output is valid until the next call.
 */
bool message_decoder_decode_next_block(struct message_decoder_context *ctx,
                                       struct message_block *input, struct message_block *output);

/** Of the part that is being decoded, `type/subtype`; NULL when it says none. */
const char *message_decoder_current_content_type(struct message_decoder_context *ctx);
/** Call this between two messages. */
void message_decoder_decode_reset(struct message_decoder_context *ctx);
/** What a Content-Transfer-Encoding header (with its full value) says. */
enum message_cte message_decoder_parse_cte(const struct message_header_line *hdr);

DOVECOT_API_END

#endif
