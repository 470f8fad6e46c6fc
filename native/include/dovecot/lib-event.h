/*
 * Events: what a piece of work is about. An event has a parent (mailbox → user → none), a
 * prefix for log lines, categories, and fields; children see their parents' fields. Log with them
 * through the e_*() macros of event-log.h.
 *
 * Setters return the event they were given, so that calls can be nested. Strings are copied.
 */
#ifndef DOVECOT_LIB_EVENT_H
#define DOVECOT_LIB_EVENT_H

#include <inttypes.h>
#include <sys/time.h>

#include "array-decl.h"
#include "compat.h"
#include "failures.h"
#include "macros.h"

/** The string list field in which reasons collect, see event_reason_begin(). */
#define EVENT_REASON_CODE "reason_code"

struct event;
struct event_reason;

/**
 * A category, usually a static variable. It must live as long as events use it. Two categories of
 * the same name and parent are the same one.
 */
struct event_category {
    struct event_category *parent;
    const char *name;
    void *internal; /* the core's */
};

enum event_field_value_type {
    EVENT_FIELD_VALUE_TYPE_STR,
    EVENT_FIELD_VALUE_TYPE_INTMAX,
    EVENT_FIELD_VALUE_TYPE_TIMEVAL,
    EVENT_FIELD_VALUE_TYPE_STRLIST
};

/** A field of an event. All of it belongs to the event and lives until the field changes. */
struct event_field {
    const char *key;
    enum event_field_value_type value_type;
    struct {
        const char *str;
        intmax_t intmax;
        struct timeval timeval;
        ARRAY_TYPE(const_string) strlist;
    } value;
};

/** For event_add_fields(): the first value that is neither NULL nor zero counts. */
struct event_add_field {
    const char *key;
    const char *value;
    intmax_t value_intmax;
    struct timeval value_timeval;
};

/**
 * An event for one log line, made in the argument of an e_*() macro and freed by it:
 *
 *     e_info(event_create_passthrough(box->event)->set_name("moved")->add_int("uid", uid)->event(),
 *            "Moved UID %u", uid);
 *
 * The functions work on the newest passthrough event; only one can be under construction.
 */
struct event_passthrough {
    struct event_passthrough *(*append_log_prefix)(const char *prefix);
    struct event_passthrough *(*replace_log_prefix)(const char *prefix);
    struct event_passthrough *(*set_name)(const char *name);
    struct event_passthrough *(*set_source)(const char *filename, unsigned int linenum,
                                            bool literal_fname);
    struct event_passthrough *(*set_always_log_source)(void);
    struct event_passthrough *(*add_categories)(struct event_category *const *categories);
    struct event_passthrough *(*add_category)(struct event_category *category);
    struct event_passthrough *(*add_fields)(const struct event_add_field *fields);
    struct event_passthrough *(*add_str)(const char *key, const char *value);
    struct event_passthrough *(*add_int)(const char *key, intmax_t num);
    struct event_passthrough *(*add_int_nonzero)(const char *key, intmax_t num);
    struct event_passthrough *(*add_timeval)(const char *key, const struct timeval *tv);
    struct event_passthrough *(*inc_int)(const char *key, intmax_t num);
    struct event_passthrough *(*strlist_append)(const char *key, const char *value);
    struct event_passthrough *(*strlist_replace)(const char *key, const char *const *value,
                                                 unsigned int count);
    struct event_passthrough *(*clear_field)(const char *key);
    struct event *(*event)(void);
};

/** Make a prefix, or a message's new text, when a line is logged. May return t_*() memory. */
typedef const char *event_log_prefix_callback_t(void *context);
typedef const char *event_log_message_callback_t(void *context, enum log_type log_type,
                                                 const char *message);

DOVECOT_API_BEGIN

/* ---- Life ------------------------------------------------------------------------------------ */

/** A new event with one reference, which keeps a reference to its parent (or NULL). */
struct event *event_create(struct event *parent, const char *source_filename,
                           unsigned int source_linenum);
#define event_create(parent) event_create((parent), __FILE__, __LINE__)

struct event_passthrough *event_create_passthrough(struct event *parent,
                                                   const char *source_filename,
                                                   unsigned int source_linenum);
#define event_create_passthrough(parent) event_create_passthrough((parent), __FILE__, __LINE__)

/** References. unref sets the pointer to NULL; NULL is skipped. */
struct event *event_ref(struct event *event);
void event_unref(struct event **event);

/** A copy with the same parent, fields and categories; pointers of event_set_ptr() excepted. */
struct event *event_dup(const struct event *source);

/** Ends a passthrough event that is not logged after all. Other events: nothing. */
void event_send_abort(struct event *event);

/* ---- The global events: what is being done right now --------------------------------------- */

/**
 * Fields of the newest global event are found from every event. Popping needs the event that is
 * newest, and returns the next one or NULL.
 */
struct event *event_push_global(struct event *event);
struct event *event_pop_global(struct event *event);
struct event *event_get_global(void);

/** Pushes a global event with this reason code (see event_reason_code()) until _end is called. */
struct event_reason *event_reason_begin(const char *reason_code, const char *source_filename,
                                        unsigned int source_linenum);
#define event_reason_begin(reason_code) event_reason_begin(reason_code, __FILE__, __LINE__)
void event_reason_end(struct event_reason **reason);

/**
 * "module:name" with name in lower case and '_' for spaces and '-'. Panics on an empty part, on ':'
 * and on a module that is not written like that already. From the data stack.
 */
const char *event_reason_code(const char *module, const char *name);
const char *event_reason_code_prefix(const char *module, const char *name_prefix, const char *name);

/* ---- Log lines ------------------------------------------------------------------------------- */

/** This event's part of the prefix; parents' parts stand before it, unless it replaces them. */
struct event *event_set_append_log_prefix(struct event *event, const char *prefix);
struct event *event_replace_log_prefix(struct event *event, const char *prefix);

/** Leaves out the `count` nearest prefixes of parents. */
struct event *event_drop_parent_log_prefixes(struct event *event, unsigned int count);

/** The prefix made when a line is logged, by callback(context). */
struct event *event_set_log_prefix_callback(struct event *event, bool replace,
                                            event_log_prefix_callback_t *callback, void *context);
#define event_set_log_prefix_callback(event, replace, callback, context)                     \
    event_set_log_prefix_callback(                                                           \
        ((void)CALLBACK_TYPECHECK(callback, const char *(*)(__typeof__(context))), (event)), \
        replace, (event_log_prefix_callback_t *)callback, context)

/** Changes the text of lines of this event and its children, by callback(context, type, text). */
struct event *event_set_log_message_callback(struct event *event,
                                             event_log_message_callback_t *callback, void *context);
#define event_set_log_message_callback(event, callback, context)                           \
    event_set_log_message_callback(                                                        \
        ((void)CALLBACK_TYPECHECK(                                                         \
             callback, const char *(*)(__typeof__(context), enum log_type, const char *)), \
         (event)),                                                                         \
        (event_log_message_callback_t *)callback, context)

/** The name of what happened, for the next line only. */
struct event *event_set_name(struct event *event, const char *name);

/** Where the event comes from. literal_fname: the file name is a literal and need not be copied. */
struct event *event_set_source(struct event *event, const char *filename, unsigned int linenum,
                               bool literal_fname);
/** Lines of this event begin with the file and line that logged them. */
struct event *event_set_always_log_source(struct event *event);

/** The least severe type that is logged, LOG_TYPE_INFO at first; children take it over. */
struct event *event_set_min_log_level(struct event *event, enum log_type level);
enum log_type event_get_min_log_level(const struct event *event);

/* ---- Categories and fields ------------------------------------------------------------------- */

struct event *event_add_categories(struct event *event, struct event_category *const *categories);
struct event *event_add_category(struct event *event, struct event_category *category);
/** The event's own categories, without its parents'. */
struct event_category *const *event_get_categories(const struct event *event,
                                                   unsigned int *count_r);
/** Whether `event` itself has all categories, or all fields, that `other` itself has. */
bool event_has_all_categories(struct event *event, const struct event *other);
bool event_has_all_fields(struct event *event, const struct event *other);
void event_copy_categories(struct event *to, struct event *from);
void event_copy_fields(struct event *to, struct event *from);

/** Set a field. NULL does nothing, "" hides a parent's field. */
struct event *event_add_str(struct event *event, const char *key, const char *value);
struct event *event_add_int(struct event *event, const char *key, intmax_t num);
struct event *event_add_int_nonzero(struct event *event, const char *key, intmax_t num);
struct event *event_inc_int(struct event *event, const char *key, intmax_t num);
struct event *event_add_timeval(struct event *event, const char *key, const struct timeval *tv);
/** The list ends with a NULL key. */
struct event *event_add_fields(struct event *event, const struct event_add_field *fields);
void event_field_clear(struct event *event, const char *key);

/** String lists. Appending skips NULL and what is there already. */
struct event *event_strlist_append(struct event *event, const char *key, const char *value);
struct event *event_strlist_replace(struct event *event, const char *key, const char *const *value,
                                    unsigned int count);
/** Appends the lists of `src`, of its parents and of the global event. */
struct event *event_strlist_copy_recursive(struct event *dest, const struct event *src,
                                           const char *key);

/** Find a field in the event; in it, its parents and the global event; as text; or NULL. */
struct event_field *event_find_field_nonrecursive(const struct event *event, const char *key);
const struct event_field *event_find_field_recursive(const struct event *event, const char *key);
const char *event_find_field_recursive_str(const struct event *event, const char *key);
/** The event's own fields. */
const struct event_field *event_get_fields(const struct event *event, unsigned int *count_r);

/** Pointers kept with this event only, under names of their own. */
struct event *event_set_ptr(struct event *event, const char *key, void *value);
void *event_get_ptr(const struct event *event, const char *key);

struct event *event_get_parent(const struct event *event);
void event_get_create_time(const struct event *event, struct timeval *tv_r);
/** When a line was last logged with the event; FALSE: never. */
bool event_get_last_send_time(const struct event *event, struct timeval *tv_r);
/** From the event's creation to that time, in microseconds; 0: never. */
void event_get_last_duration(const struct event *event, uintmax_t *duration_usecs_r);

DOVECOT_API_END

#endif
