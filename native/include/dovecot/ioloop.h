/*
 * The event loop: callbacks when a descriptor is ready or a time has come. Each callback runs in a
 * data stack frame of its own. One loop is current at a time; creating one makes it current until
 * it is destroyed.
 *
 * Callbacks are checked against the type of their context: io_add(fd, IO_READ, callback, ctx)
 * wants void callback(__typeof__(ctx)).
 */
#ifndef DOVECOT_IOLOOP_H
#define DOVECOT_IOLOOP_H

#include <inttypes.h>
#include <sys/time.h>
#include <time.h>

#include "compat.h"
#include "macros.h"

struct io;
struct timeout;
struct ioloop;
struct istream;
struct io_wait_timer;

enum io_condition {
    IO_READ = 0x01,
    IO_WRITE = 0x02,
    IO_ERROR = 0x04, /* the other end of a pipe is gone; comes with IO_READ too */
    IO_NOTIFY = 0x08
};

typedef void io_callback_t(void *context);
typedef void timeout_callback_t(void *context);
typedef void io_switch_callback_t(struct ioloop *prev_ioloop);
typedef void io_destroy_callback_t(struct ioloop *ioloop);

DOVECOT_API_BEGIN

/** The wall clock when the current round of callbacks began; io_loop_time_refresh() sets it. */
extern time_t ioloop_time;
extern struct timeval ioloop_timeval;

/** The current loop, or NULL. */
extern struct ioloop *current_ioloop;

/** Microseconds that all loops together have spent waiting. */
extern uint64_t ioloop_global_wait_usecs;

/* ---- The loop -------------------------------------------------------------------------------- */

struct ioloop *io_loop_create(void);
/** Everything added to the loop must have been removed. The loop before it becomes current. */
void io_loop_destroy(struct ioloop **ioloop);

/** Calls callbacks until one of them stops the loop, at once or after the round it is in. */
void io_loop_run(struct ioloop *ioloop);
void io_loop_stop(struct ioloop *ioloop);
void io_loop_stop_delayed(struct ioloop *ioloop);
bool io_loop_is_running(struct ioloop *ioloop);

/** One round: set_running first, then handler_run waits once and calls what is ready. */
void io_loop_set_running(struct ioloop *ioloop);
void io_loop_handler_run(struct ioloop *ioloop);

/** A hint only; no number is too small. */
void io_loop_set_max_fd_count(struct ioloop *ioloop, unsigned int max_fds);

void io_loop_time_refresh(void);

void io_loop_set_current(struct ioloop *ioloop);
/** The oldest loop. */
struct ioloop *io_loop_get_root(void);
/** Called when another loop becomes current, and when a loop is about to be destroyed. */
void io_loop_add_switch_callback(io_switch_callback_t *callback);
void io_loop_remove_switch_callback(io_switch_callback_t *callback);
void io_loop_add_destroy_callback(io_destroy_callback_t *callback);
void io_loop_remove_destroy_callback(io_destroy_callback_t *callback);

/* ---- Descriptors ----------------------------------------------------------------------------- */

/**
 * Calls back whenever the descriptor is ready, until removed. Not more than one reader and one
 * writer a descriptor. A descriptor poll() knows nothing about (a regular file) is always ready.
 */
struct io *io_add(int fd, enum io_condition condition, const char *source_filename,
                  unsigned int source_linenum, io_callback_t *callback, void *context);
#define io_add(fd, condition, callback, context)                             \
    io_add(fd, condition, __FILE__, IOLOOP_LINE_CHECKED_(callback, context), \
           (io_callback_t *)callback, context)
struct io *io_add_to(struct ioloop *ioloop, int fd, enum io_condition condition,
                     const char *source_filename, unsigned int source_linenum,
                     io_callback_t *callback, void *context);
#define io_add_to(ioloop, fd, condition, callback, context)                             \
    io_add_to(ioloop, fd, condition, __FILE__, IOLOOP_LINE_CHECKED_(callback, context), \
              (io_callback_t *)callback, context)

/** Calls back when the stream's descriptor is readable or i_stream_set_input_pending() was used. */
struct io *io_add_istream(struct istream *input, const char *source_filename,
                          unsigned int source_linenum, io_callback_t *callback, void *context);
#define io_add_istream(input, callback, context)                             \
    io_add_istream(input, __FILE__, IOLOOP_LINE_CHECKED_(callback, context), \
                   (io_callback_t *)callback, context)
struct io *io_add_istream_to(struct ioloop *ioloop, struct istream *input,
                             const char *source_filename, unsigned int source_linenum,
                             io_callback_t *callback, void *context);
#define io_add_istream_to(ioloop, input, callback, context)                             \
    io_add_istream_to(ioloop, input, __FILE__, IOLOOP_LINE_CHECKED_(callback, context), \
                      (io_callback_t *)callback, context)

/** Remove, also from within a callback, and set the pointer to NULL. NULL is skipped. */
void io_remove(struct io **io);
/** The same for a descriptor that has been closed already. */
void io_remove_closed(struct io **io);

/** The callback comes in the next round even if the descriptor is not ready. */
void io_set_pending(struct io *io);
bool io_is_pending(struct io *io);
/** Panic rather than wait for nothing but this one. */
void io_set_never_wait_alone(struct io *io, bool set);

/** Moves to another loop, or to the current one; the old pointer becomes NULL. */
struct io *io_loop_move_io_to(struct ioloop *ioloop, struct io **io);
struct io *io_loop_move_io(struct io **io);

/* ---- Times ----------------------------------------------------------------------------------- */

/** Calls back every `msecs` milliseconds until removed; 0: in each round. */
struct timeout *timeout_add(unsigned int msecs, const char *source_filename,
                            unsigned int source_linenum, timeout_callback_t *callback,
                            void *context);
#define timeout_add(msecs, callback, context)                             \
    timeout_add(msecs, __FILE__, IOLOOP_LINE_CHECKED_(callback, context), \
                (timeout_callback_t *)callback, context)
struct timeout *timeout_add_to(struct ioloop *ioloop, unsigned int msecs,
                               const char *source_filename, unsigned int source_linenum,
                               timeout_callback_t *callback, void *context);
#define timeout_add_to(ioloop, msecs, callback, context)                             \
    timeout_add_to(ioloop, msecs, __FILE__, IOLOOP_LINE_CHECKED_(callback, context), \
                   (timeout_callback_t *)callback, context)

/** The same: the name says that less than a second is meant. */
struct timeout *timeout_add_short(unsigned int msecs, const char *source_filename,
                                  unsigned int source_linenum, timeout_callback_t *callback,
                                  void *context);
#define timeout_add_short(msecs, callback, context)                             \
    timeout_add_short(msecs, __FILE__, IOLOOP_LINE_CHECKED_(callback, context), \
                      (timeout_callback_t *)callback, context)
struct timeout *timeout_add_short_to(struct ioloop *ioloop, unsigned int msecs,
                                     const char *source_filename, unsigned int source_linenum,
                                     timeout_callback_t *callback, void *context);
#define timeout_add_short_to(ioloop, msecs, callback, context)                             \
    timeout_add_short_to(ioloop, msecs, __FILE__, IOLOOP_LINE_CHECKED_(callback, context), \
                         (timeout_callback_t *)callback, context)

/** Calls back once, at that time of the wall clock. It must still be removed. */
struct timeout *timeout_add_absolute(const struct timeval *time, const char *source_filename,
                                     unsigned int source_linenum, timeout_callback_t *callback,
                                     void *context);
#define timeout_add_absolute(time, callback, context)                             \
    timeout_add_absolute(time, __FILE__, IOLOOP_LINE_CHECKED_(callback, context), \
                         (timeout_callback_t *)callback, context)
struct timeout *timeout_add_absolute_to(struct ioloop *ioloop, const struct timeval *time,
                                        const char *source_filename, unsigned int source_linenum,
                                        timeout_callback_t *callback, void *context);
#define timeout_add_absolute_to(ioloop, time, callback, context)                             \
    timeout_add_absolute_to(ioloop, time, __FILE__, IOLOOP_LINE_CHECKED_(callback, context), \
                            (timeout_callback_t *)callback, context)

/** Removes, also from within a callback, and sets the pointer to NULL. NULL is skipped. */
void timeout_remove(struct timeout **timeout);
/** Starts the interval anew. */
void timeout_reset(struct timeout *timeout);

struct timeout *io_loop_move_timeout_to(struct ioloop *ioloop, struct timeout **timeout);
struct timeout *io_loop_move_timeout(struct timeout **timeout);

/* ---- What there is --------------------------------------------------------------------------- */

bool io_loop_have_ios(struct ioloop *ioloop);
/** Whether a timeout is due. */
bool io_loop_have_immediate_timeouts(struct ioloop *ioloop);
bool io_loop_is_empty(struct ioloop *ioloop);
enum io_condition io_loop_find_fd_conditions(struct ioloop *ioloop, int fd);

/** Microseconds this loop has spent waiting. */
uint64_t io_loop_get_wait_usecs(struct ioloop *ioloop);

/** A stopwatch of the waiting done by a loop; it can be moved between loops. */
struct io_wait_timer *io_wait_timer_add(const char *source_filename, unsigned int source_linenum);
#define io_wait_timer_add() io_wait_timer_add(__FILE__, __LINE__)
struct io_wait_timer *io_wait_timer_add_to(struct ioloop *ioloop, const char *source_filename,
                                           unsigned int source_linenum);
#define io_wait_timer_add_to(ioloop) io_wait_timer_add_to(ioloop, __FILE__, __LINE__)
struct io_wait_timer *io_wait_timer_move(struct io_wait_timer **timer);
struct io_wait_timer *io_wait_timer_move_to(struct io_wait_timer **timer, struct ioloop *ioloop);
void io_wait_timer_remove(struct io_wait_timer **timer);
uint64_t io_wait_timer_get_usecs(struct io_wait_timer *timer);

/* The line of the caller, if callback and context fit. */
#define IOLOOP_LINE_CHECKED_(callback, context) \
    (__LINE__ + CALLBACK_TYPECHECK(callback, void (*)(__typeof__(context))))

DOVECOT_API_END

#endif
