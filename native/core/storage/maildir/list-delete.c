/*
 * Removing mailboxes: what is removed gets another name first, so that it is gone at once and as a whole.
 */
#include "maildir/list.h"
#include "maildir/mailbox.h"

#include "model/lists.h"
#include "unlink-directory.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRIES = 10 };

static int not_found(struct mailbox_list *list, const char *name)
{
    mailbox_list_set_error(list, MAIL_ERROR_NOTFOUND, T_MAILBOX_LIST_ERR_NOT_FOUND(list, name));
    return -1;
}

static int empty_trash(struct mailbox_list *list, const char *trash)
{
    const char *error;

    if (unlink_directory(trash, UNLINK_DIRECTORY_FLAG_RMDIR, &error) >= 0)
        return 0;
    mailbox_list_set_critical(list, "unlink_directory(%s) failed: %s", trash, error);
    return -1;
}

/* Moves a directory away. 1, 0: it is not there, -1. */
static int move_to_trash(struct mailbox_list *list, const char *path, const char *trash)
{
    for (unsigned int i = 0; i < TRIES; i++) {
        if (rename(path, trash) == 0)
            return 1;
        if (errno == ENOENT)
            return 0;
        /* another process is deleting, or one that was killed has left it */
        if ((errno != ENOTEMPTY && errno != EEXIST) || empty_trash(list, trash) < 0)
            break;
    }
    return maildir_list_failed(list, "rename", path);
}

static int delete_directory(struct mailbox_list *list, const char *path, const char *trash)
{
    int result = move_to_trash(list, path, trash);

    if (result <= 0)
        return result;
    if (maildir_list_sync_directory(list, t_strdup_until(path, strrchr(path, '/'))) < 0 ||
        empty_trash(list, trash) < 0)
        return -1;
    return 1;
}

/* The files of a mailbox go, directories with other mailboxes stay. */
static int delete_files(struct mailbox_list *list, const char *path)
{
    const char *error;

    if (unlink_directory(path, UNLINK_DIRECTORY_FLAG_FILES_ONLY, &error) < 0) {
        mailbox_list_set_critical(list, "unlink_directory(%s) failed: %s", path, error);
        return -1;
    }
    if (rmdir(path) < 0 && errno != ENOTEMPTY && errno != EEXIST && errno != ENOENT)
        return maildir_list_failed(list, "rmdir", path);
    return 0;
}

/* A mailbox in a tree, whose directory may hold others. */
static int delete_from_tree(struct mailbox_list *list, const char *path, const char *trash)
{
    static const char *const names[] = {"cur", "new", "tmp"};
    bool found = FALSE;

    for (unsigned int i = 0; i < N_ELEMENTS(names); i++) {
        int result = delete_directory(list, t_strdup_printf("%s/%s", path, names[i]), trash);

        if (result < 0)
            return -1;
        found = found || result > 0;
    }
    if (!found)
        return 0;
    return delete_files(list, path) < 0 ? -1 : 1;
}

/* What lies elsewhere than the mails. */
static int delete_other_paths(struct mailbox_list *list, const char *name, const char *mail_path)
{
    static const enum mailbox_list_path_type types[] = {
        MAILBOX_LIST_PATH_TYPE_CONTROL, MAILBOX_LIST_PATH_TYPE_INDEX,
        MAILBOX_LIST_PATH_TYPE_INDEX_CACHE, MAILBOX_LIST_PATH_TYPE_INDEX_PRIVATE};

    for (unsigned int i = 0; i < N_ELEMENTS(types); i++) {
        const char *path, *error;
        int result = mailbox_list_get_path(list, name, types[i], &path);

        if (result <= 0 || strcmp(path, mail_path) == 0)
            continue;
        if (maildir_list_is_tree(list))
            result = delete_files(list, path);
        else if ((result = unlink_directory(path, UNLINK_DIRECTORY_FLAG_RMDIR, &error)) < 0)
            mailbox_list_set_critical(list, "unlink_directory(%s) failed: %s", path, error);
        if (result < 0)
            return -1;
    }
    return 0;
}

int maildir_list_delete_mailbox(struct mailbox_list *list, const char *name)
{
    const char *path, *root = mailbox_list_get_root_forced(list, MAILBOX_LIST_PATH_TYPE_DIR);
    const char *trash = t_strconcat(root, "/" MAILDIR_TRASH_NAME, NULL);
    struct stat st;
    int result;

    if (mailbox_list_get_path(list, name, MAILBOX_LIST_PATH_TYPE_MAILBOX, &path) <= 0)
        return not_found(list, name);
    if (strcmp(path, root) == 0) {
        mailbox_list_set_error(list, MAIL_ERROR_NOTPOSSIBLE, "INBOX can't be deleted.");
        return -1;
    }
    if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
        return maildir_list_delete_symlink(list, name);
    result = maildir_list_is_tree(list) ? delete_from_tree(list, path, trash)
                                        : delete_directory(list, path, trash);
    if (result < 0)
        return -1;
    if (result == 0)
        return not_found(list, name);
    return delete_other_paths(list, name, path);
}

int maildir_list_delete_dir(struct mailbox_list *list, const char *name)
{
    const char *path;
    enum mailbox_info_flags flags;
    int children;

    if (maildir_list_is_tree(list)) {
        if (mailbox_list_get_path(list, name, MAILBOX_LIST_PATH_TYPE_DIR, &path) <= 0)
            return not_found(list, name);
        if (rmdir(path) == 0)
            return 0;
        if (errno == ENOENT || errno == ENOTDIR)
            return not_found(list, name);
        if (errno != ENOTEMPTY && errno != EEXIST)
            return maildir_list_failed(list, "rmdir", path);
    } else if (mailbox_list_mailbox(list, name, &flags) < 0) {
        return -1;
    } else if ((flags & MAILBOX_NONEXISTENT) != 0) {
        children = mailbox_has_children(list, name);
        if (children <= 0)
            return children < 0 ? -1 : not_found(list, name);
    }
    mailbox_list_set_error(list, MAIL_ERROR_EXISTS, "Mailbox has children, delete them first");
    return -1;
}

int maildir_list_delete_symlink(struct mailbox_list *list, const char *name)
{
    const char *path;
    struct stat st;

    if (mailbox_list_get_path(list, name, MAILBOX_LIST_PATH_TYPE_DIR, &path) <= 0 ||
        lstat(path, &st) < 0)
        return not_found(list, name);
    if (!S_ISLNK(st.st_mode)) {
        mailbox_list_set_error(list, MAIL_ERROR_NOTPOSSIBLE, "Mailbox is not a symbolic link");
        return -1;
    }
    return unlink(path) == 0 ? 0 : maildir_list_failed(list, "unlink", path);
}
