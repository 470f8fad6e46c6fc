/*
 * Writing the uidlist: records are appended; a new file takes its place when there is none, when it is
 * an old version, or when too much in it is dead.
 */
#include "maildir/uidlist.h"

#include "maildir/failure.h"
#include "maildir/mailbox.h"
#include "maildir/uidlist-format.h"
#include "maildir/uidvalidity.h"

#include "write-full.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int sync_data(const struct maildir_uidlist *list, int fd)
{
    return list->box->storage->set->parsed_fsync_mode == FSYNC_MODE_NEVER ? 0 : fdatasync(fd);
}

int maildir_uidlist_append(struct maildir_uidlist *list, uoff_t size, const string_t *lines)
{
    struct stat st;
    int fd = open(list->path, O_WRONLY | O_CLOEXEC), result = 0;

    if (fd < 0)
        return maildir_failed(list->box, "open", list->path);
    /* a line without an end is what a crash has left: it was never a record */
    if (fstat(fd, &st) < 0)
        result = maildir_failed(list->box, "fstat", list->path);
    else if ((uoff_t)st.st_size != size && ftruncate(fd, (off_t)size) < 0)
        result = maildir_failed(list->box, "ftruncate", list->path);
    else if (pwrite_full(fd, str_data(lines), str_len(lines), (off_t)size) < 0)
        result = maildir_failed(list->box, "write", list->path);
    else if (sync_data(list, fd) < 0)
        result = maildir_failed(list->box, "fdatasync", list->path);
    if (result < 0 && ftruncate(fd, (off_t)size) < 0)
        e_error(list->box->event, "ftruncate(%s) failed: %s", list->path, strerror(errno));
    (void)close(fd);
    return result;
}

static void format_all(const struct maildir_uidlist *list, string_t *text)
{
    const struct maildir_rec *rec;

    str_printfa(text, "3 V%u N%u G%s%s\n", list->uid_validity, list->next_uid,
                guid_128_to_string(list->guid), list->header_rest);
    array_foreach(&list->recs, rec)
    {
        if (!rec->dead)
            maildir_uidlist_format(text, rec->uid, rec->ext, rec->base);
    }
}

static int create_temporary(struct maildir_uidlist *list, const char *path)
{
    const struct mailbox_permissions *perm = mailbox_get_permissions(list->box);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, perm->file_create_mode);

    if (fd < 0)
        return maildir_failed(list->box, "open", path);
    if (perm->file_create_gid != (gid_t)-1 && fchown(fd, (uid_t)-1, perm->file_create_gid) < 0)
        e_error(list->box->event, "fchown(%s) failed: %s", path, strerror(errno));
    if ((perm->file_create_mode & 077) != 0)
        (void)fchmod(fd, perm->file_create_mode);
    return fd;
}

/* Remembers the file that was written as the one that was read. */
static int replace(struct maildir_uidlist *list, int fd, const char *temporary, size_t size)
{
    struct stat st;

    if (sync_data(list, fd) < 0)
        return maildir_failed(list->box, "fdatasync", temporary);
    if (fstat(fd, &st) < 0)
        return maildir_failed(list->box, "fstat", temporary);
    if (rename(temporary, list->path) < 0)
        return maildir_failed(list->box, "rename", list->path);
    if (maildir_sync_directory(list->box, list->directory) < 0)
        return maildir_failed(list->box, "fsync", list->directory);
    list->device = st.st_dev;
    list->inode = st.st_ino;
    list->read_size = size;
    list->rewrite = FALSE;
    list->dead_count = 0;
    return 0;
}

int maildir_uidlist_rewrite(struct maildir_uidlist *list)
{
    const char *temporary = t_strconcat(list->path, ".tmp", NULL);
    string_t *text;
    int fd, result;

    i_assert(list->lock_count > 0);
    if (list->uid_validity == 0 &&
        maildir_uidvalidity_next(list->box->list, &list->uid_validity) < 0) {
        mail_storage_copy_list_error(list->box->storage, list->box->list);
        return -1;
    }
    if (guid_128_is_empty(list->guid))
        guid_128_generate(list->guid);

    fd = create_temporary(list, temporary);
    if (fd < 0)
        return -1;
    text = str_new(default_pool, 128 + array_count(&list->recs) * 80);
    format_all(list, text);
    if (write_full(fd, str_data(text), str_len(text)) < 0)
        result = maildir_failed(list->box, "write", temporary);
    else
        result = replace(list, fd, temporary, str_len(text));
    if (result < 0)
        (void)unlink(temporary);
    (void)close(fd);
    str_free(&text);
    return result;
}
