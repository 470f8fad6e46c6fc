/*
 * Overwriting memory in a way that the compiler cannot leave out.
 */
#include "safe-memset.h"

void safe_memset(void *data, int c, size_t size)
{
    volatile unsigned char *bytes = data;

    while (size-- > 0)
        *bytes++ = (unsigned char)c;
}
