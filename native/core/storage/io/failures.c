/*
 * Log lines without an event, the handlers that plugins may put in their way, and the ends of the
 * process. Where lines go is log-sink.c's business.
 */
#include "io/log-sink.h"

#include <stdio.h>
#include <unistd.h>

const char *failure_log_type_prefixes[LOG_TYPE_COUNT + 1] = {
    "Debug: ", "Info: ", "Warning: ", "Error: ", "Fatal: ", "Panic: ", NULL,
};
const char *failure_log_type_names[LOG_TYPE_COUNT + 1] = {
    "debug", "info", "warning", "error", "fatal", "panic", NULL,
};

static failure_callback_t *fatal_handler = default_fatal_handler;
static failure_callback_t *error_handler = default_error_handler;
static failure_callback_t *info_handler = default_error_handler;
static failure_callback_t *debug_handler = default_error_handler;
static void (*exit_callback)(int *status);

static char *process_prefix;

/* Of the line that is being logged: handlers of plugins do not pass it on. */
static struct log_origin current_origin;

/* A line about a line that is being logged would never end. */
static unsigned int depth;

static void format_and_write(const struct failure_context *ctx, const char *format, va_list args)
{
    const char *prefix = ctx->log_prefix != NULL ? ctx->log_prefix : i_get_failure_prefix();
    char *message, *line;

    /* not from the data stack: this must work when it is what fails */
    if (vasprintf(&message, format, args) < 0) {
        log_sink_write(&current_origin, ctx->type, format);
        return;
    }
    if (*prefix == '\0' || asprintf(&line, "%s%s", prefix, message) < 0) {
        log_sink_write(&current_origin, ctx->type, message);
    } else {
        log_sink_write(&current_origin, ctx->type, line);
        free(line);
    }
    free(message);
}

void default_error_handler(const struct failure_context *ctx, const char *format, va_list args)
{
    int error = errno;

    format_and_write(ctx, format, args);
    errno = error;
}

void failure_exit(int status)
{
    if (exit_callback != NULL)
        exit_callback(&status);
    /* other threads are running: what exit() takes down may be in use there */
    _exit(status);
}

void default_fatal_handler(const struct failure_context *ctx, const char *format, va_list args)
{
    format_and_write(ctx, format, args);
    if (ctx->type == LOG_TYPE_PANIC)
        abort();
    failure_exit(ctx->exit_status != 0 ? ctx->exit_status : FATAL_DEFAULT);
}

static failure_callback_t *handler_of(enum log_type type)
{
    if (depth > 1)
        return type >= LOG_TYPE_FATAL ? default_fatal_handler : default_error_handler;
    switch (type) {
    case LOG_TYPE_DEBUG:
        return debug_handler;
    case LOG_TYPE_INFO:
        return info_handler;
    case LOG_TYPE_WARNING:
    case LOG_TYPE_ERROR:
        return error_handler;
    default:
        return fatal_handler;
    }
}

static void log_from(const struct log_origin *origin, const struct failure_context *ctx,
                     const char *format, va_list args)
{
    int error = errno;
    struct log_origin previous = current_origin;

    depth++;
    current_origin = *origin;
    handler_of(ctx->type)(ctx, format, args);
    if (ctx->type >= LOG_TYPE_FATAL)
        abort(); /* the handler must not return */
    current_origin = previous;
    depth--;
    errno = error;
}

void failures_log_from(const struct log_origin *origin, const struct failure_context *ctx,
                       const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_from(origin, ctx, format, args);
    va_end(args);
}

void i_log_typev(const struct failure_context *ctx, const char *format, va_list args)
{
    struct log_origin origin = LOG_ORIGIN_OF(format);

    log_from(&origin, ctx, format, args);
}

/* The body of a function that logs `format` with what follows it. */
#define LOG_LINE(...)                                      \
    do {                                                   \
        struct failure_context ctx_ = {__VA_ARGS__};       \
        struct log_origin origin_ = LOG_ORIGIN_OF(format); \
        va_list args_;                                     \
                                                           \
        va_start(args_, format);                           \
        log_from(&origin_, &ctx_, format, args_);          \
        va_end(args_);                                     \
    } while (0)

void i_log_type(const struct failure_context *ctx, const char *format, ...)
{
    struct log_origin origin = LOG_ORIGIN_OF(format);
    va_list args;

    va_start(args, format);
    log_from(&origin, ctx, format, args);
    va_end(args);
}

void i_debug(const char *format, ...)
{
    LOG_LINE(.type = LOG_TYPE_DEBUG);
}

void i_info(const char *format, ...)
{
    LOG_LINE(.type = LOG_TYPE_INFO);
}

void i_warning(const char *format, ...)
{
    LOG_LINE(.type = LOG_TYPE_WARNING);
}

void i_error(const char *format, ...)
{
    LOG_LINE(.type = LOG_TYPE_ERROR);
}

void i_fatal(const char *format, ...)
{
    LOG_LINE(.type = LOG_TYPE_FATAL);
    abort();
}

void i_fatal_status(int status, const char *format, ...)
{
    LOG_LINE(.type = LOG_TYPE_FATAL, .exit_status = status);
    abort();
}

void i_panic(const char *format, ...)
{
    LOG_LINE(.type = LOG_TYPE_PANIC);
    abort();
}

#undef i_unreached
void i_unreached(const char *source_filename, int source_linenum)
{
    /* the file name is a literal of the caller too */
    struct log_origin origin = LOG_ORIGIN_OF(source_filename);
    struct failure_context ctx = {.type = LOG_TYPE_PANIC};

    failures_log_from(&origin, &ctx, "file %s: line %d: unreached", source_filename,
                      source_linenum);
    abort();
}

void i_set_fatal_handler(failure_callback_t *callback)
{
    fatal_handler = callback != NULL ? callback : default_fatal_handler;
}

void i_set_error_handler(failure_callback_t *callback)
{
    error_handler = callback != NULL ? callback : default_error_handler;
}

void i_set_info_handler(failure_callback_t *callback)
{
    info_handler = callback != NULL ? callback : default_error_handler;
}

void i_set_debug_handler(failure_callback_t *callback)
{
    debug_handler = callback != NULL ? callback : default_error_handler;
}

void i_get_failure_handlers(failure_callback_t **fatal_callback_r,
                            failure_callback_t **error_callback_r,
                            failure_callback_t **info_callback_r,
                            failure_callback_t **debug_callback_r)
{
    *fatal_callback_r = fatal_handler;
    *error_callback_r = error_handler;
    *info_callback_r = info_handler;
    *debug_callback_r = debug_handler;
}

void i_set_failure_prefix(const char *prefix_fmt, ...)
{
    char *prefix;
    va_list args;

    va_start(args, prefix_fmt);
    if (vasprintf(&prefix, prefix_fmt, args) < 0)
        i_fatal_status(FATAL_OUTOFMEM, "Out of memory");
    va_end(args);
    free(process_prefix);
    process_prefix = prefix;
}

void i_unset_failure_prefix(void)
{
    free(process_prefix);
    process_prefix = NULL;
}

const char *i_get_failure_prefix(void)
{
    return process_prefix != NULL ? process_prefix : "";
}

void i_set_failure_exit_callback(void (*callback)(int *status))
{
    exit_callback = callback;
}
