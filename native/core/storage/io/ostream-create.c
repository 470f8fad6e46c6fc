/*
 * Completing an output stream: the methods it did not bring along hand over to its parent.
 */
#include "lib.h"

#include "ostream-private.h"

static void default_close(struct iostream_private *stream, bool close_parent)
{
    struct ostream_private *ostream = container_of(stream, struct ostream_private, iostream);

    if (close_parent && ostream->parent != NULL)
        o_stream_close(ostream->parent);
}

static void default_destroy(struct iostream_private *stream ATTR_UNUSED)
{
    /* the base lets go of the parent */
}

static void default_set_max_buffer_size(struct iostream_private *stream, size_t max_size)
{
    struct ostream_private *ostream = container_of(stream, struct ostream_private, iostream);

    ostream->max_buffer_size = max_size;
    if (ostream->parent != NULL)
        o_stream_set_max_buffer_size(ostream->parent, max_size);
}

static void default_cork(struct ostream_private *stream, bool set)
{
    stream->corked = set;
    if (set && stream->parent != NULL)
        o_stream_cork(stream->parent);
    if (set)
        return;
    (void)o_stream_flush(&stream->ostream);
    stream->last_errors_not_checked = TRUE;
    if (stream->parent != NULL)
        o_stream_uncork(stream->parent);
}

static int default_flush(struct ostream_private *stream)
{
    return stream->parent == NULL ? 1 : o_stream_flush_parent(stream);
}

#undef o_stream_set_flush_callback
static void default_set_flush_callback(struct ostream_private *stream,
                                       stream_flush_callback_t *callback, void *context)
{
    if (stream->parent != NULL)
        o_stream_set_flush_callback(stream->parent, callback, context);
    stream->callback = callback;
    stream->context = context;
}

static void default_flush_pending(struct ostream_private *stream, bool set)
{
    if (stream->parent != NULL)
        o_stream_set_flush_pending(stream->parent, set);
}

static size_t default_used(const struct ostream_private *stream)
{
    return stream->parent == NULL ? 0 : o_stream_get_buffer_used_size(stream->parent);
}

static size_t default_avail(const struct ostream_private *stream)
{
    size_t used = o_stream_get_buffer_used_size(&stream->ostream);

    if (stream->max_buffer_size == SIZE_MAX)
        return SIZE_MAX;
    return used >= stream->max_buffer_size ? 0 : stream->max_buffer_size - used;
}

static int default_seek(struct ostream_private *stream, uoff_t offset ATTR_UNUSED)
{
    stream->ostream.stream_errno = ESPIPE;
    return -1;
}

static ssize_t default_sendv(struct ostream_private *stream, const struct const_iovec *iov,
                             unsigned int iov_count)
{
    ssize_t sent;

    i_assert(stream->parent != NULL);
    sent = o_stream_sendv(stream->parent, iov, iov_count);
    if (sent < 0) {
        o_stream_copy_error_from_parent(stream);
        return -1;
    }
    stream->ostream.offset += (uoff_t)sent;
    return sent;
}

static int default_write_at(struct ostream_private *stream, const void *data ATTR_UNUSED,
                            size_t size ATTR_UNUSED, uoff_t offset ATTR_UNUSED)
{
    stream->ostream.stream_errno = ESPIPE;
    return -1;
}

static enum ostream_send_istream_result default_send_istream(struct ostream_private *outstream,
                                                             struct istream *instream)
{
    return io_stream_copy(&outstream->ostream, instream);
}

static void set_default_methods(struct ostream_private *stream)
{
    if (stream->iostream.close == NULL)
        stream->iostream.close = default_close;
    if (stream->iostream.destroy == NULL)
        stream->iostream.destroy = default_destroy;
    if (stream->iostream.set_max_buffer_size == NULL)
        stream->iostream.set_max_buffer_size = default_set_max_buffer_size;
    if (stream->cork == NULL)
        stream->cork = default_cork;
    if (stream->flush == NULL)
        stream->flush = default_flush;
    if (stream->set_flush_callback == NULL)
        stream->set_flush_callback = default_set_flush_callback;
    if (stream->flush_pending == NULL)
        stream->flush_pending = default_flush_pending;
    if (stream->get_buffer_used_size == NULL)
        stream->get_buffer_used_size = default_used;
    if (stream->get_buffer_avail_size == NULL)
        stream->get_buffer_avail_size = default_avail;
    if (stream->seek == NULL)
        stream->seek = default_seek;
    if (stream->sendv == NULL)
        stream->sendv = default_sendv;
    if (stream->write_at == NULL)
        stream->write_at = default_write_at;
    if (stream->send_istream == NULL)
        stream->send_istream = default_send_istream;
}

static void take_over_from_parent(struct ostream_private *stream, struct ostream *parent)
{
    struct ostream_private *real = parent->real_stream;

    o_stream_ref(parent);
    stream->parent = parent;
    stream->ostream.blocking = parent->blocking;
    stream->callback = real->callback;
    stream->context = real->context;
    stream->error_handling_disabled = real->error_handling_disabled;
    if (stream->max_buffer_size == 0)
        stream->max_buffer_size = real->max_buffer_size;
}

struct ostream *o_stream_create(struct ostream_private *stream, struct ostream *parent, int fd)
{
    stream->fd = fd;
    stream->ostream.real_stream = stream;
    stream->finish_also_parent = TRUE;
    stream->finish_via_child = TRUE;
    if (parent != NULL)
        take_over_from_parent(stream, parent);
    set_default_methods(stream);
    io_stream_init(&stream->iostream);
    return &stream->ostream;
}

struct ostream *o_stream_create_passthrough(struct ostream *output)
{
    return o_stream_create(i_new(struct ostream_private, 1), output, o_stream_get_fd(output));
}
