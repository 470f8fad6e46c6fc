/* A plugin that does everything that ends a process. What a compiler might see through is volatile. */
#define _GNU_SOURCE
#include <vsmtp/plugin.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

VSMTP_PLUGIN("bad", VSMTP_RELEASE("1.0.0") VSMTP_DESCRIPTION("ends the process"))

static int *volatile nowhere = NULL;
static const char *volatile no_text = NULL;
static void (*volatile no_code)(void) = NULL;
static volatile int64_t zero = 0;

VSMTP_FUNCTION(int64_t, bad_nothing, (void))
{
    return 42;
}

VSMTP_FUNCTION(int64_t, bad_null, (void))
{
    *nowhere = 1;
    return 0;
}

VSMTP_FUNCTION(int64_t, bad_strlen, (void))
{
    return (int64_t)strlen(no_text) + 1;
}

VSMTP_FUNCTION(int64_t, bad_abort, (void))
{
    abort();
}

VSMTP_FUNCTION(int64_t, bad_division, (void))
{
    return 42 / zero;
}

VSMTP_FUNCTION(int64_t, bad_illegal, (void))
{
    __builtin_trap();
}

VSMTP_FUNCTION(int64_t, bad_free, (void))
{
    void *volatile block = malloc(64);

    free(block);
    free(block);
    return 0;
}

VSMTP_FUNCTION(int64_t, bad_jump, (void))
{
    memcpy((void *)&no_code, &(uintptr_t){0x10}, sizeof no_code);
    no_code();
    return 0;
}

static __attribute__((noinline)) int64_t callee(void)
{
    *nowhere = 2;
    return zero;
}

VSMTP_FUNCTION(int64_t, bad_callee, (void))
{
    return callee() + 1;
}

VSMTP_FUNCTION(int64_t, bad_smash, (void))
{
    char small[8];
    volatile size_t large = 512;

    memset(small, 'A', large);
    return small[3];
}

/* Not a tail call, and each with enough on the stack. */
static __attribute__((noinline)) int64_t descend(volatile char *above)
{
    volatile char here[512];

    here[0] = (char)(above[0] + 1);
    return zero != 0 ? 0 : descend(here) + here[0];
}

VSMTP_FUNCTION(int64_t, bad_overflow, (void))
{
    volatile char top[1] = {0};

    return descend(top) + 1;
}

VSMTP_FUNCTION(int64_t, bad_bus, (void))
{
    int file = memfd_create("empty", MFD_CLOEXEC);
    volatile char *behind = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);

    return behind[0];
}

/* Read by the host when the function is over. */
VSMTP_FUNCTION(const char *, bad_text, (void))
{
    return (const char *)(uintptr_t)(zero + 8);
}

VSMTP_FUNCTION(int64_t, bad_exit, (void))
{
    vsmtp_log(VSMTP_LOG_ERROR, "last words");
    exit(3);
}

VSMTP_FUNCTION(int64_t, bad_leave, (void))
{
    pthread_exit(NULL);
}

VSMTP_FUNCTION(int64_t, bad_sleep, (void))
{
    const struct timespec hour = {3600, 0};

    while (nanosleep(&hour, NULL) != 0)
        continue;
    return 0;
}

/* ---- Threads and processes of its own -------------------------------------------------------- */

static void wait_a_little(void)
{
    const struct timespec little = {0, 50000000};

    (void)nanosleep(&little, NULL);
}

static void *crash_later(void *unused)
{
    wait_a_little();
    *nowhere = 3;
    return unused;
}

static void *exit_later(void *unused)
{
    wait_a_little();
    exit(4);
    return unused;
}

static int64_t start(void *(*run)(void *))
{
    pthread_t thread;

    return pthread_create(&thread, NULL, run, NULL) == 0 ? 0 : -1;
}

VSMTP_FUNCTION(int64_t, bad_thread, (void))
{
    return start(crash_later);
}

VSMTP_FUNCTION(int64_t, bad_thread_exit, (void))
{
    return start(exit_later);
}

/* The signal that a child of its own died of. */
VSMTP_FUNCTION(int64_t, bad_fork, (void))
{
    int status = 0;
    pid_t child = fork();

    if (child == 0)
        *nowhere = 4;
    return waitpid(child, &status, 0) == child ? WTERMSIG(status) : -1;
}

/* The exit status of a child of its own. */
VSMTP_FUNCTION(int64_t, bad_fork_exit, (void))
{
    int status = 0;
    pid_t child = fork();

    if (child == 0)
        exit(7);
    return waitpid(child, &status, 0) == child ? WEXITSTATUS(status) : -1;
}

/* As bad_fork_exit, while a line for the log waits. */
VSMTP_FUNCTION(int64_t, bad_fork_logged, (void))
{
    vsmtp_log(VSMTP_LOG_INFO, "said once");
    return bad_fork_exit();
}

/* ---- Nothing bad ----------------------------------------------------------------------------- */

static __attribute__((noinline)) int64_t leave_words(int64_t depth)
{
    volatile int64_t here = depth;

    return depth == 0 ? 0 : leave_words(here - 1) + here;
}

/* Returns, and leaves the addresses of its calls behind on the stack. */
VSMTP_FUNCTION(int64_t, bad_deep, (void))
{
    return leave_words(200) + 1;
}
