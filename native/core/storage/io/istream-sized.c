/*
 * Input that must have a certain size. The window is the parent's own.
 */
#include "lib.h"

#include "istream-private.h"
#include "istream-sized.h"

struct sized_istream {
    struct istream_private istream;
    uoff_t size;
    bool may_be_larger;
    istream_sized_callback_t *error_callback;
    void *error_context;
};

static struct sized_istream *sized_of(struct istream_private *stream)
{
    return container_of(stream, struct sized_istream, istream);
}

static const char *usual_error(const struct istream_sized_error_data *data)
{
    if (data->v_offset + data->new_bytes < data->wanted_size)
        return t_strdup_printf("The input ended after %" PRIu64 " of %" PRIu64 " bytes",
                               data->v_offset + data->new_bytes, data->wanted_size);
    return t_strdup_printf("The input goes on after the %" PRIu64 " bytes it was to have",
                           data->wanted_size);
}

static ssize_t fail(struct sized_istream *stream, int error, size_t new_bytes)
{
    struct istream *istream = &stream->istream.istream;
    struct istream_sized_error_data data = {
        .v_offset = istream->v_offset + (stream->istream.pos - stream->istream.skip),
        .new_bytes = new_bytes,
        .wanted_size = stream->size,
        .eof = istream->eof,
    };

    T_BEGIN
    {
        io_stream_set_error(&stream->istream.iostream, "%s",
                            stream->error_callback != NULL
                                ? stream->error_callback(&data, stream->error_context)
                                : usual_error(&data));
    }
    T_END;
    istream->stream_errno = error;
    istream->eof = TRUE;
    return -1;
}

static ssize_t sized_read(struct istream_private *stream)
{
    struct sized_istream *sstream = sized_of(stream);
    uoff_t left = sstream->size - I_MIN(sstream->size, stream->istream.v_offset);
    size_t seen = stream->pos - stream->skip;
    ssize_t result;

    i_stream_seek(stream->parent, stream->parent_start_offset + stream->istream.v_offset);
    result = i_stream_read_copy_from_parent(&stream->istream);
    if (result == -1 && stream->istream.stream_errno == 0 && stream->pos < left)
        return fail(sstream, EPIPE, 0);
    if (result <= 0 || sstream->may_be_larger || stream->pos <= left)
        return result;
    /* first what is ours, then the error */
    stream->pos = (size_t)left;
    stream->istream.eof = FALSE;
    if (stream->pos > seen)
        return (ssize_t)(stream->pos - seen);
    return fail(sstream, EINVAL, (size_t)result);
}

static void sized_seek(struct istream_private *stream, uoff_t v_offset, bool mark ATTR_UNUSED)
{
    stream->istream.v_offset = v_offset;
    stream->skip = stream->pos = stream->high_pos = 0;
}

static int sized_stat(struct istream_private *stream, bool exact)
{
    const struct stat *st;

    if (i_stream_stat(stream->parent, exact, &st) < 0) {
        stream->istream.stream_errno = stream->parent->stream_errno;
        return -1;
    }
    stream->statbuf = *st;
    stream->statbuf.st_size = sized_of(stream)->may_be_larger ? -1 : (off_t)sized_of(stream)->size;
    return 0;
}

static struct sized_istream *create(struct istream *input, uoff_t offset, uoff_t size)
{
    struct sized_istream *stream = i_new(struct sized_istream, 1);

    stream->size = size;
    stream->istream.read = sized_read;
    stream->istream.seek = sized_seek;
    stream->istream.stat = sized_stat;
    stream->istream.max_buffer_size = input->real_stream->max_buffer_size;
    stream->istream.istream.blocking = input->blocking;
    stream->istream.istream.seekable = input->seekable;
    i_stream_create(&stream->istream, input, i_stream_get_fd(input), 0);
    stream->istream.start_offset += offset;
    stream->istream.parent_start_offset += offset;
    return stream;
}

struct istream *i_stream_create_sized(struct istream *input, uoff_t size)
{
    return i_stream_create_sized_range(input, 0, size);
}

struct istream *i_stream_create_sized_range(struct istream *input, uoff_t offset, uoff_t size)
{
    return &create(input, offset, size)->istream.istream;
}

struct istream *i_stream_create_min_sized(struct istream *input, uoff_t min_size)
{
    return i_stream_create_min_sized_range(input, 0, min_size);
}

struct istream *i_stream_create_min_sized_range(struct istream *input, uoff_t offset,
                                                uoff_t min_size)
{
    struct sized_istream *stream = create(input, offset, min_size);

    stream->may_be_larger = TRUE;
    return &stream->istream.istream;
}

#undef i_stream_create_sized_with_callback
struct istream *i_stream_create_sized_with_callback(struct istream *input, uoff_t size,
                                                    istream_sized_callback_t *error_callback,
                                                    void *context)
{
    struct sized_istream *stream = create(input, 0, size);

    stream->error_callback = error_callback;
    stream->error_context = context;
    return &stream->istream.istream;
}
