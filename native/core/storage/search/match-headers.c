/*
 * The third stage: headers, decoded.
 *
 * An address header is looked at as it was written and as its addresses are, each `name
 * <mailbox@domain>`, so that neither comments and quotes nor white space hide an address.
 */
#include "search/search-context.h"

#include "message-address.h"
#include "message-header-decode.h"
#include "search/search-key.h"
#include "str.h"

/** An empty key matches every mail that has the header. */
static bool value_matches(const struct mail_search_arg *arg, const struct search_key *key,
                          const char *value)
{
    if (arg->type == SEARCH_HEADER_COMPRESS_LWSP)
        return search_key_is_in_squeezed(key, value);
    return search_key_is_in(key, value);
}

static const char *decoded(const char *text)
{
    string_t *dest = t_str_new(64);

    message_header_decode_utf8((const unsigned char *)text, strlen(text), dest, NULL);
    return str_c(dest);
}

/** The addresses of a header as one text, with their names decoded. */
static const char *addresses_text(const char *value)
{
    const struct message_address *addr;
    string_t *text = t_str_new(128);

    addr = message_address_parse(pool_datastack_create(), (const unsigned char *)value,
                                 strlen(value), UINT_MAX, 0);
    for (; addr != NULL; addr = addr->next) {
        if (str_len(text) > 0)
            str_append(text, ", ");
        if (addr->name != NULL)
            str_printfa(text, "%s ", decoded(addr->name));
        if (addr->mailbox == NULL)
            continue;
        if (addr->domain == NULL || addr->domain[0] == '\0')
            str_append(text, decoded(addr->mailbox));
        else
            str_printfa(text, "<%s@%s>", addr->mailbox, addr->domain);
    }
    return str_c(text);
}

static int match_addresses(struct index_search_context *ctx, const struct mail_search_arg *arg,
                           const struct search_key *key)
{
    const char *const *values;
    int ret = mail_get_headers(ctx->mail, arg->hdr_field_name, &values);

    for (; ret > 0 && *values != NULL; values++) {
        if (search_key_is_in(key, addresses_text(*values)))
            return 1;
    }
    return ret < 0 ? -1 : 0;
}

static int match_header(struct index_search_context *ctx, struct mail_search_arg *arg)
{
    const struct search_key *key = search_key_get(arg, ctx->mail_ctx.normalizer);
    const char *const *values;
    int ret = mail_get_headers_utf8(ctx->mail, arg->hdr_field_name, &values);

    if (ret <= 0)
        return ret;
    for (; *values != NULL; values++) {
        if (value_matches(arg, key, *values))
            return 1;
    }
    return arg->type == SEARCH_HEADER_ADDRESS ? match_addresses(ctx, arg, key) : 0;
}

static void match_arg(struct mail_search_arg *arg, struct index_search_context *ctx)
{
    int ret;

    switch (arg->type) {
    case SEARCH_BEFORE:
    case SEARCH_ON:
    case SEARCH_SINCE:
        ret = search_match_date(ctx->mail, arg);
        break;
    case SEARCH_HEADER:
    case SEARCH_HEADER_ADDRESS:
    case SEARCH_HEADER_COMPRESS_LWSP:
        ret = match_header(ctx, arg);
        break;
    default:
        return;
    }
    if (ret < 0)
        search_arg_failed(ctx, ctx->mail, arg);
    else
        ARG_SET_RESULT(arg, ret);
}

int search_match_headers(struct index_search_context *ctx, struct mail *mail)
{
    ctx->mail = mail;
    return mail_search_args_foreach(ctx->mail_ctx.args->args, match_arg, ctx);
}
