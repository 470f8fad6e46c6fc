/*
 * Tokens of structured headers (rfc822-parser.h). Structured content of MIME headers is in
 * rfc822-content.c.
 *
 * Every function looks at each byte a bounded number of times; comments may nest without costing
 * stack.
 */
#include "rfc822-parser.h"

#include "str.h"

/* 1: atext (RFC 5322) that may stand in a token of MIME too, 4: atext that may not. */
#define T 1, 1, 1, 1, 1, 1, 1, 1
#define HIGH T, T, T, T
unsigned char
    rfc822_atext_chars
        [256] =
            {
                /* clang-format off */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 4, /*  !"#$%&'()*+,-./ */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 4, 0, 4, /* 0-9 :;<=>? */
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, /* [\] ^_ */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0,
    HIGH, HIGH, HIGH, HIGH /* UTF-8 (RFC 6532) */
                /* clang-format on */
};
#undef HIGH
#undef T

void rfc822_parser_init(struct rfc822_parser_context *ctx, const unsigned char *data, size_t size,
                        string_t *last_comment)
{
    i_zero(ctx);
    ctx->data = data;
    ctx->end = data + size;
    ctx->last_comment = last_comment;
}

static int more_data(const struct rfc822_parser_context *ctx)
{
    return ctx->data < ctx->end ? 1 : 0;
}

/** Appends one byte, or what NULs become. */
static void append_byte(const struct rfc822_parser_context *ctx, string_t *str, unsigned char byte)
{
    if (byte == '\0' && ctx->nul_replacement_str != NULL)
        str_append(str, ctx->nul_replacement_str);
    else
        str_append_c(str, byte);
}

int rfc822_skip_comment(struct rfc822_parser_context *ctx)
{
    size_t level = 1;

    i_assert(*ctx->data == '(');
    if (ctx->last_comment != NULL)
        str_truncate(ctx->last_comment, 0);
    for (ctx->data++; ctx->data < ctx->end; ctx->data++) {
        unsigned char byte = *ctx->data;

        if (byte == '\\' && ctx->data + 1 < ctx->end) {
            byte = *++ctx->data;
        } else if (byte == '(') {
            level++;
        } else if (byte == ')') {
            if (--level == 0) {
                ctx->data++;
                return more_data(ctx);
            }
        } else if (byte == '\r' || byte == '\n') {
            continue;
        }
        if (ctx->last_comment != NULL)
            append_byte(ctx, ctx->last_comment, byte);
    }
    return -1;
}

int rfc822_skip_lwsp(struct rfc822_parser_context *ctx)
{
    while (ctx->data < ctx->end) {
        switch (*ctx->data) {
        case ' ':
        case '\t':
        case '\r':
        case '\n':
            ctx->data++;
            break;
        case '(':
            if (rfc822_skip_comment(ctx) < 0)
                return -1;
            break;
        default:
            return 1;
        }
    }
    return 0;
}

int rfc822_parse_atom(struct rfc822_parser_context *ctx, string_t *str)
{
    const unsigned char *start = ctx->data;

    while (ctx->data < ctx->end && IS_ATEXT(*ctx->data))
        ctx->data++;
    if (ctx->data == start)
        return -1;
    str_append_data(str, start, (size_t)(ctx->data - start));
    return rfc822_skip_lwsp(ctx);
}

int rfc822_parse_dot_atom(struct rfc822_parser_context *ctx, string_t *str)
{
    int ret;

    if (ctx->data >= ctx->end || !IS_ATEXT(*ctx->data))
        return -1;
    for (;;) {
        while (ctx->data < ctx->end && (IS_ATEXT(*ctx->data) || *ctx->data == '.'))
            str_append_c(str, *ctx->data++);
        ret = rfc822_skip_lwsp(ctx);
        if (ret <= 0)
            return ret;
        if (*ctx->data == '.') {
            /* white space stood before it */
            str_append_c(str, '.');
            ctx->data++;
            ret = rfc822_skip_lwsp(ctx);
            if (ret <= 0)
                return ret;
        } else if (str_len(str) == 0 || str_data(str)[str_len(str) - 1] != '.' ||
                   !IS_ATEXT(*ctx->data)) {
            return 1;
        }
    }
}

int rfc822_parse_mime_token(struct rfc822_parser_context *ctx, string_t *str)
{
    const unsigned char *start = ctx->data;

    while (ctx->data < ctx->end && (IS_ATEXT_NON_TSPECIAL(*ctx->data) || *ctx->data == '.'))
        ctx->data++;
    str_append_data(str, start, (size_t)(ctx->data - start));
    return rfc822_skip_lwsp(ctx);
}

int rfc822_parse_quoted_string(struct rfc822_parser_context *ctx, string_t *str)
{
    i_assert(*ctx->data == '"');
    for (ctx->data++; ctx->data < ctx->end; ctx->data++) {
        unsigned char byte = *ctx->data;

        if (byte == '"') {
            ctx->data++;
            return rfc822_skip_lwsp(ctx);
        }
        if (byte == '\r' || byte == '\n')
            continue;
        if (byte == '\\') {
            if (ctx->data + 1 == ctx->end)
                break;
            byte = *++ctx->data;
            if (byte == '\r' || byte == '\n')
                continue;
        }
        append_byte(ctx, str, byte);
    }
    ctx->data = ctx->end;
    return -1;
}

/** A word of a phrase: initials end with dots, so dots count. */
static int parse_phrase_word(struct rfc822_parser_context *ctx, string_t *str)
{
    const unsigned char *start = ctx->data;

    while (ctx->data < ctx->end && (IS_ATEXT(*ctx->data) || *ctx->data == '.'))
        ctx->data++;
    if (ctx->data == start)
        return -1;
    str_append_data(str, start, (size_t)(ctx->data - start));
    return rfc822_skip_lwsp(ctx);
}

int rfc822_parse_phrase(struct rfc822_parser_context *ctx, string_t *str)
{
    int ret;

    if (ctx->data >= ctx->end)
        return 0;
    if (*ctx->data == '.')
        return -1;
    for (;;) {
        ret =
            *ctx->data == '"' ? rfc822_parse_quoted_string(ctx, str) : parse_phrase_word(ctx, str);
        if (ret <= 0)
            return ret;
        if (*ctx->data != '"' && *ctx->data != '.' && !IS_ATEXT(*ctx->data))
            return 1;
        str_append_c(str, ' ');
    }
}

static int parse_domain_literal(struct rfc822_parser_context *ctx, string_t *str)
{
    size_t begun = str_len(str);

    for (; ctx->data < ctx->end; ctx->data++) {
        if (*ctx->data == '\\' && ctx->data + 1 < ctx->end) {
            ctx->data++;
        } else if (*ctx->data == ']') {
            str_append_c(str, ']');
            ctx->data++;
            return rfc822_skip_lwsp(ctx);
        } else if (*ctx->data == '[' && str_len(str) > begun) {
            return -1;
        } else if (*ctx->data == '\r' || *ctx->data == '\n') {
            continue;
        }
        append_byte(ctx, str, *ctx->data);
    }
    return -1;
}

int rfc822_parse_domain(struct rfc822_parser_context *ctx, string_t *str)
{
    i_assert(*ctx->data == '@');
    ctx->data++;
    if (rfc822_skip_lwsp(ctx) <= 0)
        return -1;
    if (*ctx->data == '[')
        return parse_domain_literal(ctx, str);
    return rfc822_parse_dot_atom(ctx, str);
}
