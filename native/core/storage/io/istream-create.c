/*
 * Completing an input stream: the methods it did not bring along, and its bond with its parent.
 */
#include "lib.h"

#include "ioloop.h"
#include "istream-private.h"

static void default_close(struct iostream_private *stream, bool close_parent)
{
    struct istream_private *istream = container_of(stream, struct istream_private, iostream);

    if (close_parent && istream->parent != NULL)
        i_stream_close(istream->parent);
}

static void default_destroy(struct iostream_private *stream)
{
    i_stream_free_buffer(container_of(stream, struct istream_private, iostream));
}

static void default_set_max_buffer_size(struct iostream_private *stream, size_t max_size)
{
    struct istream_private *istream = container_of(stream, struct istream_private, iostream);

    istream->max_buffer_size = max_size;
    if (istream->parent != NULL)
        i_stream_set_max_buffer_size(istream->parent, max_size);
}

static void default_sync(struct istream_private *stream)
{
    if (stream->parent != NULL)
        i_stream_sync(stream->parent);
}

static int default_stat(struct istream_private *stream, bool exact)
{
    const struct stat *st;

    if (stream->parent == NULL)
        return 0;
    if (i_stream_stat(stream->parent, exact, &st) < 0) {
        stream->istream.stream_errno = stream->parent->stream_errno;
        return -1;
    }
    stream->statbuf = *st;
    if (exact && !stream->stream_size_passthrough)
        stream->statbuf.st_size = -1;
    return 0;
}

static int default_get_size(struct istream_private *stream, bool exact, uoff_t *size_r)
{
    if (stream->cached_stream_size != UOFF_T_MAX) {
        *size_r = stream->cached_stream_size;
        return 1;
    }
    if (stream->stat(stream, exact) < 0)
        return -1;
    if (stream->statbuf.st_size < 0)
        return 0;
    *size_r = (uoff_t)stream->statbuf.st_size;
    return 1;
}

static struct istream_snapshot *no_snapshot(struct istream_private *stream ATTR_UNUSED,
                                            struct istream_snapshot *prev_snapshot)
{
    return prev_snapshot;
}

static void set_default_methods(struct istream_private *stream, enum istream_create_flag flags)
{
    if (stream->iostream.close == NULL)
        stream->iostream.close = default_close;
    if (stream->iostream.destroy == NULL)
        stream->iostream.destroy = default_destroy;
    if (stream->iostream.set_max_buffer_size == NULL)
        stream->iostream.set_max_buffer_size = default_set_max_buffer_size;
    if (stream->seek == NULL)
        stream->seek = i_stream_default_seek_nonseekable;
    if (stream->sync == NULL)
        stream->sync = default_sync;
    if (stream->stat == NULL)
        stream->stat = default_stat;
    if (stream->get_size == NULL)
        stream->get_size = default_get_size;
    if ((flags & ISTREAM_CREATE_FLAG_NOOP_SNAPSHOT) != 0)
        stream->snapshot = no_snapshot;
    else if (stream->snapshot == NULL)
        stream->snapshot = i_stream_default_snapshot;
}

void i_stream_init_parent(struct istream_private *stream, struct istream *parent)
{
    stream->parent = parent;
    stream->start_offset = parent->v_offset;
    stream->parent_start_offset = parent->v_offset;
    stream->parent_expected_offset = parent->v_offset;
    if (stream->max_buffer_size == 0)
        stream->max_buffer_size = parent->real_stream->max_buffer_size;
    i_stream_ref(parent);
}

struct istream *i_stream_create(struct istream_private *stream, struct istream *parent, int fd,
                                enum istream_create_flag flags)
{
    i_assert(stream->read != NULL);
    stream->fd = fd;
    if (parent != NULL)
        i_stream_init_parent(stream, parent);
    stream->istream.real_stream = stream;
    set_default_methods(stream, flags);
    if (stream->init_buffer_size == 0)
        stream->init_buffer_size = I_STREAM_MIN_SIZE;
    stream->cached_stream_size = UOFF_T_MAX;
    stream->statbuf.st_size = -1;
    stream->statbuf.st_atime = stream->statbuf.st_mtime = stream->statbuf.st_ctime = ioloop_time;
    io_stream_init(&stream->iostream);
    return &stream->istream;
}
