/*
 * The words of a search (mail-search-parser.h), from the arguments of an IMAP command or from those of
 * a command line.
 */
#include "mail-search-parser.h"

#include "array.h"
#include "imap-arg.h"

struct mail_search_parser_vfuncs {
    int (*parse_key)(struct mail_search_parser *parser, const char **key_r);
    int (*parse_string)(struct mail_search_parser *parser, const char **value_r);
    bool (*skip_next)(struct mail_search_parser *parser, const char *str);
};

struct mail_search_parser {
    const struct mail_search_parser_vfuncs *v;
    pool_t pool;
    const char *error;

    const struct imap_arg *arg;           /**< the next one */
    ARRAY(const struct imap_arg *) lists; /**< behind the lists we are in */

    const char *const *word; /**< the next one */
    unsigned int open_lists;
};

static int fail(struct mail_search_parser *parser, const char *error)
{
    parser->error = error;
    return -1;
}

/* ---- IMAP --------------------------------------------------------------------------------------- */

static int imap_parse_key(struct mail_search_parser *parser, const char **key_r)
{
    const struct imap_arg *arg = parser->arg, *list;
    const char *text;

    if (IMAP_ARG_IS_EOL(arg)) {
        if (array_count(&parser->lists) > 0) {
            parser->arg = *array_back(&parser->lists);
            array_pop_back(&parser->lists);
        }
        return 0;
    }
    parser->arg++;
    if (imap_arg_get_list(arg, &list)) {
        array_push_back(&parser->lists, &parser->arg);
        parser->arg = list;
        *key_r = MAIL_SEARCH_PARSER_KEY_LIST;
        return 1;
    }
    if (!imap_arg_get_atom(arg, &text))
        return fail(parser, "Expected a search key");
    *key_r = t_str_ucase(text);
    return 1;
}

static int imap_parse_string(struct mail_search_parser *parser, const char **value_r)
{
    if (IMAP_ARG_IS_EOL(parser->arg))
        return fail(parser, "Missing parameter for a search key");
    if (!imap_arg_get_atom(parser->arg, value_r) && !imap_arg_get_string(parser->arg, value_r))
        return fail(parser, "Invalid parameter for a search key");
    parser->arg++;
    return 0;
}

static bool imap_skip_next(struct mail_search_parser *parser, const char *str)
{
    const char *text;

    if (!imap_arg_get_astring(parser->arg, &text) || strcasecmp(text, str) != 0)
        return FALSE;
    parser->arg++;
    return TRUE;
}

static const struct mail_search_parser_vfuncs imap_vfuncs = {imap_parse_key, imap_parse_string,
                                                             imap_skip_next};

/* ---- Command lines ------------------------------------------------------------------------------ */

static int cmdline_parse_key(struct mail_search_parser *parser, const char **key_r)
{
    const char *word = *parser->word;

    if (word == NULL)
        return parser->open_lists == 0 ? 0 : fail(parser, "Missing ')'");
    parser->word++;
    if (strcmp(word, ")") == 0) {
        if (parser->open_lists == 0)
            return fail(parser, "Unexpected ')'");
        parser->open_lists--;
        return 0;
    }
    if (strcmp(word, "(") == 0) {
        parser->open_lists++;
        *key_r = MAIL_SEARCH_PARSER_KEY_LIST;
        return 1;
    }
    *key_r = t_str_ucase(word);
    return 1;
}

static int cmdline_parse_string(struct mail_search_parser *parser, const char **value_r)
{
    if (*parser->word == NULL)
        return fail(parser, "Missing parameter for a search key");
    *value_r = *parser->word++;
    return 0;
}

static bool cmdline_skip_next(struct mail_search_parser *parser, const char *str)
{
    if (*parser->word == NULL || strcasecmp(*parser->word, str) != 0)
        return FALSE;
    parser->word++;
    return TRUE;
}

static const struct mail_search_parser_vfuncs cmdline_vfuncs = {
    cmdline_parse_key, cmdline_parse_string, cmdline_skip_next};

/* ---- The face ----------------------------------------------------------------------------------- */

static struct mail_search_parser *parser_new(const struct mail_search_parser_vfuncs *v)
{
    pool_t pool = pool_alloconly_create(MEMPOOL_GROWING "search parser", 512);
    struct mail_search_parser *parser = p_new(pool, struct mail_search_parser, 1);

    parser->v = v;
    parser->pool = pool;
    p_array_init(&parser->lists, pool, 4);
    return parser;
}

struct mail_search_parser *mail_search_parser_init_imap(const struct imap_arg *args)
{
    struct mail_search_parser *parser = parser_new(&imap_vfuncs);

    parser->arg = args;
    return parser;
}

struct mail_search_parser *mail_search_parser_init_cmdline(const char *const args[])
{
    struct mail_search_parser *parser = parser_new(&cmdline_vfuncs);

    parser->word = args;
    return parser;
}

void mail_search_parser_deinit(struct mail_search_parser **_parser)
{
    struct mail_search_parser *parser = *_parser;
    pool_t pool = parser->pool;

    *_parser = NULL;
    pool_unref(&pool);
}

int mail_search_parse_key(struct mail_search_parser *parser, const char **key_r)
{
    return parser->v->parse_key(parser, key_r);
}

int mail_search_parse_string(struct mail_search_parser *parser, const char **value_r)
{
    return parser->v->parse_string(parser, value_r);
}

bool mail_search_parse_skip_next(struct mail_search_parser *parser, const char *str)
{
    return parser->v->skip_next(parser, str);
}

const char *mail_search_parser_get_error(struct mail_search_parser *parser)
{
    return parser->error;
}
