/*
 * Reading line by line. A line is copied out of the window: the buffer may be shared, and may be
 * read again after a seek.
 */
#include "lib.h"

#include "istream-private.h"
#include "str.h"

void i_stream_set_return_partial_line(struct istream *stream, bool set)
{
    stream->real_stream->return_nolf_line = set;
}

bool i_stream_last_line_crlf(struct istream *stream)
{
    return stream->real_stream->line_crlf;
}

/* Copies a line of that length, whose LF stands behind it if has_lf, and skips it. */
static char *take_line(struct istream_private *stream, const unsigned char *data, size_t length,
                       bool has_lf)
{
    size_t text = length;

    stream->line_crlf = has_lf && length > 0 && data[length - 1] == '\r';
    if (stream->line_crlf)
        text--;
    if (stream->line_str == NULL)
        stream->line_str = str_new(default_pool, 256);
    str_truncate(stream->line_str, 0);
    str_append_data(stream->line_str, data, text);
    i_stream_skip(&stream->istream, length + (has_lf ? 1 : 0));
    return str_c_modifiable(stream->line_str);
}

char *i_stream_next_line(struct istream *_stream)
{
    struct istream_private *stream = _stream->real_stream;
    size_t size;
    const unsigned char *data = i_stream_get_data(_stream, &size);
    const unsigned char *lf = size == 0 ? NULL : memchr(data, '\n', size);

    if (lf != NULL)
        return take_line(stream, data, (size_t)(lf - data), TRUE);
    if (size > 0 && _stream->eof && _stream->stream_errno == 0 && stream->return_nolf_line)
        return take_line(stream, data, size, FALSE);
    return NULL;
}

static void fail_line_too_long(struct istream *stream)
{
    io_stream_set_error(&stream->real_stream->iostream,
                        "A line at offset %" PRIu64 " does not fit into the buffer (%zu bytes)",
                        stream->v_offset, i_stream_get_data_size(stream));
    stream->stream_errno = ENOBUFS;
    stream->eof = TRUE;
}

char *i_stream_read_next_line(struct istream *stream)
{
    for (;;) {
        char *line = i_stream_next_line(stream);
        ssize_t result;

        if (line != NULL)
            return line;
        result = i_stream_read(stream);
        if (result > 0)
            continue;
        if (result == -2)
            fail_line_too_long(stream);
        return result == -1 ? i_stream_next_line(stream) : NULL;
    }
}
