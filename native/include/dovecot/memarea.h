/*
 * Counted memory: the buffers of input streams, which a filter or a snapshot may hold on to while
 * the stream moves on to another one.
 */
#ifndef DOVECOT_MEMAREA_H
#define DOVECOT_MEMAREA_H

#include "compat.h"
#include "macros.h"

struct memarea;

typedef void memarea_free_callback_t(void *context);

DOVECOT_API_BEGIN

/** callback(context) frees the data when the last reference is gone. */
struct memarea *memarea_init(const void *data, size_t size, memarea_free_callback_t *callback,
                             void *context);
#define memarea_init(data, size, callback, context)                                          \
    memarea_init(data, (size) + CALLBACK_TYPECHECK(callback, void (*)(__typeof__(context))), \
                 (memarea_free_callback_t *)callback, context)
struct memarea *memarea_init_empty(void);

void memarea_ref(struct memarea *area);
void memarea_unref(struct memarea **area);
/** The last reference only: the data stays the caller's. */
void memarea_free_without_callback(struct memarea **area);

unsigned int memarea_get_refcount(struct memarea *area);
const void *memarea_get(struct memarea *area, size_t *size_r);
size_t memarea_get_size(struct memarea *area);

/** For data that needs no freeing. */
void memarea_free_callback_noop(void *context);

DOVECOT_API_END

#endif
