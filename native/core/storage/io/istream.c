/*
 * What all input streams do: references, closing, errors, and facts about the source. Reading is
 * istream-read.c's, moving istream-seek.c's.
 */
#include "lib.h"

#include "ioloop.h"
#include "istream-private.h"
#include "str.h"

void i_stream_ref(struct istream *stream)
{
    io_stream_ref(&stream->real_stream->iostream);
}

static void close_stream(struct istream *stream, bool close_parents)
{
    if (!stream->closed) {
        stream->closed = TRUE;
        io_stream_close(&stream->real_stream->iostream, close_parents);
    }
    if (stream->stream_errno == 0)
        stream->stream_errno = EPIPE;
}

void i_stream_close(struct istream *stream)
{
    if (stream != NULL)
        close_stream(stream, TRUE);
}

void i_stream_unref(struct istream **_stream)
{
    struct istream *stream = *_stream;
    struct istream_private *real;

    if (stream == NULL)
        return;
    *_stream = NULL;
    real = stream->real_stream;
    if (real->iostream.refcount == 1)
        close_stream(stream, FALSE);
    if (io_stream_unref(&real->iostream))
        return;
    i_stream_snapshot_free(&real->prev_snapshot);
    if (real->line_str != NULL)
        str_free(&real->line_str);
    i_stream_unref(&real->parent);
    io_stream_free(&real->iostream);
}

void i_stream_destroy(struct istream **stream)
{
    if (*stream == NULL)
        return;
    close_stream(*stream, FALSE);
    i_stream_unref(stream);
}

#undef i_stream_add_destroy_callback
void i_stream_add_destroy_callback(struct istream *stream, istream_callback_t *callback,
                                   void *context)
{
    io_stream_add_destroy_callback(&stream->real_stream->iostream, callback, context);
}

#undef i_stream_remove_destroy_callback
void i_stream_remove_destroy_callback(struct istream *stream, istream_callback_t *callback)
{
    io_stream_remove_destroy_callback(&stream->real_stream->iostream, callback);
}

/* ---- Names and errors ------------------------------------------------------------------------ */

void i_stream_set_name(struct istream *stream, const char *name)
{
    struct iostream_private *base = &stream->real_stream->iostream;
    char *copy = i_strdup(name);

    i_free(base->name);
    base->name = copy;
}

const char *i_stream_get_name(struct istream *stream)
{
    for (; stream != NULL; stream = stream->real_stream->parent) {
        if (stream->real_stream->iostream.name != NULL)
            return stream->real_stream->iostream.name;
    }
    return "";
}

const char *i_stream_get_error(struct istream *stream)
{
    struct istream *s = stream;

    if (stream->stream_errno == 0)
        return stream->eof ? "EOF" : "<no error>";
    do {
        if (s->real_stream->iostream.error != NULL)
            return s->real_stream->iostream.error;
        s = s->real_stream->parent;
    } while (s != NULL && s->stream_errno != 0);
    return strerror(stream->stream_errno);
}

const char *i_stream_get_disconnect_reason(struct istream *stream)
{
    return io_stream_get_disconnect_reason(stream, NULL);
}

/* ---- About the source ------------------------------------------------------------------------ */

int i_stream_get_fd(struct istream *stream)
{
    return stream->real_stream->fd;
}

void i_stream_copy_fd(struct istream *dest, struct istream *source)
{
    int fd = i_stream_get_fd(source);

    i_assert(fd != -1);
    i_assert(dest->real_stream->fd == -1);
    dest->real_stream->fd = fd;
    dest->readable_fd = source->readable_fd;
}

int i_stream_stat(struct istream *stream, bool exact, const struct stat **st_r)
{
    struct istream_private *real = stream->real_stream;

    if (stream->closed || stream->stream_errno != 0) {
        errno = stream->stream_errno;
        return -1;
    }
    if (real->stat(real, exact) < 0) {
        stream->eof = TRUE;
        errno = stream->stream_errno;
        return -1;
    }
    if (exact && real->cached_stream_size != UOFF_T_MAX)
        real->statbuf.st_size = (off_t)real->cached_stream_size;
    *st_r = &real->statbuf;
    return 0;
}

int i_stream_get_size(struct istream *stream, bool exact, uoff_t *size_r)
{
    struct istream_private *real = stream->real_stream;
    int result;

    if (stream->closed || stream->stream_errno != 0) {
        errno = stream->stream_errno;
        return -1;
    }
    result = real->get_size(real, exact, size_r);
    if (result < 0)
        stream->eof = TRUE;
    return result;
}

void i_stream_sync(struct istream *stream)
{
    struct istream_private *real = stream->real_stream;

    if (!stream->closed)
        real->sync(real);
    real->access_counter++;
}

uoff_t i_stream_get_absolute_offset(struct istream *stream)
{
    uoff_t offset = stream->v_offset;

    for (; stream != NULL; stream = stream->real_stream->parent)
        offset += stream->real_stream->start_offset;
    return offset;
}

void i_stream_get_last_read_time(struct istream *stream, struct timeval *tv_r)
{
    *tv_r = stream->real_stream->last_read_timeval;
}

/* ---- Settings -------------------------------------------------------------------------------- */

void i_stream_set_init_buffer_size(struct istream *stream, size_t size)
{
    stream->real_stream->init_buffer_size = size;
}

void i_stream_set_max_buffer_size(struct istream *stream, size_t max_size)
{
    io_stream_set_max_buffer_size(&stream->real_stream->iostream, max_size);
}

size_t i_stream_get_max_buffer_size(struct istream *stream)
{
    size_t largest = 0;

    for (; stream != NULL; stream = stream->real_stream->parent)
        largest = I_MAX(largest, stream->real_stream->max_buffer_size);
    return largest;
}

void i_stream_set_persistent_buffers(struct istream *stream, bool set)
{
    for (; stream != NULL; stream = stream->real_stream->parent)
        stream->real_stream->nonpersistent_buffers = !set;
}

void i_stream_set_blocking(struct istream *stream, bool blocking)
{
    for (; stream != NULL; stream = stream->real_stream->parent) {
        stream->blocking = blocking;
        if (stream->real_stream->fd != -1)
            fd_set_nonblock(stream->real_stream->fd, !blocking);
    }
}

/* ---- The event loop -------------------------------------------------------------------------- */

struct istream *i_stream_get_root_io(struct istream *stream)
{
    while (stream->real_stream->parent != NULL)
        stream = stream->real_stream->parent;
    return stream;
}

void i_stream_set_input_pending(struct istream *stream, bool pending)
{
    struct istream_private *root = i_stream_get_root_io(stream)->real_stream;

    if (!pending)
        return;
    if (root->io != NULL)
        io_set_pending(root->io);
    else
        root->io_pending = TRUE;
}

void i_stream_set_io(struct istream *stream, struct io *io)
{
    struct istream_private *root = i_stream_get_root_io(stream)->real_stream;

    i_assert(root->io == NULL);
    root->io = io;
    if (root->io_pending) {
        io_set_pending(io);
        root->io_pending = FALSE;
    }
}

void i_stream_unset_io(struct istream *stream, struct io *io)
{
    struct istream_private *root = i_stream_get_root_io(stream)->real_stream;

    i_assert(root->io == io);
    if (io_is_pending(io))
        root->io_pending = TRUE;
    root->io = NULL;
}

void i_stream_switch_ioloop_to(struct istream *stream, struct ioloop *ioloop)
{
    for (; stream != NULL; stream = stream->real_stream->parent) {
        struct istream_private *real = stream->real_stream;

        io_stream_switch_ioloop_to(&real->iostream, ioloop);
        if (real->switch_ioloop_to != NULL)
            real->switch_ioloop_to(real, ioloop);
    }
}

void i_stream_switch_ioloop(struct istream *stream)
{
    i_stream_switch_ioloop_to(stream, current_ioloop);
}
