/*
 * Output to a descriptor. What the descriptor does not take at once waits in a buffer until the
 * event loop says that it can be written to again; blocking descriptors take everything.
 */
#include "lib.h"

#include "io/file-output.h"

#include <fcntl.h>
#include <unistd.h>

static void fail(struct file_ostream *stream, const char *call)
{
    int error = errno;

    io_stream_set_error(&stream->ostream.iostream, "%s(%s) failed: %s", call,
                        o_stream_get_name(&stream->ostream.ostream), strerror(error));
    stream->ostream.ostream.stream_errno = error;
}

/* ---- The descriptor -------------------------------------------------------------------------- */

static bool open_file(struct file_ostream *stream)
{
    int append = (stream->create_flags & OSTREAM_CREATE_FILE_FLAG_APPEND) != 0 ? O_APPEND : O_TRUNC;

    if (stream->path == NULL)
        return TRUE;
    stream->ostream.fd =
        open(stream->path, O_WRONLY | O_CREAT | O_CLOEXEC | append, stream->create_mode);
    if (stream->ostream.fd < 0) {
        stream->ostream.fd = -1;
        fail(stream, "open");
        return FALSE;
    }
    i_free(stream->path);
    return TRUE;
}

/* Puts the descriptor where the next byte belongs. */
static bool take_position(struct file_ostream *stream)
{
    if (stream->fd_offset == stream->write_offset)
        return TRUE;
    if (lseek(stream->ostream.fd, (off_t)stream->write_offset, SEEK_SET) < 0) {
        fail(stream, "lseek");
        return FALSE;
    }
    stream->fd_offset = stream->write_offset;
    return TRUE;
}

/* One write. 0: the descriptor takes nothing now. */
static ssize_t write_some(struct file_ostream *stream, const struct const_iovec *iov,
                          unsigned int iov_count)
{
    ssize_t written;

    if (!open_file(stream) || !take_position(stream))
        return -1;
    do {
        written =
            writev(stream->ostream.fd, (const struct iovec *)iov, (int)I_MIN(iov_count, IOV_MAX));
    } while (written < 0 && errno == EINTR);
    if (written < 0 && errno == EAGAIN && !stream->ostream.ostream.blocking)
        return 0;
    if (written == 0)
        errno = ENOSPC;
    if (written <= 0) {
        fail(stream, "write");
        return -1;
    }
    stream->fd_offset += (uoff_t)written;
    stream->write_offset += (uoff_t)written;
    return written;
}

/* ---- The buffer ------------------------------------------------------------------------------ */

/* 1: empty; 0: the rest must wait; -1: error. */
static int empty_buffer(struct file_ostream *stream)
{
    while (stream->used > 0) {
        struct const_iovec iov = {stream->buffer + stream->head, stream->used};
        ssize_t written = write_some(stream, &iov, 1);

        if (written <= 0)
            return (int)written;
        stream->head += (size_t)written;
        stream->used -= (size_t)written;
    }
    stream->head = 0;
    return 1;
}

static size_t buffer_room(const struct file_ostream *stream)
{
    size_t max_size = stream->ostream.max_buffer_size;

    return stream->used >= max_size ? 0 : max_size - stream->used;
}

/* Makes room for that many bytes behind what is used. */
static void reserve(struct file_ostream *stream, size_t size)
{
    size_t wanted = stream->used + size, grown = I_MAX(stream->buffer_size, IO_BLOCK_SIZE);

    if (stream->head > 0 && stream->head + wanted > stream->buffer_size) {
        memmove(stream->buffer, stream->buffer + stream->head, stream->used);
        stream->head = 0;
    }
    if (stream->head + wanted <= stream->buffer_size)
        return;
    while (grown < wanted)
        grown *= 2;
    stream->buffer = i_realloc(stream->buffer, stream->buffer_size, grown);
    stream->buffer_size = grown;
}

/* Takes in what fits, from `skip` bytes on. Returns how much that was. */
static size_t fill_buffer(struct file_ostream *stream, const struct const_iovec *iov,
                          unsigned int iov_count, size_t skip)
{
    size_t taken = 0;

    for (unsigned int i = 0; i < iov_count; i++) {
        size_t passed = I_MIN(skip, iov[i].iov_len);
        size_t size = I_MIN(iov[i].iov_len - passed, buffer_room(stream));

        skip -= passed;
        if (size == 0)
            continue;
        reserve(stream, size);
        memcpy(stream->buffer + stream->head + stream->used,
               (const unsigned char *)iov[i].iov_base + passed, size);
        stream->used += size;
        taken += size;
    }
    return taken;
}

/* ---- Sending --------------------------------------------------------------------------------- */

static size_t total_size(const struct const_iovec *iov, unsigned int iov_count)
{
    size_t size = 0;

    for (unsigned int i = 0; i < iov_count; i++)
        size += iov[i].iov_len;
    return size;
}

/* Sends or buffers once around. 0: nothing more fits now. */
static ssize_t send_once(struct file_ostream *stream, const struct const_iovec *iov,
                         unsigned int iov_count, size_t done, size_t size)
{
    size_t left = size - done;

    if (left > buffer_room(stream) || !stream->ostream.corked) {
        if (empty_buffer(stream) < 0)
            return -1;
    }
    /* past the buffer where that saves a copy; only whole pieces, for simplicity */
    if (done == 0 && stream->used == 0 && (!stream->ostream.corked || left > buffer_room(stream)))
        return write_some(stream, iov, iov_count);
    return (ssize_t)fill_buffer(stream, iov, iov_count, done);
}

ssize_t file_output_sendv(struct ostream_private *_stream, const struct const_iovec *iov,
                          unsigned int iov_count)
{
    struct file_ostream *stream = file_output_of(_stream);
    size_t size = total_size(iov, iov_count), done = 0;

    while (done < size) {
        ssize_t sent = send_once(stream, iov, iov_count, done, size);

        if (sent < 0)
            return -1;
        if (sent == 0 && done == 0 && stream->used == 0)
            sent = (ssize_t)fill_buffer(stream, iov, iov_count, done);
        if (sent == 0)
            break;
        done += (size_t)sent;
    }
    if (!_stream->corked && stream->used > 0 && _stream->ostream.blocking &&
        empty_buffer(stream) < 0)
        return -1;
    _stream->ostream.offset += done;
    file_output_wait(stream);
    return (ssize_t)done;
}

int file_output_flush(struct ostream_private *_stream)
{
    struct file_ostream *stream = file_output_of(_stream);
    int result = open_file(stream) ? empty_buffer(stream) : -1;

    if (result == 0)
        file_output_wait(stream);
    return result;
}

int file_output_seek(struct ostream_private *_stream, uoff_t offset)
{
    struct file_ostream *stream = file_output_of(_stream);

    if (!stream->is_file) {
        _stream->ostream.stream_errno = ESPIPE;
        return -1;
    }
    if (file_output_flush(_stream) < 0)
        return -1;
    stream->write_offset = offset;
    _stream->ostream.offset = offset;
    return 1;
}

int file_output_write_at(struct ostream_private *_stream, const void *data, size_t size,
                         uoff_t offset)
{
    struct file_ostream *stream = file_output_of(_stream);
    const unsigned char *bytes = data;

    if (!stream->is_file) {
        _stream->ostream.stream_errno = ESPIPE;
        return -1;
    }
    /* what waits may overlap */
    if (file_output_flush(_stream) < 0)
        return -1;
    while (size > 0) {
        ssize_t written = pwrite(_stream->fd, bytes, size, (off_t)offset);

        if (written < 0 && errno == EINTR)
            continue;
        if (written == 0)
            errno = ENOSPC;
        if (written <= 0) {
            fail(stream, "pwrite");
            return -1;
        }
        bytes += written;
        offset += (uoff_t)written;
        size -= (size_t)written;
    }
    return 0;
}

void file_output_close(struct iostream_private *_stream, bool close_parent ATTR_UNUSED)
{
    struct ostream_private *ostream = container_of(_stream, struct ostream_private, iostream);
    struct file_ostream *stream = file_output_of(ostream);

    io_remove(&stream->io);
    if (stream->autoclose && ostream->fd != -1 && close(ostream->fd) < 0 && errno != EINTR) {
        i_error("close(%s) failed: %m", o_stream_get_name(&ostream->ostream));
        if (ostream->ostream.stream_errno == 0)
            ostream->ostream.stream_errno = errno;
    }
    ostream->fd = -1;
}
