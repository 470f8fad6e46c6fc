/*
 * What input and output streams have in common for those who write them: references, name, error,
 * and what to do at the end.
 */
#ifndef DOVECOT_IOSTREAM_PRIVATE_H
#define DOVECOT_IOSTREAM_PRIVATE_H

#include <stdarg.h>

#include "array-decl.h"
#include "compat.h"
#include "iostream.h"
#include "macros.h"

struct ioloop;

struct iostream_destroy_callback {
    void (*callback)(void *context);
    void *context;
};

/**
 * The first member of istream_private and ostream_private, which is the first member of a stream's
 * own struct: the base frees that struct (i_new() memory) through this address.
 */
struct iostream_private {
    int refcount;
    char *name;
    char *error;
    struct ioloop *ioloop;

    /* All optional: the base fills in what is NULL. destroy frees what the stream owns, not the
       stream itself nor its parent. */
    void (*close)(struct iostream_private *streami, bool close_parent);
    void (*destroy)(struct iostream_private *stream);
    void (*set_max_buffer_size)(struct iostream_private *stream, size_t max_size);

    ARRAY(struct iostream_destroy_callback) destroy_callbacks;
};

DOVECOT_API_BEGIN

void io_stream_init(struct iostream_private *stream);
void io_stream_ref(struct iostream_private *stream);
/** FALSE: that was the last reference; destroy has been called, io_stream_free() is yours. */
bool io_stream_unref(struct iostream_private *stream);
/** Calls the destroy callbacks and frees. */
void io_stream_free(struct iostream_private *stream);
void io_stream_close(struct iostream_private *stream, bool close_parent);
void io_stream_set_max_buffer_size(struct iostream_private *stream, size_t max_size);
void io_stream_add_destroy_callback(struct iostream_private *stream, void (*callback)(void *),
                                    void *context);
void io_stream_remove_destroy_callback(struct iostream_private *stream, void (*callback)(void *));

/** The text of the error; the stream's stream_errno must be set besides. Replaces the last one. */
void io_stream_set_error(struct iostream_private *stream, const char *fmt, ...) ATTR_FORMAT(2, 3);
void io_stream_set_verror(struct iostream_private *stream, const char *fmt, va_list args)
    ATTR_FORMAT(2, 0);

void io_stream_switch_ioloop_to(struct iostream_private *stream, struct ioloop *ioloop);
/** The loop the stream was switched to, else the current one. */
struct ioloop *io_stream_get_ioloop(struct iostream_private *stream);

DOVECOT_API_END

#endif
