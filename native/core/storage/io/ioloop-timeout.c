/*
 * Callbacks at times. They are measured on the monotonic clock, so that setting the wall clock
 * neither delays nor hurries them.
 */
#include "io/loop.h"

#include "array.h"
#include "llist.h"
#include "time-util.h"

static void insert_sorted(struct ioloop *ioloop, struct timeout *timeout)
{
    struct timeout *before = NULL, *at = ioloop->timeouts;

    while (at != NULL && at->next_run <= timeout->next_run) {
        before = at;
        at = at->next;
    }
    timeout->prev = before;
    timeout->next = at;
    if (before != NULL)
        before->next = timeout;
    else
        ioloop->timeouts = timeout;
    if (at != NULL)
        at->prev = timeout;
}

static void schedule(struct timeout *timeout, int64_t next_run)
{
    DLLIST_REMOVE(&timeout->ioloop->timeouts, timeout);
    timeout->next_run = next_run;
    insert_sorted(timeout->ioloop, timeout);
}

static struct timeout *add(struct ioloop *ioloop, int64_t next_run, const char *source_filename,
                           unsigned int source_linenum, timeout_callback_t *callback, void *context)
{
    struct timeout *timeout = i_new(struct timeout, 1);

    i_assert(ioloop != NULL);
    timeout->ioloop = ioloop;
    timeout->refcount = 1;
    timeout->next_run = next_run;
    timeout->source_filename = source_filename;
    timeout->source_linenum = source_linenum;
    timeout->callback = callback;
    timeout->context = context;
    insert_sorted(ioloop, timeout);
    return timeout;
}

#undef timeout_add_to
struct timeout *timeout_add_to(struct ioloop *ioloop, unsigned int msecs,
                               const char *source_filename, unsigned int source_linenum,
                               timeout_callback_t *callback, void *context)
{
    struct timeout *timeout = add(ioloop, loop_now() + (int64_t)msecs * 1000, source_filename,
                                  source_linenum, callback, context);

    timeout->msecs = msecs;
    return timeout;
}

#undef timeout_add
struct timeout *timeout_add(unsigned int msecs, const char *source_filename,
                            unsigned int source_linenum, timeout_callback_t *callback,
                            void *context)
{
    return timeout_add_to(current_ioloop, msecs, source_filename, source_linenum, callback,
                          context);
}

#undef timeout_add_short_to
struct timeout *timeout_add_short_to(struct ioloop *ioloop, unsigned int msecs,
                                     const char *source_filename, unsigned int source_linenum,
                                     timeout_callback_t *callback, void *context)
{
    return timeout_add_to(ioloop, msecs, source_filename, source_linenum, callback, context);
}

#undef timeout_add_short
struct timeout *timeout_add_short(unsigned int msecs, const char *source_filename,
                                  unsigned int source_linenum, timeout_callback_t *callback,
                                  void *context)
{
    return timeout_add_to(current_ioloop, msecs, source_filename, source_linenum, callback,
                          context);
}

#undef timeout_add_absolute_to
struct timeout *timeout_add_absolute_to(struct ioloop *ioloop, const struct timeval *time,
                                        const char *source_filename, unsigned int source_linenum,
                                        timeout_callback_t *callback, void *context)
{
    struct timeval now;
    struct timeout *timeout;

    i_gettimeofday(&now);
    timeout = add(ioloop, loop_now() + timeval_diff_usecs(time, &now), source_filename,
                  source_linenum, callback, context);
    timeout->once = TRUE;
    return timeout;
}

#undef timeout_add_absolute
struct timeout *timeout_add_absolute(const struct timeval *time, const char *source_filename,
                                     unsigned int source_linenum, timeout_callback_t *callback,
                                     void *context)
{
    return timeout_add_absolute_to(current_ioloop, time, source_filename, source_linenum, callback,
                                   context);
}

void timeout_release(struct timeout *timeout)
{
    i_assert(timeout->refcount > 0);
    if (--timeout->refcount == 0)
        i_free(timeout);
}

void timeout_remove(struct timeout **_timeout)
{
    struct timeout *timeout = *_timeout;

    if (timeout == NULL)
        return;
    *_timeout = NULL;
    i_assert(timeout->ioloop != NULL); /* else it was removed before */
    DLLIST_REMOVE(&timeout->ioloop->timeouts, timeout);
    timeout->ioloop = NULL;
    timeout_release(timeout);
}

void timeout_reset(struct timeout *timeout)
{
    i_assert(!timeout->once);
    schedule(timeout, loop_now() + (int64_t)timeout->msecs * 1000);
}

struct timeout *io_loop_move_timeout_to(struct ioloop *ioloop, struct timeout **_timeout)
{
    struct timeout *timeout = *_timeout, *moved;

    if (timeout->ioloop == ioloop)
        return timeout;
    moved = add(ioloop, timeout->next_run, timeout->source_filename, timeout->source_linenum,
                timeout->callback, timeout->context);
    moved->msecs = timeout->msecs;
    moved->once = timeout->once;
    timeout_remove(_timeout);
    return moved;
}

struct timeout *io_loop_move_timeout(struct timeout **timeout)
{
    return io_loop_move_timeout_to(current_ioloop, timeout);
}

/* ---- For the loop ---------------------------------------------------------------------------- */

int64_t loop_next_timeout(const struct ioloop *ioloop)
{
    int64_t left;

    if (ioloop->timeouts == NULL || ioloop->timeouts->next_run == TIMEOUT_NEVER)
        return -1;
    left = ioloop->timeouts->next_run - loop_now();
    return left > 0 ? left : 0;
}

ARRAY_DEFINE_TYPE(timeout, struct timeout *);

/* What is due now, and not what callbacks add or make due meanwhile. */
static void collect_due(struct ioloop *ioloop, ARRAY_TYPE(timeout) * due)
{
    int64_t now = loop_now();

    for (struct timeout *timeout = ioloop->timeouts; timeout != NULL && timeout->next_run <= now;
         timeout = timeout->next) {
        timeout->refcount++;
        array_push_back(due, &timeout);
    }
}

void loop_run_timeouts(struct ioloop *ioloop)
{
    ARRAY_TYPE(timeout) due;
    struct timeout *timeout;

    i_array_init(&due, 8);
    collect_due(ioloop, &due);
    array_foreach_elem(&due, timeout)
    {
        if (timeout->ioloop == ioloop && ioloop->running) {
            schedule(timeout,
                     timeout->once ? TIMEOUT_NEVER : loop_now() + (int64_t)timeout->msecs * 1000);
            T_BEGIN
            {
                timeout->callback(timeout->context);
            }
            T_END;
        }
        timeout_release(timeout);
    }
    array_free(&due);
}

void loop_free_timeouts(struct ioloop *ioloop)
{
    while (ioloop->timeouts != NULL) {
        struct timeout *timeout = ioloop->timeouts;

        i_warning("Timeout was not removed: %s:%u", timeout->source_filename,
                  timeout->source_linenum);
        timeout_remove(&timeout);
    }
}
