/*
 * Output streams: bytes are sent, some of them wait in a buffer, flushing moves them on. Filter
 * streams send to a parent, of which they hold a reference. Count references as istream.h does.
 *
 * Every stream that was written to must be finished or flushed, with the result looked at, before
 * it is destroyed; or its errors must be given up with o_stream_ignore_last_errors(),
 * o_stream_abort() or o_stream_set_no_error_handling(). Otherwise destroying it panics.
 */
#ifndef DOVECOT_OSTREAM_H
#define DOVECOT_OSTREAM_H

#include <sys/stat.h>
#include <sys/time.h>

#include "compat.h"
#include "ioloop.h"
#include "macros.h"

struct buffer;
struct const_iovec;
struct istream;
struct ostream_private;

/** How far sending one stream to another came. */
enum ostream_send_istream_result {
    OSTREAM_SEND_ISTREAM_RESULT_FINISHED,
    OSTREAM_SEND_ISTREAM_RESULT_WAIT_INPUT,  /* the input is not blocking and has none now */
    OSTREAM_SEND_ISTREAM_RESULT_WAIT_OUTPUT, /* the output is full; flush is pending */
    OSTREAM_SEND_ISTREAM_RESULT_ERROR_INPUT, /* the error is in that stream */
    OSTREAM_SEND_ISTREAM_RESULT_ERROR_OUTPUT
};

enum ostream_create_file_flags {
    OSTREAM_CREATE_FILE_FLAG_APPEND = 0x01 /* otherwise the file is truncated */
};

struct ostream {
    /* Bytes sent to this stream, before any change a filter makes to them. */
    uoff_t offset;

    /* 0, or why the last send, flush or seek failed. */
    int stream_errno;

    bool overflow : 1; /* some bytes were neither sent nor buffered; never cleared here */
    bool blocking : 1; /* send takes everything or fails */
    bool closed : 1;

    struct ostream_private *real_stream;
};

/** Called when there is room again. 1: all is sent; 0: call again; -1: failed. */
typedef int stream_flush_callback_t(void *context);
typedef void ostream_callback_t(void *context);

DOVECOT_API_BEGIN

/* ---- Making streams -------------------------------------------------------------------------- */

/**
 * To a descriptor. max_buffer_size limits what waits while the descriptor would block; 0: a fitting
 * limit. The second form closes the descriptor with the stream and sets *fd to -1. Regular files
 * are blocking, and written from where the descriptor stands.
 */
struct ostream *o_stream_create_fd(int fd, size_t max_buffer_size);
struct ostream *o_stream_create_fd_autoclose(int *fd, size_t max_buffer_size);
/** The descriptor is made blocking first. */
struct ostream *o_stream_create_fd_blocking(int fd);

/** To a regular file from `offset` on; UOFF_T_MAX: from where the descriptor stands. */
struct ostream *o_stream_create_fd_file(int fd, uoff_t offset, bool autoclose_fd);
struct ostream *o_stream_create_fd_file_autoclose(int *fd, uoff_t offset);
/** To a file that is opened, and made if it is missing, with the first bytes. */
struct ostream *o_stream_create_file(const char *path, uoff_t offset, mode_t mode,
                                     enum ostream_create_file_flags flags);

/** To memory: appends to the buffer, which must outlive the stream. */
struct ostream *o_stream_create_buffer(struct buffer *buf);

/** Every write fails, the second with a text of its own. */
struct ostream *o_stream_create_error(int stream_errno);
struct ostream *o_stream_create_error_str(int stream_errno, const char *fmt, ...) ATTR_FORMAT(2, 3);

/** Sends everything on unchanged: something to hang destroy callbacks on. */
struct ostream *o_stream_create_passthrough(struct ostream *output);

/* ---- Life ------------------------------------------------------------------------------------ */

/** The name for messages, usually a path. Without one it is the nearest parent's, or "". */
void o_stream_set_name(struct ostream *stream, const char *name);
const char *o_stream_get_name(struct ostream *stream);

void o_stream_ref(struct ostream *stream);
/** Gives a reference back and sets the pointer to NULL. NULL is skipped. */
void o_stream_unref(struct ostream **stream);
/** Closes, without the parents, then gives the reference back. */
void o_stream_destroy(struct ostream **stream);
/** Flushes what is buffered (a trailer needs o_stream_finish()) and closes with the parents. */
void o_stream_close(struct ostream *stream);

/** callback(context) when the last reference is gone. */
void o_stream_add_destroy_callback(struct ostream *stream, ostream_callback_t *callback,
                                   void *context);
#define o_stream_add_destroy_callback(stream, callback, context)                       \
    o_stream_add_destroy_callback(                                                     \
        ((void)CALLBACK_TYPECHECK(callback, void (*)(__typeof__(context))), (stream)), \
        (ostream_callback_t *)callback, context)
void o_stream_remove_destroy_callback(struct ostream *stream, ostream_callback_t *callback);
#define o_stream_remove_destroy_callback(stream, callback) \
    o_stream_remove_destroy_callback(stream, (ostream_callback_t *)callback)

/** The descriptor, which filters take over from their parents; or -1. */
int o_stream_get_fd(struct ostream *stream);
/** The last error as text, of the parents if the stream has none; else "<no error>". */
const char *o_stream_get_error(struct ostream *stream);
/** "Connection closed", with ": " and the error if there was one. */
const char *o_stream_get_disconnect_reason(struct ostream *stream);

/* ---- Sending --------------------------------------------------------------------------------- */

/** How many bytes were sent or buffered (fewer than given: overflow), or -1. */
ssize_t o_stream_send(struct ostream *stream, const void *data,
                      size_t size) ATTR_WARN_UNUSED_RESULT;
ssize_t o_stream_sendv(struct ostream *stream, const struct const_iovec *iov,
                       unsigned int iov_count) ATTR_WARN_UNUSED_RESULT;
ssize_t o_stream_send_str(struct ostream *stream, const char *str) ATTR_WARN_UNUSED_RESULT;

/** Send now and learn of errors from the next flush or finish. An overflow is an error then. */
void o_stream_nsend(struct ostream *stream, const void *data, size_t size);
void o_stream_nsendv(struct ostream *stream, const struct const_iovec *iov, unsigned int iov_count);
void o_stream_nsend_str(struct ostream *stream, const char *str);

/** Sends the rest of `instream` and skips there what it sent. */
enum ostream_send_istream_result ATTR_WARN_UNUSED_RESULT
o_stream_send_istream(struct ostream *outstream, struct istream *instream);
/** The same; errors, the input's too, come out of the next flush. Both must be blocking. */
void o_stream_nsend_istream(struct ostream *outstream, struct istream *instream);

/** Overwrites bytes at an offset of a file. 0 or -1. */
int o_stream_pwrite(struct ostream *stream, const void *data, size_t size, uoff_t offset);
/** Moves a file stream. 1, or -1. */
int o_stream_seek(struct ostream *stream, uoff_t offset);

/* ---- Flushing -------------------------------------------------------------------------------- */

/** Corked, bytes are collected into full buffers. Uncorking flushes. */
void o_stream_cork(struct ostream *stream);
void o_stream_uncork(struct ostream *stream);
bool o_stream_is_corked(struct ostream *stream);
/** Sends what waits, here and in the parents. 1: all; 0: not all yet; -1: error. */
int o_stream_flush(struct ostream *stream);
static inline int o_stream_uncork_flush(struct ostream *stream)
{
    o_stream_uncork(stream);
    return o_stream_flush(stream);
}
/** Writes what ends the stream (a trailer), then flushes; after that nothing more may be sent. */
int o_stream_finish(struct ostream *stream);
/** Whether finishing goes on to the parent: asked of the child, and of the parent. At first yes. */
void o_stream_set_finish_also_parent(struct ostream *stream, bool set);
void o_stream_set_finish_via_child(struct ostream *stream, bool set);

/** Errors have been dealt with. */
void o_stream_ignore_last_errors(struct ostream *stream);
/** Gives up: EPIPE if the stream has not failed yet, and errors have been dealt with. */
void o_stream_abort(struct ostream *stream);
/** Errors of this stream never matter. Filters take it over from the parent. */
void o_stream_set_no_error_handling(struct ostream *stream, bool set);

/** callback(context) when the descriptor takes bytes again, instead of a mere flush. */
void o_stream_set_flush_callback(struct ostream *stream, stream_flush_callback_t *callback,
                                 void *context);
#define o_stream_set_flush_callback(stream, callback, context)                        \
    o_stream_set_flush_callback(                                                      \
        ((void)CALLBACK_TYPECHECK(callback, int (*)(__typeof__(context))), (stream)), \
        (stream_flush_callback_t *)callback, context)
void o_stream_unset_flush_callback(struct ostream *stream);
/** The callback comes even though nothing is buffered. */
void o_stream_set_flush_pending(struct ostream *stream, bool set);

/* ---- The buffer ------------------------------------------------------------------------------ */

void o_stream_set_max_buffer_size(struct ostream *stream, size_t max_size);
size_t o_stream_get_max_buffer_size(struct ostream *stream);
/** Bytes that wait, here and in the parents; bytes that can be sent without an overflow. */
size_t o_stream_get_buffer_used_size(const struct ostream *stream) ATTR_PURE;
size_t o_stream_get_buffer_avail_size(const struct ostream *stream) ATTR_PURE;

/** When a send was last taken; 0: never. */
void o_stream_get_last_write_time(struct ostream *stream, struct timeval *tv_r);

void o_stream_switch_ioloop_to(struct ostream *stream, struct ioloop *ioloop);
void o_stream_switch_ioloop(struct ostream *stream);

DOVECOT_API_END

#endif
