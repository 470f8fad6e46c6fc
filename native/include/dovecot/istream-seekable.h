/*
 * Making any input seekable: what has been read is kept, in memory first, in a temporary file once
 * that is too much.
 */
#ifndef DOVECOT_ISTREAM_SEEKABLE_H
#define DOVECOT_ISTREAM_SEEKABLE_H

#include "compat.h"
#include "macros.h"

struct istream;

DOVECOT_API_BEGIN

/**
 * The inputs, a list that ends with NULL, one after the other; a reference is taken of each. Beyond
 * max_buffer_size, fd_callback makes a temporary file and returns its descriptor (which the stream
 * closes) and its path; -1: memory it stays.
 */
struct istream *i_streams_merge(struct istream *input[], size_t max_buffer_size,
                                int (*fd_callback)(const char **path_r, void *context),
                                void *context);

/** The same, but a plain concatenation if the inputs are seekable already. */
struct istream *i_stream_create_seekable(struct istream *input[], size_t max_buffer_size,
                                         int (*fd_callback)(const char **path_r, void *context),
                                         void *context);

/** The same, with temporary files whose names begin with the prefix; they are unlinked at once. */
struct istream *i_stream_create_seekable_path(struct istream *input[], size_t max_buffer_size,
                                              const char *temp_path_prefix);

DOVECOT_API_END

#endif
