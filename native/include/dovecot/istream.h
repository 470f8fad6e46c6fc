/*
 * Input streams: a window of buffered bytes that moves over a source. i_stream_read() widens the
 * window at its end, i_stream_skip() moves its beginning, i_stream_get_data() shows it. Filter
 * streams read from a parent, of which they hold a reference.
 *
 * Streams count references: the creator has the first one.
 */
#ifndef DOVECOT_ISTREAM_H
#define DOVECOT_ISTREAM_H

#include <sys/stat.h>
#include <sys/time.h>

#include "compat.h"
#include "failures.h"
#include "macros.h"

struct buffer;
struct ioloop;
struct istream_private;

struct istream {
    /* Where the window begins. */
    uoff_t v_offset;

    /* 0, or why the last read or seek failed; `eof` is set as well then. ENOENT: nothing there.
       EPIPE: ended too early, or closed. ESPIPE: cannot seek. ENOBUFS: line too long. EINVAL:
       corrupted. EIO: others. */
    int stream_errno;

    bool mmaped : 1;
    bool blocking : 1; /* read never returns 0 */
    bool closed : 1;
    bool readable_fd : 1; /* reading the descriptor gives the stream's own bytes */
    bool seekable : 1;    /* backwards too */
    bool eof : 1;         /* the last read met the end or an error; the window may not be empty */

    struct istream_private *real_stream;
};

typedef void istream_callback_t(void *context);

DOVECOT_API_BEGIN

/* ---- Making streams -------------------------------------------------------------------------- */

/**
 * From a descriptor. Regular files are blocking and seekable and always read from their beginning,
 * wherever the descriptor stands. The second form closes the descriptor with the stream and sets
 * *fd to -1.
 */
struct istream *i_stream_create_fd(int fd, size_t max_buffer_size);
struct istream *i_stream_create_fd_autoclose(int *fd, size_t max_buffer_size);
/** From a file, which the first read opens: a missing file is that read's error. */
struct istream *i_stream_create_file(const char *path, size_t max_buffer_size);

/** From memory: that must outlive the stream, or is copied. */
struct istream *i_stream_create_from_data(const void *data, size_t size);
#define i_stream_create_from_buffer(buf) i_stream_create_from_data((buf)->data, (buf)->used)
#define i_stream_create_from_string(str) i_stream_create_from_data(str_data(str), str_len(str))
struct istream *i_stream_create_copy_from_data(const void *data, size_t size);
#define i_stream_create_copy_from_buffer(buf) \
    i_stream_create_copy_from_data((buf)->data, (buf)->used)
#define i_stream_create_copy_from_string(str) \
    i_stream_create_copy_from_data(str_data(str), str_len(str))

/** At most `v_size` bytes of the parent, from where it stands or from `v_offset` after that. */
struct istream *i_stream_create_limit(struct istream *input, uoff_t v_size);
struct istream *i_stream_create_range(struct istream *input, uoff_t v_offset, uoff_t v_size);

/** Every read fails, the second with a text of its own. */
struct istream *i_stream_create_error(int stream_errno);
struct istream *i_stream_create_error_str(int stream_errno, const char *fmt, ...) ATTR_FORMAT(2, 3);

/* ---- Life ------------------------------------------------------------------------------------ */

/** The name for messages, usually a path. Without one it is the nearest parent's, or "". */
void i_stream_set_name(struct istream *stream, const char *name);
const char *i_stream_get_name(struct istream *stream);

void i_stream_ref(struct istream *stream);
/** Gives a reference back and sets the pointer to NULL. NULL is skipped. */
void i_stream_unref(struct istream **stream);
/** Closes, without the parents, then gives the reference back. */
void i_stream_destroy(struct istream **stream);

/** Closes with the parents: reads fail with EPIPE from now on; the window stays readable. */
void i_stream_close(struct istream *stream);

/** callback(context) when the last reference is gone; in the order they were added. */
void i_stream_add_destroy_callback(struct istream *stream, istream_callback_t *callback,
                                   void *context);
#define i_stream_add_destroy_callback(stream, callback, context)                       \
    i_stream_add_destroy_callback(                                                     \
        ((void)CALLBACK_TYPECHECK(callback, void (*)(__typeof__(context))), (stream)), \
        (istream_callback_t *)callback, context)
void i_stream_remove_destroy_callback(struct istream *stream, istream_callback_t *callback);
#define i_stream_remove_destroy_callback(stream, callback) \
    i_stream_remove_destroy_callback(stream, (istream_callback_t *)callback)

/** The descriptor, which filters take over from their parents; or -1. */
int i_stream_get_fd(struct istream *stream);
/** Gives `dest` the descriptor of `source`, which must have one and keeps owning it. */
void i_stream_copy_fd(struct istream *dest, struct istream *source);

/** The last error as text, of the parents if the stream has none; else "EOF" or "<no error>". */
const char *i_stream_get_error(struct istream *stream);
/** "Connection closed", with ": " and the error if there was one. */
const char *i_stream_get_disconnect_reason(struct istream *stream);

/* ---- Reading --------------------------------------------------------------------------------- */

/**
 * Reads more. Returns how many bytes the window grew by; 0: none yet, not blocking; -1: end or
 * error (stream_errno); -2: the window fills the buffer. After a result of 0 or less, pointers that
 * i_stream_get_data() gave before stay valid.
 */
ssize_t i_stream_read(struct istream *stream);

/** The window. The pointer is never NULL. It lives until the next read that succeeds. */
const unsigned char *i_stream_get_data(struct istream *stream, size_t *size_r);
size_t i_stream_get_data_size(struct istream *stream);
/** The window for writing into, or NULL where the stream does not own its buffer. */
unsigned char *i_stream_get_modifiable_data(struct istream *stream, size_t *size_r);

/** Moves forward, beyond the window too. A failure shows in the next read. */
void i_stream_skip(struct istream *stream, uoff_t count);
/** Moves to an absolute offset. A failure shows in the next read (ESPIPE: cannot seek). */
void i_stream_seek(struct istream *stream, uoff_t v_offset);
/** The same, with the hint that we shall come back to this offset. */
void i_stream_seek_mark(struct istream *stream, uoff_t v_offset);

/**
 * Reads until the window holds more than `threshold` bytes. 1: it does. 0: not yet, or the end came
 * and there are some new bytes. -1: end or error, nothing new. -2: buffer full.
 */
int i_stream_read_data(struct istream *stream, const unsigned char **data_r, size_t *size_r,
                       size_t threshold);
/** The same until it holds at least `wanted` bytes, which must not be 0. */
static inline int i_stream_read_bytes(struct istream *stream, const unsigned char **data_r,
                                      size_t *size_r, size_t wanted)
{
    i_assert(wanted > 0);
    return i_stream_read_data(stream, data_r, size_r, wanted - 1);
}
/** The same until it is not empty; never -2. */
static inline int i_stream_read_more(struct istream *stream, const unsigned char **data_r,
                                     size_t *size_r)
{
    int result = i_stream_read_bytes(stream, data_r, size_r, 1);

    i_assert(result != -2);
    return result;
}
/** i_stream_read_more() that shows at most `limit` bytes and tries not to buffer more. */
int i_stream_read_limited(struct istream *stream, const unsigned char **data_r, size_t *size_r,
                          size_t limit);

/**
 * The next line without its LF or CRLF, or NULL: not in the window yet (the second form reads more
 * first). It can be written to, and lives until the next call of these two. A line longer than the
 * buffer is the error ENOBUFS.
 */
char *i_stream_next_line(struct istream *stream);
char *i_stream_read_next_line(struct istream *stream);
/** Whether that line ended with CRLF. */
bool i_stream_last_line_crlf(struct istream *stream);
/** Whether what stands after the last LF is a line. At first it is not. */
void i_stream_set_return_partial_line(struct istream *stream, bool set);

/** Whether there are, or could come, more bytes. */
bool i_stream_have_bytes_left(struct istream *stream);
/** Whether the end is reached and the window empty. Reads to find out. */
bool i_stream_read_eof(struct istream *stream);

/** v_offset, counted from the beginning of the outermost parent. */
uoff_t i_stream_get_absolute_offset(struct istream *stream);
/** When a read last gave something; 0: never. */
void i_stream_get_last_read_time(struct istream *stream, struct timeval *tv_r);

/** Puts bytes at the end of the window. FALSE: no room. */
bool i_stream_add_data(struct istream *stream, const unsigned char *data, size_t size);

/* ---- About the source ------------------------------------------------------------------------ */

/**
 * Facts about the source; st_size is -1 if unknown. 0, or -1 with stream_errno set. exact FALSE:
 * values good enough to see whether anything has changed; a filter may give its parent's.
 */
int i_stream_stat(struct istream *stream, bool exact, const struct stat **st_r);
/** 1 and the size; 0: unknown; -1 with stream_errno set. */
int i_stream_get_size(struct istream *stream, bool exact, uoff_t *size_r);
/** Forgets what may have changed in the source meanwhile. */
void i_stream_sync(struct istream *stream);

/* ---- Settings -------------------------------------------------------------------------------- */

/** How large the buffer is at first (before the first read only), and how large it may grow. */
void i_stream_set_init_buffer_size(struct istream *stream, size_t size);
void i_stream_set_max_buffer_size(struct istream *stream, size_t max_size);
/** The largest limit of the stream and its parents. */
size_t i_stream_get_max_buffer_size(struct istream *stream);
/** FALSE: the buffer is freed whenever it is empty. */
void i_stream_set_persistent_buffers(struct istream *stream, bool set);
/** Makes the stream, its parents and their descriptors blocking or not. */
void i_stream_set_blocking(struct istream *stream, bool blocking);

/** The callback of io_add_istream() comes even if nothing new arrives. */
void i_stream_set_input_pending(struct istream *stream, bool pending);
void i_stream_switch_ioloop_to(struct istream *stream, struct ioloop *ioloop);
void i_stream_switch_ioloop(struct istream *stream);

DOVECOT_API_END

#endif
