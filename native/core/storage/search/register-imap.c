/*
 * The search keys of IMAP that combine others, name messages or ask for flags: RFC 9051 §6.4.4, RFC
 * 3501 §6.4.4 (NEW, OLD, RECENT), RFC 6203 (FUZZY). Those that look at mails are in
 * register-imap-mail.c.
 */
#include "search/registers.h"

#include "array.h"
#include "imap-seqset.h"
#include "imap-util.h"
#include "mail-search-parser.h"

typedef struct mail_search_build_context build_context;

/** Sets the error; NULL, to return. */
static struct mail_search_arg *fail(build_context *ctx, const char *error)
{
    ctx->_error = error;
    return NULL;
}

static struct mail_search_arg *negate(struct mail_search_arg *arg)
{
    if (arg != NULL)
        arg->match_not = !arg->match_not;
    return arg;
}

/* ---- NOT, OR, ALL ------------------------------------------------------------------------------- */

static struct mail_search_arg *build_all(build_context *ctx)
{
    return mail_search_build_new(ctx, SEARCH_ALL);
}

static struct mail_search_arg *build_not(build_context *ctx)
{
    struct mail_search_arg *arg;

    return mail_search_build_key(ctx, ctx->parent, &arg) < 0 ? NULL : negate(arg);
}

/** `OR a OR b c` is one list: people write long ones. */
static struct mail_search_arg *build_or(build_context *ctx)
{
    struct mail_search_arg *arg = mail_search_build_new(ctx, SEARCH_OR);
    struct mail_search_arg **next = &arg->value.subargs;

    do {
        if (mail_search_build_key(ctx, arg, next) < 0)
            return NULL;
        next = &(*next)->next;
    } while (mail_search_parse_skip_next(ctx->parser, "OR"));
    return mail_search_build_key(ctx, arg, next) < 0 ? NULL : arg;
}

static struct mail_search_arg *build_fuzzy(build_context *ctx)
{
    struct mail_search_arg *arg;

    if (mail_search_build_key(ctx, ctx->parent, &arg) < 0)
        return NULL;
    arg->fuzzy = TRUE;
    return arg;
}

/* ---- Sets --------------------------------------------------------------------------------------- */

struct mail_search_arg *search_build_set(struct mail_search_build_context *ctx,
                                         enum mail_search_arg_type type, const char *set)
{
    struct mail_search_arg *arg = mail_search_build_new(ctx, type);

    p_array_init(&arg->value.seqset, ctx->pool, 16);
    if (type == SEARCH_UIDSET && strcmp(set, "$") == 0)
        arg->value.str = "$";
    else if (imap_seq_set_parse(set, &arg->value.seqset) < 0)
        return fail(ctx, t_strconcat("Invalid set of messages ", set, NULL));
    return arg;
}

static struct mail_search_arg *build_set_parameter(build_context *ctx,
                                                   enum mail_search_arg_type type)
{
    const char *set;

    if (mail_search_parse_string(ctx->parser, &set) < 0)
        return NULL;
    return search_build_set(ctx, type, set);
}

static struct mail_search_arg *build_uid(build_context *ctx)
{
    return build_set_parameter(ctx, SEARCH_UIDSET);
}

static struct mail_search_arg *build_real_uid(build_context *ctx)
{
    return build_set_parameter(ctx, SEARCH_REAL_UID);
}

/** What is no key is a set of sequence numbers, or unknown. */
static struct mail_search_arg *build_fallback(build_context *ctx, const char *key)
{
    if (strcmp(key, "$") == 0)
        return search_build_set(ctx, SEARCH_UIDSET, key);
    if (*key == '*' || i_isdigit(*key))
        return search_build_set(ctx, SEARCH_SEQSET, key);
    return fail(ctx, t_strconcat("Unknown search key ", key, NULL));
}

/* ---- Flags -------------------------------------------------------------------------------------- */

static struct mail_search_arg *flags_arg(build_context *ctx, enum mail_flags flags, bool set)
{
    struct mail_search_arg *arg = mail_search_build_new(ctx, SEARCH_FLAGS);

    arg->value.flags = flags;
    arg->match_not = !set;
    return arg;
}

#define FLAG_BUILDER(name, flags, set)                              \
    static struct mail_search_arg *build_##name(build_context *ctx) \
    {                                                               \
        return flags_arg(ctx, flags, set);                          \
    }
FLAG_BUILDER(answered, MAIL_ANSWERED, TRUE)
FLAG_BUILDER(deleted, MAIL_DELETED, TRUE)
FLAG_BUILDER(draft, MAIL_DRAFT, TRUE)
FLAG_BUILDER(flagged, MAIL_FLAGGED, TRUE)
FLAG_BUILDER(recent, MAIL_RECENT, TRUE)
FLAG_BUILDER(seen, MAIL_SEEN, TRUE)
FLAG_BUILDER(unanswered, MAIL_ANSWERED, FALSE)
FLAG_BUILDER(undeleted, MAIL_DELETED, FALSE)
FLAG_BUILDER(undraft, MAIL_DRAFT, FALSE)
FLAG_BUILDER(unflagged, MAIL_FLAGGED, FALSE)
FLAG_BUILDER(old, MAIL_RECENT, FALSE)
FLAG_BUILDER(unseen, MAIL_SEEN, FALSE)

static struct mail_search_arg *build_new(build_context *ctx)
{
    struct mail_search_arg *arg = mail_search_build_new(ctx, SEARCH_SUB);

    arg->value.subargs = flags_arg(ctx, MAIL_RECENT, TRUE);
    arg->value.subargs->next = flags_arg(ctx, MAIL_SEEN, FALSE);
    return arg;
}

/** A system flag may be asked for as a keyword: `KEYWORD \Seen`. */
static struct mail_search_arg *build_keyword(build_context *ctx)
{
    struct mail_search_arg *arg;
    enum mail_flags flag;
    const char *name;

    if (mail_search_parse_string(ctx->parser, &name) < 0)
        return NULL;
    if (name[0] == '\\') {
        flag = imap_parse_system_flag(name);
        return flag == 0 ? fail(ctx, t_strconcat("Unknown system flag ", name, NULL))
                         : flags_arg(ctx, flag, TRUE);
    }
    arg = mail_search_build_new(ctx, SEARCH_KEYWORDS);
    arg->value.str = p_strdup(ctx->pool, name);
    return arg;
}

static struct mail_search_arg *build_unkeyword(build_context *ctx)
{
    return negate(build_keyword(ctx));
}

static const struct mail_search_register_arg imap_args[] = {
    {"NOT", build_not},
    {"OR", build_or},
    {"ALL", build_all},
    {"FUZZY", build_fuzzy},
    {"UID", build_uid},
    {"X-REAL-UID", build_real_uid},
    {"ANSWERED", build_answered},
    {"DELETED", build_deleted},
    {"DRAFT", build_draft},
    {"FLAGGED", build_flagged},
    {"NEW", build_new},
    {"OLD", build_old},
    {"RECENT", build_recent},
    {"SEEN", build_seen},
    {"UNANSWERED", build_unanswered},
    {"UNDELETED", build_undeleted},
    {"UNDRAFT", build_undraft},
    {"UNFLAGGED", build_unflagged},
    {"UNSEEN", build_unseen},
    {"KEYWORD", build_keyword},
    {"UNKEYWORD", build_unkeyword},
};

void search_register_add_imap(struct mail_search_register *reg)
{
    mail_search_register_add(reg, imap_args, N_ELEMENTS(imap_args));
    search_register_add_imap_mail(reg);
    mail_search_register_fallback(reg, build_fallback);
}
