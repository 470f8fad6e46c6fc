/*
 * The list of a namespace that has no directory: it takes any name and lists nothing.
 */
#include "lib.h"

#include "array.h"
#include "mailbox-list-private.h"
#include "model/lists.h"
#include "model/storages.h"

static struct mailbox_list list_none;

static struct mailbox_list *none_alloc(void)
{
    pool_t pool = pool_alloconly_create("none list", 1024);
    struct mailbox_list *list = p_new(pool, struct mailbox_list, 1);

    *list = list_none;
    list->pool = pool;
    return list;
}

static void none_deinit(struct mailbox_list *list)
{
    pool_unref(&list->pool);
}

static char none_get_hierarchy_sep(struct mailbox_list *list ATTR_UNUSED)
{
    return '/';
}

static int none_get_path(struct mailbox_list *list ATTR_UNUSED, const char *name ATTR_UNUSED,
                         enum mailbox_list_path_type type ATTR_UNUSED,
                         const char **path_r ATTR_UNUSED)
{
    return 0;
}

static const char *none_get_temp_prefix(struct mailbox_list *list ATTR_UNUSED,
                                        bool global ATTR_UNUSED)
{
    return "temp.";
}

static int none_subscriptions_refresh(struct mailbox_list *src_list ATTR_UNUSED,
                                      struct mailbox_list *dest_list ATTR_UNUSED)
{
    return 0;
}

static int not_supported(struct mailbox_list *list)
{
    mailbox_list_set_error(list, MAIL_ERROR_NOTPOSSIBLE, "Not supported");
    return -1;
}

static int none_set_subscribed(struct mailbox_list *list, const char *name ATTR_UNUSED,
                               bool set ATTR_UNUSED)
{
    return not_supported(list);
}

static int none_delete(struct mailbox_list *list, const char *name ATTR_UNUSED)
{
    return not_supported(list);
}

static int none_rename_mailbox(struct mailbox_list *oldlist, const char *oldname ATTR_UNUSED,
                               struct mailbox_list *newlist ATTR_UNUSED,
                               const char *newname ATTR_UNUSED)
{
    return not_supported(oldlist);
}

static struct mailbox_list_iterate_context *none_iter_init(struct mailbox_list *list,
                                                           const char *const *patterns,
                                                           enum mailbox_list_iter_flags flags)
{
    return mailbox_list_alloc_iter(list, patterns, flags,
                                   sizeof(struct mailbox_list_iterate_context));
}

static const struct mailbox_info *
none_iter_next(struct mailbox_list_iterate_context *ctx ATTR_UNUSED)
{
    return NULL;
}

static int none_get_mailbox_flags(struct mailbox_list *list ATTR_UNUSED,
                                  const char *dir ATTR_UNUSED, const char *fname ATTR_UNUSED,
                                  enum mailbox_list_file_type type ATTR_UNUSED,
                                  enum mailbox_info_flags *flags_r)
{
    *flags_r = MAILBOX_NONEXISTENT;
    return 0;
}

static struct mailbox_list list_none = {
    .name = MAILBOX_LIST_NAME_NONE,
    .props = MAILBOX_LIST_PROP_NO_ROOT,
    .v = {.alloc = none_alloc,
          .deinit = none_deinit,
          .get_hierarchy_sep = none_get_hierarchy_sep,
          .get_vname = mailbox_list_default_get_vname,
          .get_storage_name = mailbox_list_default_get_storage_name,
          .get_path = none_get_path,
          .get_temp_prefix = none_get_temp_prefix,
          .iter_init = none_iter_init,
          .iter_next = none_iter_next,
          .iter_deinit = mailbox_list_free_iter,
          .get_mailbox_flags = none_get_mailbox_flags,
          .subscriptions_refresh = none_subscriptions_refresh,
          .set_subscribed = none_set_subscribed,
          .delete_mailbox = none_delete,
          .delete_dir = none_delete,
          .delete_symlink = none_delete,
          .rename_mailbox = none_rename_mailbox},
};

void list_none_register(void)
{
    mailbox_list_register(&list_none);
}
