/*
 * The list drivers "maildir++" and "fs".
 */
#include "maildir/list.h"

#include "maildir/register.h"

#include "hostpid.h"

#include <fcntl.h>
#include <unistd.h>

static struct mailbox_list maildir_list, fs_list;

static struct mailbox_list *alloc(const struct mailbox_list *list_class, const char *pool_name)
{
    pool_t pool = pool_alloconly_create(pool_name, 2048);
    struct mailbox_list *list = p_new(pool, struct mailbox_list, 1);

    *list = *list_class;
    list->pool = pool;
    return list;
}

static struct mailbox_list *maildir_list_alloc(void)
{
    return alloc(&maildir_list, "maildir++ list");
}

static struct mailbox_list *fs_list_alloc(void)
{
    return alloc(&fs_list, "fs list");
}

static void deinit(struct mailbox_list *list)
{
    pool_t pool = list->pool;

    pool_unref(&pool);
}

static char maildir_get_hierarchy_sep(struct mailbox_list *list ATTR_UNUSED)
{
    return '.';
}

static char fs_get_hierarchy_sep(struct mailbox_list *list ATTR_UNUSED)
{
    return '/';
}

static const char *get_temp_prefix(struct mailbox_list *list, bool global)
{
    const char *prefix = maildir_list_is_tree(list) ? ".temp." : "temp.";

    return global ? prefix : t_strdup_printf("%s%s.%s.", prefix, my_hostname, my_pid);
}

int maildir_list_failed(struct mailbox_list *list, const char *syscall, const char *path)
{
    if (errno == ENOSPC) {
        e_error(list->ns->user->event, "%s(%s) failed: %s", syscall, path, strerror(errno));
        mailbox_list_set_error(list, MAIL_ERROR_TEMP, "Not enough disk space");
    } else if (!mailbox_list_set_error_from_errno(list)) {
        mailbox_list_set_critical(list, "%s(%s) failed: %s", syscall, path, strerror(errno));
    }
    return -1;
}

int maildir_list_sync_directory(struct mailbox_list *list, const char *path)
{
    int fd, result = 0;

    if (list->mail_set->parsed_fsync_mode == FSYNC_MODE_NEVER)
        return 0;
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return maildir_list_failed(list, "open", path);
    /* EINVAL: a file system where directories cannot be synced, because they always are */
    if (fsync(fd) < 0 && errno != EINVAL)
        result = maildir_list_failed(list, "fsync", path);
    (void)close(fd);
    return result;
}

/* What both have. */
#define COMMON_METHODS                                                                            \
    .deinit = deinit, .get_vname = mailbox_list_default_get_vname,                                \
    .get_storage_name = mailbox_list_default_get_storage_name, .get_path = maildir_list_get_path, \
    .get_temp_prefix = get_temp_prefix, .iter_init = maildir_list_iter_init,                      \
    .iter_next = maildir_list_iter_next, .iter_deinit = maildir_list_iter_deinit,                 \
    .get_mailbox_flags = maildir_list_get_mailbox_flags,                                          \
    .is_internal_name = maildir_list_is_internal_name,                                            \
    .subscriptions_refresh = maildir_list_subscriptions_refresh,                                  \
    .set_subscribed = maildir_list_set_subscribed, .delete_mailbox = maildir_list_delete_mailbox, \
    .delete_dir = maildir_list_delete_dir, .delete_symlink = maildir_list_delete_symlink,         \
    .rename_mailbox = maildir_list_rename_mailbox

static struct mailbox_list maildir_list = {
    .name = MAILBOX_LIST_NAME_MAILDIRPLUSPLUS,
    .props = MAILBOX_LIST_PROP_NO_MAILDIR_NAME | MAILBOX_LIST_PROP_NO_ALT_DIR |
             MAILBOX_LIST_PROP_NO_NOSELECT,
    .mailbox_name_max_length = 255 - 1, /* it is one name of a directory, after a dot */
    .v = {.alloc = maildir_list_alloc,
          .get_hierarchy_sep = maildir_get_hierarchy_sep,
          COMMON_METHODS},
};

static struct mailbox_list fs_list = {
    .name = MAILBOX_LIST_NAME_FS,
    .mailbox_name_max_length = 4096,
    .v = {.alloc = fs_list_alloc, .get_hierarchy_sep = fs_get_hierarchy_sep, COMMON_METHODS},
};

void maildir_list_register(void)
{
    mailbox_list_register(&maildir_list);
    mailbox_list_register(&fs_list);
}
