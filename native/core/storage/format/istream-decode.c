/*
 * The frame of the transfer decoders (istream-decode.h). The decoder writes to a buffer, from which
 * the stream's own is filled; no more is decoded before that is empty.
 */
#include "format/istream-decode.h"

#include "buffer.h"

/** How much is decoded at once. */
#define DECODE_BLOCK 4096

struct decode_istream {
    struct istream_private istream;
    const struct istream_decoder *decoder;
    void *state;
    buffer_t *out;
    size_t taken; /**< bytes of `out` that were given */
    bool ended;
};

static struct decode_istream *decode_of(struct istream_private *stream)
{
    return container_of(stream, struct decode_istream, istream);
}

static void decode_destroy(struct iostream_private *_stream)
{
    struct istream_private *stream = container_of(_stream, struct istream_private, iostream);
    struct decode_istream *dstream = decode_of(stream);

    dstream->decoder->deinit(dstream->state);
    buffer_free(&dstream->out);
    i_stream_free_buffer(stream);
}

static void set_invalid(struct decode_istream *dstream)
{
    io_stream_set_error(&dstream->istream.iostream, "Invalid %s data", dstream->decoder->name);
    dstream->istream.istream.stream_errno = EINVAL;
}

/** Decodes a piece of the parent. As read(), with 1 when something may have come out. */
static int decode_piece(struct decode_istream *dstream)
{
    struct istream_private *stream = &dstream->istream;
    const unsigned char *data;
    size_t size;
    int ret = i_stream_read_more_memarea(stream->parent, &data, &size);

    if (ret == 0)
        return 0;
    if (ret < 0) {
        stream->istream.stream_errno = stream->parent->stream_errno;
        dstream->ended = TRUE;
        if (stream->istream.stream_errno == 0 && dstream->decoder->finish(dstream->state) < 0)
            set_invalid(dstream);
        return 1;
    }
    size = I_MIN(size, DECODE_BLOCK);
    ret = dstream->decoder->more(dstream->state, data, size);
    i_stream_skip(stream->parent, size);
    if (ret < 0)
        set_invalid(dstream);
    if (ret <= 0)
        dstream->ended = TRUE;
    return 1;
}

static ssize_t decode_read(struct istream_private *stream)
{
    struct decode_istream *dstream = decode_of(stream);
    size_t room, size;

    if (!i_stream_try_alloc(stream, 1, &room))
        return -2;
    while (dstream->taken == dstream->out->used && !dstream->ended) {
        buffer_set_used_size(dstream->out, 0);
        dstream->taken = 0;
        if (decode_piece(dstream) == 0)
            return 0;
    }
    size = I_MIN(room, dstream->out->used - dstream->taken);
    if (size == 0) {
        stream->istream.eof = TRUE;
        return -1;
    }
    memcpy(stream->w_buffer + stream->pos, CONST_PTR_OFFSET(dstream->out->data, dstream->taken),
           size);
    dstream->taken += size;
    stream->pos += size;
    return (ssize_t)size;
}

static void decode_seek(struct istream_private *stream, uoff_t v_offset, bool mark ATTR_UNUSED)
{
    struct decode_istream *dstream = decode_of(stream);

    if (i_stream_nonseekable_try_seek(stream, v_offset))
        return;
    stream->parent_expected_offset = stream->parent_start_offset;
    stream->istream.v_offset = 0;
    stream->skip = stream->pos = stream->high_pos = 0;
    dstream->decoder->deinit(dstream->state);
    buffer_set_used_size(dstream->out, 0);
    dstream->state = dstream->decoder->init(dstream->out);
    dstream->taken = 0;
    dstream->ended = FALSE;
    (void)i_stream_nonseekable_try_seek(stream, v_offset);
}

struct istream *i_stream_create_decoder(struct istream *input,
                                        const struct istream_decoder *decoder)
{
    struct decode_istream *dstream = i_new(struct decode_istream, 1);

    dstream->decoder = decoder;
    dstream->out = buffer_create_dynamic(default_pool, DECODE_BLOCK);
    dstream->state = decoder->init(dstream->out);
    dstream->istream.max_buffer_size = input->real_stream->max_buffer_size;
    dstream->istream.read = decode_read;
    dstream->istream.seek = decode_seek;
    dstream->istream.iostream.destroy = decode_destroy;
    dstream->istream.istream.readable_fd = FALSE;
    dstream->istream.istream.blocking = input->blocking;
    dstream->istream.istream.seekable = input->seekable;
    return i_stream_create(&dstream->istream, input, i_stream_get_fd(input), 0);
}
