/*
 * Formats what plugins log, and hands it on. Formatting happens on the plugin's thread, so a slow
 * reader of the log never holds it up.
 */
#define _GNU_SOURCE
#include "log.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static _Atomic(vsmtp_log_sink *) current_sink;

void vsmtp_log_to(vsmtp_log_sink *sink)
{
    atomic_store(&current_sink, sink);
}

static const char *level_name(int32_t level)
{
    if (level >= VSMTP_LOG_ERROR)
        return "error";
    if (level >= VSMTP_LOG_WARN)
        return "warn";
    if (level >= VSMTP_LOG_INFO)
        return "info";
    return level >= VSMTP_LOG_DEBUG ? "debug" : "trace";
}

static void deliver(const void *where, int32_t level, const char *text)
{
    vsmtp_log_sink *sink = atomic_load(&current_sink);

    if (sink != NULL)
        sink(where, level, text);
    else
        (void)fprintf(stderr, "%s: %s\n", level_name(level), text);
}

void vsmtp_log_from(const void *where, int32_t level, const char *format, va_list arguments)
{
    char *text;

    if (vasprintf(&text, format, arguments) < 0) {
        deliver(where, level, format); /* no memory: better the bare format than nothing */
        return;
    }
    deliver(where, level, text);
    free(text);
}
