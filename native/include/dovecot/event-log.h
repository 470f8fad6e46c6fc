/*
 * Logging with an event: the line gets the event's prefixes and those of its parents. A line whose
 * level the event does not want costs one call and is never formatted. Passthrough events (see
 * lib-event.h) end here, whether or not the line is logged.
 */
#ifndef DOVECOT_EVENT_LOG_H
#define DOVECOT_EVENT_LOG_H

#include <stdarg.h>

#include "failures.h"
#include "lib-event.h"

struct buffer;

/** How event_log() logs. */
struct event_log_params {
    enum log_type log_type;
    const char *source_filename;
    unsigned int source_linenum;

    /* The line is also appended to base_str_out, with the prefixes below base_event only. */
    struct event *base_event;
    struct buffer *base_str_out;

    /* Inserted at base_event's place: behind its own prefix in the log, first in base_str_out. */
    const char *base_send_prefix;
    const char *base_str_prefix;

    bool no_send : 1; /* only base_str_out */
};

DOVECOT_API_BEGIN

/** Whether a line of this level would be logged: for building an expensive line only then. */
bool event_want_log_level(struct event *event, enum log_type level, const char *source_filename,
                          unsigned int source_linenum);
#define event_want_log_level(event, level) \
    event_want_log_level((event), (level), __FILE__, __LINE__)
#define event_want_debug_log(event) event_want_log_level((event), LOG_TYPE_DEBUG)
bool event_want_level(struct event *event, enum log_type level, const char *source_filename,
                      unsigned int source_linenum);
#define event_want_level(event, level) event_want_level((event), (level), __FILE__, __LINE__)
#define event_want_debug(event) event_want_level((event), LOG_TYPE_DEBUG)

/** Log one line: e_error(event, "rename(%s) failed: %m", path). Called as macros, see below. */
void e_debug(struct event *event, const char *source_filename, unsigned int source_linenum,
             const char *fmt, ...) ATTR_FORMAT(4, 5);
void e_info(struct event *event, const char *source_filename, unsigned int source_linenum,
            const char *fmt, ...) ATTR_FORMAT(4, 5);
void e_warning(struct event *event, const char *source_filename, unsigned int source_linenum,
               const char *fmt, ...) ATTR_FORMAT(4, 5);
void e_error(struct event *event, const char *source_filename, unsigned int source_linenum,
             const char *fmt, ...) ATTR_FORMAT(4, 5);
void e_log(struct event *event, enum log_type level, const char *source_filename,
           unsigned int source_linenum, const char *fmt, ...) ATTR_FORMAT(5, 6);

#define EVENT_LOG_IF_WANTED_(target, level, ...)       \
    STMT_START                                         \
    {                                                  \
        struct event *event_log_event_ = (target);     \
        if (event_want_level(event_log_event_, level)) \
            __VA_ARGS__;                               \
        else                                           \
            event_send_abort(event_log_event_);        \
    }                                                  \
    STMT_END
#define e_debug(event, ...)                     \
    EVENT_LOG_IF_WANTED_(event, LOG_TYPE_DEBUG, \
                         (e_debug)(event_log_event_, __FILE__, __LINE__, __VA_ARGS__))
#define e_info(event, ...)                     \
    EVENT_LOG_IF_WANTED_(event, LOG_TYPE_INFO, \
                         (e_info)(event_log_event_, __FILE__, __LINE__, __VA_ARGS__))
#define e_warning(event, ...)                     \
    EVENT_LOG_IF_WANTED_(event, LOG_TYPE_WARNING, \
                         (e_warning)(event_log_event_, __FILE__, __LINE__, __VA_ARGS__))
#define e_error(event, ...)                     \
    EVENT_LOG_IF_WANTED_(event, LOG_TYPE_ERROR, \
                         (e_error)(event_log_event_, __FILE__, __LINE__, __VA_ARGS__))
#define e_log(event, level, ...)       \
    EVENT_LOG_IF_WANTED_(event, level, \
                         (e_log)(event_log_event_, level, __FILE__, __LINE__, __VA_ARGS__))

/** The general form: whatever `params` says, whether the level is wanted or not. */
void event_log(struct event *event, const struct event_log_params *params, const char *fmt, ...)
    ATTR_FORMAT(3, 4);
void event_logv(struct event *event, const struct event_log_params *params, const char *fmt,
                va_list args) ATTR_FORMAT(3, 0);

/**
 * Forced debug: debug lines of this event and of the children created from now on are logged.
 * `force` FALSE changes nothing; unset does. Both return the event.
 */
struct event *event_set_forced_debug(struct event *event, bool force);
struct event *event_unset_forced_debug(struct event *event);

DOVECOT_API_END

#endif
