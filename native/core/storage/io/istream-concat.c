/*
 * Input streams one after the other. Bytes are copied, so that a window can reach over the seam.
 */
#include "lib.h"

#include "istream-concat.h"
#include "istream-private.h"

struct concat_istream {
    struct istream_private istream;
    struct istream **inputs;
    uoff_t *starts; /* one more than inputs: where each begins, as far as known */
    unsigned int count;
    unsigned int current;
    unsigned int known; /* starts[0..known] are right */
};

static struct concat_istream *concat_of(struct istream_private *stream)
{
    return container_of(stream, struct concat_istream, istream);
}

static void concat_close(struct iostream_private *stream, bool close_parent)
{
    struct concat_istream *cstream =
        concat_of(container_of(stream, struct istream_private, iostream));

    for (unsigned int i = 0; close_parent && i < cstream->count; i++)
        i_stream_close(cstream->inputs[i]);
}

static void concat_destroy(struct iostream_private *stream)
{
    struct concat_istream *cstream =
        concat_of(container_of(stream, struct istream_private, iostream));

    for (unsigned int i = 0; i < cstream->count; i++)
        i_stream_unref(&cstream->inputs[i]);
    i_free(cstream->inputs);
    i_free(cstream->starts);
    i_stream_free_buffer(&cstream->istream);
}

static void concat_set_max_buffer_size(struct iostream_private *stream, size_t max_size)
{
    struct concat_istream *cstream =
        concat_of(container_of(stream, struct istream_private, iostream));

    cstream->istream.max_buffer_size = max_size;
    for (unsigned int i = 0; i < cstream->count; i++)
        i_stream_set_max_buffer_size(cstream->inputs[i], max_size);
}

static void fail(struct concat_istream *cstream, struct istream *input)
{
    io_stream_set_error(&cstream->istream.iostream, "read(%s) failed: %s", i_stream_get_name(input),
                        i_stream_get_error(input));
    cstream->istream.istream.stream_errno = input->stream_errno;
    cstream->istream.istream.eof = TRUE;
}

static void set_start(struct concat_istream *cstream, unsigned int index, uoff_t start)
{
    cstream->starts[index] = start;
    cstream->known = I_MAX(cstream->known, index);
}

static ssize_t concat_read(struct istream_private *stream)
{
    struct concat_istream *cstream = concat_of(stream);
    size_t room, size;
    const unsigned char *data;

    if (!i_stream_try_alloc(stream, 1, &room))
        return -2;
    while (cstream->current < cstream->count) {
        struct istream *input = cstream->inputs[cstream->current];
        uoff_t offset = stream->istream.v_offset + (stream->pos - stream->skip);
        int result;

        i_stream_seek(input, offset - cstream->starts[cstream->current]);
        result = i_stream_read_more_memarea(input, &data, &size);
        if (result > 0) {
            size = I_MIN(size, room);
            memcpy(stream->w_buffer + stream->pos, data, size);
            stream->pos += size;
            return (ssize_t)size;
        }
        if (result == 0)
            return 0;
        if (input->stream_errno != 0) {
            fail(cstream, input);
            return -1;
        }
        set_start(cstream, ++cstream->current, offset);
    }
    stream->istream.eof = TRUE;
    return -1;
}

/* Whether the start of the next input is, or can be made, known. */
static bool know_next_start(struct concat_istream *cstream, unsigned int index)
{
    uoff_t size;

    if (index < cstream->known)
        return TRUE;
    if (i_stream_get_size(cstream->inputs[index], TRUE, &size) <= 0)
        return FALSE;
    set_start(cstream, index + 1, cstream->starts[index] + size);
    return TRUE;
}

static void concat_seek(struct istream_private *stream, uoff_t v_offset, bool mark ATTR_UNUSED)
{
    struct concat_istream *cstream = concat_of(stream);
    uoff_t here = stream->istream.v_offset + (stream->pos - stream->skip), from;
    unsigned int index = 0;

    while (index < cstream->count && know_next_start(cstream, index) &&
           v_offset >= cstream->starts[index + 1])
        index++;
    /* an input of unknown size: reading on will tell whether the offset lies in it */
    from = index == cstream->current && here <= v_offset ? here : cstream->starts[index];
    if (index < cstream->count && index >= cstream->known)
        stream->skip_left = v_offset - from;
    cstream->current = index;
    stream->skip = stream->pos = stream->high_pos = 0;
    stream->istream.v_offset = v_offset;
}

static int concat_get_size(struct istream_private *stream, bool exact, uoff_t *size_r)
{
    struct concat_istream *cstream = concat_of(stream);
    uoff_t total = 0, size;

    for (unsigned int i = 0; i < cstream->count; i++) {
        int result = i_stream_get_size(cstream->inputs[i], exact, &size);

        if (result < 0)
            fail(cstream, cstream->inputs[i]);
        if (result <= 0)
            return result;
        total += size;
    }
    *size_r = total;
    return 1;
}

static int concat_stat(struct istream_private *stream, bool exact)
{
    uoff_t size;
    int result = concat_get_size(stream, exact, &size);

    if (result >= 0)
        stream->statbuf.st_size = result == 0 ? -1 : (off_t)size;
    return result < 0 ? -1 : 0;
}

static void add_inputs(struct concat_istream *stream, struct istream *input[])
{
    struct istream *istream = &stream->istream.istream;

    while (input[stream->count] != NULL)
        stream->count++;
    i_assert(stream->count > 0);
    stream->inputs = i_new(struct istream *, stream->count);
    stream->starts = i_new(uoff_t, stream->count + 1);
    istream->blocking = istream->seekable = TRUE;
    for (unsigned int i = 0; i < stream->count; i++) {
        stream->inputs[i] = input[i];
        i_stream_ref(input[i]);
        istream->blocking = istream->blocking && input[i]->blocking;
        istream->seekable = istream->seekable && input[i]->seekable;
        stream->istream.max_buffer_size =
            I_MAX(stream->istream.max_buffer_size, i_stream_get_max_buffer_size(input[i]));
    }
}

struct istream *i_stream_create_concat(struct istream *input[])
{
    struct concat_istream *stream = i_new(struct concat_istream, 1);

    add_inputs(stream, input);
    stream->istream.read = concat_read;
    stream->istream.seek = concat_seek;
    stream->istream.stat = concat_stat;
    stream->istream.get_size = concat_get_size;
    stream->istream.iostream.close = concat_close;
    stream->istream.iostream.destroy = concat_destroy;
    stream->istream.iostream.set_max_buffer_size = concat_set_max_buffer_size;
    i_stream_create(&stream->istream, NULL, -1, 0);
    i_stream_set_name(&stream->istream.istream, "(concat)");
    return &stream->istream.istream;
}
