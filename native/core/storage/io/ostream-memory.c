/*
 * Output that ends in memory, nowhere, or in an error.
 */
#include "lib.h"

#include "buffer.h"
#include "ostream-null.h"
#include "ostream-private.h"

/* ---- To a buffer ----------------------------------------------------------------------------- */

struct buffer_ostream {
    struct ostream_private ostream;
    buffer_t *buf; /* the caller's */
    bool seeked;   /* write at ostream.offset, else append */
};

static struct buffer_ostream *buffer_of(const struct ostream_private *stream)
{
    struct ostream_private *ostream = CONST_CAST(stream);

    return container_of(ostream, struct buffer_ostream, ostream);
}

static int buffer_seek(struct ostream_private *stream, uoff_t offset)
{
    buffer_of(stream)->seeked = TRUE;
    stream->ostream.offset = offset;
    return 1;
}

static int buffer_write_at(struct ostream_private *stream, const void *data, size_t size,
                           uoff_t offset)
{
    buffer_write(buffer_of(stream)->buf, (size_t)offset, data, size);
    return 0;
}

/* How many of the bytes can be written. */
static size_t fitting(const struct buffer_ostream *stream, size_t size)
{
    size_t at = stream->seeked ? (size_t)stream->ostream.ostream.offset : stream->buf->used;
    size_t avail = buffer_get_avail_size(stream->buf);
    size_t end = avail > SIZE_MAX - stream->buf->used ? SIZE_MAX : stream->buf->used + avail;

    return at >= end ? 0 : I_MIN(size, end - at);
}

static ssize_t buffer_sendv(struct ostream_private *stream, const struct const_iovec *iov,
                            unsigned int iov_count)
{
    struct buffer_ostream *bstream = buffer_of(stream);
    ssize_t sent = 0;

    for (unsigned int i = 0; i < iov_count; i++) {
        size_t size = fitting(bstream, iov[i].iov_len);

        if (bstream->seeked)
            buffer_write(bstream->buf, (size_t)stream->ostream.offset, iov[i].iov_base, size);
        else
            buffer_append(bstream->buf, iov[i].iov_base, size);
        stream->ostream.offset += size;
        sent += (ssize_t)size;
        if (size < iov[i].iov_len)
            break;
    }
    return sent;
}

static size_t buffer_used(const struct ostream_private *stream)
{
    return buffer_of(stream)->buf->used;
}

static size_t buffer_avail(const struct ostream_private *stream)
{
    return buffer_get_avail_size(buffer_of(stream)->buf);
}

/* Nothing waits: what is in the buffer has arrived. */
static int arrived(struct ostream_private *stream ATTR_UNUSED)
{
    return 1;
}

struct ostream *o_stream_create_buffer(buffer_t *buf)
{
    struct buffer_ostream *stream = i_new(struct buffer_ostream, 1);
    struct ostream *output;

    stream->buf = buf;
    stream->ostream.max_buffer_size = SIZE_MAX;
    stream->ostream.seek = buffer_seek;
    stream->ostream.sendv = buffer_sendv;
    stream->ostream.write_at = buffer_write_at;
    stream->ostream.flush = arrived;
    stream->ostream.get_buffer_used_size = buffer_used;
    stream->ostream.get_buffer_avail_size = buffer_avail;
    output = o_stream_create(&stream->ostream, NULL, -1);
    o_stream_set_name(output, "(buffer)");
    return output;
}

/* ---- To nowhere ------------------------------------------------------------------------------ */

static ssize_t null_sendv(struct ostream_private *stream, const struct const_iovec *iov,
                          unsigned int iov_count)
{
    ssize_t sent = 0;

    for (unsigned int i = 0; i < iov_count; i++)
        sent += (ssize_t)iov[i].iov_len;
    stream->ostream.offset += (uoff_t)sent;
    return sent;
}

static int null_write_at(struct ostream_private *stream ATTR_UNUSED, const void *data ATTR_UNUSED,
                         size_t size ATTR_UNUSED, uoff_t offset ATTR_UNUSED)
{
    return 0;
}

struct ostream *o_stream_create_null(void)
{
    struct ostream_private *stream = i_new(struct ostream_private, 1);
    struct ostream *output;

    stream->ostream.blocking = TRUE;
    stream->max_buffer_size = SIZE_MAX;
    stream->sendv = null_sendv;
    stream->write_at = null_write_at;
    output = o_stream_create(stream, NULL, -1);
    o_stream_set_no_error_handling(output, TRUE);
    o_stream_set_name(output, "(/dev/null)");
    return output;
}

/* ---- To an error ----------------------------------------------------------------------------- */

struct ostream *o_stream_create_error(int stream_errno)
{
    struct ostream_private *stream = i_new(struct ostream_private, 1);
    struct ostream *output;

    stream->ostream.blocking = TRUE;
    stream->ostream.stream_errno = stream_errno;
    stream->max_buffer_size = SIZE_MAX;
    output = o_stream_create(stream, NULL, -1);
    o_stream_set_no_error_handling(output, TRUE);
    o_stream_set_name(output, "(error)");
    return output;
}

struct ostream *o_stream_create_error_str(int stream_errno, const char *fmt, ...)
{
    struct ostream *output = o_stream_create_error(stream_errno);
    va_list args;

    va_start(args, fmt);
    io_stream_set_verror(&output->real_stream->iostream, fmt, args);
    va_end(args);
    return output;
}
