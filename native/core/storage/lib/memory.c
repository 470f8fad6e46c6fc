/*
 * Memory from the system, and the end of a process that gets none. errno stays what it was, because
 * plugins format messages with %m right after a call that failed.
 */
#include "lib/memory.h"

#include <unistd.h>

void *memory_take(size_t size)
{
    int old_errno = errno;
    void *mem = malloc(size);

    if (unlikely(mem == NULL))
        memory_exhausted("malloc", size);
    errno = old_errno;
    return mem;
}

void memory_give_back(void *mem)
{
    int old_errno = errno;

    free(mem);
    errno = old_errno;
}

void memory_exhausted(const char *who, size_t size)
{
    static const char text[] = "Fatal: out of memory\n";
    static bool logging;

    /* Logging may need memory itself. */
    if (logging) {
        (void)!write(STDERR_FILENO, text, sizeof(text) - 1);
        _exit(FATAL_OUTOFMEM);
    }
    logging = TRUE;
    i_fatal_status(FATAL_OUTOFMEM, "%s: Out of memory when allocating %zu bytes", who, size);
}
