/*
 * Callbacks when descriptors are ready, over poll().
 */
#include "io/loop.h"

#include "array.h"
#include "istream-private.h"
#include "llist.h"

#include <poll.h>

uint64_t ioloop_global_wait_usecs;

#undef io_add_to
struct io *io_add_to(struct ioloop *ioloop, int fd, enum io_condition condition,
                     const char *source_filename, unsigned int source_linenum,
                     io_callback_t *callback, void *context)
{
    struct io *io = i_new(struct io, 1);

    i_assert(ioloop != NULL);
    i_assert((condition & (IO_READ | IO_WRITE | IO_ERROR)) != 0);
    io->ioloop = ioloop;
    io->refcount = 1;
    io->fd = fd;
    io->condition = condition;
    io->source_filename = source_filename;
    io->source_linenum = source_linenum;
    io->callback = callback;
    io->context = context;
    DLLIST_PREPEND(&ioloop->ios, io);
    return io;
}

#undef io_add
struct io *io_add(int fd, enum io_condition condition, const char *source_filename,
                  unsigned int source_linenum, io_callback_t *callback, void *context)
{
    i_assert(fd >= 0);
    return io_add_to(current_ioloop, fd, condition, source_filename, source_linenum, callback,
                     context);
}

#undef io_add_istream_to
struct io *io_add_istream_to(struct ioloop *ioloop, struct istream *input,
                             const char *source_filename, unsigned int source_linenum,
                             io_callback_t *callback, void *context)
{
    struct io *io = io_add_to(ioloop, i_stream_get_fd(input), IO_READ, source_filename,
                              source_linenum, callback, context);

    io->istream = input;
    i_stream_ref(input);
    i_stream_set_io(input, io);
    return io;
}

#undef io_add_istream
struct io *io_add_istream(struct istream *input, const char *source_filename,
                          unsigned int source_linenum, io_callback_t *callback, void *context)
{
    return io_add_istream_to(current_ioloop, input, source_filename, source_linenum, callback,
                             context);
}

void io_release(struct io *io)
{
    i_assert(io->refcount > 0);
    if (--io->refcount == 0)
        i_free(io);
}

void io_remove(struct io **_io)
{
    struct io *io = *_io;

    if (io == NULL)
        return;
    *_io = NULL;
    i_assert(io->ioloop != NULL); /* else it was removed before */
    DLLIST_REMOVE(&io->ioloop->ios, io);
    io->ioloop = NULL;
    if (io->istream != NULL) {
        i_stream_unset_io(io->istream, io);
        i_stream_unref(&io->istream);
    }
    io_release(io);
}

void io_remove_closed(struct io **io)
{
    io_remove(io); /* poll() holds on to nothing */
}

void io_set_pending(struct io *io)
{
    io->pending = TRUE;
}

bool io_is_pending(struct io *io)
{
    return io->pending;
}

void io_set_never_wait_alone(struct io *io, bool set)
{
    io->never_wait_alone = set;
}

struct io *io_loop_move_io_to(struct ioloop *ioloop, struct io **_io)
{
    struct io *io = *_io, *moved;

    if (io->ioloop == ioloop)
        return io;
    moved = io_add_to(ioloop, io->fd, io->condition, io->source_filename, io->source_linenum,
                      io->callback, io->context);
    moved->pending = io->pending;
    moved->never_wait_alone = io->never_wait_alone;
    if (io->istream != NULL) {
        /* moved, so that the stream does not see it go */
        i_stream_unset_io(io->istream, io);
        moved->istream = io->istream;
        io->istream = NULL;
        i_stream_set_io(moved->istream, moved);
    }
    io_remove(_io);
    return moved;
}

struct io *io_loop_move_io(struct io **io)
{
    return io_loop_move_io_to(current_ioloop, io);
}

enum io_condition io_loop_find_fd_conditions(struct ioloop *ioloop, int fd)
{
    unsigned int conditions = 0;

    for (struct io *io = ioloop->ios; io != NULL; io = io->next) {
        if (io->fd == fd)
            conditions |= io->condition;
    }
    return (enum io_condition)conditions;
}

/* ---- Waiting --------------------------------------------------------------------------------- */

/* One round: what is waited for, in the order of the loop's list, and poll()'s answers. */
struct round {
    ARRAY(struct io *) ios; /* a reference each */
    ARRAY(struct pollfd) fds;
    bool pending;  /* some callback comes anyway */
    bool may_wait; /* there is something that may be waited for alone */
};

static short events_of(enum io_condition condition)
{
    short events = 0;

    if ((condition & IO_READ) != 0)
        events = (short)(events | POLLIN | POLLPRI);
    if ((condition & IO_WRITE) != 0)
        events = (short)(events | POLLOUT);
    return events;
}

static void collect(struct ioloop *ioloop, struct round *round)
{
    for (struct io *io = ioloop->ios; io != NULL; io = io->next) {
        struct pollfd pollfd = {.fd = io->fd, .events = events_of(io->condition)};

        io->refcount++;
        array_push_back(&round->ios, &io);
        array_push_back(&round->fds, &pollfd);
        round->pending = round->pending || io->pending;
        round->may_wait = round->may_wait || (io->fd >= 0 && !io->never_wait_alone);
    }
}

static int milliseconds(int64_t usecs)
{
    if (usecs < 0)
        return -1;
    return usecs / 1000 >= INT_MAX ? INT_MAX : (int)((usecs + 999) / 1000);
}

static void count_wait(struct ioloop *ioloop, uint64_t usecs)
{
    ioloop_global_wait_usecs += usecs;
    ioloop->wait_usecs += usecs;
    for (struct io_wait_timer *timer = ioloop->wait_timers; timer != NULL; timer = timer->next)
        timer->usecs += usecs;
}

static void wait_for(struct ioloop *ioloop, struct round *round, int64_t usecs)
{
    unsigned int count;
    struct pollfd *fds = array_get_modifiable(&round->fds, &count);
    int64_t begun = loop_now();

    if (round->pending)
        usecs = 0;
    if (usecs < 0 && !round->may_wait)
        i_panic("Nothing to wait for: the loop would never return");
    if (poll(fds, count, milliseconds(usecs)) < 0) {
        if (errno != EINTR && errno != EAGAIN)
            i_fatal("poll() failed: %m");
        for (unsigned int i = 0; i < count; i++)
            fds[i].revents = 0;
    }
    count_wait(ioloop, (uint64_t)(loop_now() - begun));
    io_loop_time_refresh();
}

static bool is_ready(const struct io *io, short revents)
{
    if ((revents & POLLNVAL) != 0)
        i_panic("Descriptor %d was closed before io_remove(): %s:%u", io->fd, io->source_filename,
                io->source_linenum);
    if ((revents & (POLLERR | POLLHUP)) != 0)
        return TRUE;
    return (revents & events_of(io->condition)) != 0;
}

static void call(struct io *io)
{
    io->pending = FALSE;
    T_BEGIN
    {
        io->callback(io->context);
    }
    T_END;
}

void loop_wait_for_ios(struct ioloop *ioloop, int64_t usecs, bool run_timeouts)
{
    struct round round = {.pending = FALSE, .may_wait = FALSE};
    const struct pollfd *fds;
    struct io *io;
    unsigned int count;

    i_array_init(&round.ios, 8);
    i_array_init(&round.fds, 8);
    collect(ioloop, &round);
    wait_for(ioloop, &round, usecs);
    if (run_timeouts)
        loop_run_timeouts(ioloop);
    fds = array_get(&round.fds, &count);
    array_foreach_elem(&round.ios, io)
    {
        short revents = (fds++)->revents;

        /* callbacks remove others, and stop the loop */
        if (io->ioloop == ioloop && ioloop->running && (io->pending || is_ready(io, revents)))
            call(io);
        io_release(io);
    }
    array_free(&round.ios);
    array_free(&round.fds);
}

void loop_free_ios(struct ioloop *ioloop)
{
    while (ioloop->ios != NULL) {
        struct io *io = ioloop->ios;

        i_warning("I/O callback was not removed: %s:%u (fd %d)", io->source_filename,
                  io->source_linenum, io->fd);
        io_remove(&io);
    }
}
