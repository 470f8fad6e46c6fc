/*
 * Subscriptions: whose file they are in, what is in it, and listing them.
 */
#include "lib.h"

#include "array.h"
#include "imap-match.h"
#include "model/iterations.h"
#include "model/lists.h"
#include "model/namespaces.h"

struct subscriptions_iterate_context {
    struct mailbox_list_iterate_context ctx;
    unsigned int next;
    ARRAY(const char *) parents; /* shown because of names below them */
    struct mailbox_info info;
};

/* ---- What is subscribed to ----------------------------------------------------------------- */

int mailbox_list_refresh_subscriptions(struct mailbox_list *list)
{
    struct mail_namespace *ns = list->ns;

    if ((ns->flags & NAMESPACE_FLAG_SUBSCRIPTIONS) == 0)
        ns = mail_namespace_find_subscribable(ns->user->namespaces, ns->prefix);
    /* Without a namespace above that keeps them there are none. */
    return ns == NULL ? 0 : ns->list->v.subscriptions_refresh(ns->list, list);
}

static bool has_name(const struct mailbox_list *list, const char *vname)
{
    const char *name;

    if (!array_is_created(&list->subscriptions))
        return FALSE;
    array_foreach_elem(&list->subscriptions, name)
    {
        if (strcmp(name, vname) == 0)
            return TRUE;
    }
    return FALSE;
}

void mailbox_list_set_subscription_flags(struct mailbox_list *list, const char *vname,
                                         enum mailbox_info_flags *flags)
{
    char sep = mail_namespace_get_sep(list->ns);
    const char *name;

    if (!array_is_created(&list->subscriptions))
        return;
    array_foreach_elem(&list->subscriptions, name)
    {
        if (strcmp(name, vname) == 0)
            *flags |= MAILBOX_SUBSCRIBED;
        else if (vname_is_below(name, vname, sep))
            *flags |= MAILBOX_CHILD_SUBSCRIBED;
    }
}

int mailbox_list_is_subscribed(struct mailbox_list *list, const char *vname)
{
    if (mailbox_list_refresh_subscriptions(list) < 0)
        return -1;
    return has_name(list, vname) ? 1 : 0;
}

/* ---- Listing them -------------------------------------------------------------------------- */

struct mailbox_list_iterate_context *
mailbox_list_subscriptions_iter_init(struct mailbox_list *list, const char *const *patterns,
                                     enum mailbox_list_iter_flags flags)
{
    struct mailbox_list_iterate_context *ctx = mailbox_list_alloc_iter(
        list, patterns, flags, sizeof(struct subscriptions_iterate_context));
    struct subscriptions_iterate_context *sctx = (struct subscriptions_iterate_context *)ctx;

    p_array_init(&sctx->parents, ctx->pool, 8);
    ctx->failed = mailbox_list_refresh_subscriptions(list) < 0;
    return ctx;
}

static void add_flags(struct subscriptions_iterate_context *sctx)
{
    struct mailbox_list *list = sctx->ctx.list;
    const char *name = mailbox_list_get_storage_name(list, sctx->info.vname);
    enum mailbox_info_flags flags;
    int ret;

    /* The name of the namespace itself is one for what is below it. */
    flags = MAILBOX_NONEXISTENT;
    ret = *name == '\0' ? 0 : mailbox_list_mailbox(list, name, &flags);
    if (ret < 0)
        sctx->ctx.failed = TRUE;
    else
        sctx->info.flags |= ret == 0 ? flags | MAILBOX_NONEXISTENT : flags;
    if ((sctx->ctx.flags & MAILBOX_LIST_ITER_RETURN_CHILDREN) == 0)
        return;
    sctx->info.flags &= ~(MAILBOX_CHILDREN | MAILBOX_NOCHILDREN);
    sctx->info.flags |=
        mailbox_has_children(list, name) > 0 ? MAILBOX_CHILDREN : MAILBOX_NOCHILDREN;
}

static const struct mailbox_info *show(struct subscriptions_iterate_context *sctx,
                                       const char *vname)
{
    i_zero(&sctx->info);
    sctx->info.vname = vname;
    sctx->info.ns = sctx->ctx.list->ns;
    mailbox_list_set_subscription_flags(sctx->ctx.list, vname, &sctx->info.flags);
    if ((sctx->ctx.flags & MAILBOX_LIST_ITER_SELECT_RECURSIVEMATCH) == 0)
        sctx->info.flags &= ~MAILBOX_CHILD_SUBSCRIBED;
    if ((sctx->ctx.flags & MAILBOX_LIST_ITER_RETURN_NO_FLAGS) == 0)
        add_flags(sctx);
    return &sctx->info;
}

/* A name above `vname` that a pattern asks for and that is not subscribed to itself. */
static const struct mailbox_info *show_parent(struct subscriptions_iterate_context *sctx,
                                              const char *vname)
{
    size_t length = strlen(vname);
    const char *known;
    bool shown;

    if ((sctx->ctx.flags & MAILBOX_LIST_ITER_SELECT_RECURSIVEMATCH) == 0)
        return NULL;
    while (vname_parent(vname, mail_namespace_get_sep(sctx->ctx.list->ns), &length)) {
        const char *parent = p_strndup(sctx->ctx.pool, vname, length);

        shown = has_name(sctx->ctx.list, parent);
        array_foreach_elem(&sctx->parents, known) shown = shown || strcmp(known, parent) == 0;
        if (shown || imap_match(sctx->ctx.glob, parent) != IMAP_MATCH_YES)
            continue;
        array_push_back(&sctx->parents, &parent);
        return show(sctx, parent);
    }
    return NULL;
}

/* Another namespace's names are in the same file when that keeps none of its own. */
static bool is_ours(const struct subscriptions_iterate_context *sctx, const char *vname)
{
    struct mail_namespace *ns = sctx->ctx.list->ns;

    return ns->user->namespaces == NULL ||
           mail_namespace_find_existing(ns->user->namespaces, vname) == ns;
}

const struct mailbox_info *
mailbox_list_subscriptions_iter_next(struct mailbox_list_iterate_context *ctx)
{
    struct subscriptions_iterate_context *sctx = (struct subscriptions_iterate_context *)ctx;
    const struct mailbox_info *info;

    if (ctx->failed || !array_is_created(&ctx->list->subscriptions))
        return NULL;
    while (sctx->next < array_count(&ctx->list->subscriptions)) {
        const char *vname = array_idx_elem(&ctx->list->subscriptions, sctx->next);

        if (!is_ours(sctx, vname)) {
            sctx->next++;
            continue;
        }
        info = show_parent(sctx, vname);
        if (info != NULL)
            return info;
        sctx->next++;
        if (imap_match(ctx->glob, vname) == IMAP_MATCH_YES)
            return show(sctx, vname);
    }
    return NULL;
}

int mailbox_list_subscriptions_iter_deinit(struct mailbox_list_iterate_context *ctx)
{
    return mailbox_list_free_iter(ctx);
}
