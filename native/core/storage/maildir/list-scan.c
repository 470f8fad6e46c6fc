/*
 * Which mailboxes lie below a list's root.
 */
#include "maildir/list.h"
#include "maildir/mailbox.h"

#include <dirent.h>
#include <sys/stat.h>

struct scan {
    struct mailbox_list *list;
    pool_t pool;
    ARRAY_TYPE(maildir_list_entry) * entries;
};

static bool has_inbox(const struct mailbox_list *list)
{
    return (list->ns->flags & NAMESPACE_FLAG_INBOX_ANY_MASK) != 0;
}

static void add(struct scan *scan, const char *name, enum mailbox_info_flags flags)
{
    struct maildir_list_entry *entry = array_append_space(scan->entries);

    entry->vname = p_strdup(scan->pool, mailbox_list_get_vname(scan->list, name));
    entry->flags = flags;
}

/* A name that nobody could open, or that another mailbox has, is none. */
static bool is_mailbox_name(struct scan *scan, const char *name)
{
    const char *error;

    return !(has_inbox(scan->list) && strcasecmp(name, "INBOX") == 0) &&
           mailbox_list_is_valid_name(scan->list, name, &error);
}

static bool is_directory(DIR *dir, const struct dirent *entry)
{
    struct stat st;

    if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
        return entry->d_type == DT_DIR;
    return fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

static DIR *open_dir(struct scan *scan, const char *path, int *result_r)
{
    DIR *dir = opendir(path);

    *result_r = 0;
    /* what is not there has no mailboxes; what we may not read is not for us */
    if (dir == NULL && errno != ENOENT && errno != ENOTDIR && errno != EACCES && errno != ELOOP)
        *result_r = maildir_list_failed(scan->list, "opendir", path);
    return dir;
}

static int end_dir(struct scan *scan, DIR *dir, const char *path)
{
    int error = errno;

    (void)closedir(dir);
    if (error == 0)
        return 0;
    errno = error;
    return maildir_list_failed(scan->list, "readdir", path);
}

static int scan_folders(struct scan *scan, const char *path)
{
    const struct dirent *entry;
    int result;
    DIR *dir = open_dir(scan, path, &result);

    if (dir == NULL)
        return result;
    while (errno = 0, (entry = readdir(dir)) != NULL) {
        const char *name = entry->d_name + 1;

        /* ".", ".." and the trash have a second dot, or nothing, behind the first */
        if (entry->d_name[0] != '.' || *name == '.' || *name == '\0')
            continue;
        T_BEGIN
        {
            if (is_mailbox_name(scan, name) && is_directory(dir, entry))
                add(scan, name, MAILBOX_SELECT);
        }
        T_END;
    }
    return end_dir(scan, dir, path);
}

static int scan_tree(struct scan *scan, const char *path, const char *prefix);

/* One directory of a tree, and those in it. */
static int scan_branch(struct scan *scan, const char *dir, const char *fname, const char *prefix)
{
    const char *name = t_strconcat(prefix, fname, NULL);
    enum mailbox_info_flags flags;

    if (!is_mailbox_name(scan, name))
        return 0;
    if (scan->list->v.get_mailbox_flags(scan->list, dir, fname, MAILBOX_LIST_FILE_TYPE_DIR,
                                        &flags) > 0)
        add(scan, name, flags);
    return scan_tree(scan, t_strconcat(dir, "/", fname, NULL), t_strconcat(name, "/", NULL));
}

static int scan_tree(struct scan *scan, const char *path, const char *prefix)
{
    const char *temp = mailbox_list_get_global_temp_prefix(scan->list);
    const struct dirent *entry;
    int result;
    DIR *dir = open_dir(scan, path, &result);

    if (dir == NULL)
        return result;
    while (errno = 0, result == 0 && (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            strcmp(entry->d_name, MAILDIR_TRASH_NAME) == 0 || str_begins(entry->d_name, temp) ||
            !is_directory(dir, entry))
            continue;
        T_BEGIN
        {
            result = scan_branch(scan, path, entry->d_name, prefix);
        }
        T_END;
    }
    if (result < 0) {
        (void)closedir(dir);
        return -1;
    }
    return end_dir(scan, dir, path);
}

int maildir_list_scan(struct mailbox_list *list, pool_t pool,
                      ARRAY_TYPE(maildir_list_entry) * entries)
{
    struct scan scan = {.list = list, .pool = pool, .entries = entries};
    const char *root;

    if (has_inbox(list))
        add(&scan, "INBOX", MAILBOX_SELECT);
    if (!mailbox_list_get_root_path(list, MAILBOX_LIST_PATH_TYPE_DIR, &root))
        return 0;
    return maildir_list_is_tree(list) ? scan_tree(&scan, root, "") : scan_folders(&scan, root);
}
