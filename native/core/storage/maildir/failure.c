/*
 * A full disk, a missing permission and the like each tell the client what they are; the log always has
 * the call and the path.
 */
#include "maildir/failure.h"

#include "maildir/mailbox.h"

#include "eacces-error.h"

#include <sys/stat.h>

static bool mailbox_is_gone(struct mailbox *box)
{
    struct stat st;
    const char *path;

    return mailbox_get_path_to(box, MAILBOX_LIST_PATH_TYPE_MAILBOX, &path) > 0 &&
           stat(t_strconcat(path, "/cur", NULL), &st) < 0 && errno == ENOENT;
}

static void set_error(struct mailbox *box, int error, const char *syscall, const char *path)
{
    struct mail_storage *storage = box->storage;

    switch (error) {
    case ENOSPC:
        e_error(box->event, "%s(%s) failed: %s", syscall, path, strerror(error));
        mail_storage_set_error(storage, MAIL_ERROR_TEMP, "Not enough disk space");
        return;
    case EDQUOT:
        e_error(box->event, "%s(%s) failed: %s", syscall, path, strerror(error));
        mail_storage_set_error(storage, MAIL_ERROR_NOQUOTA, MAIL_ERRSTR_NO_QUOTA);
        return;
    case EACCES:
    case EPERM:
        e_error(box->event, "%s", eacces_error_get(syscall, path));
        mail_storage_set_error(storage, MAIL_ERROR_PERM, MAIL_ERRSTR_NO_PERMISSION);
        return;
    case EROFS:
        e_error(box->event, "%s(%s) failed: %s", syscall, path, strerror(error));
        mail_storage_set_error(storage, MAIL_ERROR_PERM, "Read-only file system");
        return;
    case ENAMETOOLONG:
        mail_storage_set_error(storage, MAIL_ERROR_PARAMS, "Name is too long");
        return;
    default:
        if (error == ENOENT && mailbox_is_gone(box))
            mailbox_set_deleted(box);
        else
            mailbox_set_critical(box, "%s(%s) failed: %s", syscall, path, strerror(error));
        return;
    }
}

int maildir_failed(struct mailbox *box, const char *syscall, const char *path)
{
    int error = errno;

    set_error(box, error, syscall, path);
    errno = error;
    return -1;
}
