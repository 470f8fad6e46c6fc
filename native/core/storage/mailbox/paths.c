/*
 * Where a mailbox lies, and creating files and directories there with its owner and modes.
 */
#include "lib.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "eacces-error.h"
#include "file-lock.h"
#include "mail-storage-private.h"
#include "mkdir-parents.h"
#include "model/lock-file.h"

int mailbox_get_path_to(struct mailbox *box, enum mailbox_list_path_type type, const char **path_r)
{
    int result = mailbox_list_get_path(box->list, box->name, type, path_r);

    if (result < 0)
        mail_storage_copy_list_error(box->storage, box->list);
    return result;
}

/* Looked up once; it stays the same for as long as the mailbox has its name. */
static const char *kept_path(struct mailbox *box, enum mailbox_list_path_type type,
                             const char **kept)
{
    const char *path;

    if (*kept != NULL)
        return *kept;
    T_BEGIN
    {
        if (mailbox_get_path_to(box, type, &path) > 0)
            *kept = p_strdup(box->pool, path);
    }
    T_END;
    i_assert(*kept != NULL);
    return *kept;
}

const char *mailbox_get_path(struct mailbox *box)
{
    return kept_path(box, MAILBOX_LIST_PATH_TYPE_MAILBOX, &box->_path);
}

const char *mailbox_get_index_path(struct mailbox *box)
{
    return kept_path(box, MAILBOX_LIST_PATH_TYPE_INDEX, &box->_index_path);
}

void mailbox_refresh_permissions(struct mailbox *box)
{
    struct mailbox_permissions permissions;

    T_BEGIN
    {
        mailbox_list_get_permissions(box->list, box->name, &permissions);
        mailbox_permissions_copy(&box->_perm, &permissions, box->pool);
    }
    T_END;
    box->_perm.mail_index_permissions_set = FALSE;
}

const struct mailbox_permissions *mailbox_get_permissions(struct mailbox *box)
{
    if (box->_perm.dir_create_mode == 0)
        mailbox_refresh_permissions(box);
    return &box->_perm;
}

int mailbox_mkdir(struct mailbox *box, const char *path, enum mailbox_list_path_type type)
{
    const struct mailbox_permissions *perm = mailbox_get_permissions(box);

    /* The root may have to be made with other permissions than what is in it. */
    if (!perm->gid_origin_is_mailbox_path && mailbox_list_mkdir_root(box->list, NULL, type) < 0) {
        mail_storage_copy_list_error(box->storage, box->list);
        return -1;
    }
    if (mkdir_parents_chgrp(path, perm->dir_create_mode, perm->file_create_gid,
                            perm->file_create_gid_origin) == 0)
        return 1;
    if (errno == EEXIST)
        return 0;
    if (errno == ENOTDIR) {
        mail_storage_set_error(box->storage, MAIL_ERROR_NOTPOSSIBLE,
                               "Mailbox hierarchy can't be created below a file");
    } else if (!mail_storage_set_error_from_errno(box->storage)) {
        mailbox_set_critical(box, "mkdir_parents(%s) failed: %s", path, strerror(errno));
    }
    return -1;
}

int mailbox_create_missing_dir(struct mailbox *box, enum mailbox_list_path_type type)
{
    const char *mail_dir, *dir;
    struct stat st;
    int result;

    result = mailbox_get_path_to(box, type, &dir);
    if (result <= 0)
        return result;
    /* A mailbox that someone has deleted meanwhile does not come back half. */
    if (type != MAILBOX_LIST_PATH_TYPE_MAILBOX &&
        mailbox_get_path_to(box, MAILBOX_LIST_PATH_TYPE_MAILBOX, &mail_dir) > 0 &&
        stat(mail_dir, &st) < 0 && errno == ENOENT) {
        mailbox_set_deleted(box);
        return -1;
    }
    return mailbox_mkdir(box, dir, type);
}

static void set_group(struct mailbox *box, int fd, const char *path)
{
    const struct mailbox_permissions *perm = mailbox_get_permissions(box);

    if (perm->file_create_gid == (gid_t)-1 || fchown(fd, (uid_t)-1, perm->file_create_gid) == 0)
        return;
    if (errno == EPERM)
        mailbox_set_critical(box, "%s",
                             eperm_error_get_chgrp("fchown", path, perm->file_create_gid,
                                                   perm->file_create_gid_origin));
    else
        mailbox_set_critical(box, "fchown(%s) failed: %s", path, strerror(errno));
}

int mailbox_create_fd(struct mailbox *box, const char *path, int flags, int *fd_r)
{
    mode_t mode = mailbox_get_permissions(box)->file_create_mode;
    mode_t old_mask;
    int fd, error;

    i_assert((flags & O_CREAT) != 0);
    *fd_r = -1;
    old_mask = umask(0);
    fd = open(path, flags | O_CLOEXEC, mode);
    error = errno;
    umask(old_mask);
    errno = error;
    if (fd >= 0) {
        set_group(box, fd, path);
        *fd_r = fd;
        return 1;
    }
    if (errno == EEXIST)
        return 0;
    if (errno == ENOENT)
        mailbox_set_deleted(box);
    else if (errno == EACCES)
        mailbox_set_critical(box, "%s", eacces_error_get_creating("open", path));
    else
        mailbox_set_critical(box, "open(%s, O_CREAT) failed: %s", path, strerror(errno));
    return -1;
}

int mailbox_lock_file_create(struct mailbox *box, const char *lock_fname, unsigned int lock_secs,
                             struct file_lock **lock_r, const char **error_r)
{
    const struct mailbox_permissions *perm = mailbox_get_permissions(box);
    struct lock_file_request request = {
        .secs = mail_storage_get_lock_timeout(box->storage, lock_secs),
        .method = box->storage->set->parsed_lock_method,
        .file_mode = perm->file_create_mode,
        .dir_mode = perm->dir_create_mode,
        .gid = perm->file_create_gid,
        .gid_origin = perm->file_create_gid_origin,
    };
    const char *dir;

    if (mailbox_create_missing_dir(box, MAILBOX_LIST_PATH_TYPE_CONTROL) < 0) {
        *error_r = mailbox_get_last_internal_error(box, NULL);
        return -1;
    }
    if (mailbox_get_path_to(box, MAILBOX_LIST_PATH_TYPE_CONTROL, &dir) <= 0) {
        *error_r = "The mailbox has no directory";
        return -1;
    }
    request.path = t_strdup_printf("%s/%s", dir, lock_fname);
    return lock_file_create(&request, lock_r, error_r);
}
