/*
 * Output that is read again afterwards: kept in memory, and in a temporary file once that has
 * become too much.
 */
#ifndef DOVECOT_IOSTREAM_TEMP_H
#define DOVECOT_IOSTREAM_TEMP_H

#include <stddef.h>

#include "macros.h"

struct istream;
struct ostream;

enum iostream_temp_flags {
    IOSTREAM_TEMP_FLAG_TRY_FD_DUP = 0x01 /* a hint; here bytes are always copied */
};

DOVECOT_API_BEGIN

/**
 * An output stream; names of temporary files begin with the prefix, and they are unlinked at once.
 * `name` is the stream's name in messages. At most max_mem_size bytes (128 kB) stay in memory.
 */
struct ostream *iostream_temp_create(const char *temp_path_prefix, enum iostream_temp_flags flags);
struct ostream *iostream_temp_create_named(const char *temp_path_prefix,
                                           enum iostream_temp_flags flags, const char *name);
struct ostream *iostream_temp_create_sized(const char *temp_path_prefix,
                                           enum iostream_temp_flags flags, const char *name,
                                           size_t max_mem_size);

/**
 * Ends the output, frees it, and returns its bytes as a seekable stream. If sending has failed,
 * what is returned fails with that error. To give up, destroy the output stream instead.
 */
struct istream *iostream_temp_finish(struct ostream **output, size_t max_buffer_size);

DOVECOT_API_END

#endif
