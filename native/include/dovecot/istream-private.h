/*
 * For writing an input stream. Allocate a struct whose first member is istream_private with
 * i_new(), set the methods that differ from the defaults, and call i_stream_create(), which returns
 * the stream; from then on the base owns the struct.
 *
 * Bytes: buffer[skip..pos) is the window; istream.v_offset is the offset of buffer[skip]. A stream
 * with bytes of its own takes room with i_stream_try_alloc(), writes at w_buffer + pos and adds to
 * pos. A stream that shows its parent's bytes leaves w_buffer NULL, see
 * i_stream_read_copy_from_parent().
 */
#ifndef DOVECOT_ISTREAM_PRIVATE_H
#define DOVECOT_ISTREAM_PRIVATE_H

#include "compat.h"
#include "iostream-private.h"
#include "istream.h"

#define I_STREAM_MIN_SIZE IO_BLOCK_SIZE

struct io;
struct memarea;
struct istream_snapshot;

struct istream_private {
    struct iostream_private iostream;

    /* read: as i_stream_read(); on the end it sets istream.eof, on an error istream.stream_errno
       besides, and returns -1. It is required, all others have defaults. */
    ssize_t (*read)(struct istream_private *stream);
    /* To an offset outside the window. Default: forward, or back within the buffer, or ESPIPE. */
    void (*seek)(struct istream_private *stream, uoff_t v_offset, bool mark);
    void (*sync)(struct istream_private *stream);
    /* Fills statbuf. Default: the parent's, with st_size -1 if it must be exact. */
    int (*stat)(struct istream_private *stream, bool exact);
    int (*get_size)(struct istream_private *stream, bool exact, uoff_t *size_r);
    void (*switch_ioloop_to)(struct istream_private *stream, struct ioloop *ioloop);
    /* Keeps alive what the window points into, see struct istream_snapshot. */
    struct istream_snapshot *(*snapshot)(struct istream_private *stream,
                                         struct istream_snapshot *prev_snapshot);

    struct istream istream;

    int fd;
    uoff_t start_offset; /* of the parent, when this stream was made */
    struct stat statbuf;
    struct io *io; /* the callback that waits for this stream, not owned */

    const unsigned char *buffer;
    unsigned char *w_buffer; /* the same memory if it is this stream's own, else NULL */

    size_t buffer_size, max_buffer_size, init_buffer_size;
    size_t data_limit; /* if not 0: do not fill the window beyond this many bytes */
    size_t skip, pos;
    size_t
        high_pos; /* after a seek back: pos..high_pos are valid, the next read gives them again */

    struct istream *parent;        /* of filters; a reference */
    uoff_t parent_start_offset;    /* the parent's offset that is our 0 */
    uoff_t cached_stream_size;     /* UOFF_T_MAX until the size is known exactly */
    uoff_t parent_expected_offset; /* where the parent is put before each read */

    struct memarea *memarea; /* owns w_buffer */
    struct istream_snapshot *prev_snapshot;

    /* Counts changes; a stream without w_buffer compares it with what it saw of its parent. */
    unsigned int access_counter;
    unsigned int parent_access_counter;

    /* Of a skip beyond the window: bytes that the next reads drop. v_offset is where they end. */
    uoff_t skip_left;

    struct timeval last_read_timeval;

    struct buffer *line_str; /* the line given out last */
    bool line_crlf : 1;
    bool return_nolf_line : 1;
    bool stream_size_passthrough : 1; /* as many bytes as the parent has */
    bool nonpersistent_buffers : 1;
    bool io_pending : 1;
};

/**
 * Keeps alive what a window pointed into, while a read that may change the buffer is tried. The
 * base makes one before each read and frees them after the next one that succeeds.
 */
struct istream_snapshot {
    struct istream_snapshot *prev_snapshot;
    struct memarea *old_memarea;                     /* a reference, or NULL */
    struct istream *istream;                         /* a reference, or NULL */
    void (*free)(struct istream_snapshot *snapshot); /* of what a stream added to the struct */
};

enum istream_create_flag {
    /* The buffer never moves while read returns 0 or less: no snapshots needed. */
    ISTREAM_CREATE_FLAG_NOOP_SNAPSHOT = 0x01
};

DOVECOT_API_BEGIN

/** Completes a stream. Takes a reference of the parent (or NULL), and fd only to show it. */
struct istream *ATTR_NOWARN_UNUSED_RESULT i_stream_create(struct istream_private *stream,
                                                          struct istream *parent, int fd,
                                                          enum istream_create_flag flags);
/** Gives a stream made without a parent one. */
void i_stream_init_parent(struct istream_private *stream, struct istream *parent);

/**
 * Room to write at w_buffer + pos: try_alloc makes some within max_buffer_size, first by dropping
 * what was skipped, then by growing, and says in *size_r (may be NULL) how much there is, which may
 * be less or more than wanted; FALSE: none. The second form drops skipped bytes only when it cannot
 * grow. alloc gives exactly that much, whatever the limit.
 */
bool ATTR_NOWARN_UNUSED_RESULT i_stream_try_alloc(struct istream_private *stream,
                                                  size_t wanted_size, size_t *size_r);
bool ATTR_NOWARN_UNUSED_RESULT i_stream_try_alloc_avoid_compress(struct istream_private *stream,
                                                                 size_t wanted_size,
                                                                 size_t *size_r);
void *i_stream_alloc(struct istream_private *stream, size_t size);
void i_stream_compress(struct istream_private *stream);
void i_stream_grow_buffer(struct istream_private *stream, size_t bytes);
/** Lets go of the buffer: the window must be empty. Snapshots keep their own reference. */
void i_stream_memarea_detach(struct istream_private *stream);
void i_stream_free_buffer(struct istream_private *stream);

/** The whole of a read() for a stream that shows its parent's window. */
ssize_t i_stream_read_copy_from_parent(struct istream *istream);

/** What a filter calls on its parent. Without snapshots: old pointers may become invalid. */
ssize_t i_stream_read_memarea(struct istream *stream);
int i_stream_read_more_memarea(struct istream *stream, const unsigned char **data_r,
                               size_t *size_r);

/** The default of seek(). */
void i_stream_default_seek_nonseekable(struct istream_private *stream, uoff_t v_offset, bool mark);
/**
 * The work of a seek() that can only start over: FALSE means put the stream back to its beginning
 * (v_offset, skip, pos and high_pos 0) and call again. TRUE: there, or stream_errno is set.
 */
bool i_stream_nonseekable_try_seek(struct istream_private *stream, uoff_t v_offset);

/** The default of snapshot(). */
struct istream_snapshot *i_stream_default_snapshot(struct istream_private *stream,
                                                   struct istream_snapshot *prev_snapshot);
/** Frees it and those before it. */
void i_stream_snapshot_free(struct istream_snapshot **snapshot);

struct istream *i_stream_get_root_io(struct istream *stream);
void i_stream_set_io(struct istream *stream, struct io *io);
void i_stream_unset_io(struct istream *stream, struct io *io);

DOVECOT_API_END

#endif
