/*
 * Reading: what stands around a stream's own read(), and the loops that read until there is enough.
 */
#include "lib.h"

#include "ioloop.h"
#include "istream-private.h"

/* The window points into the parent's memory and the parent has changed since. */
static bool is_stale(const struct istream_private *stream)
{
    if (stream->parent == NULL || stream->w_buffer != NULL)
        return FALSE;
    return stream->parent_access_counter != stream->parent->real_stream->access_counter ||
           is_stale(stream->parent->real_stream);
}

const unsigned char *i_stream_get_data(struct istream *_stream, size_t *size_r)
{
    struct istream_private *stream = _stream->real_stream;

    /* a stale window is empty until the next read, which finds its bytes again */
    if (stream->skip >= stream->pos || is_stale(stream)) {
        *size_r = 0;
        return uchar_empty_ptr;
    }
    *size_r = stream->pos - stream->skip;
    return stream->buffer + stream->skip;
}

size_t i_stream_get_data_size(struct istream *stream)
{
    size_t size;

    (void)i_stream_get_data(stream, &size);
    return size;
}

/* ---- One read -------------------------------------------------------------------------------- */

/* What a seek back left beyond pos is still there. */
static ssize_t give_again(struct istream_private *stream)
{
    ssize_t size = (ssize_t)(stream->high_pos - stream->pos);

    stream->pos = stream->high_pos;
    stream->high_pos = 0;
    return size;
}

static ssize_t read_once(struct istream_private *stream)
{
    if (stream->pos < stream->high_pos)
        return give_again(stream);
    stream->high_pos = 0;
    return stream->read(stream);
}

/* Reads until something is left after the bytes that an earlier skip wanted to have dropped. */
static ssize_t read_behind_skip(struct istream_private *stream)
{
    uoff_t target = stream->istream.v_offset;

    for (;;) {
        ssize_t result;
        size_t dropped;

        /* to read(), the stream is where it really is */
        stream->istream.v_offset = target - stream->skip_left;
        result = read_once(stream);
        if (result <= 0) {
            if (result == -1)
                stream->skip_left = 0;
            else
                stream->istream.v_offset = target;
            return result;
        }
        dropped = I_MIN((size_t)result, stream->skip_left);
        stream->skip += dropped;
        stream->skip_left -= dropped;
        stream->istream.v_offset = target - stream->skip_left;
        if ((size_t)result > dropped)
            return result - (ssize_t)dropped;
        if (stream->skip_left == 0)
            return read_once(stream);
    }
}

static void check_result(const struct istream_private *stream, ssize_t result, size_t old_size)
{
    size_t size = stream->pos - stream->skip;

    i_assert(stream->skip <= stream->pos);
    switch (result) {
    case -2:
        if (size == 0)
            i_panic("%s: the buffer is full of nothing",
                    i_stream_get_name(CONST_CAST(&stream->istream)));
        break;
    case -1:
        i_assert(stream->istream.eof || stream->istream.stream_errno != 0);
        break;
    case 0:
        i_assert(!stream->istream.blocking);
        break;
    default:
        i_assert(result > 0 && size == old_size + (size_t)result);
        break;
    }
}

ssize_t i_stream_read_memarea(struct istream *_stream)
{
    struct istream_private *stream = _stream->real_stream;
    size_t old_size = stream->pos - stream->skip;
    ssize_t result;

    if (_stream->closed || _stream->stream_errno != 0) {
        _stream->eof = TRUE;
        errno = _stream->stream_errno;
        return -1;
    }
    _stream->eof = FALSE;
    if (stream->parent != NULL && stream->parent->v_offset != stream->parent_expected_offset)
        i_stream_seek(stream->parent, stream->parent_expected_offset);
    result = stream->skip_left > 0 ? read_behind_skip(stream) : read_once(stream);
    check_result(stream, result, old_size);
    if (result == -1)
        _stream->eof = TRUE;
    if (result > 0)
        stream->last_read_timeval = ioloop_timeval;
    stream->access_counter++;
    if (stream->parent != NULL) {
        stream->parent_expected_offset = stream->parent->v_offset;
        stream->parent_access_counter = stream->parent->real_stream->access_counter;
    }
    if (result == -1 && _stream->stream_errno != 0)
        errno = _stream->stream_errno;
    return result;
}

ssize_t i_stream_read(struct istream *_stream)
{
    struct istream_private *stream = _stream->real_stream;
    ssize_t result;

    /* pointers into the window must survive a read that brings nothing */
    if (stream->pos > stream->skip)
        stream->prev_snapshot = stream->snapshot(stream, stream->prev_snapshot);
    result = i_stream_read_memarea(_stream);
    if (result > 0)
        i_stream_snapshot_free(&stream->prev_snapshot);
    return result;
}

ssize_t i_stream_read_copy_from_parent(struct istream *istream)
{
    struct istream_private *stream = istream->real_stream;
    struct istream *parent = stream->parent;
    size_t seen = stream->pos - stream->skip;
    size_t size;
    ssize_t result = 1;

    stream->buffer = i_stream_get_data(parent, &size);
    while (size <= seen && result > 0) {
        result = i_stream_read_memarea(parent);
        stream->buffer = i_stream_get_data(parent, &size);
    }
    istream->stream_errno = parent->stream_errno;
    istream->eof = parent->eof;
    stream->skip = 0;
    stream->pos = size;
    if (size > seen)
        return (ssize_t)(size - seen);
    return result;
}

/* ---- Reading until there is enough ----------------------------------------------------------- */

int i_stream_read_data(struct istream *stream, const unsigned char **data_r, size_t *size_r,
                       size_t threshold)
{
    bool read_more = FALSE;
    ssize_t result;

    for (;;) {
        *data_r = i_stream_get_data(stream, size_r);
        if (*size_r > threshold)
            return 1;
        result = i_stream_read(stream);
        if (result <= 0)
            break;
        read_more = TRUE;
    }
    *data_r = i_stream_get_data(stream, size_r);
    if (*size_r > threshold) /* a stale window has been found again */
        return 1;
    if (result == -2)
        return -2;
    if (result == 0 || (read_more && stream->stream_errno == 0))
        return 0;
    return -1;
}

int i_stream_read_more_memarea(struct istream *stream, const unsigned char **data_r, size_t *size_r)
{
    ssize_t result = 1;

    *data_r = i_stream_get_data(stream, size_r);
    if (*size_r == 0)
        result = i_stream_read_memarea(stream);
    *data_r = i_stream_get_data(stream, size_r);
    i_assert(result != -2);
    return *size_r > 0 ? 1 : (int)result;
}

int i_stream_read_limited(struct istream *stream, const unsigned char **data_r, size_t *size_r,
                          size_t limit)
{
    int result;

    i_assert(limit > 0);
    stream->real_stream->data_limit = limit;
    result = i_stream_read_more(stream, data_r, size_r);
    stream->real_stream->data_limit = 0;
    *size_r = I_MIN(*size_r, limit);
    return result;
}

bool i_stream_have_bytes_left(struct istream *stream)
{
    return i_stream_get_data_size(stream) > 0 || !stream->eof;
}

bool i_stream_read_eof(struct istream *stream)
{
    if (i_stream_get_data_size(stream) == 0)
        (void)i_stream_read(stream);
    return !i_stream_have_bytes_left(stream);
}
