/*
 * An input whose size is known beforehand, checked: too short is EPIPE, too long is EINVAL.
 */
#ifndef DOVECOT_ISTREAM_SIZED_H
#define DOVECOT_ISTREAM_SIZED_H

#include "compat.h"
#include "macros.h"

struct istream;

/** What an error callback is told. */
struct istream_sized_error_data {
    uoff_t v_offset;  /* of the window */
    size_t new_bytes; /* that this read was about to add */
    uoff_t wanted_size;
    bool eof; /* the input ended */
};

/** The text of the error, which may be t_*() memory. */
typedef const char *istream_sized_callback_t(const struct istream_sized_error_data *data,
                                             void *context);

DOVECOT_API_BEGIN

/** Exactly `size` bytes, from where the input stands or from `offset` after that. */
struct istream *i_stream_create_sized(struct istream *input, uoff_t size);
struct istream *i_stream_create_sized_range(struct istream *input, uoff_t offset, uoff_t size);
/** At least that many. */
struct istream *i_stream_create_min_sized(struct istream *input, uoff_t min_size);
struct istream *i_stream_create_min_sized_range(struct istream *input, uoff_t offset,
                                                uoff_t min_size);

/** Exactly `size` bytes; callback(&data, context) makes the error's text. */
struct istream *i_stream_create_sized_with_callback(struct istream *input, uoff_t size,
                                                    istream_sized_callback_t *error_callback,
                                                    void *context);
#define i_stream_create_sized_with_callback(input, size, error_callback, context)            \
    i_stream_create_sized_with_callback(                                                     \
        ((void)CALLBACK_TYPECHECK(                                                           \
             error_callback,                                                                 \
             const char *(*)(const struct istream_sized_error_data *, __typeof__(context))), \
         (input)),                                                                           \
        size, (istream_sized_callback_t *)error_callback, context)

DOVECOT_API_END

#endif
