/*
 * What all output streams do: references, closing, errors and settings. Sending and flushing are
 * ostream-send.c's.
 */
#include "lib.h"

#include "ostream-private.h"

void o_stream_ref(struct ostream *stream)
{
    io_stream_ref(&stream->real_stream->iostream);
}

/* Moves on what is buffered. What cannot be moved is lost: that must not go unnoticed. */
static void flush_before_close(struct ostream_private *stream)
{
    if (stream->ostream.stream_errno != 0 || stream->flush(stream) != 0 ||
        stream->error_handling_disabled)
        return;
    if (o_stream_get_buffer_used_size(&stream->ostream) > 0)
        i_panic("%s: closed with %zu bytes unsent", o_stream_get_name(&stream->ostream),
                o_stream_get_buffer_used_size(&stream->ostream));
}

static void close_stream(struct ostream *stream, bool close_parents)
{
    struct ostream_private *real = stream->real_stream;

    if (stream->closed || real->closing)
        return;
    real->closing = TRUE; /* the flush may find the parent closed, which leads back here */
    flush_before_close(real);
    io_stream_close(&real->iostream, close_parents);
    stream->closed = TRUE;
    if (stream->stream_errno == 0)
        stream->stream_errno = EPIPE;
}

void o_stream_close(struct ostream *stream)
{
    if (stream != NULL)
        close_stream(stream, TRUE);
}

void o_stream_unref(struct ostream **_stream)
{
    struct ostream *stream = *_stream;
    struct ostream_private *real;

    if (stream == NULL)
        return;
    *_stream = NULL;
    real = stream->real_stream;
    if (real->iostream.refcount == 1) {
        if (real->last_errors_not_checked && !real->error_handling_disabled)
            i_panic("%s: nobody looked whether sending succeeded", o_stream_get_name(stream));
        close_stream(stream, FALSE);
    }
    if (io_stream_unref(&real->iostream))
        return;
    o_stream_unref(&real->parent);
    io_stream_free(&real->iostream);
}

void o_stream_destroy(struct ostream **stream)
{
    if (*stream == NULL)
        return;
    close_stream(*stream, FALSE);
    o_stream_unref(stream);
}

#undef o_stream_add_destroy_callback
void o_stream_add_destroy_callback(struct ostream *stream, ostream_callback_t *callback,
                                   void *context)
{
    io_stream_add_destroy_callback(&stream->real_stream->iostream, callback, context);
}

#undef o_stream_remove_destroy_callback
void o_stream_remove_destroy_callback(struct ostream *stream, ostream_callback_t *callback)
{
    io_stream_remove_destroy_callback(&stream->real_stream->iostream, callback);
}

int o_stream_get_fd(struct ostream *stream)
{
    return stream->real_stream->fd;
}

/* ---- Names and errors ------------------------------------------------------------------------ */

void o_stream_set_name(struct ostream *stream, const char *name)
{
    struct iostream_private *base = &stream->real_stream->iostream;
    char *copy = i_strdup(name);

    i_free(base->name);
    base->name = copy;
}

const char *o_stream_get_name(struct ostream *stream)
{
    for (; stream != NULL; stream = stream->real_stream->parent) {
        if (stream->real_stream->iostream.name != NULL)
            return stream->real_stream->iostream.name;
    }
    return "";
}

const char *o_stream_get_error(struct ostream *stream)
{
    struct ostream *s = stream;

    if (stream->stream_errno == 0)
        return "<no error>";
    do {
        if (s->real_stream->iostream.error != NULL)
            return s->real_stream->iostream.error;
        s = s->real_stream->parent;
    } while (s != NULL && s->stream_errno != 0);
    return strerror(stream->stream_errno);
}

const char *o_stream_get_disconnect_reason(struct ostream *stream)
{
    return io_stream_get_disconnect_reason(NULL, stream);
}

void o_stream_copy_error_from_parent(struct ostream_private *stream)
{
    struct ostream *parent = stream->parent;

    stream->ostream.stream_errno = parent->stream_errno;
    stream->ostream.overflow = parent->overflow;
    if (parent->closed)
        o_stream_close(&stream->ostream);
}

void o_stream_ignore_last_errors(struct ostream *stream)
{
    for (; stream != NULL; stream = stream->real_stream->parent)
        stream->real_stream->last_errors_not_checked = FALSE;
}

void o_stream_abort(struct ostream *stream)
{
    o_stream_ignore_last_errors(stream);
    if (stream->stream_errno != 0)
        return;
    io_stream_set_error(&stream->real_stream->iostream, "sending was given up");
    stream->stream_errno = EPIPE;
}

void o_stream_set_no_error_handling(struct ostream *stream, bool set)
{
    stream->real_stream->error_handling_disabled = set;
}

/* ---- Settings -------------------------------------------------------------------------------- */

void o_stream_set_finish_also_parent(struct ostream *stream, bool set)
{
    stream->real_stream->finish_also_parent = set;
}

void o_stream_set_finish_via_child(struct ostream *stream, bool set)
{
    stream->real_stream->finish_via_child = set;
}

void o_stream_set_max_buffer_size(struct ostream *stream, size_t max_size)
{
    io_stream_set_max_buffer_size(&stream->real_stream->iostream, max_size);
}

size_t o_stream_get_max_buffer_size(struct ostream *stream)
{
    return stream->real_stream->max_buffer_size;
}

size_t o_stream_get_buffer_used_size(const struct ostream *stream)
{
    return stream->real_stream->get_buffer_used_size(stream->real_stream);
}

size_t o_stream_get_buffer_avail_size(const struct ostream *stream)
{
    return stream->real_stream->get_buffer_avail_size(stream->real_stream);
}

void o_stream_get_last_write_time(struct ostream *stream, struct timeval *tv_r)
{
    *tv_r = stream->real_stream->last_write_timeval;
}

#undef o_stream_set_flush_callback
void o_stream_set_flush_callback(struct ostream *stream, stream_flush_callback_t *callback,
                                 void *context)
{
    stream->real_stream->set_flush_callback(stream->real_stream, callback, context);
}

void o_stream_unset_flush_callback(struct ostream *stream)
{
    stream->real_stream->set_flush_callback(stream->real_stream, NULL, NULL);
}

void o_stream_set_flush_pending(struct ostream *stream, bool set)
{
    if (!stream->closed && stream->stream_errno == 0)
        stream->real_stream->flush_pending(stream->real_stream, set);
}

void o_stream_switch_ioloop_to(struct ostream *stream, struct ioloop *ioloop)
{
    for (; stream != NULL; stream = stream->real_stream->parent) {
        struct ostream_private *real = stream->real_stream;

        io_stream_switch_ioloop_to(&real->iostream, ioloop);
        if (real->switch_ioloop_to != NULL)
            real->switch_ioloop_to(real, ioloop);
    }
}

void o_stream_switch_ioloop(struct ostream *stream)
{
    o_stream_switch_ioloop_to(stream, current_ioloop);
}
