/*
 * Search keys as people write them on command lines: IMAP's, with dates and sizes in whatever form,
 * and patterns for mailboxes.
 */
#include "search/registers.h"

#include "array.h"
#include "mail-search-parser.h"
#include "mail-storage.h"
#include "settings-parser.h"

typedef struct mail_search_build_context build_context;

static struct mail_search_arg *fail(build_context *ctx, const char *error)
{
    ctx->_error = error;
    return NULL;
}

/* ---- Dates and sizes ---------------------------------------------------------------------------- */

static struct mail_search_arg *date_arg(build_context *ctx, enum mail_search_arg_type type,
                                        enum mail_search_date_type date_type)
{
    struct mail_search_arg *arg = mail_search_build_new(ctx, type);
    const char *date;
    bool utc;

    if (mail_search_parse_string(ctx->parser, &date) < 0)
        return NULL;
    if (mail_parse_human_timestamp(date, &arg->value.time, &utc) < 0)
        return fail(ctx, t_strconcat("Invalid date ", date, NULL));
    if (utc)
        arg->value.search_flags = MAIL_SEARCH_ARG_FLAG_UTC_TIMES;
    arg->value.date_type = date_type;
    return arg;
}

#define DATE_BUILDER(name, type, date_type)                            \
    static struct mail_search_arg *build_##name(build_context *ctx)    \
    {                                                                  \
        return date_arg(ctx, type, MAIL_SEARCH_DATE_TYPE_##date_type); \
    }
DATE_BUILDER(before, SEARCH_BEFORE, RECEIVED)
DATE_BUILDER(on, SEARCH_ON, RECEIVED)
DATE_BUILDER(since, SEARCH_SINCE, RECEIVED)
DATE_BUILDER(sentbefore, SEARCH_BEFORE, SENT)
DATE_BUILDER(senton, SEARCH_ON, SENT)
DATE_BUILDER(sentsince, SEARCH_SINCE, SENT)
DATE_BUILDER(savedbefore, SEARCH_BEFORE, SAVED)
DATE_BUILDER(savedon, SEARCH_ON, SAVED)
DATE_BUILDER(savedsince, SEARCH_SINCE, SAVED)

static struct mail_search_arg *size_arg(build_context *ctx, enum mail_search_arg_type type)
{
    struct mail_search_arg *arg = mail_search_build_new(ctx, type);
    const char *size, *error;

    if (mail_search_parse_string(ctx->parser, &size) < 0)
        return NULL;
    if (settings_get_size(size, &arg->value.size, &error) < 0)
        return fail(ctx, error);
    return arg;
}

static struct mail_search_arg *build_smaller(build_context *ctx)
{
    return size_arg(ctx, SEARCH_SMALLER);
}

static struct mail_search_arg *build_larger(build_context *ctx)
{
    return size_arg(ctx, SEARCH_LARGER);
}

/* ---- Mailboxes ---------------------------------------------------------------------------------- */

static struct mail_search_arg *build_mailbox(build_context *ctx)
{
    struct mail_search_arg *arg = mail_search_build_str(ctx, SEARCH_MAILBOX);

    if (arg != NULL && strpbrk(arg->value.str, "*%") != NULL)
        arg->type = SEARCH_MAILBOX_GLOB;
    return arg;
}

static struct mail_search_arg *build_guid(build_context *ctx)
{
    return mail_search_build_str(ctx, SEARCH_GUID);
}

static struct mail_search_arg *build_mailbox_guid(build_context *ctx)
{
    return mail_search_build_str(ctx, SEARCH_MAILBOX_GUID);
}

static struct mail_search_arg *build_real_uid(build_context *ctx)
{
    const char *set;

    if (mail_search_parse_string(ctx->parser, &set) < 0)
        return NULL;
    return search_build_set(ctx, SEARCH_REAL_UID, set);
}

static const struct mail_search_register_arg human_args[] = {
    {"BEFORE", build_before},
    {"ON", build_on},
    {"SINCE", build_since},
    {"SENTBEFORE", build_sentbefore},
    {"SENTON", build_senton},
    {"SENTSINCE", build_sentsince},
    {"SAVEDBEFORE", build_savedbefore},
    {"SAVEDON", build_savedon},
    {"SAVEDSINCE", build_savedsince},
    {"X-SAVEDBEFORE", build_savedbefore},
    {"X-SAVEDON", build_savedon},
    {"X-SAVEDSINCE", build_savedsince},

    {"SMALLER", build_smaller},
    {"LARGER", build_larger},

    {"GUID", build_guid},
    {"MAILBOX", build_mailbox},
    {"MAILBOX-GUID", build_mailbox_guid},
    {"REAL-UID", build_real_uid},
};

static bool is_human(const char *key)
{
    for (unsigned int i = 0; i < N_ELEMENTS(human_args); i++) {
        if (strcmp(human_args[i].key, key) == 0)
            return TRUE;
    }
    return FALSE;
}

void search_register_add_human(struct mail_search_register *reg)
{
    struct mail_search_register *imap = mail_search_register_get_imap();
    mail_search_register_fallback_t *fallback;
    const struct mail_search_register_arg *args;
    unsigned int count;

    mail_search_register_add(reg, human_args, N_ELEMENTS(human_args));
    args = mail_search_register_get(imap, &count);
    for (unsigned int i = 0; i < count; i++) {
        if (!is_human(args[i].key))
            mail_search_register_add(reg, &args[i], 1);
    }
    if (mail_search_register_get_fallback(imap, &fallback))
        mail_search_register_fallback(reg, fallback);
}
