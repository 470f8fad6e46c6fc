/*
 * Input that fails.
 */
#include "lib.h"

#include "istream-private.h"

static ssize_t error_read(struct istream_private *stream)
{
    stream->istream.eof = TRUE;
    return -1;
}

struct istream *i_stream_create_error(int stream_errno)
{
    struct istream_private *stream = i_new(struct istream_private, 1);

    stream->read = error_read;
    stream->istream.blocking = TRUE;
    stream->istream.seekable = TRUE;
    i_stream_create(stream, NULL, -1, 0);
    stream->istream.stream_errno = stream_errno;
    stream->istream.eof = TRUE;
    i_stream_set_name(&stream->istream, "(error)");
    return &stream->istream;
}

struct istream *i_stream_create_error_str(int stream_errno, const char *fmt, ...)
{
    struct istream *stream = i_stream_create_error(stream_errno);
    va_list args;

    va_start(args, fmt);
    io_stream_set_verror(&stream->real_stream->iostream, fmt, args);
    va_end(args);
    return stream;
}
