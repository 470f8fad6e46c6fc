/*
 * The life of events, their place among each other, and what they say about log lines. Fields are
 * event-fields.c's, logging is event-log.c's.
 */
#include "io/event.h"

#include "time-util.h"

static ARRAY(struct event *) global_events;

#undef event_create
struct event *event_create(struct event *parent, const char *source_filename,
                           unsigned int source_linenum)
{
    struct event *event = i_new(struct event, 1);

    event->refcount = 1;
    event->min_level = LOG_TYPE_INFO;
    if (parent != NULL) {
        event->parent = event_ref(parent);
        event->min_level = parent->min_level;
        event->forced_debug = parent->forced_debug;
    }
    event->source_filename = source_filename;
    event->source_linenum = source_linenum;
    i_gettimeofday(&event->created);
    return event;
}

struct event *event_ref(struct event *event)
{
    i_assert(event->refcount > 0);
    event->refcount++;
    return event;
}

static void free_pointers(struct event *event)
{
    struct event_pointer *pointer;

    if (!array_is_created(&event->pointers))
        return;
    array_foreach_modifiable(&event->pointers, pointer) i_free(pointer->key);
    array_free(&event->pointers);
}

void event_unref(struct event **_event)
{
    struct event *event = *_event;

    if (event == NULL)
        return;
    *_event = NULL;
    i_assert(event->refcount > 0);
    if (--event->refcount > 0)
        return;
    i_assert(event != event_get_global());
    event_free_fields(event);
    free_pointers(event);
    if (array_is_created(&event->categories))
        array_free(&event->categories);
    event_unref(&event->parent);
    i_free(event->prefix);
    i_free(event->name);
    i_free(event->source_copy);
    i_free(event);
}

struct event *event_dup(const struct event *source)
{
    struct event *event =
        event_create(source->parent, source->source_filename, source->source_linenum);

    (void)event_set_source(event, source->source_filename, source->source_linenum,
                           source->source_copy == NULL);
    event->prefix = i_strdup(source->prefix);
    event->prefix_callback = source->prefix_callback;
    event->prefix_context = source->prefix_context;
    event->replaces_prefixes = source->replaces_prefixes;
    event->dropped_prefixes = source->dropped_prefixes;
    event->message_callback = source->message_callback;
    event->message_context = source->message_context;
    event->name = i_strdup(source->name);
    event->always_log_source = source->always_log_source;
    event->min_level = source->min_level;
    event->forced_debug = source->forced_debug;
    event->created = source->created;
    event_copy_categories(event, (struct event *)source);
    event_copy_fields(event, (struct event *)source);
    return event;
}

struct event *event_get_parent(const struct event *event)
{
    return event->parent;
}

/* ---- The global events ----------------------------------------------------------------------- */

struct event *event_push_global(struct event *event)
{
    if (!array_is_created(&global_events))
        i_array_init(&global_events, 4);
    (void)event_ref(event);
    array_push_back(&global_events, &event);
    return event;
}

struct event *event_get_global(void)
{
    if (!array_is_created(&global_events) || array_is_empty(&global_events))
        return NULL;
    return array_idx_elem(&global_events, array_count(&global_events) - 1);
}

struct event *event_pop_global(struct event *event)
{
    i_assert(event != NULL && event == event_get_global());
    array_delete(&global_events, array_count(&global_events) - 1, 1);
    if (array_is_empty(&global_events))
        array_free(&global_events);
    event_unref(&event);
    return event_get_global();
}

/* ---- What it says about log lines ------------------------------------------------------------ */

static struct event *set_prefix(struct event *event, const char *prefix, bool replace)
{
    i_free(event->prefix);
    event->prefix = i_strdup(prefix);
    event->prefix_callback = NULL;
    event->prefix_context = NULL;
    event->replaces_prefixes = replace;
    return event;
}

struct event *event_set_append_log_prefix(struct event *event, const char *prefix)
{
    return set_prefix(event, prefix, FALSE);
}

struct event *event_replace_log_prefix(struct event *event, const char *prefix)
{
    return set_prefix(event, prefix, TRUE);
}

struct event *event_drop_parent_log_prefixes(struct event *event, unsigned int count)
{
    event->dropped_prefixes = count;
    return event;
}

#undef event_set_log_prefix_callback
struct event *event_set_log_prefix_callback(struct event *event, bool replace,
                                            event_log_prefix_callback_t *callback, void *context)
{
    (void)set_prefix(event, NULL, replace);
    event->prefix_callback = callback;
    event->prefix_context = context;
    return event;
}

#undef event_set_log_message_callback
struct event *event_set_log_message_callback(struct event *event,
                                             event_log_message_callback_t *callback, void *context)
{
    event->message_callback = callback;
    event->message_context = context;
    return event;
}

struct event *event_set_name(struct event *event, const char *name)
{
    i_free(event->name);
    event->name = i_strdup(name);
    return event;
}

struct event *event_set_source(struct event *event, const char *filename, unsigned int linenum,
                               bool literal_fname)
{
    char *copy = literal_fname ? NULL : i_strdup(filename);

    i_free(event->source_copy);
    event->source_copy = copy;
    event->source_filename = copy != NULL ? copy : filename;
    event->source_linenum = linenum;
    return event;
}

struct event *event_set_always_log_source(struct event *event)
{
    event->always_log_source = TRUE;
    return event;
}

struct event *event_set_min_log_level(struct event *event, enum log_type level)
{
    event->min_level = level;
    return event;
}

enum log_type event_get_min_log_level(const struct event *event)
{
    return event->min_level;
}

struct event *event_set_forced_debug(struct event *event, bool force)
{
    if (force)
        event->forced_debug = TRUE;
    return event;
}

struct event *event_unset_forced_debug(struct event *event)
{
    event->forced_debug = FALSE;
    return event;
}

/* ---- Pointers and times ---------------------------------------------------------------------- */

struct event *event_set_ptr(struct event *event, const char *key, void *value)
{
    struct event_pointer *pointer;

    if (!array_is_created(&event->pointers))
        i_array_init(&event->pointers, 4);
    array_foreach_modifiable(&event->pointers, pointer)
    {
        if (strcmp(pointer->key, key) == 0) {
            pointer->value = value;
            return event;
        }
    }
    pointer = array_append_space(&event->pointers);
    pointer->key = i_strdup(key);
    pointer->value = value;
    return event;
}

void *event_get_ptr(const struct event *event, const char *key)
{
    const struct event_pointer *pointer;

    if (!array_is_created(&event->pointers))
        return NULL;
    array_foreach(&event->pointers, pointer)
    {
        if (strcmp(pointer->key, key) == 0)
            return pointer->value;
    }
    return NULL;
}

void event_get_create_time(const struct event *event, struct timeval *tv_r)
{
    *tv_r = event->created;
}

bool event_get_last_send_time(const struct event *event, struct timeval *tv_r)
{
    *tv_r = event->sent;
    return event->sent.tv_sec != 0;
}

void event_get_last_duration(const struct event *event, uintmax_t *duration_usecs_r)
{
    long long usecs =
        event->sent.tv_sec == 0 ? 0 : timeval_diff_usecs(&event->sent, &event->created);

    /* the clock may have been set back meanwhile */
    *duration_usecs_r = usecs > 0 ? (uintmax_t)usecs : 0;
}
