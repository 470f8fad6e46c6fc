/*
 * Reading gzip: each read inflates some bytes of the parent into the stream's own buffer. Seeking
 * back beyond the buffer starts over from the parent's beginning.
 */
#include "gzip.h"

#include <zlib.h>

#include "istream-private.h"

enum { CHUNK = 16384, GZIP_WINDOW = MAX_WBITS + 16 };

struct gzip_istream {
    struct istream_private istream;
    z_stream z;
    bool ended; /* the checksum at the end was read and is right */
};

static ssize_t gzip_fail(struct istream_private *stream, const char *why)
{
    io_stream_set_error(&stream->iostream, "gzip data of %s: %s at byte %" PRIuUOFF_T,
                        i_stream_get_name(&stream->istream), why,
                        stream->istream.v_offset + (stream->pos - stream->skip));
    stream->istream.stream_errno = EIO;
    return -1;
}

static ssize_t gzip_end(struct istream_private *stream)
{
    stream->istream.eof = TRUE;
    return -1;
}

/* The parent has no more: that is an error here, because the end of the gzip data was not seen. */
static ssize_t gzip_parent_ended(struct istream_private *stream)
{
    if (stream->parent->stream_errno == 0)
        return gzip_fail(stream, "it ends too early");
    stream->istream.stream_errno = stream->parent->stream_errno;
    io_stream_set_error(&stream->iostream, "%s", i_stream_get_error(stream->parent));
    return -1;
}

static ssize_t gzip_read(struct istream_private *stream)
{
    struct gzip_istream *gzip = container_of(stream, struct gzip_istream, istream);
    const unsigned char *data;
    size_t available, room, got;
    int ret;

    if (!gzip->ended && !i_stream_try_alloc(stream, CHUNK, &room))
        return -2;
    do {
        if (gzip->ended)
            return gzip_end(stream);
        ret = i_stream_read_more_memarea(stream->parent, &data, &available);
        if (ret == 0)
            return 0;
        if (ret < 0)
            return gzip_parent_ended(stream);
        gzip->z.next_in = (unsigned char *)data;
        gzip->z.avail_in = (uInt)I_MIN(available, CHUNK);
        gzip->z.next_out = stream->w_buffer + stream->pos;
        gzip->z.avail_out = (uInt)I_MIN(room, CHUNK);
        ret = inflate(&gzip->z, Z_SYNC_FLUSH);
        got = (size_t)(gzip->z.next_out - (stream->w_buffer + stream->pos));
        i_stream_skip(stream->parent, (size_t)(gzip->z.next_in - data));
        if (ret != Z_OK && ret != Z_STREAM_END && ret != Z_BUF_ERROR)
            return gzip_fail(stream, gzip->z.msg != NULL ? gzip->z.msg : "it is damaged");
        gzip->ended = ret == Z_STREAM_END;
    } while (got == 0);
    stream->pos += got;
    return (ssize_t)got;
}

static void gzip_seek(struct istream_private *stream, uoff_t v_offset, bool mark ATTR_UNUSED)
{
    struct gzip_istream *gzip = container_of(stream, struct gzip_istream, istream);

    if (i_stream_nonseekable_try_seek(stream, v_offset))
        return;
    (void)inflateReset(&gzip->z);
    gzip->ended = FALSE;
    stream->parent_expected_offset = stream->parent_start_offset;
    stream->skip = stream->pos = stream->high_pos = 0;
    stream->istream.v_offset = 0;
    (void)i_stream_nonseekable_try_seek(stream, v_offset);
}

static void gzip_destroy(struct iostream_private *iostream)
{
    struct gzip_istream *gzip = container_of(iostream, struct gzip_istream, istream.iostream);

    (void)inflateEnd(&gzip->z);
    i_stream_free_buffer(&gzip->istream);
}

struct istream *gzip_istream_create(struct istream *parent)
{
    struct gzip_istream *gzip = i_new(struct gzip_istream, 1);

    if (inflateInit2(&gzip->z, GZIP_WINDOW) != Z_OK)
        i_fatal("compress: zlib cannot be started: %s", gzip->z.msg);
    gzip->istream.iostream.destroy = gzip_destroy;
    gzip->istream.max_buffer_size = i_stream_get_max_buffer_size(parent);
    gzip->istream.read = gzip_read;
    gzip->istream.seek = gzip_seek;
    gzip->istream.istream.readable_fd = FALSE;
    gzip->istream.istream.blocking = parent->blocking;
    gzip->istream.istream.seekable = parent->seekable;
    return i_stream_create(&gzip->istream, parent, i_stream_get_fd(parent), 0);
}
