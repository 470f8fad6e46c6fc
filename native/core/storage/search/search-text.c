/*
 * Searches written as IMAP text (search-text.h).
 */
#include "search/search-text.h"

#include "format/imap-arg-text.h"
#include "mail-search-build.h"
#include "mail-search-parser.h"

/** `CHARSET x` at the beginning; moves behind it. */
static const char *take_charset(const struct imap_arg **args)
{
    const char *charset;

    if (!imap_arg_atom_equals(&(*args)[0], "CHARSET") ||
        !imap_arg_get_astring(&(*args)[1], &charset))
        return "UTF-8";
    *args += 2;
    return charset;
}

static int parse_args(const struct imap_arg *args, struct mail_search_args **args_r,
                      const char **error_r)
{
    const char *charset = take_charset(&args), *asked = charset;
    struct mail_search_parser *parser;
    int ret;

    if (IMAP_ARG_IS_EOL(args)) {
        *args_r = mail_search_build_init();
        mail_search_build_add_all(*args_r);
        return 0;
    }
    parser = mail_search_parser_init_imap(args);
    ret = mail_search_build(mail_search_register_get_human(), parser, &charset, args_r, error_r);
    if (ret < 0 && charset == NULL)
        *error_r = t_strdup_printf("Unknown charset %s", asked);
    mail_search_parser_deinit(&parser);
    return ret;
}

int search_text_parse(const char *text, struct mail_search_args **args_r, const char **error_r)
{
    pool_t pool = pool_alloconly_create(MEMPOOL_GROWING "search text", 1024);
    const struct imap_arg *args;
    int ret;

    *args_r = NULL;
    ret = imap_args_from_text(pool, text, strlen(text), &args, error_r);
    if (ret == 0)
        ret = parse_args(args, args_r, error_r);
    pool_unref(&pool);
    return ret;
}
