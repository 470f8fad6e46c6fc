/*
 * Content-Type and the parameters that MIME headers share (RFC 2045 §5.1).
 */
#include "rfc822-parser.h"

#include "str.h"

int rfc822_parse_content_type(struct rfc822_parser_context *ctx, string_t *str)
{
    size_t begun = str_len(str);
    int ret;

    if (rfc822_skip_lwsp(ctx) <= 0)
        return -1;
    ret = rfc822_parse_mime_token(ctx, str);
    if (ret <= 0 || str_len(str) == begun || *ctx->data != '/')
        return -1;
    ctx->data++;
    if (rfc822_skip_lwsp(ctx) <= 0)
        return -1;
    str_append_c(str, '/');
    begun = str_len(str);
    ret = rfc822_parse_mime_token(ctx, str);
    return str_len(str) == begun ? -1 : ret;
}

/** A value that is no quoted string: up to the next `;`, because many forget the quotes. */
static int parse_bare_value(struct rfc822_parser_context *ctx, string_t *value)
{
    for (; ctx->data < ctx->end; ctx->data++) {
        switch (*ctx->data) {
        case ';':
        case ' ':
        case '\t':
        case '\r':
        case '\n':
            return rfc822_skip_lwsp(ctx);
        case '(':
            if (str_len(value) == 0)
                return rfc822_skip_lwsp(ctx);
            break;
        case '\0':
            if (ctx->nul_replacement_str != NULL) {
                str_append(value, ctx->nul_replacement_str);
                continue;
            }
            break;
        default:
            break;
        }
        str_append_c(value, *ctx->data);
    }
    return 0;
}

int rfc822_parse_content_param(struct rfc822_parser_context *ctx, const char **key_r,
                               string_t *value)
{
    string_t *key;

    *key_r = NULL;
    str_truncate(value, 0);
    if (ctx->data >= ctx->end)
        return 0;
    if (*ctx->data != ';')
        return -1;
    ctx->data++;
    if (rfc822_skip_lwsp(ctx) <= 0)
        return 0;
    key = t_str_new(64);
    if (rfc822_parse_mime_token(ctx, key) <= 0 || str_len(key) == 0 || *ctx->data != '=')
        return -1;
    ctx->data++;
    if (rfc822_skip_lwsp(ctx) > 0) {
        int ret = *ctx->data == '"' ? rfc822_parse_quoted_string(ctx, value)
                                    : parse_bare_value(ctx, value);

        if (ret < 0)
            return -1;
    }
    *key_r = str_c(key);
    return 1;
}
