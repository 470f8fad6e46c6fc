/*
 * Listing the mailboxes of one list: around the list's own methods come the mailboxes that exist
 * only in the configuration (list-auto.c), and special uses.
 */
#include "lib.h"

#include "array.h"
#include "imap-match.h"
#include "mail-storage-private.h"
#include "model/iterations.h"
#include "model/lists.h"

#define SPECIAL_USES (MAILBOX_LIST_ITER_SELECT_SPECIALUSE | MAILBOX_LIST_ITER_RETURN_SPECIALUSE)

/* ---- For drivers --------------------------------------------------------------------------- */

struct mailbox_list_iterate_context *mailbox_list_alloc_iter(struct mailbox_list *list,
                                                             const char *const *patterns,
                                                             enum mailbox_list_iter_flags flags,
                                                             size_t size)
{
    pool_t pool = pool_alloconly_create("mailbox list iteration", 2048);
    struct mailbox_list_iterate_context *ctx = p_malloc(pool, size);

    i_assert(size >= sizeof(*ctx));
    ctx->list = list;
    ctx->pool = pool;
    ctx->flags = flags;
    ctx->glob = imap_match_init_multiple(pool, patterns, TRUE, mail_namespace_get_sep(list->ns));
    p_array_init(&ctx->module_contexts, pool, 5);
    return ctx;
}

int mailbox_list_free_iter(struct mailbox_list_iterate_context *ctx)
{
    int ret = ctx->failed ? -1 : 0;
    pool_t pool = ctx->pool;

    imap_match_deinit(&ctx->glob);
    pool_unref(&pool);
    return ret;
}

/* ---- One list ------------------------------------------------------------------------------ */

struct mailbox_list_iterate_context *mailbox_list_iter_init(struct mailbox_list *list,
                                                            const char *pattern,
                                                            enum mailbox_list_iter_flags flags)
{
    const char *const patterns[] = {pattern, NULL};

    return mailbox_list_iter_init_multiple(list, patterns, flags);
}

struct mailbox_list_iterate_context *
mailbox_list_iter_init_multiple(struct mailbox_list *list, const char *const *patterns,
                                enum mailbox_list_iter_flags flags)
{
    struct mailbox_list_iterate_context *ctx;

    i_assert(*patterns != NULL);
    mailbox_list_clear_error(list);
    ctx = list->v.iter_init(list, patterns, flags);
    if ((flags & (MAILBOX_LIST_ITER_NO_AUTO_BOXES | MAILBOX_LIST_ITER_RAW_LIST)) == 0)
        list_auto_begin(ctx, patterns);
    return ctx;
}

/* The special use that the configuration gives a mailbox, as LIST shows it; NULL. */
static const char *find_special_use(struct mail_namespace *ns, const char *vname)
{
    const struct mailbox_settings *set = mailbox_settings_find(ns, vname);

    return set == NULL || *set->special_use == '\0' ? NULL : set->special_use;
}

static enum mailbox_info_flags special_use_flags(const char *special_use)
{
    static const struct {
        const char *name;
        enum mailbox_info_flags flag;
    } uses[] = {
        {"\\All", MAILBOX_SPECIALUSE_ALL},       {"\\Archive", MAILBOX_SPECIALUSE_ARCHIVE},
        {"\\Drafts", MAILBOX_SPECIALUSE_DRAFTS}, {"\\Flagged", MAILBOX_SPECIALUSE_FLAGGED},
        {"\\Junk", MAILBOX_SPECIALUSE_JUNK},     {"\\Sent", MAILBOX_SPECIALUSE_SENT},
        {"\\Trash", MAILBOX_SPECIALUSE_TRASH},   {"\\Important", MAILBOX_SPECIALUSE_IMPORTANT},
    };
    const char *const *words = t_strsplit_spaces(special_use, " ");
    enum mailbox_info_flags flags = 0;

    for (unsigned int i = 0; i < N_ELEMENTS(uses); i++) {
        if (str_array_icase_find(words, uses[i].name))
            flags |= uses[i].flag;
    }
    return flags;
}

static const struct mailbox_info *add_special_use(struct mailbox_list_iterate_context *ctx,
                                                  const struct mailbox_info *info)
{
    const char *special_use = find_special_use(info->ns, info->vname);

    if (special_use == NULL)
        return info;
    ctx->specialuse_info = *info;
    ctx->specialuse_info.special_use = special_use;
    T_BEGIN
    {
        ctx->specialuse_info.flags |= special_use_flags(special_use);
    }
    T_END;
    return &ctx->specialuse_info;
}

const struct mailbox_info *mailbox_list_iter_next(struct mailbox_list_iterate_context *ctx)
{
    const struct mailbox_info *info;

    do {
        T_BEGIN
        {
            info = ctx->autocreate_ctx != NULL ? list_auto_next(ctx) : ctx->list->v.iter_next(ctx);
            if (info != NULL && (ctx->flags & SPECIAL_USES) != 0 && info->special_use == NULL)
                info = add_special_use(ctx, info);
        }
        T_END;
    } while (info != NULL && (ctx->flags & MAILBOX_LIST_ITER_SELECT_SPECIALUSE) != 0 &&
             info->special_use == NULL);
    return info;
}

int mailbox_list_iter_deinit(struct mailbox_list_iterate_context **_ctx)
{
    struct mailbox_list_iterate_context *ctx = *_ctx;

    *_ctx = NULL;
    if (ctx->autocreate_ctx != NULL)
        list_auto_end(ctx);
    return ctx->list->v.iter_deinit(ctx);
}

const char *mailbox_list_join_refpattern(struct mailbox_list *list, const char *ref,
                                         const char *pattern)
{
    if (list->v.join_refpattern != NULL)
        return list->v.join_refpattern(list, ref, pattern);
    return *ref == '\0' ? pattern : t_strconcat(ref, pattern, NULL);
}

/* ---- One mailbox --------------------------------------------------------------------------- */

int mailbox_list_mailbox(struct mailbox_list *list, const char *name,
                         enum mailbox_info_flags *flags_r)
{
    const char *path, *slash;
    int ret;

    mailbox_list_clear_error(list);
    *flags_r = 0;
    ret = mailbox_list_get_path(list, name, MAILBOX_LIST_PATH_TYPE_DIR, &path);
    if (ret < 0)
        return -1;
    slash = ret == 0 ? NULL : strrchr(path, '/');
    if (slash == NULL) {
        *flags_r = MAILBOX_NONEXISTENT;
        return 0;
    }
    return list->v.get_mailbox_flags(list, t_strdup_until(path, slash), slash + 1,
                                     MAILBOX_LIST_FILE_TYPE_UNKNOWN, flags_r);
}

/* Characters of a name that would be wildcards in a pattern match any one: more than it means, so
   looked at again. */
int mailbox_has_children(struct mailbox_list *list, const char *name)
{
    const char *parent = t_strdup_printf("%s%c", mailbox_list_get_vname(list, name),
                                         mail_namespace_get_sep(list->ns));
    struct mailbox_list_iterate_context *ctx =
        mailbox_list_iter_init(list, t_strconcat(parent, "%", NULL),
                               MAILBOX_LIST_ITER_RETURN_NO_FLAGS | MAILBOX_LIST_ITER_NO_AUTO_BOXES);
    const struct mailbox_info *info;
    int ret = 0;

    while (ret == 0 && (info = mailbox_list_iter_next(ctx)) != NULL) {
        if (str_begins(info->vname, parent))
            ret = 1;
    }
    return mailbox_list_iter_deinit(&ctx) < 0 ? -1 : ret;
}
