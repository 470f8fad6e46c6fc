/*
 * A stack for handlers, one a thread: who has used up the own one cannot run a handler on it.
 */
#include "crash/crash.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

/** Enough for the registers of the largest processors, the unwinder, and both once again. */
#define STACK_BYTES ((size_t)128 << 10)

static pthread_key_t key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

/* The thread ends. */
static void uncover(void *memory)
{
    const stack_t none = {.ss_flags = SS_DISABLE};

    (void)sigaltstack(&none, NULL);
    (void)munmap(memory, STACK_BYTES);
}

static void make_key(void)
{
    (void)pthread_key_create(&key, uncover);
}

bool vsmtp_crash_cover_thread(void)
{
    const size_t guard = (size_t)sysconf(_SC_PAGESIZE);
    stack_t stack = {.ss_flags = 0};
    char *memory;
    int reason;

    (void)pthread_once(&key_once, make_key);
    if (pthread_getspecific(key) != NULL)
        return true;
    memory = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    stack.ss_sp = memory + guard;
    stack.ss_size = STACK_BYTES - guard;
    if (mprotect(memory, guard, PROT_NONE) == 0 && sigaltstack(&stack, NULL) == 0) {
        reason = pthread_setspecific(key, memory);
        if (reason == 0)
            return true;
        errno = reason;
    }
    reason = errno;
    uncover(memory);
    errno = reason;
    return false;
}
