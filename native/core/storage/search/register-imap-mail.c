/*
 * The search keys of IMAP that look at mails: dates, sizes, headers, texts, and what RFC 5032
 * (YOUNGER, OLDER), RFC 7162 (MODSEQ), RFC 8514 (SAVED…), RFC 8474 (EMAILID) and Dovecot (INTHREAD,
 * X-…) add.
 */
#include "search/registers.h"

#include "imap-date.h"
#include "mail-search-parser.h"
#include "message-address.h"

#include <time.h>

typedef struct mail_search_build_context build_context;

/** Sets the error; NULL, to return. */
static struct mail_search_arg *fail(build_context *ctx, const char *error)
{
    ctx->_error = error;
    return NULL;
}

/* ---- Dates -------------------------------------------------------------------------------------- */

static struct mail_search_arg *date_arg(build_context *ctx, enum mail_search_arg_type type,
                                        enum mail_search_date_type date_type)
{
    struct mail_search_arg *arg = mail_search_build_new(ctx, type);
    const char *date;

    if (mail_search_parse_string(ctx->parser, &date) < 0)
        return NULL;
    if (!imap_parse_date(date, &arg->value.time))
        return fail(ctx, t_strconcat("Invalid date ", date, NULL));
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

static struct mail_search_arg *build_savedatesupported(build_context *ctx)
{
    return mail_search_build_new(ctx, SEARCH_SAVEDATESUPPORTED);
}

/** So many seconds ago. */
static struct mail_search_arg *age_arg(build_context *ctx, enum mail_search_arg_type type)
{
    struct mail_search_arg *arg = mail_search_build_new(ctx, type);
    const char *value;
    uint32_t seconds;

    if (mail_search_parse_string(ctx->parser, &value) < 0)
        return NULL;
    if (str_to_uint32(value, &seconds) < 0 || seconds == 0)
        return fail(ctx, t_strconcat("Invalid number of seconds ", value, NULL));
    arg->value.time = time(NULL) - (time_t)seconds;
    arg->value.search_flags = MAIL_SEARCH_ARG_FLAG_UTC_TIMES;
    arg->value.date_type = MAIL_SEARCH_DATE_TYPE_RECEIVED;
    return arg;
}

static struct mail_search_arg *build_younger(build_context *ctx)
{
    return age_arg(ctx, SEARCH_SINCE);
}

static struct mail_search_arg *build_older(build_context *ctx)
{
    struct mail_search_arg *arg = age_arg(ctx, SEARCH_BEFORE);

    if (arg != NULL)
        arg->value.time++; /* a mail of exactly that age is old enough */
    return arg;
}

/* ---- Sizes -------------------------------------------------------------------------------------- */

static struct mail_search_arg *size_arg(build_context *ctx, enum mail_search_arg_type type)
{
    struct mail_search_arg *arg = mail_search_build_new(ctx, type);
    const char *value;

    if (mail_search_parse_string(ctx->parser, &value) < 0)
        return NULL;
    if (str_to_uint64(value, &arg->value.size) < 0)
        return fail(ctx, t_strconcat("Invalid size ", value, NULL));
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

/* ---- Headers and texts -------------------------------------------------------------------------- */

static struct mail_search_arg *header_arg(build_context *ctx, const char *name)
{
    enum mail_search_arg_type type = message_header_is_address(name) ? SEARCH_HEADER_ADDRESS
                                     : strcasecmp(name, "Subject") == 0
                                         ? SEARCH_HEADER_COMPRESS_LWSP
                                         : SEARCH_HEADER;
    struct mail_search_arg *arg = mail_search_build_str(ctx, type);

    if (arg != NULL)
        arg->hdr_field_name = p_strdup(ctx->pool, name);
    return arg;
}

#define HEADER_BUILDER(name, field)                                 \
    static struct mail_search_arg *build_##name(build_context *ctx) \
    {                                                               \
        return header_arg(ctx, field);                              \
    }
HEADER_BUILDER(bcc, "Bcc")
HEADER_BUILDER(cc, "Cc")
HEADER_BUILDER(from, "From")
HEADER_BUILDER(subject, "Subject")
HEADER_BUILDER(to, "To")

static struct mail_search_arg *build_header(build_context *ctx)
{
    const char *name;

    if (mail_search_parse_string(ctx->parser, &name) < 0 ||
        mail_search_build_get_utf8(ctx, name, &name) < 0)
        return NULL;
    return header_arg(ctx, name);
}

static struct mail_search_arg *build_body(build_context *ctx)
{
    return mail_search_build_str(ctx, SEARCH_BODY);
}

static struct mail_search_arg *build_text(build_context *ctx)
{
    return mail_search_build_str(ctx, SEARCH_TEXT);
}

/* ---- Extensions --------------------------------------------------------------------------------- */

static enum mail_search_modseq_type modseq_type(const char *name)
{
    if (strcasecmp(name, "priv") == 0)
        return MAIL_SEARCH_MODSEQ_TYPE_PRIVATE;
    return strcasecmp(name, "shared") == 0 ? MAIL_SEARCH_MODSEQ_TYPE_SHARED
                                           : MAIL_SEARCH_MODSEQ_TYPE_ANY;
}

/** `MODSEQ n` or `MODSEQ "/flags/\\Seen" all n`; all flags of a mail share their number here. */
static struct mail_search_arg *build_modseq(build_context *ctx)
{
    struct mail_search_arg *arg = mail_search_build_new(ctx, SEARCH_MODSEQ);
    const char *value;

    arg->value.modseq = p_new(ctx->pool, struct mail_search_modseq, 1);
    if (mail_search_parse_string(ctx->parser, &value) < 0)
        return NULL;
    if (strncasecmp(value, "/flags/", 7) == 0) {
        if (mail_search_parse_string(ctx->parser, &value) < 0)
            return NULL;
        arg->value.modseq->type = modseq_type(value);
        if (mail_search_parse_string(ctx->parser, &value) < 0)
            return NULL;
    }
    if (str_to_uint64(value, &arg->value.modseq->modseq) < 0)
        return fail(ctx, t_strconcat("Invalid MODSEQ ", value, NULL));
    return arg;
}

static struct mail_search_arg *build_inthread(build_context *ctx)
{
    struct mail_search_arg *arg = mail_search_build_new(ctx, SEARCH_INTHREAD);
    const char *algorithm;

    if (mail_search_parse_string(ctx->parser, &algorithm) < 0)
        return NULL;
    if (!mail_thread_type_parse(algorithm, &arg->value.thread_type))
        return fail(ctx, t_strconcat("Unknown thread algorithm ", algorithm, NULL));
    return mail_search_build_key(ctx, arg, &arg->value.subargs) < 0 ? NULL : arg;
}

static struct mail_search_arg *build_guid(build_context *ctx)
{
    return mail_search_build_str(ctx, SEARCH_GUID);
}

static struct mail_search_arg *build_mailbox(build_context *ctx)
{
    return mail_search_build_str(ctx, SEARCH_MAILBOX);
}

static struct mail_search_arg *build_mailbox_guid(build_context *ctx)
{
    return mail_search_build_str(ctx, SEARCH_MAILBOX_GUID);
}

static const struct mail_search_register_arg mail_args[] = {
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
    {"SAVEDATESUPPORTED", build_savedatesupported},
    {"YOUNGER", build_younger},
    {"OLDER", build_older},
    {"SMALLER", build_smaller},
    {"LARGER", build_larger},
    {"BCC", build_bcc},
    {"CC", build_cc},
    {"FROM", build_from},
    {"SUBJECT", build_subject},
    {"TO", build_to},
    {"HEADER", build_header},
    {"BODY", build_body},
    {"TEXT", build_text},
    {"MODSEQ", build_modseq},
    {"INTHREAD", build_inthread},
    {"EMAILID", build_guid},
    {"X-GUID", build_guid},
    {"X-MAILBOX", build_mailbox},
    {"X-MAILBOX-GUID", build_mailbox_guid},
};

void search_register_add_imap_mail(struct mail_search_register *reg)
{
    mail_search_register_add(reg, mail_args, N_ELEMENTS(mail_args));
}
