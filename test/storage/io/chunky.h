/*
 * An input stream as plugins write them, against istream-private.h: it gives the bytes of an array
 * in pieces of random size, and if told so nothing now and then.
 */
#ifndef TEST_CHUNKY_H
#define TEST_CHUNKY_H

#include "lib.h"

#include "istream-private.h"

/* The same numbers in every run. */
static uint32_t random_state = 20240613;

static inline uint32_t random_below(uint32_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % limit;
}

struct chunky_istream {
    struct istream_private istream;
    const unsigned char *bytes;
    size_t size, given;
    uint32_t max_chunk;
    bool pauses;
};

static inline ssize_t chunky_read(struct istream_private *_stream)
{
    struct chunky_istream *stream = container_of(_stream, struct chunky_istream, istream);
    size_t chunk = 1 + random_below(stream->max_chunk), room;

    if (!i_stream_try_alloc(_stream, chunk, &room))
        return -2;
    if (stream->given == stream->size) {
        _stream->istream.eof = TRUE;
        return -1;
    }
    if (stream->pauses && random_below(3) == 0)
        return 0;
    chunk = I_MIN(I_MIN(chunk, room), stream->size - stream->given);
    memcpy(_stream->w_buffer + _stream->pos, stream->bytes + stream->given, chunk);
    stream->given += chunk;
    _stream->pos += chunk;
    return (ssize_t)chunk;
}

/* The way of streams that can only start over. */
static inline void chunky_seek(struct istream_private *_stream, uoff_t v_offset, bool mark)
{
    struct chunky_istream *stream = container_of(_stream, struct chunky_istream, istream);

    (void)mark;
    if (i_stream_nonseekable_try_seek(_stream, v_offset))
        return;
    stream->given = 0;
    _stream->istream.v_offset = 0;
    _stream->skip = _stream->pos = _stream->high_pos = 0;
    (void)i_stream_nonseekable_try_seek(_stream, v_offset);
}

static inline struct istream *chunky_create(const void *bytes, size_t size, uint32_t max_chunk,
                                            bool pauses, bool seekable)
{
    struct chunky_istream *stream = i_new(struct chunky_istream, 1);

    stream->bytes = bytes;
    stream->size = size;
    stream->max_chunk = max_chunk;
    stream->pauses = pauses;
    stream->istream.max_buffer_size = 1 + random_below(3000);
    stream->istream.init_buffer_size = 1 + random_below(64);
    stream->istream.read = chunky_read;
    if (seekable)
        stream->istream.seek = chunky_seek;
    stream->istream.istream.blocking = !pauses;
    stream->istream.istream.seekable = seekable;
    return i_stream_create(&stream->istream, NULL, -1, 0);
}

#endif
