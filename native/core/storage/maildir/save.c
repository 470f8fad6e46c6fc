/*
 * Writing a mail into tmp/. Plugins may put streams between us and the file; the sizes in its name are
 * those of the mail as it came to us.
 */
#include "maildir/save.h"

#include "maildir/failure.h"

#include "istream-crlf.h"
#include "istream.h"
#include "ostream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_tmp(struct maildir_save_context *save, const char *path)
{
    struct mailbox *box = &save->mbox->base.box;
    const struct mailbox_permissions *perm = mailbox_get_permissions(box);
    int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
    int fd = open(path, flags, perm->file_create_mode);

    /* left behind by a delivery that was killed; nobody else uses the name */
    if (fd < 0 && errno == EEXIST && unlink(path) == 0)
        fd = open(path, flags, perm->file_create_mode);
    if (fd < 0 && errno == ENOENT) {
        if (maildir_repair_directories(box) < 0)
            return -1;
        fd = open(path, flags, perm->file_create_mode);
    }
    if (fd < 0)
        return maildir_failed(box, "open", path);
    /* neither the umask nor the directory's group decides */
    if ((perm->file_create_mode & 077) != 0 && fchmod(fd, perm->file_create_mode) < 0)
        e_error(box->event, "fchmod(%s) failed: %s", path, strerror(errno));
    if (perm->file_create_gid != (gid_t)-1 && fchown(fd, (uid_t)-1, perm->file_create_gid) < 0)
        e_error(box->event, "fchown(%s) failed: %s", path, strerror(errno));
    return fd;
}

int maildir_save_begin(struct mail_save_context *ctx, struct istream *input)
{
    struct maildir_save_context *save = maildir_save_context(ctx);
    struct mailbox *box = &save->mbox->base.box;
    struct maildir_save_file *file;

    if (mailbox_is_readonly(box)) {
        mail_storage_set_error(box->storage, MAIL_ERROR_PERM, MAIL_ERRSTR_NO_PERMISSION);
        return -1;
    }
    file = maildir_save_add(save);
    save->failed = FALSE;
    save->size = save->bare_lfs = 0;
    save->last_byte = '\0';
    save->fd = open_tmp(save, file->tmp);
    if (save->fd < 0)
        return -1;
    ctx->data.output = o_stream_create_fd_file(save->fd, 0, FALSE);
    o_stream_set_name(ctx->data.output, file->tmp);
    o_stream_cork(ctx->data.output);
    save->input =
        box->storage->set->mail_save_crlf ? i_stream_create_crlf(input) : i_stream_create_lf(input);
    return 0;
}

/* Counts what a size with CRLF at every line's end has more. */
static void count_bare_lfs(struct maildir_save_context *save, const unsigned char *data,
                           size_t size)
{
    const unsigned char *end = data + size;

    for (const unsigned char *at = data; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        save->bare_lfs += (at > data ? at[-1] : save->last_byte) != '\r';
    save->last_byte = end[-1];
}

static int output_failed(struct maildir_save_context *save)
{
    struct ostream *output = save->ctx.data.output;

    save->failed = TRUE;
    errno = output->stream_errno;
    if (errno == 0)
        errno = EIO;
    return maildir_failed(&save->mbox->base.box, "write", o_stream_get_name(output));
}

int maildir_save_continue(struct mail_save_context *ctx)
{
    struct maildir_save_context *save = maildir_save_context(ctx);
    const unsigned char *data;
    size_t size;

    if (save->failed)
        return -1;
    while (i_stream_read_more(save->input, &data, &size) > 0) {
        if (o_stream_send(ctx->data.output, data, size) != (ssize_t)size)
            return output_failed(save);
        count_bare_lfs(save, data, size);
        save->size += size;
        i_stream_skip(save->input, size);
    }
    if (save->input->stream_errno != 0) {
        save->failed = TRUE;
        mailbox_set_critical(&save->mbox->base.box, "read(%s) failed: %s",
                             i_stream_get_name(save->input), i_stream_get_error(save->input));
        return -1;
    }
    return 0;
}

void maildir_save_flush(struct mail_save_context *ctx)
{
    /* an error shows again when the mail is finished */
    if (ctx->data.output != NULL)
        (void)o_stream_flush(ctx->data.output);
}

static void close_streams(struct maildir_save_context *save)
{
    if (save->ctx.data.output != NULL) {
        o_stream_ignore_last_errors(save->ctx.data.output);
        o_stream_unref(&save->ctx.data.output);
    }
    i_stream_unref(&save->input);
}

static int close_file(struct maildir_save_context *save)
{
    int fd = save->fd;

    save->fd = -1;
    return fd < 0 || close(fd) == 0 || errno == EINTR ? 0 : -1;
}

static int set_date(struct maildir_save_context *save)
{
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {0}};

    if (save->ctx.data.received_date == (time_t)-1)
        return 0;
    times[1].tv_sec = save->ctx.data.received_date;
    return futimens(save->fd, times);
}

/* Everything is in the file, and the file on the disk. */
static int flush(struct maildir_save_context *save)
{
    struct mailbox *box = &save->mbox->base.box;
    const char *path = save->file->tmp;

    if (o_stream_finish(save->ctx.data.output) < 0)
        return output_failed(save);
    if (set_date(save) < 0)
        return maildir_failed(box, "futimens", path);
    if (box->storage->set->parsed_fsync_mode != FSYNC_MODE_NEVER && fsync(save->fd) < 0)
        return maildir_failed(box, "fsync", path);
    return 0;
}

/* Plugins may ask the mail that was saved for its size; we know it without reading. */
static int learn_sizes(struct maildir_save_context *save, uoff_t *virtual_size_r)
{
    struct mail_base *dest =
        container_of((struct mail_private *)save->ctx.dest_mail, struct mail_base, mail);

    dest->data.physical_size = save->size;
    dest->data.physical_size_set = TRUE;
    dest->data.virtual_size = save->size + save->bare_lfs;
    dest->data.virtual_size_set = TRUE;
    return mail_get_virtual_size(save->ctx.dest_mail, virtual_size_r);
}

static int finish(struct maildir_save_context *save)
{
    uoff_t virtual_size;
    int result = -1;

    if (!save->failed && flush(save) == 0 && learn_sizes(save, &virtual_size) == 0)
        result = maildir_save_complete(save, save->size, virtual_size);
    close_streams(save);
    if (close_file(save) < 0 && result == 0)
        result = maildir_failed(&save->mbox->base.box, "close", "tmp");
    return result;
}

int maildir_save_finish(struct mail_save_context *ctx)
{
    struct maildir_save_context *save = maildir_save_context(ctx);
    int result = finish(save);

    if (result < 0)
        maildir_save_drop(save);
    mailbox_base_save_done(ctx);
    return result;
}

void maildir_save_cancel(struct mail_save_context *ctx)
{
    struct maildir_save_context *save = maildir_save_context(ctx);

    if (ctx->data.output != NULL)
        o_stream_abort(ctx->data.output);
    close_streams(save);
    (void)close_file(save);
    maildir_save_drop(save);
    save->next_base = NULL;
    mailbox_base_save_done(ctx);
}
