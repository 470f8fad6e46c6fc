/*
 * Making a list's root directories, so that they survive a crash; and the lock that keeps others
 * from changing the tree.
 */
#include "lib.h"

#include "array.h"
#include "hex-binary.h"
#include "mailbox-list-private.h"
#include "mkdir-parents.h"
#include "model/lock-file.h"
#include "sha1.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* As Dovecot names it, so that both wait for each other. */
#define LOCK_FILE_NAME "mailboxes.lock"
#define LOCK_TIMEOUT_SECS 60

/* ---- Root directories ---------------------------------------------------------------------- */

static int sync_directory(const char *path, const char **error_r)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd == -1) {
        *error_r = t_strdup_printf("open(%s) failed: %s", path, strerror(errno));
        return -1;
    }
    if (fsync(fd) < 0 && errno != EINVAL) {
        *error_r = t_strdup_printf("fsync(%s) failed: %s", path, strerror(errno));
        (void)close(fd);
        return -1;
    }
    (void)close(fd);
    return 0;
}

/* Every directory that got a new one in it, from the one above `path` up to the one that was there
   before. */
static int sync_parents(const char *path, const char *existing, const char **error_r)
{
    const char *slash;

    while ((slash = strrchr(path, '/')) != NULL) {
        path = slash == path ? "/" : t_strdup_until(path, slash);
        if (sync_directory(path, error_r) < 0)
            return -1;
        if (strcmp(path, existing) == 0 || strcmp(path, "/") == 0)
            return 0;
    }
    return 0;
}

int mailbox_list_try_mkdir_root(struct mailbox_list *list, const char *path,
                                enum mailbox_list_path_type type, const char **error_r)
{
    struct mailbox_permissions perm;
    const char *existing;
    struct stat st;

    if (path == NULL && !mailbox_list_get_root_path(list, type, &path))
        return 0;
    if (stat_first_parent(path, &existing, &st) < 0) {
        *error_r = errno == EACCES ? mail_error_eacces_msg("stat", path)
                                   : t_strdup_printf("stat(%s) failed: %s", path, strerror(errno));
        return -1;
    }
    if (strcmp(existing, path) == 0)
        return 0;
    mailbox_list_get_root_permissions(list, &perm);
    if (mkdir_parents_chgrp(path, perm.dir_create_mode, perm.file_create_gid,
                            perm.file_create_gid_origin) < 0 &&
        errno != EEXIST) {
        *error_r = errno == EACCES ? mail_error_create_eacces_msg("mkdir", path)
                                   : t_strdup_printf("mkdir(%s) failed: %s", path, strerror(errno));
        return -1;
    }
    if (list->mail_set->parsed_fsync_mode == FSYNC_MODE_NEVER)
        return 0;
    return sync_parents(path, existing, error_r);
}

int mailbox_list_mkdir_root(struct mailbox_list *list, const char *path,
                            enum mailbox_list_path_type type)
{
    const char *error;

    if (mailbox_list_try_mkdir_root(list, path, type, &error) == 0)
        return 0;
    mailbox_list_set_critical(list, "Root directory cannot be made: %s", error);
    return -1;
}

static int mkdir_missing(struct mailbox_list *list, enum mailbox_list_path_type type)
{
    const char *path;

    if (!mailbox_list_get_root_path(list, type, &path))
        return 0;
    return mailbox_list_mkdir_root(list, path, type) < 0 ? -1 : 1;
}

int mailbox_list_mkdir_missing_index_root(struct mailbox_list *list)
{
    int ret;

    if (list->index_root_dir_created)
        return 1;
    ret = mkdir_missing(list, MAILBOX_LIST_PATH_TYPE_INDEX);
    list->index_root_dir_created = ret > 0;
    return ret;
}

int mailbox_list_mkdir_missing_list_index_root(struct mailbox_list *list)
{
    int ret;

    if (list->list_index_root_dir_created)
        return 1;
    ret = mkdir_missing(list, MAILBOX_LIST_PATH_TYPE_LIST_INDEX);
    list->list_index_root_dir_created = ret > 0;
    return ret;
}

/* ---- The lock ------------------------------------------------------------------------------ */

/* One volatile directory serves all lists: there the name tells the namespace. NULL: there are no
   files at all. */
static const char *lock_path(struct mailbox_list *list)
{
    unsigned char digest[SHA1_RESULTLEN];
    const char *dir;

    if (list->set.volatile_dir != NULL) {
        sha1_get_digest(list->ns->prefix, list->ns->prefix_len, digest);
        return t_strconcat(list->set.volatile_dir, "/" LOCK_FILE_NAME,
                           binary_to_hex(digest, sizeof(digest)), NULL);
    }
    if (mailbox_list_get_root_path(list, MAILBOX_LIST_PATH_TYPE_INDEX, &dir) ||
        mailbox_list_get_root_path(list, MAILBOX_LIST_PATH_TYPE_CONTROL, &dir))
        return t_strconcat(dir, "/" LOCK_FILE_NAME, NULL);
    return NULL;
}

static int lock_failed(struct mailbox_list *list, int result, const char *error)
{
    int error_no = errno;

    mailbox_list_set_critical(list, "Couldn't lock the mailbox list: %s", error);
    errno = error_no;
    if (result == 0)
        mailbox_list_set_error(list, MAIL_ERROR_INUSE, MAIL_ERRSTR_LOCK_TIMEOUT);
    else if (ENOACCESS(errno) || ENOQUOTA(errno))
        (void)mailbox_list_set_error_from_errno(list);
    return -1;
}

static int take_lock(struct mailbox_list *list)
{
    struct mailbox_permissions perm;
    struct lock_file_request request = {.secs = LOCK_TIMEOUT_SECS,
                                        .method = list->mail_set->parsed_lock_method};
    const char *error;
    int ret;

    request.path = lock_path(list);
    if (request.path == NULL)
        return 0;
    mailbox_list_get_root_permissions(list, &perm);
    request.file_mode = perm.file_create_mode;
    request.dir_mode = perm.dir_create_mode;
    request.gid = perm.file_create_gid;
    request.gid_origin = perm.file_create_gid_origin;
    if (list->mail_set->mail_max_lock_timeout > 0)
        request.secs = I_MIN(request.secs, list->mail_set->mail_max_lock_timeout);
    ret = lock_file_create(&request, &list->lock, &error);
    return ret > 0 ? 0 : lock_failed(list, ret, error);
}

int mailbox_list_lock(struct mailbox_list *list)
{
    int ret = 0;

    if (list->lock_refcount == 0) {
        T_BEGIN
        {
            ret = take_lock(list);
        }
        T_END;
    }
    if (ret == 0)
        list->lock_refcount++;
    return ret;
}

void mailbox_list_unlock(struct mailbox_list *list)
{
    i_assert(list->lock_refcount > 0);
    if (--list->lock_refcount == 0 && list->lock != NULL)
        file_lock_free(&list->lock);
}
