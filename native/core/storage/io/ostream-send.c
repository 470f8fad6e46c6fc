/*
 * Sending, flushing and finishing: what stands around a stream's own methods.
 */
#include "lib.h"

#include "istream.h"
#include "ostream-private.h"

static bool is_dead(const struct ostream *stream)
{
    if (!stream->closed && stream->stream_errno == 0)
        return FALSE;
    errno = stream->stream_errno;
    return TRUE;
}

static void check_not_finished(struct ostream *stream)
{
    if (stream->real_stream->finished)
        i_panic("%s: sent to after it was finished", o_stream_get_name(stream));
}

static size_t total_size(const struct const_iovec *iov, unsigned int iov_count)
{
    size_t size = 0;

    for (unsigned int i = 0; i < iov_count; i++)
        size += iov[i].iov_len;
    return size;
}

/* ---- Sending --------------------------------------------------------------------------------- */

ssize_t o_stream_sendv(struct ostream *stream, const struct const_iovec *iov,
                       unsigned int iov_count)
{
    struct ostream_private *real = stream->real_stream;
    size_t size = total_size(iov, iov_count);
    ssize_t sent;

    if (is_dead(stream))
        return -1;
    check_not_finished(stream);
    if (size == 0)
        return 0;
    sent = real->sendv(real, iov, iov_count);
    if (sent < 0) {
        i_assert(stream->stream_errno != 0);
        errno = stream->stream_errno;
        return -1;
    }
    if ((size_t)sent < size) {
        i_assert(!stream->blocking);
        stream->overflow = TRUE;
    }
    if (sent > 0)
        real->last_write_timeval = ioloop_timeval;
    return sent;
}

ssize_t o_stream_send(struct ostream *stream, const void *data, size_t size)
{
    struct const_iovec iov = {data, size};

    return o_stream_sendv(stream, &iov, 1);
}

ssize_t o_stream_send_str(struct ostream *stream, const char *str)
{
    return o_stream_send(stream, str, strlen(str));
}

void o_stream_nsendv(struct ostream *stream, const struct const_iovec *iov, unsigned int iov_count)
{
    struct ostream_private *real = stream->real_stream;
    ssize_t sent;

    if (is_dead(stream) || real->noverflow)
        return;
    real->last_errors_not_checked = TRUE;
    sent = o_stream_sendv(stream, iov, iov_count);
    if (sent >= 0 && (size_t)sent < total_size(iov, iov_count))
        real->noverflow = TRUE;
}

void o_stream_nsend(struct ostream *stream, const void *data, size_t size)
{
    struct const_iovec iov = {data, size};

    o_stream_nsendv(stream, &iov, 1);
}

void o_stream_nsend_str(struct ostream *stream, const char *str)
{
    o_stream_nsend(stream, str, strlen(str));
}

/* ---- Sending a stream ------------------------------------------------------------------------ */

/* Sends what the window holds. TRUE: all of it; FALSE: *result_r says why not. */
static bool send_window(struct ostream *outstream, struct istream *instream,
                        const unsigned char *data, size_t size,
                        enum ostream_send_istream_result *result_r)
{
    bool overflow = outstream->overflow;
    ssize_t sent = o_stream_send(outstream, data, size);

    if (sent < 0) {
        *result_r = OSTREAM_SEND_ISTREAM_RESULT_ERROR_OUTPUT;
        return FALSE;
    }
    i_stream_skip(instream, (uoff_t)sent);
    if ((size_t)sent == size)
        return TRUE;
    outstream->overflow = overflow; /* the rest is still in the input */
    *result_r = OSTREAM_SEND_ISTREAM_RESULT_WAIT_OUTPUT;
    return FALSE;
}

enum ostream_send_istream_result io_stream_copy(struct ostream *outstream, struct istream *instream)
{
    enum ostream_send_istream_result result;
    const unsigned char *data;
    size_t size;
    int ret;

    while ((ret = i_stream_read_more(instream, &data, &size)) > 0) {
        if (!send_window(outstream, instream, data, size, &result))
            return result;
    }
    if (ret == 0)
        return OSTREAM_SEND_ISTREAM_RESULT_WAIT_INPUT;
    if (instream->stream_errno != 0)
        return OSTREAM_SEND_ISTREAM_RESULT_ERROR_INPUT;
    return OSTREAM_SEND_ISTREAM_RESULT_FINISHED;
}

enum ostream_send_istream_result o_stream_send_istream(struct ostream *outstream,
                                                       struct istream *instream)
{
    struct ostream_private *real = outstream->real_stream;
    enum ostream_send_istream_result result;

    if (is_dead(outstream))
        return OSTREAM_SEND_ISTREAM_RESULT_ERROR_OUTPUT;
    check_not_finished(outstream);
    if (instream->closed || instream->stream_errno != 0) {
        errno = instream->stream_errno;
        return OSTREAM_SEND_ISTREAM_RESULT_ERROR_INPUT;
    }
    result = real->send_istream(real, instream);
    switch (result) {
    case OSTREAM_SEND_ISTREAM_RESULT_WAIT_OUTPUT:
        o_stream_set_flush_pending(outstream, TRUE);
        break;
    case OSTREAM_SEND_ISTREAM_RESULT_ERROR_INPUT:
        errno = instream->stream_errno;
        break;
    case OSTREAM_SEND_ISTREAM_RESULT_ERROR_OUTPUT:
        errno = outstream->stream_errno;
        break;
    default:
        break;
    }
    return result;
}

void o_stream_nsend_istream(struct ostream *outstream, struct istream *instream)
{
    struct ostream_private *real = outstream->real_stream;

    i_assert(instream->blocking);
    real->last_errors_not_checked = TRUE;
    switch (o_stream_send_istream(outstream, instream)) {
    case OSTREAM_SEND_ISTREAM_RESULT_FINISHED:
    case OSTREAM_SEND_ISTREAM_RESULT_ERROR_OUTPUT:
        break;
    case OSTREAM_SEND_ISTREAM_RESULT_WAIT_INPUT:
        i_unreached();
    case OSTREAM_SEND_ISTREAM_RESULT_WAIT_OUTPUT:
        real->noverflow = TRUE;
        break;
    case OSTREAM_SEND_ISTREAM_RESULT_ERROR_INPUT:
        io_stream_set_error(&real->iostream, "read(%s) failed: %s", i_stream_get_name(instream),
                            i_stream_get_error(instream));
        outstream->stream_errno = instream->stream_errno;
        break;
    }
}

/* ---- Flushing -------------------------------------------------------------------------------- */

void o_stream_cork(struct ostream *stream)
{
    if (!is_dead(stream))
        stream->real_stream->cork(stream->real_stream, TRUE);
}

void o_stream_uncork(struct ostream *stream)
{
    if (!is_dead(stream))
        stream->real_stream->cork(stream->real_stream, FALSE);
}

bool o_stream_is_corked(struct ostream *stream)
{
    return stream->real_stream->corked;
}

int o_stream_flush(struct ostream *stream)
{
    struct ostream_private *real = stream->real_stream;
    int result;

    real->last_errors_not_checked = FALSE;
    if (is_dead(stream))
        return -1;
    if (real->noverflow) {
        io_stream_set_error(&real->iostream, "More was sent than the buffer holds (%zu bytes)",
                            o_stream_get_max_buffer_size(stream));
        errno = stream->stream_errno = ENOBUFS;
        return -1;
    }
    result = real->flush(real);
    if (result < 0) {
        i_assert(stream->stream_errno != 0);
        errno = stream->stream_errno;
    }
    return result;
}

int o_stream_finish(struct ostream *stream)
{
    stream->real_stream->finished = TRUE;
    return o_stream_flush(stream);
}

int o_stream_flush_parent(struct ostream_private *stream)
{
    bool finish = stream->finished && stream->finish_also_parent &&
                  stream->parent->real_stream->finish_via_child;
    int result = finish ? o_stream_finish(stream->parent) : o_stream_flush(stream->parent);

    if (result < 0)
        o_stream_copy_error_from_parent(stream);
    return result;
}

int o_stream_flush_parent_if_needed(struct ostream_private *stream)
{
    int result;

    if (o_stream_get_buffer_used_size(stream->parent) < IO_BLOCK_SIZE)
        return 1;
    result = o_stream_flush(stream->parent);
    if (result < 0)
        o_stream_copy_error_from_parent(stream);
    return result;
}

/* ---- Files ----------------------------------------------------------------------------------- */

int o_stream_seek(struct ostream *stream, uoff_t offset)
{
    if (is_dead(stream))
        return -1;
    if (stream->real_stream->seek(stream->real_stream, offset) < 0) {
        errno = stream->stream_errno;
        return -1;
    }
    return 1;
}

int o_stream_pwrite(struct ostream *stream, const void *data, size_t size, uoff_t offset)
{
    if (is_dead(stream))
        return -1;
    check_not_finished(stream);
    if (stream->real_stream->write_at(stream->real_stream, data, size, offset) < 0) {
        errno = stream->stream_errno;
        return -1;
    }
    return 0;
}
