/*
 * A part of another input stream. The window is the parent's own: nothing is copied.
 */
#include "lib.h"

#include "istream-private.h"

struct limit_istream {
    struct istream_private istream;
    uoff_t size;
};

static struct limit_istream *limit_of(struct istream_private *stream)
{
    return container_of(stream, struct limit_istream, istream);
}

static void limit_destroy(struct iostream_private *stream)
{
    struct istream_private *istream = container_of(stream, struct istream_private, iostream);
    struct istream *parent = istream->parent;
    uoff_t offset = istream->parent_start_offset + istream->istream.v_offset;

    /* the parent goes on where we stopped, although it has read ahead for us */
    if (!parent->closed && parent->stream_errno == 0 &&
        (parent->seekable || offset > parent->v_offset))
        i_stream_seek(parent, offset);
}

static ssize_t limit_read(struct istream_private *stream)
{
    struct istream *parent = stream->parent;
    uoff_t left = limit_of(stream)->size - stream->istream.v_offset;
    size_t seen = stream->pos - stream->skip, size;
    ssize_t result = 1;

    i_stream_seek(parent, stream->parent_start_offset + stream->istream.v_offset);
    stream->buffer = i_stream_get_data(parent, &size);
    /* more than was seen; at the end just that, if somebody has moved the parent's window */
    while ((seen < left ? size <= seen : size < left) && result > 0) {
        result = i_stream_read_memarea(parent);
        stream->buffer = i_stream_get_data(parent, &size);
    }
    stream->skip = 0;
    stream->pos = (size_t)I_MIN(size, left);
    stream->istream.eof = size >= left || parent->eof;
    stream->istream.stream_errno = size >= left ? 0 : parent->stream_errno;
    if (stream->pos > seen)
        return (ssize_t)(stream->pos - seen);
    return result > 0 ? -1 : result;
}

static void limit_seek(struct istream_private *stream, uoff_t v_offset, bool mark ATTR_UNUSED)
{
    stream->istream.v_offset = I_MIN(v_offset, limit_of(stream)->size);
    stream->skip = stream->pos = stream->high_pos = 0;
}

/* What the parent holds from our beginning on, at most our size. 1, 0 or -1 as get_size(). */
static int find_size(struct istream_private *stream, bool exact, uoff_t *size_r)
{
    uoff_t limit = limit_of(stream)->size, parent_size = 0;
    int result = i_stream_get_size(stream->parent, exact, &parent_size);

    if (result <= 0) {
        stream->istream.stream_errno = stream->parent->stream_errno;
        return result;
    }
    *size_r = parent_size <= stream->parent_start_offset
                  ? 0
                  : I_MIN(limit, parent_size - stream->parent_start_offset);
    return 1;
}

static int limit_stat(struct istream_private *stream, bool exact)
{
    const struct stat *st;
    uoff_t size = 0;

    if (i_stream_stat(stream->parent, exact, &st) < 0) {
        stream->istream.stream_errno = stream->parent->stream_errno;
        return -1;
    }
    stream->statbuf = *st;
    switch (find_size(stream, exact, &size)) {
    case -1:
        return -1;
    case 0:
        stream->statbuf.st_size = -1;
        break;
    default:
        stream->statbuf.st_size = (off_t)size;
        break;
    }
    return 0;
}

static int limit_get_size(struct istream_private *stream, bool exact, uoff_t *size_r)
{
    return find_size(stream, exact, size_r);
}

struct istream *i_stream_create_range(struct istream *input, uoff_t v_offset, uoff_t v_size)
{
    struct limit_istream *stream = i_new(struct limit_istream, 1);

    stream->size = v_size;
    stream->istream.read = limit_read;
    stream->istream.seek = limit_seek;
    stream->istream.stat = limit_stat;
    stream->istream.get_size = limit_get_size;
    stream->istream.iostream.destroy = limit_destroy;
    stream->istream.max_buffer_size = input->real_stream->max_buffer_size;
    stream->istream.istream.blocking = input->blocking;
    stream->istream.istream.seekable = input->seekable;
    i_stream_create(&stream->istream, input, i_stream_get_fd(input), 0);
    stream->istream.start_offset += v_offset;
    stream->istream.parent_start_offset += v_offset;
    return &stream->istream.istream;
}

struct istream *i_stream_create_limit(struct istream *input, uoff_t v_size)
{
    return i_stream_create_range(input, 0, v_size);
}
