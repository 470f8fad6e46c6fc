/*
 * The inside of an event loop, for the ioloop-*.c files.
 */
#ifndef STORAGE_IO_LOOP_H
#define STORAGE_IO_LOOP_H

#include "ioloop.h"
#include "lib.h"

struct io {
    struct io *prev, *next;
    struct ioloop *ioloop; /* NULL once removed */
    unsigned int refcount; /* the loop's list, and the round that is about to call it */

    int fd; /* -1: only called when pending */
    enum io_condition condition;
    const char *source_filename;
    unsigned int source_linenum;

    io_callback_t *callback;
    void *context;
    struct istream *istream; /* of io_add_istream(); a reference */

    bool pending;
    bool never_wait_alone;
};

struct timeout {
    struct timeout *prev, *next;
    struct ioloop *ioloop;
    unsigned int refcount;

    int64_t next_run; /* microseconds of the monotonic clock */
    unsigned int msecs;
    bool once;
    const char *source_filename;
    unsigned int source_linenum;

    timeout_callback_t *callback;
    void *context;
};

/* The time of a timeout that has had its only call. */
#define TIMEOUT_NEVER INT64_MAX

struct io_wait_timer {
    struct io_wait_timer *prev, *next;
    struct ioloop *ioloop;
    uint64_t usecs;
};

struct ioloop {
    struct ioloop *prev; /* the current one when this was created */
    bool running;
    bool stopping; /* after this round */

    struct io *ios;
    struct timeout *timeouts; /* the next to run first */
    struct io_wait_timer *wait_timers;
    uint64_t wait_usecs;
};

int64_t loop_now(void);

void io_release(struct io *io);
void timeout_release(struct timeout *timeout);

/** Microseconds until the next timeout, 0 if it is late; -1: none. */
int64_t loop_next_timeout(const struct ioloop *ioloop);
/** Calls the timeouts that are due. */
void loop_run_timeouts(struct ioloop *ioloop);
/** Waits for at most so many microseconds (-1: for ever), then calls what is ready. */
void loop_wait_for_ios(struct ioloop *ioloop, int64_t usecs, bool run_timeouts);

/** Log and free what was not removed. */
void loop_free_ios(struct ioloop *ioloop);
void loop_free_timeouts(struct ioloop *ioloop);

#endif
