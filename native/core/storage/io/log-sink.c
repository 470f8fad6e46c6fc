/*
 * Hands finished log lines to the embedder, with the name of the shared object they came from.
 */
#include "io/log-sink.h"

#include <dlfcn.h>
#include <stdio.h>

static storage_log_sink_t *current_sink;
static void *sink_context;
static bool debug_wanted;

void storage_log_to(storage_log_sink_t *sink, void *context)
{
    current_sink = sink;
    sink_context = context;
}

void storage_log_debug(bool all)
{
    debug_wanted = all;
}

bool storage_log_wants_debug(void)
{
    return debug_wanted;
}

const char *log_origin_file(const struct log_origin *origin)
{
    Dl_info info;

    if (dladdr(origin->format, &info) != 0 && info.dli_fname != NULL)
        return info.dli_fname;
    if (dladdr(origin->caller, &info) != 0 && info.dli_fname != NULL)
        return info.dli_fname;
    return "";
}

/* What the host's log calls it, see VSMTP_LOG_* in vsmtp/plugin.h. */
static int level_of(enum log_type type)
{
    switch (type) {
    case LOG_TYPE_DEBUG:
        return 20;
    case LOG_TYPE_INFO:
        return 30;
    case LOG_TYPE_WARNING:
        return 40;
    case LOG_TYPE_ERROR:
        return 50;
    default:
        return 60;
    }
}

static void write_to_stderr(const char *file, enum log_type type, const char *text)
{
    const char *slash = strrchr(file, '/');

    (void)fprintf(stderr, "%s: %s%s\n", slash == NULL ? file : slash + 1,
                  failure_log_type_prefixes[type], text);
}

void log_sink_write(const struct log_origin *origin, enum log_type type, const char *text)
{
    const char *file = log_origin_file(origin);
    char *line;

    if (current_sink == NULL) {
        write_to_stderr(file, type, text);
        return;
    }
    /* the text says too that the process ends, and how */
    if (type < LOG_TYPE_FATAL ||
        asprintf(&line, "%s%s", failure_log_type_prefixes[type], text) < 0) {
        current_sink(file, level_of(type), text, sink_context);
        return;
    }
    current_sink(file, level_of(type), line, sink_context);
    free(line);
}
