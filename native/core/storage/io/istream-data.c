/*
 * Input from memory.
 */
#include "lib.h"

#include "istream-private.h"

struct data_istream {
    struct istream_private istream;
    void *copy; /* the bytes, if they are the stream's own */
};

/* All there is has been in the window from the start. */
static ssize_t data_read(struct istream_private *stream)
{
    stream->istream.eof = TRUE;
    return -1;
}

static void data_seek(struct istream_private *stream, uoff_t v_offset, bool mark ATTR_UNUSED)
{
    size_t end = stream->buffer_size;

    stream->skip = v_offset < end ? (size_t)v_offset : end;
    stream->pos = stream->skip;
    stream->high_pos = end; /* read() is to give it again */
    stream->istream.v_offset = v_offset;
}

static void data_destroy(struct iostream_private *stream)
{
    struct data_istream *data_stream = container_of(
        container_of(stream, struct istream_private, iostream), struct data_istream, istream);

    i_free(data_stream->copy);
}

static struct istream *create(struct data_istream *stream, const void *data, size_t size)
{
    stream->istream.read = data_read;
    stream->istream.seek = data_seek;
    stream->istream.iostream.destroy = data_destroy;
    stream->istream.istream.blocking = TRUE;
    stream->istream.istream.seekable = TRUE;
    stream->istream.buffer = size == 0 ? uchar_empty_ptr : data;
    stream->istream.buffer_size = size;
    stream->istream.pos = size;
    stream->istream.max_buffer_size = SIZE_MAX;
    i_stream_create(&stream->istream, NULL, -1, ISTREAM_CREATE_FLAG_NOOP_SNAPSHOT);
    stream->istream.statbuf.st_size = (off_t)size;
    i_stream_set_name(&stream->istream.istream, "(buffer)");
    return &stream->istream.istream;
}

struct istream *i_stream_create_from_data(const void *data, size_t size)
{
    return create(i_new(struct data_istream, 1), data, size);
}

struct istream *i_stream_create_copy_from_data(const void *data, size_t size)
{
    struct data_istream *stream = i_new(struct data_istream, 1);

    if (size > 0) {
        stream->copy = i_malloc(size);
        memcpy(stream->copy, data, size);
    }
    return create(stream, stream->copy, size);
}
