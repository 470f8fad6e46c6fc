/*
 * The inside of a vsmtp_out: a block of bytes that grows, and the containers that are open in it.
 * Private to the core libraries; a zeroed one is empty. One lives in each thread's call frame
 * (frame.c).
 */
#ifndef VSMTP_CORE_OUT_H
#define VSMTP_CORE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vsmtp/value.h>

/** A container that has begun and not ended. Places are offsets: the block moves when it grows. */
struct out_level {
    size_t start; /**< of the container's tag */
    size_t key;   /**< of the last key's length word; 0: none yet */
    uint32_t count;
    int32_t type;
    bool keyed;  /**< a key waits for its value */
    bool sorted; /**< keys came in ascending order */
};

struct vsmtp_out {
    uint8_t *bytes;
    size_t used, capacity;
    const char *mistake; /**< the first one, static; NULL: none */
    unsigned depth;
    struct out_level levels[VSMTP_DEPTH];
};

/** Forgets what was written. A large block is given back, a small one kept for the next call. */
void out_reset(struct vsmtp_out *out);

/** Gives back its memory. It can be used again. */
void out_free(struct vsmtp_out *out);

/**
 * What is wrong with what was written, a static text; NULL when it is one complete value or
 * nothing.
 */
const char *out_problem(const struct vsmtp_out *out);

#endif
