/*
 * The event loop: descriptors, times, removing while running, loops within loops.
 */
#include "tap.h"

#include "array.h"
#include "ioloop.h"
#include "istream.h"
#include "lib.h"
#include "sleep.h"
#include "str.h"
#include "time-util.h"
#include "write-full.h"

#include <fcntl.h>

struct context {
    string_t *log;
    struct io *io, *other_io;
    struct timeout *timeout, *other_timeout;
    unsigned int count;
};

static void stop(struct ioloop *ioloop)
{
    io_loop_stop(ioloop);
}

static void stop_later(struct context *context)
{
    str_append(context->log, "stop ");
    timeout_remove(&context->timeout);
    io_loop_stop(current_ioloop);
}

static void read_pipe(struct context *context)
{
    char byte;

    /* on the data stack: a frame of its own takes it away again */
    (void)t_malloc0(1000);
    if (read(STDIN_FILENO, &byte, 1) != 1)
        byte = '?';
    str_append_c(context->log, byte);
    if (byte == 'c')
        io_loop_stop(current_ioloop);
}

static void test_descriptor(void)
{
    struct context context = {.log = t_str_new(64)};
    struct ioloop *ioloop = io_loop_create();
    int fds[2];

    (void)pipe(fds);
    (void)dup2(fds[0], STDIN_FILENO);
    (void)write_full(fds[1], "abc", 3);
    ok(ioloop_time != 0 && current_ioloop == ioloop, "a new loop is current and has a time");
    context.io = io_add(STDIN_FILENO, IO_READ, read_pipe, &context);
    is_int(io_loop_find_fd_conditions(ioloop, STDIN_FILENO), IO_READ,
           "conditions can be asked for");
    io_loop_run(ioloop);
    is_str(str_c(context.log), "abc", "a readable descriptor is called back until the loop stops");
    io_set_pending(context.io);
    ok(io_is_pending(context.io), "a callback can be made to come");
    (void)write_full(fds[1], "c", 1);
    io_loop_set_running(ioloop);
    io_loop_handler_run(ioloop);
    is_str(str_c(context.log), "abcc", "in one round");
    io_remove(&context.io);
    ok(io_loop_is_empty(ioloop) && context.io == NULL, "and be removed");
    io_loop_destroy(&ioloop);
    ok(current_ioloop == NULL && ioloop == NULL, "then there is no loop");
    i_close_fd(&fds[0]);
    i_close_fd(&fds[1]);
}

static void first(struct context *context)
{
    str_append(context->log, "first ");
}

static void second(struct context *context)
{
    str_append(context->log, "second ");
    timeout_remove(&context->other_timeout);
}

static void third(struct context *context)
{
    str_append(context->log, "third ");
}

static void test_times(void)
{
    struct context context = {.log = t_str_new(64)};
    struct ioloop *ioloop = io_loop_create();
    struct timeout *one, *two;

    two = timeout_add_short(2, second, &context);
    one = timeout_add_short(1, first, &context);
    context.other_timeout = timeout_add_short(3, third, &context);
    i_sleep_msecs(4);
    ok(io_loop_have_immediate_timeouts(ioloop), "a timeout that is due can be seen");
    io_loop_set_running(ioloop);
    io_loop_handler_run(ioloop);
    is_str(str_c(context.log), "first second ",
           "timeouts come in their order, and one may remove another");
    ok(context.other_timeout == NULL, "before it came");
    timeout_reset(one);
    timeout_remove(&one);
    timeout_remove(&two);
    timeout_remove(&two);
    ok(io_loop_is_empty(ioloop), "NULL can be removed as well");
    io_loop_destroy(&ioloop);
}

static void count(struct context *context)
{
    if (++context->count == 3)
        io_loop_stop(current_ioloop);
}

static void test_repeating_and_absolute(void)
{
    struct context context = {.log = t_str_new(64)};
    struct ioloop *ioloop = io_loop_create();
    struct timeval past = ioloop_timeval;
    struct timeout *absolute, *each;

    timeval_sub_msecs(&past, 1000);
    absolute = timeout_add_absolute(&past, first, &context);
    each = timeout_add(0, count, &context);
    io_loop_run(ioloop);
    is_int(context.count, 3, "a timeout repeats, 0 in each round");
    is_str(str_c(context.log), "first ", "an absolute one comes once");
    timeout_remove(&absolute);
    timeout_remove(&each);
    io_loop_destroy(&ioloop);
}

static void remove_both(struct context *context)
{
    str_append(context->log, "removed ");
    io_remove(&context->io);
    io_remove(&context->other_io);
}

static void test_removing_while_running(void)
{
    struct context context = {.log = t_str_new(64)};
    struct ioloop *ioloop = io_loop_create();
    int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDONLY);

    context.io = io_add(null, IO_READ, remove_both, &context);
    context.other_io = io_add(zero, IO_READ, remove_both, &context);
    context.timeout = timeout_add_short(1, stop_later, &context);
    io_loop_run(ioloop);
    is_str(str_c(context.log), "removed stop ", "a callback may remove itself and its neighbour");
    io_loop_destroy(&ioloop);
    i_close_fd(&null);
    i_close_fd(&zero);
}

static void run_inner(struct context *context)
{
    struct ioloop *outer = current_ioloop, *inner = io_loop_create();
    struct timeout *timeout = timeout_add(0, stop, inner);

    io_loop_run(inner);
    timeout_remove(&timeout);
    ok(io_loop_get_root() == outer, "the outer loop is the root");
    io_loop_destroy(&inner);
    ok(current_ioloop == outer, "and current again after an inner one");
    io_loop_stop_delayed(outer);
    context->count++;
}

static unsigned int switches;

static void see_switch(struct ioloop *previous ATTR_UNUSED)
{
    switches++;
}

static void test_nested_loops(void)
{
    struct context context = {.count = 0};
    struct ioloop *ioloop;
    struct timeout *timeout;

    io_loop_add_switch_callback(see_switch);
    ioloop = io_loop_create();
    timeout = timeout_add(0, run_inner, &context);
    io_loop_run(ioloop);
    is_int(context.count, 1, "a delayed stop ends the round");
    timeout_remove(&timeout);
    io_loop_destroy(&ioloop);
    is_int(switches, 4, "who watches loops is told of every change");
    io_loop_remove_switch_callback(see_switch);
}

static void read_line(struct istream *input)
{
    is_str(i_stream_next_line(input), "pending", "a stream with something left is called back");
    io_loop_stop(current_ioloop);
}

static void test_istream(void)
{
    struct ioloop *ioloop = io_loop_create();
    struct istream *input;
    struct io *io;
    int fds[2];

    (void)pipe(fds);
    fd_set_nonblock(fds[0], TRUE);
    input = i_stream_create_fd(fds[0], 1024);
    (void)write_full(fds[1], "pending\n", 8);
    (void)i_stream_read(input);
    i_stream_set_input_pending(input, TRUE);
    io = io_add_istream(input, read_line, input);
    io_loop_run(ioloop);
    io_remove(&io);
    i_stream_unref(&input);
    io_loop_destroy(&ioloop);
    i_close_fd(&fds[0]);
    i_close_fd(&fds[1]);
}

static void test_moving(void)
{
    struct context context = {.log = t_str_new(16)};
    struct ioloop *outer = io_loop_create(), *inner;
    int null = open("/dev/null", O_RDWR);
    struct io *io = io_add(null, IO_WRITE, stop, outer);
    struct timeout *timeout = timeout_add(1000, first, &context);

    inner = io_loop_create();
    io = io_loop_move_io(&io);
    timeout = io_loop_move_timeout(&timeout);
    ok(io_loop_is_empty(outer) && io_loop_have_ios(inner),
       "callbacks can be moved to another loop");
    io_remove(&io);
    timeout_remove(&timeout);
    io_loop_destroy(&inner);
    io_loop_destroy(&outer);
    i_close_fd(&null);
}

static void wait_for_nothing(void)
{
    struct ioloop *ioloop = io_loop_create();

    io_loop_run(ioloop);
}

static void close_too_early(void)
{
    struct ioloop *ioloop = io_loop_create();
    int fd = open("/dev/null", O_RDWR);

    (void)io_add(fd, IO_READ, stop, ioloop);
    i_close_fd(&fd);
    io_loop_run(ioloop);
}

static void test_wait_timer(void)
{
    struct ioloop *ioloop = io_loop_create();
    struct io_wait_timer *timer = io_wait_timer_add();
    struct timeout *timeout = timeout_add_short(2, stop, ioloop);
    uint64_t before = ioloop_global_wait_usecs;

    io_loop_run(ioloop);
    ok(io_wait_timer_get_usecs(timer) > 0 &&
           io_wait_timer_get_usecs(timer) == io_loop_get_wait_usecs(ioloop),
       "a wait timer measures what the loop waits");
    ok(ioloop_global_wait_usecs - before == io_loop_get_wait_usecs(ioloop),
       "as does the sum of all");
    io_wait_timer_remove(&timer);
    timeout_remove(&timeout);
    io_loop_destroy(&ioloop);
}

int main(void)
{
    lib_init();
    test_descriptor();
    test_times();
    test_repeating_and_absolute();
    test_removing_while_running();
    test_nested_loops();
    test_istream();
    test_moving();
    test_wait_timer();
    ok(panics(wait_for_nothing), "waiting for nothing is a panic");
    ok(panics(close_too_early), "so is a descriptor closed too early");
    lib_deinit();
    return done();
}
