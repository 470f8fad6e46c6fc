/*
 * Making a mailbox: its directories, each durable before the next, and what a mailbox_update sets.
 */
#include "maildir/failure.h"
#include "maildir/mailbox.h"
#include "maildir/uidlist.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_NAME "maildirfolder"

int maildir_sync_directory(struct mailbox *box, const char *path)
{
    int fd, result;

    if (box->storage->set->parsed_fsync_mode == FSYNC_MODE_NEVER)
        return 0;
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    result = fsync(fd);
    /* a file system where directories cannot be synced, because they always are */
    if (result < 0 && errno == EINVAL)
        result = 0;
    (void)close(fd);
    return result;
}

/* Syncs the entry of a path in the directory above it. */
static int sync_above(struct mailbox *box, const char *path)
{
    const char *above = t_strdup_until(path, strrchr(path, '/'));

    if (*above != '\0' && maildir_sync_directory(box, above) < 0)
        return maildir_failed(box, "fsync", above);
    return 0;
}

/* 1: made, 0: it was there, -1. */
static int make_directory(struct mailbox *box, const char *path)
{
    int made = mailbox_mkdir(box, path, MAILBOX_LIST_PATH_TYPE_MAILBOX);

    return made > 0 && sync_above(box, path) < 0 ? -1 : made;
}

int maildir_make_directories(struct mailbox *box)
{
    /* who opens a mailbox, Dovecot too, takes it for complete when there is tmp/: it is the last */
    static const char *const names[] = {"cur", "new", "tmp"};
    const char *root = mailbox_get_path(box);
    int made = make_directory(box, root);

    for (unsigned int i = 0; i < N_ELEMENTS(names) && made >= 0; i++)
        made = make_directory(box, t_strdup_printf("%s/%s", root, names[i]));
    return made < 0 ? -1 : 0;
}

int maildir_repair_directories(struct mailbox *box)
{
    const char *root = mailbox_get_path(box);
    struct stat st;

    if (!box->inbox_user && stat(root, &st) < 0)
        return maildir_failed(box, "stat", root);
    return maildir_make_directories(box);
}

/* The file that marks a Maildir++ folder as one: it is not the Maildir of a user. */
static int mark_folder(struct mailbox *box)
{
    const char *path = t_strconcat(mailbox_get_path(box), "/" FOLDER_NAME, NULL);
    int fd, made;

    if (strcmp(box->list->name, MAILBOX_LIST_NAME_MAILDIRPLUSPLUS) != 0 || box->inbox_any ||
        *box->name == '\0')
        return 0;
    made = mailbox_create_fd(box, path, O_WRONLY | O_CREAT | O_EXCL, &fd);
    if (made > 0)
        (void)close(fd);
    return made < 0 ? -1 : 0;
}

static int exists(struct mailbox *box)
{
    struct stat st;
    const char *path = t_strconcat(mailbox_get_path(box), "/cur", NULL);

    if (stat(path, &st) == 0)
        return 1;
    return errno == ENOENT ? 0 : maildir_failed(box, "stat", path);
}

static int make_parent(struct mailbox *box)
{
    const char *path;
    int made;

    if ((box->list->props & MAILBOX_LIST_PROP_NO_NOSELECT) != 0) {
        mail_storage_set_error(box->storage, MAIL_ERROR_NOTPOSSIBLE,
                               "Only mailboxes can be created here");
        return -1;
    }
    if (mailbox_get_path_to(box, MAILBOX_LIST_PATH_TYPE_DIR, &path) <= 0)
        return -1;
    made = make_directory(box, path);
    if (made == 0) {
        mail_storage_set_error(box->storage, MAIL_ERROR_EXISTS, MAIL_ERRSTR_MAILBOX_EXISTS);
        return -1;
    }
    return made < 0 ? -1 : 0;
}

int maildir_create_box(struct mailbox *box, const struct mailbox_update *update, bool directory)
{
    int there;

    if (directory)
        return make_parent(box);
    there = exists(box);
    if (there < 0)
        return -1;
    if (there > 0) {
        mail_storage_set_error(box->storage, MAIL_ERROR_EXISTS, MAIL_ERRSTR_MAILBOX_EXISTS);
        return -1;
    }
    if (maildir_make_directories(box) < 0 || mark_folder(box) < 0)
        return -1;
    return update == NULL ? 0 : maildir_update_box(box, update);
}
