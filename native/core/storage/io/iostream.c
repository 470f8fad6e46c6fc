/*
 * References, errors and destroy callbacks of input and output streams.
 */
#include "lib.h"

#include "array.h"
#include "iostream-private.h"
#include "istream-private.h"
#include "ostream-private.h"

void io_stream_init(struct iostream_private *stream)
{
    stream->refcount = 1;
}

void io_stream_ref(struct iostream_private *stream)
{
    i_assert(stream->refcount > 0);
    stream->refcount++;
}

bool io_stream_unref(struct iostream_private *stream)
{
    i_assert(stream->refcount > 0);
    if (--stream->refcount > 0)
        return TRUE;
    stream->destroy(stream);
    return FALSE;
}

void io_stream_free(struct iostream_private *stream)
{
    const struct iostream_destroy_callback *entry;

    if (array_is_created(&stream->destroy_callbacks)) {
        array_foreach(&stream->destroy_callbacks, entry) entry->callback(entry->context);
        array_free(&stream->destroy_callbacks);
    }
    i_free(stream->error);
    i_free(stream->name);
    i_free(stream);
}

void io_stream_close(struct iostream_private *stream, bool close_parent)
{
    stream->close(stream, close_parent);
}

void io_stream_set_max_buffer_size(struct iostream_private *stream, size_t max_size)
{
    stream->set_max_buffer_size(stream, max_size);
}

void io_stream_add_destroy_callback(struct iostream_private *stream, void (*callback)(void *),
                                    void *context)
{
    struct iostream_destroy_callback entry = {callback, context};

    if (!array_is_created(&stream->destroy_callbacks))
        i_array_init(&stream->destroy_callbacks, 2);
    array_push_back(&stream->destroy_callbacks, &entry);
}

void io_stream_remove_destroy_callback(struct iostream_private *stream, void (*callback)(void *))
{
    unsigned int count;
    const struct iostream_destroy_callback *entries = array_get(&stream->destroy_callbacks, &count);

    for (unsigned int i = 0; i < count; i++) {
        if (entries[i].callback == callback) {
            array_delete(&stream->destroy_callbacks, i, 1);
            return;
        }
    }
    i_unreached();
}

void io_stream_set_verror(struct iostream_private *stream, const char *fmt, va_list args)
{
    /* the old text may be among the arguments */
    char *error = i_strdup_vprintf(fmt, args);

    i_free(stream->error);
    stream->error = error;
}

void io_stream_set_error(struct iostream_private *stream, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    io_stream_set_verror(stream, fmt, args);
    va_end(args);
}

void io_stream_switch_ioloop_to(struct iostream_private *stream, struct ioloop *ioloop)
{
    stream->ioloop = ioloop;
}

struct ioloop *io_stream_get_ioloop(struct iostream_private *stream)
{
    return stream->ioloop != NULL ? stream->ioloop : current_ioloop;
}

const char *io_stream_get_disconnect_reason(struct istream *input, struct ostream *output)
{
    const char *error = NULL;

    if (input != NULL && input->stream_errno != 0)
        error = i_stream_get_error(input);
    else if (output != NULL && output->stream_errno != 0)
        error = o_stream_get_error(output);
    /* the other end went away without more ado */
    if (error == NULL || (input != NULL && input->stream_errno == EPIPE &&
                          input->real_stream->iostream.error == NULL))
        return "Connection closed";
    return t_strdup_printf("Connection closed: %s", error);
}
