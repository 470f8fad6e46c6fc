/*
 * Mailboxes that the configuration has created on use (autocreate): a listing shows them as if
 * they were there.
 *
 * What the list itself shows comes first; the mailboxes that it did not show follow, and the names
 * above them that a pattern with % asks for.
 */
#include "lib.h"

#include "array.h"
#include "imap-match.h"
#include "mail-storage-settings.h"
#include "model/iterations.h"

struct auto_box {
    const char *vname;
    bool subscribed;
    bool listed;
};

struct mailbox_list_autocreate_iterate_context {
    struct imap_match_glob *glob;
    ARRAY(struct auto_box) boxes;
    ARRAY(const char *) parents; /* names above a box that were listed */
    unsigned int next;
    bool list_ended;
    struct mailbox_info info;
};

/* ---- Names --------------------------------------------------------------------------------- */

bool vname_parent(const char *vname, char sep, size_t *length)
{
    while (*length > 0) {
        if (vname[--*length] == sep)
            return *length > 0;
    }
    return FALSE;
}

bool vname_is_below(const char *vname, const char *parent, char sep)
{
    size_t length = strlen(parent);

    return strncmp(vname, parent, length) == 0 && vname[length] == sep;
}

static char separator(const struct mailbox_list_iterate_context *ctx)
{
    return mail_namespace_get_sep(ctx->list->ns);
}

/* ---- Which there are ----------------------------------------------------------------------- */

static void add_box(struct mailbox_list_iterate_context *ctx, const struct mailbox_settings *set)
{
    struct mail_namespace *ns = ctx->list->ns;
    struct auto_box *box;
    bool subscribed = strcmp(set->autocreate, MAILBOX_SET_AUTO_SUBSCRIBE) == 0;

    if (strcmp(set->autocreate, MAILBOX_SET_AUTO_NO) == 0 || strpbrk(set->name, "*?") != NULL ||
        ((ctx->flags & MAILBOX_LIST_ITER_SELECT_SUBSCRIBED) != 0 && !subscribed))
        return;
    box = array_append_space(&ctx->autocreate_ctx->boxes);
    box->subscribed = subscribed;
    if ((ns->flags & NAMESPACE_FLAG_INBOX_USER) != 0 && strcasecmp(set->name, "INBOX") == 0)
        box->vname = "INBOX";
    else
        box->vname = p_strconcat(ctx->pool, ns->prefix, set->name, NULL);
}

void list_auto_begin(struct mailbox_list_iterate_context *ctx, const char *const *patterns)
{
    const struct mail_namespace_settings *ns_set = ctx->list->ns->set;
    struct mailbox_settings *set;

    if (!array_is_created(&ns_set->mailboxes) || array_is_empty(&ns_set->mailboxes))
        return;
    ctx->autocreate_ctx = p_new(ctx->pool, struct mailbox_list_autocreate_iterate_context, 1);
    p_array_init(&ctx->autocreate_ctx->boxes, ctx->pool, 8);
    p_array_init(&ctx->autocreate_ctx->parents, ctx->pool, 8);
    array_foreach_elem(&ns_set->mailboxes, set) add_box(ctx, set);
    if (array_is_empty(&ctx->autocreate_ctx->boxes))
        ctx->autocreate_ctx = NULL;
    else
        ctx->autocreate_ctx->glob =
            imap_match_init_multiple(ctx->pool, patterns, TRUE, separator(ctx));
}

void list_auto_end(struct mailbox_list_iterate_context *ctx)
{
    imap_match_deinit(&ctx->autocreate_ctx->glob);
}

/* ---- What the list shows ------------------------------------------------------------------- */

static bool has_boxes_below(const struct mailbox_list_iterate_context *ctx, const char *vname)
{
    const struct auto_box *box;

    array_foreach(&ctx->autocreate_ctx->boxes, box)
    {
        if (vname_is_below(box->vname, vname, separator(ctx)))
            return TRUE;
    }
    return FALSE;
}

static enum mailbox_info_flags with_box(const struct mailbox_list_iterate_context *ctx,
                                        const struct auto_box *box, enum mailbox_info_flags flags)
{
    const enum mailbox_list_iter_flags about_subscriptions =
        MAILBOX_LIST_ITER_SELECT_SUBSCRIBED | MAILBOX_LIST_ITER_RETURN_SUBSCRIBED;

    if (box->subscribed && (ctx->flags & about_subscriptions) != 0)
        flags |= MAILBOX_SUBSCRIBED;
    return flags & ~(MAILBOX_NONEXISTENT | MAILBOX_NOSELECT);
}

/* The entry of the list, with what the configuration adds to it. */
static const struct mailbox_info *merge(struct mailbox_list_iterate_context *ctx,
                                        const struct mailbox_info *info)
{
    struct mailbox_list_autocreate_iterate_context *actx = ctx->autocreate_ctx;
    struct auto_box *box;

    actx->info = *info;
    array_foreach_modifiable(&actx->boxes, box)
    {
        if (strcmp(box->vname, info->vname) != 0)
            continue;
        box->listed = TRUE;
        actx->info.flags = with_box(ctx, box, actx->info.flags);
    }
    if (has_boxes_below(ctx, info->vname)) {
        const char *parent = p_strdup(ctx->pool, info->vname);

        array_push_back(&actx->parents, &parent);
        if ((ctx->flags & MAILBOX_LIST_ITER_RETURN_CHILDREN) != 0)
            actx->info.flags = (actx->info.flags & ~MAILBOX_NOCHILDREN) | MAILBOX_CHILDREN;
    }
    return &actx->info;
}

/* ---- What it did not show ------------------------------------------------------------------ */

static const struct mailbox_info *show(struct mailbox_list_iterate_context *ctx, const char *vname,
                                       enum mailbox_info_flags flags)
{
    struct mailbox_info *info = &ctx->autocreate_ctx->info;

    i_zero(info);
    info->vname = vname;
    info->ns = ctx->list->ns;
    info->flags = flags;
    if ((ctx->flags & MAILBOX_LIST_ITER_RETURN_CHILDREN) != 0 && (flags & MAILBOX_CHILDREN) == 0)
        info->flags |= has_boxes_below(ctx, vname) ? MAILBOX_CHILDREN : MAILBOX_NOCHILDREN;
    return info;
}

static bool is_known(const struct mailbox_list_iterate_context *ctx, const char *vname)
{
    const struct mailbox_list_autocreate_iterate_context *actx = ctx->autocreate_ctx;
    const struct auto_box *box;
    const char *parent;

    array_foreach(&actx->boxes, box)
    {
        if (strcmp(box->vname, vname) == 0)
            return TRUE;
    }
    array_foreach_elem(&actx->parents, parent)
    {
        if (strcmp(parent, vname) == 0)
            return TRUE;
    }
    return FALSE;
}

/* A name above the box that a pattern asks for, and that nobody has shown. */
static const struct mailbox_info *show_parent(struct mailbox_list_iterate_context *ctx,
                                              const struct auto_box *box)
{
    bool subscribed = (ctx->flags & MAILBOX_LIST_ITER_SELECT_SUBSCRIBED) != 0;
    size_t length = strlen(box->vname);

    if (subscribed && (ctx->flags & MAILBOX_LIST_ITER_SELECT_RECURSIVEMATCH) == 0)
        return NULL;
    while (vname_parent(box->vname, separator(ctx), &length)) {
        const char *parent = p_strndup(ctx->pool, box->vname, length);

        if (is_known(ctx, parent) ||
            imap_match(ctx->autocreate_ctx->glob, parent) != IMAP_MATCH_YES)
            continue;
        array_push_back(&ctx->autocreate_ctx->parents, &parent);
        return show(ctx, parent,
                    MAILBOX_NONEXISTENT | MAILBOX_CHILDREN |
                        (subscribed ? MAILBOX_CHILD_SUBSCRIBED : 0));
    }
    return NULL;
}

static const struct mailbox_info *show_next(struct mailbox_list_iterate_context *ctx)
{
    struct mailbox_list_autocreate_iterate_context *actx = ctx->autocreate_ctx;
    const struct mailbox_info *info;

    for (; actx->next < array_count(&actx->boxes); actx->next++) {
        struct auto_box *box = array_idx_modifiable(&actx->boxes, actx->next);

        if (!box->listed && imap_match(actx->glob, box->vname) == IMAP_MATCH_YES) {
            box->listed = TRUE;
            return show(ctx, box->vname, with_box(ctx, box, 0));
        }
        info = show_parent(ctx, box);
        if (info != NULL)
            return info;
    }
    return NULL;
}

const struct mailbox_info *list_auto_next(struct mailbox_list_iterate_context *ctx)
{
    const struct mailbox_info *info;

    if (!ctx->autocreate_ctx->list_ended) {
        info = ctx->list->v.iter_next(ctx);
        if (info != NULL)
            return merge(ctx, info);
        ctx->autocreate_ctx->list_ended = TRUE;
    }
    return show_next(ctx);
}
