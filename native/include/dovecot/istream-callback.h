/*
 * An input stream whose bytes are made by a callback.
 */
#ifndef DOVECOT_ISTREAM_CALLBACK_H
#define DOVECOT_ISTREAM_CALLBACK_H

#include "compat.h"
#include "macros.h"

struct buffer;
struct istream;

/**
 * Appends bytes to `buf`, as many as it likes. TRUE: call again for more; FALSE: that was all, or
 * i_stream_callback_set_error() was called.
 */
typedef bool istream_callback_read_t(struct buffer *buf, void *context);

DOVECOT_API_BEGIN

struct istream *i_stream_create_callback(istream_callback_read_t *callback, void *context);
#define i_stream_create_callback(callback, context)                                          \
    i_stream_create_callback(                                                                \
        ((void)CALLBACK_TYPECHECK(callback, bool (*)(struct buffer *, __typeof__(context))), \
         (istream_callback_read_t *)callback),                                               \
        context)

/** Appends from outside, before the callback is asked: a header, for instance. */
void i_stream_callback_append(struct istream *input, const void *data, size_t size);
void i_stream_callback_append_str(struct istream *input, const char *str);
struct buffer *i_stream_callback_get_buffer(struct istream *input);

void i_stream_callback_set_error(struct istream *input, int stream_errno, const char *error);

DOVECOT_API_END

#endif
