/*
 * Parsing address lists (message-address.h). Writing them is in message-address-write.c.
 *
 * Mails hold much that is no address: what cannot be parsed is skipped up to the next comma, and what
 * could be read of it is kept with invalid_syntax set, so that nothing a person wrote is hidden.
 * Every byte is looked at once.
 */
#include "message-address.h"

#include "message-header-parser.h"
#include "rfc822-parser.h"
#include "str.h"

struct address_parser {
    pool_t pool;
    struct rfc822_parser_context parser;
    enum message_address_parse_flags flags;
    unsigned int room; /**< how many more may be appended */
    struct message_address_list list;
    bool in_group;

    /* Of the address being read. */
    string_t *phrase; /**< its words, with one space between */
    string_t *local;  /**< the same words as a local part: no space around dots */
    string_t *domain, *route, *comment;
    bool invalid;
};

static void append(struct address_parser *ctx, const struct message_address *addr)
{
    struct message_address *copy;

    if (ctx->room == 0)
        return;
    ctx->room--;
    copy = p_new(ctx->pool, struct message_address, 1);
    *copy = *addr;
    copy->prev = ctx->list.tail;
    if (ctx->list.tail != NULL)
        ctx->list.tail->next = copy;
    else
        ctx->list.head = copy;
    ctx->list.tail = copy;
    ctx->list.count++;
}

static const char *pool_text(struct address_parser *ctx, const string_t *str)
{
    return message_header_strdup(ctx->pool, str_data(str), str_len(str));
}

static const char *pool_text_or(struct address_parser *ctx, const string_t *str,
                                const char *missing)
{
    if (str_len(str) > 0)
        return pool_text(ctx, str);
    return (ctx->flags & MESSAGE_ADDRESS_PARSE_FLAG_FILL_MISSING) != 0 ? missing : "";
}

static bool dots_are_strict(const string_t *local)
{
    const unsigned char *text = str_data(local);
    size_t length = str_len(local);

    return length == 0 ||
           (text[0] != '.' && text[length - 1] != '.' && memmem(text, length, "..", 2) == NULL);
}

/** Appends what was read; `name` may be empty. */
static void append_address(struct address_parser *ctx, const string_t *name)
{
    struct message_address addr;

    i_zero(&addr);
    if (str_len(name) > 0)
        addr.name = pool_text(ctx, name);
    if (str_len(ctx->route) > 0)
        addr.route = pool_text(ctx, ctx->route);
    if ((ctx->flags & MESSAGE_ADDRESS_PARSE_FLAG_STRICT_DOTS) != 0 && !dots_are_strict(ctx->local))
        ctx->invalid = TRUE;
    addr.mailbox = pool_text_or(ctx, ctx->local, "MISSING_MAILBOX");
    addr.domain = pool_text_or(ctx, ctx->domain, "MISSING_DOMAIN");
    addr.invalid_syntax = ctx->invalid;
    append(ctx, &addr);
}

static bool ends_word(unsigned char byte)
{
    return strchr("\"<>@,:;( \t\r\n", byte) != NULL && byte != '\0';
}

/** Reads words into phrase and local. 1: something else follows, 0: the end, -1: invalid. */
static int read_words(struct address_parser *ctx)
{
    struct rfc822_parser_context *parser = &ctx->parser;
    bool first = TRUE;
    int ret;

    while (parser->data < parser->end && (*parser->data == '"' || !ends_word(*parser->data))) {
        size_t local_len = str_len(ctx->local);
        const unsigned char *start = parser->data;

        if (!first)
            str_append_c(ctx->phrase, ' ');
        if (!first && *start != '.' &&
            (local_len == 0 || str_data(ctx->local)[local_len - 1] != '.'))
            str_append_c(ctx->local, ' ');
        first = FALSE;
        if (*start == '"') {
            size_t begin = str_len(ctx->phrase);

            ret = rfc822_parse_quoted_string(parser, ctx->phrase);
            str_append_data(ctx->local, str_data(ctx->phrase) + begin,
                            str_len(ctx->phrase) - begin);
        } else {
            while (parser->data < parser->end && !ends_word(*parser->data))
                parser->data++;
            str_append_data(ctx->phrase, start, (size_t)(parser->data - start));
            str_append_data(ctx->local, start, (size_t)(parser->data - start));
            ret = rfc822_skip_lwsp(parser);
        }
        if (ret <= 0)
            return ret;
    }
    return parser->data < parser->end ? 1 : 0;
}

/** `@domain` at this place. */
static int read_domain(struct address_parser *ctx)
{
    int ret = rfc822_parse_domain(&ctx->parser, ctx->domain);

    if (ret < 0 || str_len(ctx->domain) == 0)
        ctx->invalid = TRUE;
    return ret;
}

/** `@domain,@domain:` of RFC 822. */
static int read_route(struct address_parser *ctx)
{
    struct rfc822_parser_context *parser = &ctx->parser;
    int ret = 1;

    while (ret > 0 && *parser->data == '@') {
        if (str_len(ctx->route) > 0)
            str_append_c(ctx->route, ',');
        str_append_c(ctx->route, '@');
        ret = rfc822_parse_domain(parser, ctx->route);
        while (ret > 0 && *parser->data == ',') {
            parser->data++;
            ret = rfc822_skip_lwsp(parser);
        }
    }
    if (ret <= 0 || *parser->data != ':')
        return -1;
    parser->data++;
    return rfc822_skip_lwsp(parser);
}

/** What stands between `<` and `>`. The stream of tokens is behind the `>` afterwards. */
static int read_angle_address(struct address_parser *ctx)
{
    struct rfc822_parser_context *parser = &ctx->parser;
    int ret;

    parser->data++;
    str_truncate(ctx->local, 0);
    ret = rfc822_skip_lwsp(parser);
    if (ret > 0 && *parser->data == '@')
        ret = read_route(ctx);
    if (ret > 0) {
        size_t phrase_len = str_len(ctx->phrase);

        ret = read_words(ctx);
        str_truncate(ctx->phrase, phrase_len);
    }
    if (ret > 0 && *parser->data == '@')
        ret = read_domain(ctx);
    if (ret <= 0 || *parser->data != '>') {
        ctx->invalid = TRUE;
        return ret <= 0 ? ret : -1;
    }
    parser->data++;
    return rfc822_skip_lwsp(parser);
}

static void begin_group(struct address_parser *ctx)
{
    struct message_address addr;

    i_zero(&addr);
    addr.mailbox = pool_text(ctx, ctx->phrase);
    append(ctx, &addr);
    ctx->in_group = TRUE;
}

static void end_group(struct address_parser *ctx)
{
    struct message_address addr;

    i_zero(&addr);
    if (ctx->in_group)
        append(ctx, &addr);
    ctx->in_group = FALSE;
}

static void begin_address(struct address_parser *ctx)
{
    str_truncate(ctx->phrase, 0);
    str_truncate(ctx->local, 0);
    str_truncate(ctx->domain, 0);
    str_truncate(ctx->route, 0);
    str_truncate(ctx->comment, 0);
    ctx->invalid = FALSE;
}

/** Words without an address: one is taken for a local part, several for a name. */
static void append_words(struct address_parser *ctx)
{
    ctx->invalid = TRUE;
    if (str_len(ctx->phrase) == 0)
        return;
    if (strchr(str_c(ctx->phrase), ' ') == NULL) {
        append_address(ctx, ctx->comment);
    } else {
        str_truncate(ctx->local, 0);
        append_address(ctx, ctx->phrase);
    }
}

/** One address, or the beginning of a group. The result as of the parse functions. */
static int read_address(struct address_parser *ctx)
{
    struct rfc822_parser_context *parser = &ctx->parser;
    int ret;

    begin_address(ctx);
    ret = read_words(ctx);
    if (ret <= 0) {
        append_words(ctx);
        return ret;
    }
    switch (*parser->data) {
    case '<':
        ret = read_angle_address(ctx);
        append_address(ctx, ctx->phrase);
        return ret;
    case '@':
        ret = read_domain(ctx);
        append_address(ctx, ctx->comment);
        return ret;
    case ':':
        parser->data++;
        if (ctx->in_group)
            return -1;
        begin_group(ctx);
        return rfc822_skip_lwsp(parser);
    default:
        append_words(ctx);
        return 1;
    }
}

static void read_list(struct address_parser *ctx)
{
    struct rfc822_parser_context *parser = &ctx->parser;
    int ret = rfc822_skip_lwsp(parser);

    while (ret > 0 && ctx->room > 0) {
        if (*parser->data == ',' || *parser->data == ';') {
            if (*parser->data == ';')
                end_group(ctx);
            parser->data++;
            ret = rfc822_skip_lwsp(parser);
            continue;
        }
        ret = read_address(ctx);
        if (ret < 0 || (ret > 0 && (*parser->data == '>' || *parser->data == '@'))) {
            if (ctx->list.tail != NULL && ctx->list.tail->domain != NULL)
                ctx->list.tail->invalid_syntax = TRUE;
            while (parser->data < parser->end && *parser->data != ',' && *parser->data != ';')
                parser->data++;
            ret = parser->data < parser->end ? 1 : 0;
        }
    }
    end_group(ctx);
}

static void parser_init(struct address_parser *ctx, pool_t pool, const unsigned char *data,
                        size_t size, unsigned int max_addresses,
                        enum message_address_parse_flags flags)
{
    i_zero(ctx);
    ctx->pool = pool;
    ctx->flags = flags;
    ctx->room = max_addresses;
    ctx->phrase = t_str_new(128);
    ctx->local = t_str_new(128);
    ctx->domain = t_str_new(128);
    ctx->route = t_str_new(16);
    ctx->comment = t_str_new(128);
    rfc822_parser_init(&ctx->parser, data, size, ctx->comment);
}

void message_address_parse_full(pool_t pool, const unsigned char *data, size_t size,
                                unsigned int max_addresses, enum message_address_parse_flags flags,
                                struct message_address_list *list_r)
{
    struct address_parser ctx;

    if (pool->datastack_pool) {
        parser_init(&ctx, pool, data, size, max_addresses, flags);
        read_list(&ctx);
    } else {
        T_BEGIN
        {
            parser_init(&ctx, pool, data, size, max_addresses, flags);
            read_list(&ctx);
        }
        T_END;
    }
    *list_r = ctx.list;
}

struct message_address *message_address_parse(pool_t pool, const unsigned char *data, size_t size,
                                              unsigned int max_addresses,
                                              enum message_address_parse_flags flags)
{
    struct message_address_list list;

    message_address_parse_full(pool, data, size, max_addresses, flags, &list);
    return list.head;
}

int message_address_parse_path(pool_t pool, const unsigned char *data, size_t size,
                               struct message_address **addr_r)
{
    struct address_parser ctx;
    struct rfc822_parser_context *parser = &ctx.parser;
    int ret;

    parser_init(&ctx, pool, data, size, 1, 0);
    ret = rfc822_skip_lwsp(parser);
    if (ret > 0 && *parser->data == '<') {
        ret = read_angle_address(&ctx);
    } else if (ret > 0) {
        ret = read_words(&ctx);
        ret = ret > 0 && *parser->data == '@' ? read_domain(&ctx) : -1;
    } else {
        ret = -1;
    }
    if (ret != 0 || ctx.invalid || (str_len(ctx.local) == 0) != (str_len(ctx.domain) == 0)) {
        *addr_r = NULL;
        return -1;
    }
    str_truncate(ctx.comment, 0);
    append_address(&ctx, ctx.comment);
    if (str_len(ctx.local) == 0)
        ctx.list.head->mailbox = ctx.list.head->domain = NULL;
    *addr_r = ctx.list.head;
    return 0;
}
