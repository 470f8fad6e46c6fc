/*
 * The storage thread: an event loop that runs what plugins have added to it, and takes one request
 * a round, so that a flood of requests holds up nobody's timeouts.
 *
 * Everything else of the storage core is plain globals without locks, and runs here and nowhere
 * else. The thread is detached and never ends: a plugin that hangs holds up the mailboxes, not the
 * end of the process.
 */
#include "host/thread.h"

#include "lib.h"

#include "ioloop.h"
#include "mail-storage.h"

#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "host/operation.h"
#include "io/log-sink.h"

/* Bytes of stack: plugins are written for processes. */
#define STACK ((size_t)8 << 20)

static struct {
    pthread_mutex_t mutex;
    vsmtp_storage_request *first, **last;
    /** Counts the requests that wait. */
    int wake_fd;
    const vsmtp_storage_host *host; /**< NULL: not started */
} thread = {.mutex = PTHREAD_MUTEX_INITIALIZER, .wake_fd = -1};

const vsmtp_storage_host *thread_host(void)
{
    return thread.host;
}

static vsmtp_storage_request *take_request(void)
{
    vsmtp_storage_request *request;

    (void)pthread_mutex_lock(&thread.mutex);
    request = thread.first;
    if (request != NULL) {
        thread.first = request->next;
        if (thread.first == NULL)
            thread.last = &thread.first;
    }
    (void)pthread_mutex_unlock(&thread.mutex);
    return request;
}

/* The descriptor stays readable while more requests wait. */
static void serve_one(void *context ATTR_UNUSED)
{
    vsmtp_storage_request *request;
    uint64_t one;

    if (read(thread.wake_fd, &one, sizeof one) != sizeof one)
        return;
    request = take_request();
    if (request != NULL)
        operation_run(request);
}

static void log_line(const char *file, int level, const char *text, void *context ATTR_UNUSED)
{
    thread.host->log(file, level, text);
}

/* Signals are the host's, but for those that tell of a fault of this thread. */
static void block_signals(void)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    sigset_t blocked;

    (void)sigfillset(&blocked);
    for (size_t i = 0; i < N_ELEMENTS(faults); i++)
        (void)sigdelset(&blocked, faults[i]);
    (void)pthread_sigmask(SIG_SETMASK, &blocked, NULL);
}

static void *run(void *context ATTR_UNUSED)
{
    struct ioloop *loop;

    block_signals();
    if (thread.host->started != NULL)
        thread.host->started();
    lib_init();
    storage_log_to(log_line, NULL);
    loop = io_loop_create();
    mail_storage_init();
    mail_storage_register_all();
    (void)io_add(thread.wake_fd, IO_READ, serve_one, (void *)NULL);
    for (;;)
        io_loop_run(loop);
    return NULL;
}

static bool start_thread(void)
{
    pthread_attr_t attributes;
    pthread_t started;
    int error;

    thread.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
    if (thread.wake_fd < 0)
        return false;
    (void)pthread_attr_init(&attributes);
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    (void)pthread_attr_setstacksize(&attributes, STACK);
    error = pthread_create(&started, &attributes, run, NULL);
    (void)pthread_attr_destroy(&attributes);
    if (error == 0)
        return true;
    (void)close(thread.wake_fd);
    errno = error;
    return false;
}

bool vsmtp_storage_start(const vsmtp_storage_host *host)
{
    bool started = true;

    (void)pthread_mutex_lock(&thread.mutex);
    if (thread.host == NULL) {
        thread.host = host;
        thread.last = &thread.first;
        started = start_thread();
        if (!started)
            thread.host = NULL;
    }
    (void)pthread_mutex_unlock(&thread.mutex);
    return started;
}

void vsmtp_storage_submit(vsmtp_storage_request *request)
{
    const uint64_t one = 1;

    request->next = NULL;
    (void)pthread_mutex_lock(&thread.mutex);
    *thread.last = request;
    thread.last = &request->next;
    (void)pthread_mutex_unlock(&thread.mutex);
    /* it can only fail when 2^64 requests wait */
    if (write(thread.wake_fd, &one, sizeof one) < 0)
        i_unreached();
}
