/*
 * Line ends as CRLF, or as LF.
 */
#include "lib.h"

#include "istream-crlf.h"
#include "istream-private.h"

struct crlf_istream {
    struct istream_private istream;
    bool last_cr; /* to CRLF: the last byte given out; to LF: a CR that is held back */
};

static struct crlf_istream *crlf_of(struct istream_private *stream)
{
    return container_of(stream, struct crlf_istream, istream);
}

/* A piece of input on its way to the buffer. */
struct piece {
    const unsigned char *in;
    size_t in_size;
    unsigned char *out;
    size_t room;
};

static void put(struct piece *piece, unsigned char byte)
{
    *piece->out++ = byte;
    piece->room--;
}

static void take(struct piece *piece)
{
    piece->in++;
    piece->in_size--;
}

/* Copies up to the next `stop`. Returns how much. */
static size_t copy_until(struct piece *piece, int stop)
{
    size_t size = I_MIN(piece->in_size, piece->room);
    const unsigned char *found = memchr(piece->in, stop, size);

    if (found != NULL)
        size = (size_t)(found - piece->in);
    memcpy(piece->out, piece->in, size);
    piece->in += size;
    piece->in_size -= size;
    piece->out += size;
    piece->room -= size;
    return size;
}

static void to_crlf(struct crlf_istream *stream, struct piece *piece)
{
    while (piece->in_size > 0 && piece->room > 0) {
        if (copy_until(piece, '\n') > 0)
            stream->last_cr = piece->in[-1] == '\r';
        if (piece->in_size == 0 || piece->room == 0)
            return;
        put(piece, stream->last_cr ? '\n' : '\r');
        if (stream->last_cr)
            take(piece);
        stream->last_cr = !stream->last_cr;
    }
}

static void to_lf(struct crlf_istream *stream, struct piece *piece)
{
    while (piece->in_size > 0 && piece->room > 0) {
        if (stream->last_cr && *piece->in != '\n')
            put(piece, '\r');
        stream->last_cr = FALSE;
        (void)copy_until(piece, '\r');
        if (piece->in_size > 0 && *piece->in == '\r') {
            take(piece);
            stream->last_cr = TRUE;
        }
    }
}

static void copy_error(struct istream_private *stream)
{
    stream->istream.stream_errno = stream->parent->stream_errno;
    stream->istream.eof = stream->parent->eof;
}

/* Converts one piece. As read(), and 0 also if the piece gave nothing. */
static ssize_t convert(struct istream_private *stream,
                       void (*to)(struct crlf_istream *, struct piece *), bool *again_r)
{
    struct piece piece;
    const unsigned char *data;
    size_t size, old_pos;
    int result;

    *again_r = FALSE;
    if (!i_stream_try_alloc(stream, 1, &piece.room))
        return -2;
    old_pos = stream->pos;
    result = i_stream_read_more_memarea(stream->parent, &data, &size);
    if (result <= 0) {
        copy_error(stream);
        return result;
    }
    piece.in = data;
    piece.in_size = size;
    piece.out = stream->w_buffer + stream->pos;
    to(crlf_of(stream), &piece);
    stream->pos = (size_t)(piece.out - stream->w_buffer);
    i_stream_skip(stream->parent, size - piece.in_size);
    *again_r = stream->pos == old_pos;
    return (ssize_t)(stream->pos - old_pos);
}

static ssize_t crlf_read(struct istream_private *stream)
{
    bool again;
    ssize_t result;

    do
        result = convert(stream, to_crlf, &again);
    while (again);
    return result;
}

static ssize_t lf_read(struct istream_private *stream)
{
    bool again;
    ssize_t result;

    do
        result = convert(stream, to_lf, &again);
    while (again);
    if (result == -1 && stream->istream.stream_errno == 0 && crlf_of(stream)->last_cr) {
        /* no LF came after all; there is room, or this would be -2 */
        crlf_of(stream)->last_cr = FALSE;
        stream->w_buffer[stream->pos++] = '\r';
        return 1;
    }
    return result;
}

static void crlf_seek(struct istream_private *stream, uoff_t v_offset, bool mark ATTR_UNUSED)
{
    if (i_stream_nonseekable_try_seek(stream, v_offset))
        return;
    /* from the beginning: what it becomes there does not depend on what was read */
    stream->parent_expected_offset = stream->parent_start_offset;
    stream->istream.v_offset = 0;
    stream->skip = stream->pos = stream->high_pos = 0;
    crlf_of(stream)->last_cr = FALSE;
    (void)i_stream_nonseekable_try_seek(stream, v_offset);
}

static struct istream *create(struct istream *input, ssize_t (*read)(struct istream_private *))
{
    struct crlf_istream *stream = i_new(struct crlf_istream, 1);

    stream->istream.read = read;
    stream->istream.seek = crlf_seek;
    stream->istream.max_buffer_size = input->real_stream->max_buffer_size;
    stream->istream.istream.blocking = input->blocking;
    stream->istream.istream.seekable = input->seekable;
    return i_stream_create(&stream->istream, input, i_stream_get_fd(input), 0);
}

struct istream *i_stream_create_crlf(struct istream *input)
{
    return create(input, crlf_read);
}

struct istream *i_stream_create_lf(struct istream *input)
{
    return create(input, lf_read);
}
