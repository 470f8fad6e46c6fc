/*
 * Renaming mailboxes with all that are below them.
 */
#include "maildir/list.h"

#include "mkdir-parents.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

struct renaming {
    struct mailbox_list *from, *to;
    const char *from_name, *to_name;
};

static const enum mailbox_list_path_type other_types[] = {
    MAILBOX_LIST_PATH_TYPE_CONTROL, MAILBOX_LIST_PATH_TYPE_INDEX,
    MAILBOX_LIST_PATH_TYPE_INDEX_CACHE, MAILBOX_LIST_PATH_TYPE_INDEX_PRIVATE};

static int failed(const struct renaming *r, const char *path)
{
    if (errno == EXDEV)
        mailbox_list_set_error(r->from, MAIL_ERROR_NOTPOSSIBLE,
                               "Can't rename mailboxes across file systems");
    else if (errno == ENOTEMPTY || errno == EEXIST)
        mailbox_list_set_error(r->from, MAIL_ERROR_EXISTS, "Target mailbox already exists");
    else if (errno == ENAMETOOLONG)
        mailbox_list_set_error(r->from, MAIL_ERROR_PARAMS, "Mailbox name too long");
    else if (errno == EINVAL)
        mailbox_list_set_error(r->from, MAIL_ERROR_PARAMS,
                               "Can't rename a mailbox to be below itself");
    else
        (void)maildir_list_failed(r->from, "rename", path);
    return -1;
}

/* The new name can be had. */
static int verify_free(const struct renaming *r, const char *to)
{
    struct stat st;

    if (lstat(to, &st) == 0)
        errno = EEXIST;
    else if (errno != ENAMETOOLONG)
        return 0;
    return failed(r, to);
}

/* 1, 0: there is nothing to rename, -1. */
static int rename_path(const struct renaming *r, const char *from, const char *to)
{
    if (verify_free(r, to) < 0)
        return -1;
    if (rename(from, to) == 0)
        return 1;
    return errno == ENOENT ? 0 : failed(r, from);
}

/* ---- Maildir++: the folder, and each whose name begins with it ---------------------------------- */

/* What follows the old name in the names of folders: "" and ".child"…; on the data stack. */
static int find_endings(const struct renaming *r, const char *root,
                        ARRAY_TYPE(const_string) * endings)
{
    const char *folder = t_strconcat(".", r->from_name, NULL), *ending;
    const struct dirent *entry;
    DIR *dir = opendir(root);

    if (dir == NULL)
        return errno == ENOENT ? 0 : maildir_list_failed(r->from, "opendir", root);
    while ((entry = readdir(dir)) != NULL) {
        if (!str_begins(entry->d_name, folder))
            continue;
        ending = t_strdup(entry->d_name + strlen(folder));
        if (*ending == '\0' || *ending == '.')
            array_push_back(endings, &ending);
    }
    (void)closedir(dir);
    return 0;
}

/* None is renamed if one cannot be because of its new name. */
static int rename_folders(const struct renaming *r, const char *from_root, const char *to_root)
{
    const char *from = t_strdup_printf("%s/.%s", from_root, r->from_name);
    const char *to = t_strdup_printf("%s/.%s", to_root, r->to_name), *ending;
    ARRAY_TYPE(const_string) endings;
    int count = 0;

    t_array_init(&endings, 16);
    if (find_endings(r, from_root, &endings) < 0)
        return -1;
    array_foreach_elem(&endings, ending)
    {
        if (verify_free(r, t_strconcat(to, ending, NULL)) < 0)
            return -1;
    }
    array_foreach_elem(&endings, ending)
    {
        int result = rename_path(r, t_strconcat(from, ending, NULL), t_strconcat(to, ending, NULL));

        if (result < 0)
            return -1;
        count += result;
    }
    return count;
}

/* ---- A tree: the directory, which has the others in it ------------------------------------------ */

static int rename_directory(const struct renaming *r, enum mailbox_list_path_type type)
{
    const char *from, *to, *parent;
    struct mailbox_permissions perm;

    if (mailbox_list_get_path(r->from, r->from_name, type, &from) <= 0 ||
        mailbox_list_get_path(r->to, r->to_name, type, &to) <= 0)
        return 0;
    parent = t_strdup_until(to, strrchr(to, '/'));
    mailbox_list_get_root_permissions(r->to, &perm);
    if (mkdir_parents_chgrp(parent, perm.dir_create_mode, perm.file_create_gid,
                            perm.file_create_gid_origin) < 0 &&
        errno != EEXIST)
        return maildir_list_failed(r->from, "mkdir", parent);
    return rename_path(r, from, to);
}

/* ---- Both --------------------------------------------------------------------------------------- */

static bool has_own_root(const struct mailbox_list *list, enum mailbox_list_path_type type)
{
    const char *root, *mail_root;

    return mailbox_list_set_get_root_path(&list->set, type, &root) &&
           mailbox_list_set_get_root_path(&list->set, MAILBOX_LIST_PATH_TYPE_DIR, &mail_root) &&
           strcmp(root, mail_root) != 0;
}

static int rename_type(const struct renaming *r, enum mailbox_list_path_type type)
{
    const char *from_root, *to_root;

    if (maildir_list_is_tree(r->from))
        return rename_directory(r, type);
    if (!mailbox_list_set_get_root_path(&r->from->set, type, &from_root) ||
        !mailbox_list_set_get_root_path(&r->to->set, type, &to_root))
        return 0;
    return rename_folders(r, from_root, to_root);
}

int maildir_list_rename_mailbox(struct mailbox_list *oldlist, const char *oldname,
                                struct mailbox_list *newlist, const char *newname)
{
    struct renaming r = {oldlist, newlist, oldname, newname};
    int result = rename_type(&r, MAILBOX_LIST_PATH_TYPE_DIR);

    if (result < 0)
        return -1;
    if (result == 0) {
        mailbox_list_set_error(oldlist, MAIL_ERROR_NOTFOUND,
                               T_MAILBOX_LIST_ERR_NOT_FOUND(oldlist, oldname));
        return -1;
    }
    for (unsigned int i = 0; i < N_ELEMENTS(other_types); i++) {
        if (has_own_root(oldlist, other_types[i]) && rename_type(&r, other_types[i]) < 0)
            return -1;
    }
    return maildir_list_sync_directory(
        newlist, mailbox_list_get_root_forced(newlist, MAILBOX_LIST_PATH_TYPE_DIR));
}
