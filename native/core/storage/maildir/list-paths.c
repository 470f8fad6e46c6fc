/*
 * From storage names to paths, and what lies there.
 */
#include "maildir/list.h"

#include <sys/stat.h>

/* Joins a root, a middle that may be empty, and a name. */
static const char *join(const char *root, const char *middle, const char *name)
{
    return *middle == '\0' ? t_strconcat(root, "/", name, NULL)
                           : t_strconcat(root, "/", middle, "/", name, NULL);
}

/* A mailbox below a root of its own (CONTROL=, INDEX=…). */
static const char *below_other_root(const struct mailbox_list *list, const char *root,
                                    const char *name)
{
    const char *path;

    if (!maildir_list_is_tree(list))
        return t_strconcat(root, "/.", name, NULL);
    if (!list->set.index_control_use_maildir_name)
        return t_strconcat(root, "/", name, NULL);
    path = join(root, list->set.mailbox_dir_name, name);
    return *list->set.maildir_name == '\0' ? path
                                           : t_strconcat(path, "/", list->set.maildir_name, NULL);
}

/* `dir_only`: the directory of the name, which may have the mailbox in it and other names. */
static const char *mail_path(const struct mailbox_list *list, const char *root, const char *name,
                             bool dir_only)
{
    const struct mailbox_list_settings *set = &list->set;
    const char *path;

    if (set->inbox_path != NULL && root == set->root_dir && strcmp(name, "INBOX") == 0)
        return set->inbox_path;
    if (!maildir_list_is_tree(list))
        return t_strconcat(root, "/.", name, NULL);
    path = join(root, set->mailbox_dir_name, name);
    return dir_only || *set->maildir_name == '\0' ? path
                                                  : t_strconcat(path, "/", set->maildir_name, NULL);
}

/* The root that a type has for itself. NULL: the mailbox's directory serves; "": no files at all. */
static const char *other_root(const struct mailbox_list_settings *set,
                              enum mailbox_list_path_type type)
{
    switch (type) {
    case MAILBOX_LIST_PATH_TYPE_CONTROL:
        return set->control_dir;
    case MAILBOX_LIST_PATH_TYPE_INDEX_CACHE:
        return set->index_cache_dir != NULL ? set->index_cache_dir : set->index_dir;
    case MAILBOX_LIST_PATH_TYPE_INDEX_PRIVATE:
        return set->index_pvt_dir != NULL ? set->index_pvt_dir : "";
    case MAILBOX_LIST_PATH_TYPE_LIST_INDEX:
        return set->list_index_dir != NULL ? set->list_index_dir : set->index_dir;
    default:
        return set->index_dir;
    }
}

int maildir_list_get_path(struct mailbox_list *list, const char *name,
                          enum mailbox_list_path_type type, const char **path_r)
{
    const char *root;

    if (name == NULL || *name == '\0')
        return mailbox_list_set_get_root_path(&list->set, type, path_r) ? 1 : 0;
    switch (type) {
    case MAILBOX_LIST_PATH_TYPE_DIR:
    case MAILBOX_LIST_PATH_TYPE_MAILBOX:
        root = list->set.root_dir;
        break;
    case MAILBOX_LIST_PATH_TYPE_ALT_DIR:
    case MAILBOX_LIST_PATH_TYPE_ALT_MAILBOX:
        root = list->set.alt_dir;
        break;
    default:
        root = other_root(&list->set, type);
        if (root != NULL && *root != '\0') {
            *path_r = below_other_root(list, root, name);
            return 1;
        }
        if (root == NULL)
            root = list->set.root_dir;
        break;
    }
    if (root == NULL || *root == '\0')
        return 0;
    *path_r =
        mail_path(list, root, name,
                  type == MAILBOX_LIST_PATH_TYPE_DIR || type == MAILBOX_LIST_PATH_TYPE_ALT_DIR);
    return 1;
}

/* A directory can have mails if it has cur/; every folder of Maildir++ can. */
static bool is_selectable(const struct mailbox_list *list, const char *path)
{
    const char *sub = *list->set.maildir_name == '\0'
                          ? "/cur"
                          : t_strconcat("/", list->set.maildir_name, "/cur", NULL);
    struct stat st;

    return !maildir_list_is_tree(list) || stat(t_strconcat(path, sub, NULL), &st) == 0;
}

int maildir_list_get_mailbox_flags(struct mailbox_list *list, const char *dir, const char *fname,
                                   enum mailbox_list_file_type type,
                                   enum mailbox_info_flags *flags_r)
{
    const char *path = t_strconcat(dir, "/", fname, NULL);
    struct stat st;

    *flags_r = 0;
    if (type != MAILBOX_LIST_FILE_TYPE_DIR) {
        if (stat(path, &st) < 0) {
            *flags_r = MAILBOX_NONEXISTENT;
            if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == EACCES)
                return 0;
            return maildir_list_failed(list, "stat", path);
        }
        if (!S_ISDIR(st.st_mode)) {
            *flags_r = MAILBOX_NOSELECT | MAILBOX_NOINFERIORS | MAILBOX_NONEXISTENT;
            return 0;
        }
    }
    *flags_r |= is_selectable(list, path) ? MAILBOX_SELECT : MAILBOX_NOSELECT;
    return 1;
}

static bool is_maildir_name(const char *name, size_t length)
{
    return length == 3 && (strncmp(name, "cur", length) == 0 || strncmp(name, "new", length) == 0 ||
                           strncmp(name, "tmp", length) == 0);
}

bool maildir_list_is_internal_name(struct mailbox_list *list, const char *name)
{
    const char *maildir_name = list->set.maildir_name, *end;

    if (!maildir_list_is_tree(list))
        return FALSE;
    for (;; name = end + 1) {
        size_t length;

        end = strchrnul(name, '/');
        length = (size_t)(end - name);
        if (*maildir_name == '\0'
                ? is_maildir_name(name, length)
                : strlen(maildir_name) == length && strncmp(name, maildir_name, length) == 0)
            return TRUE;
        if (*end == '\0')
            return FALSE;
    }
}
