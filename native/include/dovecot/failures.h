/*
 * Logging without an event, and the ends of a process that cannot go on. Every line reaches the
 * host's log with the name of the shared object that logged it. Formats may use %m; errno is kept.
 *
 * Prefer the e_*() macros of event-log.h where an event is at hand: its prefixes say which user and
 * which mailbox the line is about.
 */
#ifndef DOVECOT_FAILURES_H
#define DOVECOT_FAILURES_H

#include <stdarg.h>
#include <time.h>

#include "compat.h"
#include "macros.h"

/** Exit statuses of i_fatal() and its relatives. */
enum fatal_exit_status {
    FATAL_LOGOPEN = 80,
    FATAL_LOGWRITE = 81,
    FATAL_LOGERROR = 82,
    FATAL_OUTOFMEM = 83,
    FATAL_EXEC = 84,
    FATAL_DEFAULT = 89
};

/** Kinds of log lines, the least severe first. */
enum log_type {
    LOG_TYPE_DEBUG,
    LOG_TYPE_INFO,
    LOG_TYPE_WARNING,
    LOG_TYPE_ERROR,
    LOG_TYPE_FATAL,
    LOG_TYPE_PANIC,

    LOG_TYPE_COUNT,
    LOG_TYPE_OPTION
};

/** What a failure handler is told about a line. The host stamps lines: timestamp may be NULL. */
struct failure_context {
    enum log_type type;
    int exit_status; /* LOG_TYPE_FATAL only; 0: FATAL_DEFAULT */
    const struct tm *timestamp;
    unsigned int timestamp_usecs;
    const char *log_prefix; /* instead of the process's prefix, if not NULL */
    unsigned int log_prefix_type_pos;
};

/** Takes one line. Must not keep any of the pointers. */
typedef void failure_callback_t(const struct failure_context *ctx, const char *format,
                                va_list args);

DOVECOT_API_BEGIN

/** By enum log_type: what introduces a line ("Error: ") and the type's name ("error"). */
extern const char *failure_log_type_prefixes[];
extern const char *failure_log_type_names[];

/** Logs one line of the type in `ctx`. Fatal and panic lines do not return. */
void i_log_type(const struct failure_context *ctx, const char *format, ...) ATTR_FORMAT(2, 3);
void i_log_typev(const struct failure_context *ctx, const char *format, va_list args)
    ATTR_FORMAT(2, 0);

/** Log one line. i_debug() is not subject to any debug setting. */
void i_debug(const char *format, ...) ATTR_FORMAT(1, 2);
void i_info(const char *format, ...) ATTR_FORMAT(1, 2);
void i_warning(const char *format, ...) ATTR_FORMAT(1, 2);
void i_error(const char *format, ...) ATTR_FORMAT(1, 2) ATTR_COLD;

/** Log one line and exit: with FATAL_DEFAULT, or with `status`. */
void i_fatal(const char *format, ...) ATTR_FORMAT(1, 2) ATTR_NORETURN ATTR_COLD;
void i_fatal_status(int status, const char *format, ...) ATTR_FORMAT(2, 3) ATTR_NORETURN ATTR_COLD;

/** Logs one line and aborts: the state of the process is wrong. i_assert() leads here. */
void i_panic(const char *format, ...) ATTR_FORMAT(1, 2) ATTR_NORETURN ATTR_COLD;

/** Marks a place that control cannot reach; panics if it does. */
void i_unreached(const char *source_filename, int source_linenum) ATTR_NORETURN ATTR_COLD;
#define i_unreached() i_unreached(__FILE__, __LINE__)

/**
 * Replace what happens to lines: fatal takes fatal and panic lines and must not return, error
 * takes errors and warnings. NULL puts the default back, which is the host's log.
 */
void i_set_fatal_handler(failure_callback_t *callback);
void i_set_error_handler(failure_callback_t *callback);
void i_set_info_handler(failure_callback_t *callback);
void i_set_debug_handler(failure_callback_t *callback);
void i_get_failure_handlers(failure_callback_t **fatal_callback_r,
                            failure_callback_t **error_callback_r,
                            failure_callback_t **info_callback_r,
                            failure_callback_t **debug_callback_r);

/** The default handlers, for handlers that only want to see a line go by. */
void default_fatal_handler(const struct failure_context *ctx, const char *format,
                           va_list args) ATTR_NORETURN ATTR_FORMAT(2, 0);
void default_error_handler(const struct failure_context *ctx, const char *format, va_list args)
    ATTR_FORMAT(2, 0);

/** The process's prefix of every line; "" at first. The text is copied. */
void i_set_failure_prefix(const char *prefix_fmt, ...) ATTR_FORMAT(1, 2);
void i_unset_failure_prefix(void);
const char *i_get_failure_prefix(void);

/** Called before exit with the status, which it may change. NULL: none. */
void i_set_failure_exit_callback(void (*callback)(int *status));
/** Calls that callback and exits. */
void failure_exit(int status) ATTR_NORETURN ATTR_COLD;

DOVECOT_API_END

#endif
