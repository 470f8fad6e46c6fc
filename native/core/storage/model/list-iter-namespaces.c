/*
 * Listing the mailboxes of several namespaces as one tree.
 *
 * The prefix of a namespace is listed too, where no mailbox has that name. What one namespace
 * holds under the prefix of another is hidden behind that. A namespace that is not listed shows up
 * for patterns that begin with its prefix.
 *
 * The iteration has a list of its own, so that it can be used as any other: its methods go on to
 * the lists behind it.
 */
#include "lib.h"

#include "array.h"
#include "imap-match.h"
#include "mail-storage-private.h"
#include "model/iterations.h"
#include "model/namespaces.h"

#define LISTED (NAMESPACE_FLAG_LIST_PREFIX | NAMESPACE_FLAG_LIST_CHILDREN)

struct namespaces_iterate_context {
    struct mailbox_list_iterate_context ctx;
    struct mailbox_list list; /* ctx.list */

    struct mail_namespace *namespaces, *ns;
    enum mail_namespace_type type_mask;
    const char *const *patterns;

    struct mailbox_list_iterate_context *backend; /* of ns */
    bool prefix_shown;                            /* or shall not be shown */
    bool ns_has_mailboxes;

    struct mailbox_info info;
    struct mailbox_list *failed_list;
};

/* ---- Which namespaces ---------------------------------------------------------------------- */

static enum imap_match_result match_one(const struct namespaces_iterate_context *nctx,
                                        const char *pattern, char sep, const char *vname)
{
    struct imap_match_glob *glob = imap_match_init(nctx->ctx.pool, pattern, TRUE, sep);
    enum imap_match_result match = imap_match(glob, vname);

    imap_match_deinit(&glob);
    return match;
}

static bool pattern_reaches(const struct namespaces_iterate_context *nctx,
                            struct mail_namespace *ns, const char *pattern)
{
    char sep = mail_namespace_get_sep(ns);

    if (ns->prefix_len == 0 || strncmp(pattern, ns->prefix, ns->prefix_len) == 0)
        return TRUE;
    if ((ns->flags & NAMESPACE_FLAG_INBOX_USER) != 0 &&
        match_one(nctx, pattern, sep, "INBOX") == IMAP_MATCH_YES)
        return TRUE;
    if ((ns->flags & LISTED) == 0 || (nctx->ctx.flags & MAILBOX_LIST_ITER_STAR_WITHIN_NS) != 0)
        return FALSE;
    return (match_one(nctx, pattern, sep, t_strndup(ns->prefix, ns->prefix_len - 1)) &
            (IMAP_MATCH_YES | IMAP_MATCH_CHILDREN)) != 0;
}

/* The patterns that can match something in the namespace; none: it is left out. */
static const char *const *patterns_for(const struct namespaces_iterate_context *nctx,
                                       struct mail_namespace *ns)
{
    ARRAY_TYPE(const_string) patterns;

    p_array_init(&patterns, nctx->ctx.pool, 8);
    for (const char *const *pattern = nctx->patterns; *pattern != NULL; pattern++) {
        if (pattern_reaches(nctx, ns, *pattern))
            array_push_back(&patterns, pattern);
    }
    array_append_zero(&patterns);
    return array_front(&patterns);
}

static bool is_wanted(const struct namespaces_iterate_context *nctx,
                      const struct mail_namespace *ns)
{
    return (ns->type & nctx->type_mask) != 0 &&
           (ns->alias_for == NULL || (nctx->ctx.flags & MAILBOX_LIST_ITER_SKIP_ALIASES) == 0);
}

/* ---- One namespace after the other --------------------------------------------------------- */

/* Begins to list the next namespace from `ns` on. */
static void begin_namespace(struct namespaces_iterate_context *nctx, struct mail_namespace *ns)
{
    for (nctx->ns = ns; nctx->ns != NULL; nctx->ns = nctx->ns->next) {
        const char *const *patterns;

        if (!is_wanted(nctx, nctx->ns))
            continue;
        patterns = patterns_for(nctx, nctx->ns);
        if (*patterns == NULL)
            continue;
        nctx->prefix_shown = nctx->ns->prefix_len == 0 || (nctx->ns->flags & LISTED) == 0;
        nctx->ns_has_mailboxes = FALSE;
        nctx->backend = mailbox_list_iter_init_multiple(nctx->ns->list, patterns, nctx->ctx.flags);
        return;
    }
}

static void end_namespace(struct namespaces_iterate_context *nctx)
{
    if (nctx->backend == NULL)
        return;
    if (mailbox_list_iter_deinit(&nctx->backend) < 0) {
        nctx->ctx.failed = TRUE;
        nctx->failed_list = nctx->ns->list;
    }
}

/* Another namespace is mounted over that name. */
static bool is_hidden(const struct namespaces_iterate_context *nctx, const char *vname)
{
    return mail_namespace_find_existing(nctx->namespaces, vname) != nctx->ns;
}

static bool has_mailboxes(const struct namespaces_iterate_context *nctx)
{
    struct mailbox_list_iterate_context *ctx;
    bool found;

    if (nctx->ns_has_mailboxes)
        return TRUE;
    ctx = mailbox_list_iter_init(nctx->ns->list, t_strconcat(nctx->ns->prefix, "%", NULL),
                                 MAILBOX_LIST_ITER_RETURN_NO_FLAGS);
    found = mailbox_list_iter_next(ctx) != NULL;
    (void)mailbox_list_iter_deinit(&ctx);
    return found;
}

static bool prefix_matches(const struct namespaces_iterate_context *nctx, const char *vname)
{
    char sep = mail_namespace_get_sep(nctx->ns);

    for (const char *const *pattern = nctx->patterns; *pattern != NULL; pattern++) {
        if (match_one(nctx, *pattern, sep, vname) == IMAP_MATCH_YES)
            return TRUE;
    }
    return FALSE;
}

/* The prefix as a name of its own; NULL when it is not to be shown. */
static const struct mailbox_info *show_prefix(struct namespaces_iterate_context *nctx)
{
    const char *vname = p_strndup(nctx->ctx.pool, nctx->ns->prefix, nctx->ns->prefix_len - 1);
    bool children;

    nctx->prefix_shown = TRUE;
    if ((nctx->ctx.flags &
         (MAILBOX_LIST_ITER_SELECT_SUBSCRIBED | MAILBOX_LIST_ITER_SELECT_SPECIALUSE)) != 0 ||
        strcmp(vname, "INBOX") == 0 || !prefix_matches(nctx, vname))
        return NULL;
    children = has_mailboxes(nctx);
    if (!children && (nctx->ns->flags & NAMESPACE_FLAG_LIST_PREFIX) == 0)
        return NULL;
    i_zero(&nctx->info);
    nctx->info.vname = vname;
    nctx->info.ns = nctx->ns;
    nctx->info.flags = MAILBOX_NONEXISTENT | (children ? MAILBOX_CHILDREN : MAILBOX_NOCHILDREN);
    return &nctx->info;
}

static const struct mailbox_info *next_of_namespace(struct namespaces_iterate_context *nctx)
{
    const struct mailbox_info *info;

    while ((info = mailbox_list_iter_next(nctx->backend)) != NULL) {
        if (is_hidden(nctx, info->vname))
            continue;
        if (strlen(info->vname) + 1 == nctx->ns->prefix_len)
            nctx->prefix_shown = TRUE; /* there is a mailbox of that name */
        else
            nctx->ns_has_mailboxes = TRUE;
        return info;
    }
    return nctx->prefix_shown ? NULL : show_prefix(nctx);
}

static const struct mailbox_info *namespaces_iter_next(struct mailbox_list_iterate_context *ctx)
{
    struct namespaces_iterate_context *nctx = (struct namespaces_iterate_context *)ctx;
    const struct mailbox_info *info;

    while (nctx->backend != NULL) {
        info = next_of_namespace(nctx);
        if (info != NULL)
            return info;
        end_namespace(nctx);
        begin_namespace(nctx, nctx->ns->next);
    }
    return NULL;
}

/* The caller asks the first namespace's list what went wrong. */
static int namespaces_iter_deinit(struct mailbox_list_iterate_context *ctx)
{
    struct namespaces_iterate_context *nctx = (struct namespaces_iterate_context *)ctx;
    struct mailbox_list *first = nctx->namespaces->list;
    int ret;

    end_namespace(nctx);
    if (nctx->failed_list != NULL && nctx->failed_list != first) {
        enum mail_error error;
        const char *text = mailbox_list_get_last_error(nctx->failed_list, &error);

        mailbox_list_set_error(first, error, text);
    }
    ret = ctx->failed ? -1 : 0;
    pool_unref(&ctx->pool);
    return ret;
}

struct mailbox_list_iterate_context *
mailbox_list_iter_init_namespaces(struct mail_namespace *namespaces, const char *const *patterns,
                                  enum mail_namespace_type type_mask,
                                  enum mailbox_list_iter_flags flags)
{
    pool_t pool = pool_alloconly_create("namespaces iteration", 2048);
    struct namespaces_iterate_context *nctx = p_new(pool, struct namespaces_iterate_context, 1);

    i_assert(namespaces != NULL && *patterns != NULL);
    nctx->ctx.pool = pool;
    nctx->ctx.flags = flags;
    nctx->ctx.list = &nctx->list;
    nctx->list.ns = namespaces;
    nctx->list.v.iter_next = namespaces_iter_next;
    nctx->list.v.iter_deinit = namespaces_iter_deinit;
    p_array_init(&nctx->ctx.module_contexts, pool, 5);
    nctx->namespaces = namespaces;
    nctx->type_mask = type_mask;
    nctx->patterns = p_strarray_dup(pool, patterns);
    T_BEGIN
    {
        begin_namespace(nctx, namespaces);
    }
    T_END;
    return &nctx->ctx;
}
