/*
 * Waiting for a time to pass.
 */
#include "lib.h"

#include "sleep.h"

#include <time.h>

/* FALSE: a signal came, and *left says what is missing. */
static bool sleep_once(struct timespec *left)
{
    struct timespec time = *left;

    if (nanosleep(&time, left) == 0)
        return TRUE;
    if (errno != EINTR)
        i_fatal("nanosleep() failed: %m");
    return FALSE;
}

static struct timespec time_of_usecs(unsigned long long usecs)
{
    struct timespec time = {(time_t)(usecs / 1000000), (long)(usecs % 1000000) * 1000};

    return time;
}

void i_sleep_usecs(unsigned long long usecs)
{
    struct timespec left = time_of_usecs(usecs);

    while (!sleep_once(&left))
        continue;
}

void i_sleep_msecs(unsigned int msecs)
{
    i_sleep_usecs((unsigned long long)msecs * 1000);
}

void i_sleep_secs(time_t secs)
{
    i_sleep_usecs((unsigned long long)secs * 1000000);
}

bool i_sleep_intr_usecs(unsigned long long usecs)
{
    struct timespec left = time_of_usecs(usecs);

    return sleep_once(&left);
}

bool i_sleep_intr_msecs(unsigned int msecs)
{
    return i_sleep_intr_usecs((unsigned long long)msecs * 1000);
}

bool i_sleep_intr_secs(time_t secs)
{
    return i_sleep_intr_usecs((unsigned long long)secs * 1000000);
}
