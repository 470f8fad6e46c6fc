/*
 * Moving within a stream: inside the window, which every stream can, and outside, as far as the
 * stream's own seek() or the default can.
 */
#include "lib.h"

#include "istream-private.h"

/* Takes a skip back that no read has carried out yet. */
static void settle(struct istream_private *stream)
{
    stream->istream.v_offset -= stream->skip_left;
    stream->skip_left = 0;
}

static void seek_outside(struct istream *stream, uoff_t v_offset, bool mark)
{
    struct istream_private *real = stream->real_stream;

    if (stream->closed || stream->stream_errno != 0) {
        stream->eof = TRUE;
        return;
    }
    stream->eof = FALSE;
    real->seek(real, v_offset, mark);
    real->access_counter++;
}

void i_stream_skip(struct istream *stream, uoff_t count)
{
    struct istream_private *real = stream->real_stream;
    size_t size = real->pos - real->skip;
    uoff_t target = stream->v_offset + count;

    if (count > size) {
        settle(real);
        seek_outside(stream, target, FALSE);
        return;
    }
    stream->v_offset = target;
    real->skip += (size_t)count;
    if (real->nonpersistent_buffers && real->skip == real->pos && real->high_pos <= real->pos)
        i_stream_free_buffer(real);
}

void i_stream_seek(struct istream *stream, uoff_t v_offset)
{
    if (v_offset >= stream->v_offset) {
        i_stream_skip(stream, v_offset - stream->v_offset);
        return;
    }
    settle(stream->real_stream);
    seek_outside(stream, v_offset, FALSE);
}

void i_stream_seek_mark(struct istream *stream, uoff_t v_offset)
{
    settle(stream->real_stream);
    seek_outside(stream, v_offset, TRUE);
}

/* ---- The default ----------------------------------------------------------------------------- */

/* The offset of the first byte that is still there. */
static uoff_t first_offset(const struct istream_private *stream)
{
    /* what the window of a parent held before may be gone */
    size_t kept = stream->w_buffer != NULL || stream->parent == NULL ? stream->skip : 0;

    return stream->istream.v_offset - kept;
}

bool i_stream_nonseekable_try_seek(struct istream_private *stream, uoff_t v_offset)
{
    uoff_t first = first_offset(stream);
    size_t end = I_MAX(stream->pos, stream->high_pos);
    uoff_t last = stream->istream.v_offset + (end - stream->skip);

    if (v_offset < first)
        return FALSE;
    if (v_offset <= last) {
        stream->skip = end - (size_t)(last - v_offset);
        stream->pos = stream->skip;
        stream->high_pos = end;
    } else {
        /* the reads to come drop what lies between */
        stream->skip = stream->pos = end;
        stream->high_pos = 0;
        stream->skip_left = v_offset - last;
    }
    stream->istream.v_offset = v_offset;
    return TRUE;
}

void i_stream_default_seek_nonseekable(struct istream_private *stream, uoff_t v_offset,
                                       bool mark ATTR_UNUSED)
{
    if (i_stream_nonseekable_try_seek(stream, v_offset))
        return;
    io_stream_set_error(&stream->iostream, "Cannot seek back from offset %" PRIu64 " to %" PRIu64,
                        stream->istream.v_offset, v_offset);
    stream->istream.stream_errno = ESPIPE;
    stream->istream.eof = TRUE;
}
