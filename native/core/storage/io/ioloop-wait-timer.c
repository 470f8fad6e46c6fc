/*
 * Stopwatches of the time loops spend waiting.
 */
#include "io/loop.h"

#include "llist.h"

#undef io_wait_timer_add_to
struct io_wait_timer *io_wait_timer_add_to(struct ioloop *ioloop,
                                           const char *source_filename ATTR_UNUSED,
                                           unsigned int source_linenum ATTR_UNUSED)
{
    struct io_wait_timer *timer = i_new(struct io_wait_timer, 1);

    timer->ioloop = ioloop;
    DLLIST_PREPEND(&ioloop->wait_timers, timer);
    return timer;
}

#undef io_wait_timer_add
struct io_wait_timer *io_wait_timer_add(const char *source_filename, unsigned int source_linenum)
{
    return io_wait_timer_add_to(current_ioloop, source_filename, source_linenum);
}

struct io_wait_timer *io_wait_timer_move_to(struct io_wait_timer **_timer, struct ioloop *ioloop)
{
    struct io_wait_timer *timer = *_timer;

    *_timer = NULL;
    DLLIST_REMOVE(&timer->ioloop->wait_timers, timer);
    timer->ioloop = ioloop;
    DLLIST_PREPEND(&ioloop->wait_timers, timer);
    return timer;
}

struct io_wait_timer *io_wait_timer_move(struct io_wait_timer **timer)
{
    return io_wait_timer_move_to(timer, current_ioloop);
}

void io_wait_timer_remove(struct io_wait_timer **_timer)
{
    struct io_wait_timer *timer = *_timer;

    if (timer == NULL)
        return;
    *_timer = NULL;
    DLLIST_REMOVE(&timer->ioloop->wait_timers, timer);
    i_free(timer);
}

uint64_t io_wait_timer_get_usecs(struct io_wait_timer *timer)
{
    return timer->usecs;
}
