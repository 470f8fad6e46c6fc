/*
 * For writing an output stream. Allocate a struct whose first member is ostream_private with
 * i_new(), set the methods that differ from the defaults, and call o_stream_create(), which returns
 * the stream; from then on the base owns the struct.
 *
 * The defaults hand everything to the parent, or refuse it where there is none.
 */
#ifndef DOVECOT_OSTREAM_PRIVATE_H
#define DOVECOT_OSTREAM_PRIVATE_H

#include "compat.h"
#include "iostream-private.h"
#include "ostream.h"

struct ostream_private {
    struct iostream_private iostream;

    void (*cork)(struct ostream_private *stream, bool set);
    /* As o_stream_flush(). If `finished` is set, first writes what ends the stream, once. */
    int (*flush)(struct ostream_private *stream);
    void (*set_flush_callback)(struct ostream_private *stream, stream_flush_callback_t *callback,
                               void *context);
    void (*flush_pending)(struct ostream_private *stream, bool set);
    size_t (*get_buffer_used_size)(const struct ostream_private *stream);
    size_t (*get_buffer_avail_size)(const struct ostream_private *stream);
    int (*seek)(struct ostream_private *stream, uoff_t offset);
    /* As o_stream_sendv(); adds what it takes to ostream.offset. */
    ssize_t (*sendv)(struct ostream_private *stream, const struct const_iovec *iov,
                     unsigned int iov_count);
    int (*write_at)(struct ostream_private *stream, const void *data, size_t size, uoff_t offset);
    enum ostream_send_istream_result (*send_istream)(struct ostream_private *outstream,
                                                     struct istream *instream);
    void (*switch_ioloop_to)(struct ostream_private *stream, struct ioloop *ioloop);

    struct ostream ostream;
    size_t max_buffer_size;

    struct ostream *parent; /* of filters; a reference */

    int fd;
    struct timeval last_write_timeval;

    stream_flush_callback_t *callback;
    void *context;

    bool corked : 1;
    bool finished : 1;
    bool closing : 1;
    bool last_errors_not_checked : 1;
    bool error_handling_disabled : 1;
    bool noverflow : 1; /* an nsend overflowed: nothing is taken until that is reported */
    bool finish_also_parent : 1;
    bool finish_via_child : 1;
};

DOVECOT_API_BEGIN

/** Completes a stream. Takes a reference of the parent (or NULL), and fd only to show it. */
struct ostream *o_stream_create(struct ostream_private *stream, struct ostream *parent, int fd);

/** The default of send_istream(): reads, sends and skips. */
enum ostream_send_istream_result io_stream_copy(struct ostream *outstream,
                                                struct istream *instream);

void o_stream_copy_error_from_parent(struct ostream_private *stream);

/** Before sending to the parent: 1 if it can take more, 0 if not now, -1 with the error copied. */
int o_stream_flush_parent_if_needed(struct ostream_private *stream);
/** The end of a flush(): flushes the parent, or finishes it if this stream is finished. */
int o_stream_flush_parent(struct ostream_private *stream);

DOVECOT_API_END

#endif
