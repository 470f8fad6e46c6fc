/*
 * Tokens of structured headers (RFC 5322 §3.2, RFC 2045 §5.1).
 *
 * All parse functions append to `str`, skip white space and comments after (not before) what they
 * parsed, and answer 1: more data follows, 0: the end of the data, -1: invalid.
 */
#ifndef RFC822_PARSER_H
#define RFC822_PARSER_H

#include "unichar.h"

/** Parameters of one header beyond this number are skipped. */
#define RFC2231_MAX_PARAMS 128

/** The usual nul_replacement_str. */
#define RFC822_NUL_REPLACEMENT_STR UNICODE_REPLACEMENT_CHAR_UTF8

struct rfc822_parser_context {
    const unsigned char *data, *end;
    string_t *last_comment; /**< gets the content of the comment skipped last; may be NULL */
    const char *nul_replacement_str; /**< what NULs become; NULL: they stay */
};

#define IS_ATEXT(c) (rfc822_atext_chars[(int)(unsigned char)(c)] != 0)
/** An atext character that may stand in a MIME token as well. */
#define IS_ATEXT_NON_TSPECIAL(c) ((rfc822_atext_chars[(int)(unsigned char)(c)] & 3) != 0)

DOVECOT_API_BEGIN

extern unsigned char rfc822_atext_chars[256];

void rfc822_parser_init(struct rfc822_parser_context *ctx, const unsigned char *data, size_t size,
                        string_t *last_comment) ATTR_NULL(4);
static inline void rfc822_parser_deinit(struct rfc822_parser_context *ctx)
{
    i_assert(ctx->data <= ctx->end);
    ctx->data = ctx->end = NULL;
}

/** The data points to the `(`. */
int rfc822_skip_comment(struct rfc822_parser_context *ctx);
/** Skips white space and comments. */
int ATTR_NOWARN_UNUSED_RESULT rfc822_skip_lwsp(struct rfc822_parser_context *ctx);
int rfc822_parse_atom(struct rfc822_parser_context *ctx, string_t *str);
/** Atoms with dots between them; white space around the dots is dropped. */
int rfc822_parse_dot_atom(struct rfc822_parser_context *ctx, string_t *str);
/** A dot-atom that ends before `/`, `?` and `=`, without white space inside. */
int rfc822_parse_mime_token(struct rfc822_parser_context *ctx, string_t *str);
/** The data points to the opening quote; quotes and backslashes are not appended. */
int rfc822_parse_quoted_string(struct rfc822_parser_context *ctx, string_t *str);
/** Atoms and quoted strings, one space between them. */
int rfc822_parse_phrase(struct rfc822_parser_context *ctx, string_t *str);
/** The data points to the `@`; a dot-atom or a domain literal. */
int rfc822_parse_domain(struct rfc822_parser_context *ctx, string_t *str);
/** `type/subtype`. */
int rfc822_parse_content_type(struct rfc822_parser_context *ctx, string_t *str);
/**
 * One `; key=value`. The key is on the data stack; `value` is truncated first. 1: there is one,
 * 0: no more, -1: invalid.
 */
int rfc822_parse_content_param(struct rfc822_parser_context *ctx, const char **key_r,
                               string_t *value);

DOVECOT_API_END

#endif
