/*
 * Listing: all mailboxes, with the names above them that are none, in the order of a tree; then those of
 * them that the patterns ask for.
 */
#include "maildir/list.h"

#include "imap-match.h"
#include "model/lists.h"
#include "sort.h"

struct maildir_list_iter {
    struct mailbox_list_iterate_context ctx;
    ARRAY_TYPE(maildir_list_entry) entries; /* parents before their children */
    unsigned int next;
    struct mailbox_info info;
};

/* ---- The tree ---------------------------------------------------------------------------------- */

static char sort_separator;

/* By levels: what is below a name comes right after it. */
static int compare_entries(const struct maildir_list_entry *entry1,
                           const struct maildir_list_entry *entry2)
{
    const unsigned char *p1 = (const unsigned char *)entry1->vname;
    const unsigned char *p2 = (const unsigned char *)entry2->vname;

    while (*p1 != '\0' && *p1 == *p2) {
        p1++;
        p2++;
    }
    if (*p1 == *p2)
        return 0;
    if (*p1 == '\0' || *p2 == '\0')
        return *p1 == '\0' ? -1 : 1;
    if (*p1 == (unsigned char)sort_separator || *p2 == (unsigned char)sort_separator)
        return *p1 == (unsigned char)sort_separator ? -1 : 1;
    return *p1 < *p2 ? -1 : 1;
}

static bool is_below(const char *vname, const char *parent, char sep)
{
    size_t length = strlen(parent);

    return strncmp(vname, parent, length) == 0 && vname[length] == sep;
}

struct tree {
    struct maildir_list_iter *iter;
    char sep;
    ARRAY_TYPE(uint) open; /* indexes of the entries above the place where we are */
};

/* Adds an entry below those that are open, and tells the nearest of them. */
static void add_entry(struct tree *tree, const char *vname, enum mailbox_info_flags flags)
{
    struct maildir_list_entry entry = {.vname = vname, .flags = flags};
    unsigned int idx = array_count(&tree->iter->entries);

    if (array_not_empty(&tree->open))
        array_idx_modifiable(&tree->iter->entries, *array_back(&tree->open))->flags |=
            MAILBOX_CHILDREN;
    array_push_back(&tree->iter->entries, &entry);
    array_push_back(&tree->open, &idx);
}

/* Adds the levels above vname that nobody has, from `from` on. */
static void add_missing_parents(struct tree *tree, const char *vname, size_t from)
{
    for (const char *end = strchr(vname + from, tree->sep); end != NULL;
         end = strchr(end + 1, tree->sep))
        add_entry(tree, p_strdup_until(tree->iter->ctx.pool, vname, end), MAILBOX_NONEXISTENT);
}

static void place_entry(struct tree *tree, const struct maildir_list_entry *found)
{
    size_t prefix_length = tree->iter->ctx.list->ns->prefix_len, from = 0;

    while (array_not_empty(&tree->open)) {
        const char *above = array_idx(&tree->iter->entries, *array_back(&tree->open))->vname;

        if (strcmp(above, found->vname) == 0)
            return;
        if (is_below(found->vname, above, tree->sep)) {
            from = strlen(above) + 1;
            break;
        }
        array_pop_back(&tree->open);
    }
    /* the levels of the namespace's prefix are not the list's */
    if (strncmp(found->vname, tree->iter->ctx.list->ns->prefix, prefix_length) == 0)
        from = I_MAX(from, prefix_length);
    add_missing_parents(tree, found->vname, from);
    add_entry(tree, found->vname, found->flags);
}

static void build_tree(struct maildir_list_iter *iter, ARRAY_TYPE(maildir_list_entry) * found)
{
    struct tree tree = {.iter = iter, .sep = mail_namespace_get_sep(iter->ctx.list->ns)};
    const struct maildir_list_entry *entry;

    sort_separator = tree.sep;
    array_sort(found, compare_entries);
    i_array_init(&tree.open, 8);
    array_foreach(found, entry) place_entry(&tree, entry);
    array_free(&tree.open);
}

/* ---- The methods ------------------------------------------------------------------------------- */

struct mailbox_list_iterate_context *maildir_list_iter_init(struct mailbox_list *list,
                                                            const char *const *patterns,
                                                            enum mailbox_list_iter_flags flags)
{
    ARRAY_TYPE(maildir_list_entry) found;
    struct mailbox_list_iterate_context *ctx;
    struct maildir_list_iter *iter;

    if ((flags & MAILBOX_LIST_ITER_SELECT_SUBSCRIBED) != 0)
        return mailbox_list_subscriptions_iter_init(list, patterns, flags);
    ctx = mailbox_list_alloc_iter(list, patterns, flags, sizeof *iter);
    iter = container_of(ctx, struct maildir_list_iter, ctx);
    p_array_init(&iter->entries, ctx->pool, 32);
    i_array_init(&found, 32);
    if (maildir_list_scan(list, ctx->pool, &found) < 0)
        ctx->failed = TRUE;
    build_tree(iter, &found);
    array_free(&found);
    if ((flags & MAILBOX_LIST_ITER_RETURN_SUBSCRIBED) != 0 &&
        mailbox_list_refresh_subscriptions(list) < 0)
        ctx->failed = TRUE;
    return ctx;
}

static const struct mailbox_info *show(struct maildir_list_iter *iter,
                                       const struct maildir_list_entry *entry)
{
    struct mailbox_list_iterate_context *ctx = &iter->ctx;

    i_zero(&iter->info);
    iter->info.vname = entry->vname;
    iter->info.ns = ctx->list->ns;
    iter->info.flags = entry->flags;
    if ((entry->flags & MAILBOX_CHILDREN) == 0)
        iter->info.flags |= MAILBOX_NOCHILDREN;
    if ((ctx->flags & MAILBOX_LIST_ITER_RETURN_SUBSCRIBED) != 0)
        mailbox_list_set_subscription_flags(ctx->list, entry->vname, &iter->info.flags);
    return &iter->info;
}

const struct mailbox_info *maildir_list_iter_next(struct mailbox_list_iterate_context *ctx)
{
    struct maildir_list_iter *iter;

    if ((ctx->flags & MAILBOX_LIST_ITER_SELECT_SUBSCRIBED) != 0)
        return mailbox_list_subscriptions_iter_next(ctx);
    iter = container_of(ctx, struct maildir_list_iter, ctx);
    while (iter->next < array_count(&iter->entries)) {
        const struct maildir_list_entry *entry = array_idx(&iter->entries, iter->next++);

        if (imap_match(ctx->glob, entry->vname) == IMAP_MATCH_YES)
            return show(iter, entry);
    }
    return NULL;
}

int maildir_list_iter_deinit(struct mailbox_list_iterate_context *ctx)
{
    if ((ctx->flags & MAILBOX_LIST_ITER_SELECT_SUBSCRIBED) != 0)
        return mailbox_list_subscriptions_iter_deinit(ctx);
    return mailbox_list_free_iter(ctx);
}
