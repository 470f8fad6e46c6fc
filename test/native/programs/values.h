/* What the parts of the values program share. */
#ifndef VSMTP_TEST_VALUES_H
#define VSMTP_TEST_VALUES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <vsmtp/value.h>

#define CHECK(condition)                                                          \
    do {                                                                          \
        if (!(condition)) {                                                       \
            (void)fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                              \
        }                                                                         \
    } while (0)

/** The value that was written to this thread's vsmtp_out, in a block of exactly its size. */
vsmtp_value take(void);

/** Frees what take returned. */
void release(vsmtp_value value);

/** Reads damaged variants of a value, and of random values, in every way; returns how many. */
size_t read_damaged(vsmtp_value value, uint64_t seed);

#endif
