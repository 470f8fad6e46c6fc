/*
 * The buffer of an input stream with bytes of its own: growing it, dropping what was skipped, and
 * keeping the old one for those who still look at it.
 *
 * The buffer is a memarea. Snapshots hold references; a buffer with more than one is never changed
 * where somebody may be looking: the stream moves to a new one.
 */
#include "lib.h"

#include "istream-private.h"
#include "memarea.h"

static void free_bytes(unsigned char *bytes)
{
    i_free(bytes);
}

/* How much of the buffer holds bytes of the stream. */
static size_t filled(const struct istream_private *stream)
{
    return I_MAX(stream->pos, stream->high_pos);
}

/* Moves to a new buffer of that size, which begins with the old one's bytes from `from` on. */
static void move_to_new(struct istream_private *stream, size_t size, size_t from)
{
    size_t keep = filled(stream) - from;
    unsigned char *bytes;

    i_assert(size >= keep);
    bytes = i_malloc(size);
    if (keep > 0)
        memcpy(bytes, stream->w_buffer + from, keep);
    memarea_unref(&stream->memarea);
    stream->memarea = memarea_init(bytes, size, free_bytes, bytes);
    stream->buffer = stream->w_buffer = bytes;
    stream->buffer_size = size;
    stream->access_counter++;
}

void i_stream_grow_buffer(struct istream_private *stream, size_t bytes)
{
    size_t max_size = i_stream_get_max_buffer_size(&stream->istream);
    size_t wanted = I_MAX(filled(stream) + bytes, stream->init_buffer_size);
    size_t size = stream->init_buffer_size;

    while (size < wanted)
        size = size > SIZE_MAX / 2 ? wanted : size * 2;
    if (max_size != 0)
        size = I_MIN(size, max_size);
    if (size > stream->buffer_size)
        move_to_new(stream, size, 0);
}

void i_stream_compress(struct istream_private *stream)
{
    size_t skipped = stream->skip;

    if (skipped == 0 || stream->w_buffer == NULL)
        return;
    if (memarea_get_refcount(stream->memarea) > 1)
        move_to_new(stream, stream->buffer_size, skipped);
    else
        memmove(stream->w_buffer, stream->w_buffer + skipped, filled(stream) - skipped);
    stream->access_counter++;
    stream->pos -= skipped;
    if (stream->high_pos > 0)
        stream->high_pos -= skipped;
    stream->skip = 0;
}

/* How much may be written at pos. */
static size_t room(const struct istream_private *stream)
{
    size_t size = stream->buffer_size - stream->pos;
    size_t window = stream->pos - stream->skip;

    if (stream->data_limit == 0)
        return size;
    return window >= stream->data_limit ? 0 : I_MIN(size, stream->data_limit - window);
}

static bool tell_room(const struct istream_private *stream, size_t *size_r)
{
    size_t size = room(stream);

    if (size_r != NULL)
        *size_r = size;
    return size > 0;
}

static bool is_short_of(const struct istream_private *stream, size_t wanted_size)
{
    return wanted_size > stream->buffer_size - stream->pos;
}

/* A stream that wrote into somebody else's memory so far has no bytes that could be kept. */
static void begin_own_buffer(struct istream_private *stream)
{
    if (stream->w_buffer != NULL)
        return;
    i_assert(stream->skip == stream->pos);
    stream->skip = stream->pos = stream->high_pos = 0;
    stream->buffer_size = 0;
}

bool i_stream_try_alloc(struct istream_private *stream, size_t wanted_size, size_t *size_r)
{
    i_assert(wanted_size > 0);
    begin_own_buffer(stream);
    if (is_short_of(stream, wanted_size))
        i_stream_compress(stream);
    if (is_short_of(stream, wanted_size))
        i_stream_grow_buffer(stream, wanted_size);
    return tell_room(stream, size_r);
}

bool i_stream_try_alloc_avoid_compress(struct istream_private *stream, size_t wanted_size,
                                       size_t *size_r)
{
    i_assert(wanted_size > 0);
    begin_own_buffer(stream);
    if (is_short_of(stream, wanted_size))
        i_stream_grow_buffer(stream, wanted_size);
    if (stream->buffer_size == stream->pos)
        i_stream_compress(stream);
    return tell_room(stream, size_r);
}

void *i_stream_alloc(struct istream_private *stream, size_t size)
{
    begin_own_buffer(stream);
    if (is_short_of(stream, size))
        i_stream_compress(stream);
    if (is_short_of(stream, size))
        move_to_new(stream, filled(stream) + size, 0);
    return stream->w_buffer + stream->pos;
}

void i_stream_memarea_detach(struct istream_private *stream)
{
    i_assert(stream->skip == stream->pos);
    memarea_unref(&stream->memarea);
    stream->buffer = stream->w_buffer = NULL;
    stream->buffer_size = 0;
    stream->skip = stream->pos = stream->high_pos = 0;
    stream->access_counter++;
}

void i_stream_free_buffer(struct istream_private *stream)
{
    if (stream->w_buffer == NULL)
        return;
    memarea_unref(&stream->memarea);
    stream->buffer = stream->w_buffer = NULL;
    stream->buffer_size = 0;
    stream->skip = stream->pos = stream->high_pos = 0;
    stream->access_counter++;
}

bool i_stream_add_data(struct istream *_stream, const unsigned char *data, size_t size)
{
    struct istream_private *stream = _stream->real_stream;
    size_t available;

    if (stream->pos < stream->high_pos)
        stream->pos = stream->high_pos;
    (void)i_stream_try_alloc(stream, I_MAX(size, 1), &available);
    if (available < size)
        return FALSE;
    memcpy(stream->w_buffer + stream->pos, data, size);
    stream->pos += size;
    return TRUE;
}

unsigned char *i_stream_get_modifiable_data(struct istream *_stream, size_t *size_r)
{
    struct istream_private *stream = _stream->real_stream;

    if (stream->skip >= stream->pos || stream->w_buffer == NULL) {
        *size_r = 0;
        return NULL;
    }
    *size_r = stream->pos - stream->skip;
    return stream->w_buffer + stream->skip;
}

/* ---- Snapshots ------------------------------------------------------------------------------- */

struct istream_snapshot *i_stream_default_snapshot(struct istream_private *stream,
                                                   struct istream_snapshot *prev_snapshot)
{
    struct istream_snapshot *snapshot;

    if (stream->memarea == NULL) {
        if (stream->parent == NULL)
            return prev_snapshot;
        return stream->parent->real_stream->snapshot(stream->parent->real_stream, prev_snapshot);
    }
    if (prev_snapshot != NULL && prev_snapshot->old_memarea == stream->memarea)
        return prev_snapshot;
    snapshot = i_new(struct istream_snapshot, 1);
    snapshot->prev_snapshot = prev_snapshot;
    snapshot->old_memarea = stream->memarea;
    memarea_ref(snapshot->old_memarea);
    return snapshot;
}

void i_stream_snapshot_free(struct istream_snapshot **_snapshot)
{
    struct istream_snapshot *snapshot = *_snapshot;

    *_snapshot = NULL;
    while (snapshot != NULL) {
        struct istream_snapshot *previous = snapshot->prev_snapshot;

        memarea_unref(&snapshot->old_memarea);
        i_stream_unref(&snapshot->istream);
        if (snapshot->free != NULL)
            snapshot->free(snapshot);
        else
            i_free(snapshot);
        snapshot = previous;
    }
}
