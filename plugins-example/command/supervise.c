/*
 * Watches over one process: keeps what it prints, kills its group when its time is over, and reaps
 * it.
 *
 * The end of the process is what counts, not the end of its output: a process that it leaves behind
 * may keep the pipes open for ever. The process is reaped last, so that its number, and with it
 * that of its group, stays taken for as long as we may send a signal there.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "command.h"

/* for headers that are older than the kernel */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

enum {
    /* How long a process may take to die once it was killed. */
    DYING_MS = 5000,
    /* How long output may still come from others once the process itself has ended. */
    GRACE_MS = 100,
    /* How often to look for its end where the kernel has no pidfd (Linux before 5.3). */
    LOOK_MS = 10,
    STREAMS = 3
};

struct stream {
    int fd; /* -1: at its end */
    struct output *kept;
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void close_stream(struct stream *stream)
{
    if (stream->fd >= 0)
        (void)close(stream->fd);
    stream->fd = -1;
}

static void keep(struct output *output, const char *bytes, size_t size)
{
    size_t room = output->capacity - output->used;

    if (size > room) {
        output->truncated = true;
        size = room;
    }
    memcpy(output->bytes + output->used, bytes, size);
    output->used += size;
}

/*
 * Reads once. What is more than can be kept is read too, or the process would wait for us for ever.
 */
static void read_stream(struct stream *stream)
{
    char bytes[16 * 1024];
    ssize_t size = read(stream->fd, bytes, sizeof bytes);

    if (size > 0)
        keep(stream->kept, bytes, (size_t)size);
    else if (size == 0 || errno != EINTR)
        close_stream(stream);
}

static int wait_ms(int64_t until, bool ended, int pidfd)
{
    int64_t left = until - now_ms();

    if (left < 0)
        left = 0;
    if (!ended && pidfd < 0 && left > LOOK_MS)
        left = LOOK_MS;
    return left > INT32_MAX ? INT32_MAX : (int)left;
}

/* Waits until there is something to read, the process may have ended, or the time has come. */
static void wait_and_read(struct stream *streams, int pidfd, bool ended, int64_t until)
{
    /* poll passes over negative descriptors */
    struct pollfd polled[STREAMS + 1] = {{.fd = ended ? -1 : pidfd, .events = POLLIN}};

    for (int i = 0; i < STREAMS; i++)
        polled[i + 1] = (struct pollfd){.fd = streams[i].fd, .events = POLLIN};
    if (poll(polled, STREAMS + 1, wait_ms(until, ended, pidfd)) <= 0)
        return;
    for (int i = 0; i < STREAMS; i++)
        if (polled[i + 1].revents != 0)
            read_stream(&streams[i]);
}

static bool any_open(const struct stream *streams)
{
    for (int i = 0; i < STREAMS; i++)
        if (streams[i].fd >= 0)
            return true;
    return false;
}

/* Whether the process has ended; it is not reaped by asking. */
static bool has_ended(pid_t pid)
{
    siginfo_t info = {.si_pid = 0};

    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
}

static bool reap(pid_t pid, int *status)
{
    pid_t reaped;

    do
        reaped = waitpid(pid, status, 0);
    while (reaped < 0 && errno == EINTR);
    if (reaped < 0)
        vsmtp_fail("how the process ended is not known: %s", strerror(errno));
    return reaped == pid;
}

static void *reap_later(void *pid)
{
    (void)waitpid((pid_t)(intptr_t)pid, NULL, 0);
    return NULL;
}

/*
 * A process that survives SIGKILL has become another user (sudo), or waits for a disk that does not
 * answer. Whenever it ends, a thread that does nothing else is there to reap it.
 */
static bool abandon(pid_t pid)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, reap_later, (void *)(intptr_t)pid) == 0)
        (void)pthread_detach(thread);
    vsmtp_fail("the time is over, but process %ld could not be killed", (long)pid);
    return false;
}

/* Returns whether the process has ended. */
static bool watch(const struct process *process, int64_t timeout_ms, struct stream *streams)
{
    int pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0U);
    int64_t until = now_ms() + timeout_ms;
    bool killed = false;
    bool ended = false;

    while (!ended || any_open(streams)) {
        wait_and_read(streams, pidfd, ended, until);
        if (!ended && has_ended(process->pid)) {
            ended = true;
            until = now_ms() + GRACE_MS;
        } else if (now_ms() >= until) {
            if (ended || killed)
                break;
            (void)kill(-process->pid, SIGKILL);
            killed = true;
            until = now_ms() + DYING_MS;
        }
    }
    if (pidfd >= 0)
        (void)close(pidfd);
    return ended;
}

bool process_supervise(struct process *process, int64_t timeout_ms, struct output *out,
                       struct output *err, struct outcome *outcome)
{
    struct output report = {.bytes = (char *)&outcome->failure,
                            .capacity = sizeof outcome->failure};
    struct stream streams[STREAMS] = {
        {process->out, out},
        {process->err, err},
        {process->report, &report},
    };

    bool ended = watch(process, timeout_ms, streams);

    for (int i = 0; i < STREAMS; i++)
        close_stream(&streams[i]);
    return ended ? reap(process->pid, &outcome->status) : abandon(process->pid);
}
