/*
 * A stream whose bytes are made from its parent's, piece by piece: the frame of the transfer
 * decoders.
 */
#ifndef STORAGE_FORMAT_ISTREAM_DECODE_H
#define STORAGE_FORMAT_ISTREAM_DECODE_H

#include "lib.h"

#include "istream-private.h"

/** A decoder's methods; `state` is its own. */
struct istream_decoder {
    void *(*init)(buffer_t *out);
    void (*deinit)(void *state);
    /** Appends to `out`. 1: go on, 0: the data has ended here, -1: invalid. */
    int (*more)(void *state, const unsigned char *data, size_t size);
    /** The parent has ended: 0, or -1 when it should not have here. */
    int (*finish)(void *state);
    const char *name; /**< of what it decodes, for errors */
};

struct istream *i_stream_create_decoder(struct istream *input,
                                        const struct istream_decoder *decoder);

#endif
