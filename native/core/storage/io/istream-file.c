/*
 * Input from a descriptor: a regular file, which is read at offsets and can be sought in, or
 * something that only flows.
 */
#include "lib.h"

#include "istream-private.h"

#include <fcntl.h>
#include <unistd.h>

struct file_istream {
    struct istream_private istream;
    bool is_file;
    bool autoclose;
    char *path; /* still to be opened */
};

static struct file_istream *file_of(struct istream_private *stream)
{
    return container_of(stream, struct file_istream, istream);
}

static void file_close(struct iostream_private *stream, bool close_parent ATTR_UNUSED)
{
    struct istream_private *istream = container_of(stream, struct istream_private, iostream);

    if (file_of(istream)->autoclose && istream->fd != -1 && close(istream->fd) < 0 &&
        errno != EINTR)
        i_error("%s: close() failed: %m", i_stream_get_name(&istream->istream));
    istream->fd = -1;
}

static void file_destroy(struct iostream_private *stream)
{
    struct istream_private *istream = container_of(stream, struct istream_private, iostream);

    i_free(file_of(istream)->path);
    i_stream_free_buffer(istream);
}

static void fail(struct istream_private *stream, const char *call)
{
    int error = errno;

    io_stream_set_error(&stream->iostream, "%s(%s) failed: %s", call,
                        i_stream_get_name(&stream->istream), strerror(error));
    stream->istream.stream_errno = error;
    stream->istream.eof = TRUE;
}

static bool open_file(struct file_istream *stream)
{
    if (stream->path == NULL)
        return TRUE;
    stream->istream.fd = open(stream->path, O_RDONLY | O_CLOEXEC);
    if (stream->istream.fd < 0) {
        stream->istream.fd = -1;
        fail(&stream->istream, "open");
        return FALSE;
    }
    i_free(stream->path);
    return TRUE;
}

static ssize_t file_read(struct istream_private *stream)
{
    struct file_istream *fstream = file_of(stream);
    uoff_t offset = stream->istream.v_offset + (stream->pos - stream->skip);
    size_t size;
    ssize_t result;

    if (!open_file(fstream))
        return -1;
    if (!i_stream_try_alloc(stream, 1, &size))
        return -2;
    do {
        if (fstream->is_file)
            result = pread(stream->fd, stream->w_buffer + stream->pos, size, (off_t)offset);
        else
            result = read(stream->fd, stream->w_buffer + stream->pos, size);
    } while (result < 0 && errno == EINTR && stream->istream.blocking);
    if (result > 0) {
        stream->pos += (size_t)result;
        return result;
    }
    if (result == 0) {
        stream->istream.eof = TRUE;
        return -1;
    }
    if ((errno == EAGAIN || errno == EINTR) && !stream->istream.blocking)
        return 0;
    fail(stream, fstream->is_file ? "pread" : "read");
    return -1;
}

static void file_seek(struct istream_private *stream, uoff_t v_offset, bool mark)
{
    if (!file_of(stream)->is_file) {
        i_stream_default_seek_nonseekable(stream, v_offset, mark);
        return;
    }
    stream->istream.v_offset = v_offset;
    stream->skip = stream->pos = stream->high_pos = 0;
}

static void file_sync(struct istream_private *stream)
{
    if (file_of(stream)->is_file)
        file_seek(stream, stream->istream.v_offset, FALSE);
}

static int file_stat(struct istream_private *stream, bool exact ATTR_UNUSED)
{
    struct file_istream *fstream = file_of(stream);

    if (!open_file(fstream))
        return -1;
    if (fstat(stream->fd, &stream->statbuf) < 0) {
        fail(stream, "fstat");
        return -1;
    }
    if (!fstream->is_file)
        stream->statbuf.st_size = -1;
    return 0;
}

static struct istream *create(int fd, const char *path, size_t max_buffer_size, bool autoclose)
{
    struct file_istream *stream = i_new(struct file_istream, 1);
    struct stat st;
    bool known = fd != -1 && fstat(fd, &st) == 0;

    stream->path = i_strdup(path);
    stream->autoclose = autoclose;
    stream->is_file = path != NULL || (known && S_ISREG(st.st_mode));
    stream->istream.read = file_read;
    stream->istream.seek = file_seek;
    stream->istream.sync = file_sync;
    stream->istream.stat = file_stat;
    stream->istream.iostream.close = file_close;
    stream->istream.iostream.destroy = file_destroy;
    stream->istream.max_buffer_size = max_buffer_size;
    stream->istream.istream.blocking = stream->is_file;
    stream->istream.istream.seekable = stream->is_file;
    stream->istream.istream.readable_fd = TRUE;
    i_stream_create(&stream->istream, NULL, fd, 0);
    i_stream_set_name(&stream->istream.istream,
                      path != NULL ? path : t_strdup_printf("(fd %d)", fd));
    if (path == NULL && !known)
        fail(&stream->istream, "fstat");
    return &stream->istream.istream;
}

struct istream *i_stream_create_fd(int fd, size_t max_buffer_size)
{
    return create(fd, NULL, max_buffer_size, FALSE);
}

struct istream *i_stream_create_fd_autoclose(int *fd, size_t max_buffer_size)
{
    struct istream *stream = create(*fd, NULL, max_buffer_size, TRUE);

    *fd = -1;
    return stream;
}

struct istream *i_stream_create_file(const char *path, size_t max_buffer_size)
{
    return create(-1, path, max_buffer_size, TRUE);
}
