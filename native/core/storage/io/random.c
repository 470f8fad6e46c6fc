/*
 * Random bytes and numbers from the kernel's generator.
 */
#include "lib.h"

#include "randgen.h"

#include <sys/random.h>

void random_fill(void *buf, size_t size)
{
    unsigned char *bytes = buf;

    while (size > 0) {
        ssize_t got = getrandom(bytes, size, 0);

        if (got < 0 && errno != EINTR)
            i_fatal("getrandom() failed: %m");
        if (got > 0) {
            bytes += got;
            size -= (size_t)got;
        }
    }
}

void random_init(void) {}

void random_deinit(void) {}

uint32_t i_rand(void)
{
    uint32_t number;

    random_fill(&number, sizeof number);
    return number;
}

uint32_t i_rand_limit(uint32_t upper_bound)
{
    uint32_t number, first;

    i_assert(upper_bound > 0);
    /* numbers below 2^32 modulo the bound would make small results more likely */
    first = (uint32_t)(UINT32_MAX - upper_bound + 1) % upper_bound;
    do
        number = i_rand();
    while (number < first);
    return number % upper_bound;
}
