/*
 * Building criteria (mail-search-build.h): one by one, or from the words of a parser with what a
 * register makes of each key.
 */
#include "mail-search-build.h"

#include "array.h"
#include "charset-utf8.h"
#include "mail-search-parser.h"
#include "str.h"

/** Lists, NOTs and ORs inside each other; every reader of criteria may use recursion. */
#define DEPTH_MAX 100

struct mail_search_args *mail_search_build_init(void)
{
    pool_t pool = pool_alloconly_create(MEMPOOL_GROWING "mail search args", 1024);
    struct mail_search_args *args = p_new(pool, struct mail_search_args, 1);

    args->pool = pool;
    args->refcount = 1;
    return args;
}

static struct mail_search_arg *new_arg(pool_t pool, enum mail_search_arg_type type)
{
    struct mail_search_arg *arg = p_new(pool, struct mail_search_arg, 1);

    arg->type = type;
    arg->result = -1;
    return arg;
}

struct mail_search_arg *mail_search_build_add(struct mail_search_args *args,
                                              enum mail_search_arg_type type)
{
    struct mail_search_arg *arg = new_arg(args->pool, type);

    arg->next = args->args;
    args->args = arg;
    args->simplified = FALSE;
    return arg;
}

void mail_search_build_add_all(struct mail_search_args *args)
{
    (void)mail_search_build_add(args, SEARCH_ALL);
}

void mail_search_build_add_seqset(struct mail_search_args *args, uint32_t seq1, uint32_t seq2)
{
    struct mail_search_arg *arg = mail_search_build_add(args, SEARCH_SEQSET);

    p_array_init(&arg->value.seqset, args->pool, 5);
    seq_range_array_add_range(&arg->value.seqset, seq1, seq2);
}

/* ---- For registers ------------------------------------------------------------------------------ */

struct mail_search_arg *mail_search_build_new(struct mail_search_build_context *ctx,
                                              enum mail_search_arg_type type)
{
    return new_arg(ctx->pool, type);
}

int mail_search_build_get_utf8(struct mail_search_build_context *ctx, const char *input,
                               const char **output_r)
{
    const char *charset = ctx->charset == NULL ? "UTF-8" : ctx->charset;
    string_t *utf8 = t_str_new(64);
    enum charset_result result;

    ctx->charset_checked = TRUE;
    if (charset_to_utf8_str(charset, NULL, input, utf8, &result) < 0) {
        ctx->unknown_charset = TRUE;
        ctx->_error = "Unknown charset";
        return -1;
    }
    if (result != CHARSET_RET_OK) {
        ctx->_error = t_strdup_printf("Search text is not valid %s", charset);
        return -1;
    }
    *output_r = p_strdup(ctx->pool, str_c(utf8));
    return 0;
}

struct mail_search_arg *mail_search_build_str(struct mail_search_build_context *ctx,
                                              enum mail_search_arg_type type)
{
    struct mail_search_arg *arg = mail_search_build_new(ctx, type);
    const char *value;

    if (mail_search_parse_string(ctx->parser, &value) < 0 ||
        mail_search_build_get_utf8(ctx, value, &arg->value.str) < 0)
        return NULL;
    return arg;
}

/* ---- From words --------------------------------------------------------------------------------- */

static int build_list(struct mail_search_build_context *ctx, struct mail_search_arg **args_r);

static struct mail_search_arg *build_sublist(struct mail_search_build_context *ctx)
{
    struct mail_search_arg *arg = mail_search_build_new(ctx, SEARCH_SUB);

    if (build_list(ctx, &arg->value.subargs) < 0)
        return NULL;
    if (arg->value.subargs == NULL) {
        ctx->_error = "Empty list";
        return NULL;
    }
    return arg;
}

static struct mail_search_arg *build_by_key(struct mail_search_build_context *ctx, const char *key)
{
    const struct mail_search_register_arg *registered;
    mail_search_register_fallback_t *fallback;

    if (strcmp(key, MAIL_SEARCH_PARSER_KEY_LIST) == 0)
        return build_sublist(ctx);
    registered = mail_search_register_find(ctx->reg, key);
    if (registered != NULL)
        return registered->build(ctx);
    if (mail_search_register_get_fallback(ctx->reg, &fallback))
        return fallback(ctx, key);
    ctx->_error = t_strconcat("Unknown search key ", key, NULL);
    return NULL;
}

static struct mail_search_arg *build_nested(struct mail_search_build_context *ctx,
                                            struct mail_search_arg *parent, const char *key)
{
    struct mail_search_arg *old_parent = ctx->parent, *arg = NULL;

    if (ctx->depth == DEPTH_MAX) {
        ctx->_error = "Too many search keys inside each other";
        return NULL;
    }
    ctx->parent = parent;
    ctx->depth++;
    arg = build_by_key(ctx, key);
    ctx->depth--;
    ctx->parent = old_parent;
    return arg;
}

int mail_search_build_key(struct mail_search_build_context *ctx, struct mail_search_arg *parent,
                          struct mail_search_arg **arg_r)
{
    const char *key;
    int ret = mail_search_parse_key(ctx->parser, &key);

    if (ret == 0)
        ctx->_error = "Missing search key";
    if (ret <= 0)
        return -1;
    *arg_r = build_nested(ctx, parent, key);
    return *arg_r == NULL ? -1 : 0;
}

/** Keys up to the end of the list. */
static int build_list(struct mail_search_build_context *ctx, struct mail_search_arg **args_r)
{
    struct mail_search_arg **next = args_r;
    const char *key;
    int ret;

    *args_r = NULL;
    while ((ret = mail_search_parse_key(ctx->parser, &key)) > 0) {
        *next = build_nested(ctx, ctx->parent, key);
        if (*next == NULL)
            return -1;
        next = &(*next)->next;
    }
    return ret;
}

static bool charset_is_known(const char *charset)
{
    struct charset_translation *t;

    if (charset_to_utf8_begin(charset, NULL, &t) < 0)
        return FALSE;
    charset_to_utf8_end(&t);
    return TRUE;
}

static int build_all(struct mail_search_build_context *ctx)
{
    if (build_list(ctx, &ctx->args->args) < 0)
        return -1;
    if (ctx->charset != NULL && !ctx->charset_checked && !charset_is_known(ctx->charset)) {
        ctx->unknown_charset = TRUE;
        ctx->_error = "Unknown charset";
        return -1;
    }
    return 0;
}

int mail_search_build(struct mail_search_register *reg, struct mail_search_parser *parser,
                      const char **charset, struct mail_search_args **args_r,
                      const char **client_error_r)
{
    struct mail_search_build_context ctx;

    *args_r = NULL;
    *client_error_r = NULL;
    i_zero(&ctx);
    ctx.args = mail_search_build_init();
    ctx.pool = ctx.args->pool;
    ctx.reg = reg;
    ctx.parser = parser;
    ctx.charset = *charset;
    if (build_all(&ctx) == 0) {
        *args_r = ctx.args;
        return 0;
    }
    *client_error_r =
        t_strdup(ctx._error != NULL ? ctx._error : mail_search_parser_get_error(parser));
    if (ctx.unknown_charset)
        *charset = NULL;
    mail_search_args_unref(&ctx.args);
    return -1;
}
