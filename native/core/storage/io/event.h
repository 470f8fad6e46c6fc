/*
 * The inside of an event, for the event-*.c files.
 */
#ifndef STORAGE_IO_EVENT_H
#define STORAGE_IO_EVENT_H

#include "array.h"
#include "lib.h"

struct event_pointer {
    char *key;
    void *value;
};

ARRAY_DEFINE_TYPE(event_category, struct event_category *);
ARRAY_DEFINE_TYPE(event_field, struct event_field);

struct event {
    struct event *parent; /* a reference */
    int refcount;

    char *prefix; /* NULL: none, or made by the callback */
    event_log_prefix_callback_t *prefix_callback;
    void *prefix_context;
    bool replaces_prefixes;
    unsigned int dropped_prefixes; /* of the parents, the nearest first */

    event_log_message_callback_t *message_callback;
    void *message_context;

    char *name;
    const char *source_filename; /* a literal, or the same as source_copy */
    char *source_copy;
    unsigned int source_linenum;
    bool always_log_source;

    enum log_type min_level;
    bool forced_debug;
    bool passthrough;

    struct timeval created;
    struct timeval sent; /* tv_sec 0: never */

    ARRAY_TYPE(event_category) categories;
    ARRAY_TYPE(event_field) fields; /* keys and values are malloc'ed */
    ARRAY(struct event_pointer) pointers;
};

void event_free_fields(struct event *event);

#endif
