/*
 * Event loops: which one is current, running and stopping, and the clock they share. Descriptors
 * are ioloop-io.c's, times are ioloop-timeout.c's.
 */
#include "io/loop.h"

#include "array.h"
#include "llist.h"
#include "time-util.h"

#include <time.h>

time_t ioloop_time;
struct timeval ioloop_timeval;
struct ioloop *current_ioloop;

static ARRAY(io_switch_callback_t *) switch_callbacks;
static ARRAY(io_destroy_callback_t *) destroy_callbacks;

int64_t loop_now(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
        i_fatal("clock_gettime() failed: %m");
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void io_loop_time_refresh(void)
{
    i_gettimeofday(&ioloop_timeval);
    ioloop_time = ioloop_timeval.tv_sec;
}

void io_loop_set_current(struct ioloop *ioloop)
{
    struct ioloop *previous = current_ioloop;
    io_switch_callback_t *callback;

    if (ioloop == previous)
        return;
    current_ioloop = ioloop;
    if (!array_is_created(&switch_callbacks))
        return;
    array_foreach_elem(&switch_callbacks, callback) callback(previous);
}

struct ioloop *io_loop_create(void)
{
    struct ioloop *ioloop = i_new(struct ioloop, 1);

    io_loop_time_refresh();
    ioloop->prev = current_ioloop;
    io_loop_set_current(ioloop);
    return ioloop;
}

void io_loop_destroy(struct ioloop **_ioloop)
{
    struct ioloop *ioloop = *_ioloop;
    io_destroy_callback_t *callback;

    if (ioloop == NULL)
        return;
    *_ioloop = NULL;
    i_assert(ioloop == current_ioloop);
    if (array_is_created(&destroy_callbacks)) {
        array_foreach_elem(&destroy_callbacks, callback) callback(ioloop);
    }
    loop_free_ios(ioloop);
    loop_free_timeouts(ioloop);
    i_assert(ioloop->wait_timers == NULL);
    io_loop_set_current(ioloop->prev);
    i_free(ioloop);
}

struct ioloop *io_loop_get_root(void)
{
    struct ioloop *ioloop = current_ioloop;

    while (ioloop != NULL && ioloop->prev != NULL)
        ioloop = ioloop->prev;
    return ioloop;
}

void io_loop_set_max_fd_count(struct ioloop *ioloop ATTR_UNUSED, unsigned int max_fds ATTR_UNUSED)
{
    /* the list of what is waited for has no size to prepare */
}

/* ---- Running --------------------------------------------------------------------------------- */

void io_loop_set_running(struct ioloop *ioloop)
{
    ioloop->running = TRUE;
    ioloop->stopping = FALSE;
}

void io_loop_handler_run(struct ioloop *ioloop)
{
    int64_t usecs = loop_next_timeout(ioloop);

    i_assert(ioloop == current_ioloop);
    loop_wait_for_ios(ioloop, usecs, usecs >= 0);
    if (ioloop->stopping)
        ioloop->running = FALSE;
}

void io_loop_run(struct ioloop *ioloop)
{
    struct ioloop *previous = current_ioloop;

    i_assert(!ioloop->running);
    io_loop_set_current(ioloop);
    io_loop_set_running(ioloop);
    while (ioloop->running)
        io_loop_handler_run(ioloop);
    io_loop_set_current(previous);
}

void io_loop_stop(struct ioloop *ioloop)
{
    ioloop->running = FALSE;
}

void io_loop_stop_delayed(struct ioloop *ioloop)
{
    ioloop->stopping = TRUE;
}

bool io_loop_is_running(struct ioloop *ioloop)
{
    return ioloop->running;
}

bool io_loop_have_ios(struct ioloop *ioloop)
{
    return ioloop->ios != NULL;
}

bool io_loop_have_immediate_timeouts(struct ioloop *ioloop)
{
    return loop_next_timeout(ioloop) == 0;
}

bool io_loop_is_empty(struct ioloop *ioloop)
{
    return ioloop->ios == NULL && ioloop->timeouts == NULL;
}

uint64_t io_loop_get_wait_usecs(struct ioloop *ioloop)
{
    return ioloop->wait_usecs;
}

/* ---- Watching loops -------------------------------------------------------------------------- */

void io_loop_add_switch_callback(io_switch_callback_t *callback)
{
    if (!array_is_created(&switch_callbacks))
        i_array_init(&switch_callbacks, 4);
    array_push_back(&switch_callbacks, &callback);
}

void io_loop_remove_switch_callback(io_switch_callback_t *callback)
{
    for (unsigned int i = 0; i < array_count(&switch_callbacks); i++) {
        if (array_idx_elem(&switch_callbacks, i) != callback)
            continue;
        array_delete(&switch_callbacks, i, 1);
        break;
    }
    if (array_is_empty(&switch_callbacks))
        array_free(&switch_callbacks);
}

void io_loop_add_destroy_callback(io_destroy_callback_t *callback)
{
    if (!array_is_created(&destroy_callbacks))
        i_array_init(&destroy_callbacks, 4);
    array_push_back(&destroy_callbacks, &callback);
}

void io_loop_remove_destroy_callback(io_destroy_callback_t *callback)
{
    for (unsigned int i = 0; i < array_count(&destroy_callbacks); i++) {
        if (array_idx_elem(&destroy_callbacks, i) != callback)
            continue;
        array_delete(&destroy_callbacks, i, 1);
        break;
    }
    if (array_is_empty(&destroy_callbacks))
        array_free(&destroy_callbacks);
}
