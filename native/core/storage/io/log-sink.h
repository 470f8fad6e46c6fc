/*
 * Where log lines of the storage library and of its plugins go: to whoever embeds the library. Also
 * who is said to have logged them.
 */
#ifndef STORAGE_IO_LOG_SINK_H
#define STORAGE_IO_LOG_SINK_H

#include "lib.h"

/**
 * Takes one line, on the storage thread; must copy what it keeps. `file` is the shared object (or
 * program) that logged it, never NULL; `level` is one of VSMTP_LOG_*: 20 debug, 30 info,
 * 40 warning, 50 error; or 60: the process ends after this line.
 */
typedef void storage_log_sink_t(const char *file, int level, const char *text, void *context);

/** Sets the sink; NULL: standard error, as "file: Level: text". */
void storage_log_to(storage_log_sink_t *sink, void *context);

/** Whether every event wants its debug lines; at first only events with forced debug do. */
void storage_log_debug(bool all);
bool storage_log_wants_debug(void);

/**
 * Two addresses that tell who logs: the format, nearly always a literal of the code that logs, and
 * where the call returns to. The second alone would be wrong after a tail call.
 */
struct log_origin {
    const void *format;
    const void *caller;
};

#define LOG_ORIGIN_OF(format) ((struct log_origin){(format), __builtin_return_address(0)})

/** The file that is loaded at one of the addresses. Lives as long as that is loaded. */
const char *log_origin_file(const struct log_origin *origin);

/** Hands one finished line to the sink. */
void log_sink_write(const struct log_origin *origin, enum log_type type, const char *text);

/** i_log_type() in the name of somebody else. */
void failures_log_from(const struct log_origin *origin, const struct failure_context *ctx,
                       const char *format, ...) ATTR_FORMAT(3, 4);

#endif
