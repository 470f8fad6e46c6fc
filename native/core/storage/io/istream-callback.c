/*
 * Input that a callback makes.
 */
#include "lib.h"

#include "buffer.h"
#include "istream-callback.h"
#include "istream-private.h"

struct callback_istream {
    struct istream_private istream;
    istream_callback_read_t *callback;
    void *context;
    buffer_t *made; /* beyond the window, and asked for next */
    bool finished;
};

static struct callback_istream *callback_of(struct istream_private *stream)
{
    return container_of(stream, struct callback_istream, istream);
}

static void callback_destroy(struct iostream_private *stream)
{
    struct istream_private *istream = container_of(stream, struct istream_private, iostream);

    buffer_free(&callback_of(istream)->made);
    i_stream_free_buffer(istream);
}

/* Moves what was made into the window. */
static ssize_t deliver(struct callback_istream *stream)
{
    size_t size;

    if (!i_stream_try_alloc(&stream->istream, stream->made->used, &size))
        return -2;
    size = I_MIN(size, stream->made->used);
    memcpy(stream->istream.w_buffer + stream->istream.pos, stream->made->data, size);
    stream->istream.pos += size;
    buffer_delete(stream->made, 0, size);
    return (ssize_t)size;
}

static ssize_t callback_read(struct istream_private *stream)
{
    struct callback_istream *cstream = callback_of(stream);

    while (cstream->made->used == 0 && !cstream->finished) {
        cstream->finished = !cstream->callback(cstream->made, cstream->context);
        if (cstream->made->used == 0 && !cstream->finished)
            return 0;
    }
    if (cstream->made->used > 0)
        return deliver(cstream);
    stream->istream.eof = TRUE;
    return -1;
}

#undef i_stream_create_callback
struct istream *i_stream_create_callback(istream_callback_read_t *callback, void *context)
{
    struct callback_istream *stream = i_new(struct callback_istream, 1);
    struct istream *input;

    stream->callback = callback;
    stream->context = context;
    stream->made = buffer_create_dynamic(default_pool, 1024);
    stream->istream.max_buffer_size = SIZE_MAX;
    stream->istream.read = callback_read;
    stream->istream.iostream.destroy = callback_destroy;
    input = i_stream_create(&stream->istream, NULL, -1, 0);
    i_stream_set_name(input, "(callback)");
    return input;
}

void i_stream_callback_append(struct istream *input, const void *data, size_t size)
{
    buffer_append(i_stream_callback_get_buffer(input), data, size);
}

void i_stream_callback_append_str(struct istream *input, const char *str)
{
    i_stream_callback_append(input, str, strlen(str));
}

buffer_t *i_stream_callback_get_buffer(struct istream *input)
{
    return callback_of(input->real_stream)->made;
}

void i_stream_callback_set_error(struct istream *input, int stream_errno, const char *error)
{
    input->stream_errno = stream_errno;
    io_stream_set_error(&input->real_stream->iostream, "%s", error);
}
