/*
 * Log lines with an event: whether they are wanted, the prefixes of the event and its parents, and
 * what those make of the text.
 */
#include "io/event.h"
#include "io/log-sink.h"

#include "str.h"
#include "time-util.h"

#undef event_want_log_level
bool event_want_log_level(struct event *event, enum log_type level,
                          const char *source_filename ATTR_UNUSED,
                          unsigned int source_linenum ATTR_UNUSED)
{
    if (level >= event->min_level)
        return TRUE;
    return level == LOG_TYPE_DEBUG && (event->forced_debug || storage_log_wants_debug());
}

#undef event_want_level
bool event_want_level(struct event *event, enum log_type level, const char *source_filename,
                      unsigned int source_linenum)
{
    return event_want_log_level(event, level, source_filename, source_linenum);
}

/* A line on its way up through the events. */
struct line {
    const struct event_log_params *params;
    const char *message;   /* as changed so far */
    string_t *prefix;      /* of the events so far */
    const char *replaced;  /* the prefix that replaces the process's, or NULL */
    const char *base_text; /* for base_str_out */
    unsigned int to_drop;  /* prefixes of parents to come */
};

static const char *prefix_of(const struct event *event)
{
    return event->prefix_callback != NULL ? event->prefix_callback(event->prefix_context)
                                          : event->prefix;
}

/* The line as it stands goes to base_str_out, with what is to mark the place. */
static void pass_base_event(struct line *line)
{
    const struct event_log_params *params = line->params;

    line->base_text = t_strconcat(params->base_str_prefix == NULL ? "" : params->base_str_prefix,
                                  str_c(line->prefix), line->message, NULL);
    if (params->base_send_prefix != NULL)
        str_insert(line->prefix, 0, params->base_send_prefix);
}

static void add_prefix(struct line *line, const char *prefix, bool replaces)
{
    if (replaces)
        line->replaced = prefix;
    else
        str_insert(line->prefix, 0, prefix);
}

/* Takes in what one event says. Returns FALSE if its parents have no say. */
static bool pass_event(struct line *line, const struct event *event, bool is_parent)
{
    const char *prefix = prefix_of(event);

    if (event == line->params->base_event)
        pass_base_event(line);
    if (event->message_callback != NULL)
        line->message =
            event->message_callback(event->message_context, line->params->log_type, line->message);
    if (prefix != NULL && is_parent && line->to_drop > 0)
        line->to_drop--;
    else if (prefix != NULL)
        add_prefix(line, prefix, event->replaces_prefixes);
    line->to_drop += event->dropped_prefixes;
    return prefix == NULL || !event->replaces_prefixes;
}

static void send_line(struct event *event, const struct line *line, const struct log_origin *origin)
{
    struct failure_context ctx = {.type = line->params->log_type, .log_prefix = line->replaced};

    i_gettimeofday(&event->sent);
    if (event->always_log_source)
        failures_log_from(origin, &ctx, "%s:%u: %s%s", line->params->source_filename,
                          line->params->source_linenum, str_c(line->prefix), line->message);
    else
        failures_log_from(origin, &ctx, "%s%s", str_c(line->prefix), line->message);
}

static void build_and_send(struct event *event, const struct event_log_params *params,
                           const struct log_origin *origin, const char *fmt, va_list args)
{
    struct line line = {.params = params, .message = t_strdup_vprintf(fmt, args)};
    const struct event *up = event;

    line.prefix = t_str_new(128);
    do {
        if (!pass_event(&line, up, up != event))
            break;
        up = up->parent;
    } while (up != NULL);
    if (params->base_str_out != NULL && line.base_text == NULL)
        line.base_text = t_strconcat(str_c(line.prefix), line.message, NULL);
    if (params->base_str_out != NULL)
        str_append(params->base_str_out, line.base_text);
    if (!params->no_send)
        send_line(event, &line, origin);
}

static void log_event(struct event *event, const struct event_log_params *params,
                      const struct log_origin *origin, const char *fmt, va_list args)
{
    int error = errno; /* for %m, and the caller's */

    if (params->base_str_out != NULL) {
        /* no frame: the caller's string may be on the data stack and has to grow */
        build_and_send(event, params, origin, fmt, args);
    } else {
        T_BEGIN
        {
            errno = error;
            build_and_send(event, params, origin, fmt, args);
        }
        T_END;
    }
    i_free(event->name); /* it was the name of this line only */
    event_send_abort(event);
    errno = error;
}

void event_send_abort(struct event *event)
{
    if (event != NULL && event->passthrough)
        event_unref(&event);
}

void event_logv(struct event *event, const struct event_log_params *params, const char *fmt,
                va_list args)
{
    struct log_origin origin = LOG_ORIGIN_OF(fmt);

    log_event(event, params, &origin, fmt, args);
}

void event_log(struct event *event, const struct event_log_params *params, const char *fmt, ...)
{
    struct log_origin origin = LOG_ORIGIN_OF(fmt);
    va_list args;

    va_start(args, fmt);
    log_event(event, params, &origin, fmt, args);
    va_end(args);
}

/* The body of a function that logs `fmt` with what follows it. */
#define LOG_EVENT(type)                                   \
    do {                                                  \
        struct event_log_params params_ = {               \
            .log_type = (type),                           \
            .source_filename = source_filename,           \
            .source_linenum = source_linenum,             \
        };                                                \
        struct log_origin origin_ = LOG_ORIGIN_OF(fmt);   \
        va_list args_;                                    \
                                                          \
        va_start(args_, fmt);                             \
        log_event(event, &params_, &origin_, fmt, args_); \
        va_end(args_);                                    \
    } while (0)

#undef e_debug
void e_debug(struct event *event, const char *source_filename, unsigned int source_linenum,
             const char *fmt, ...)
{
    LOG_EVENT(LOG_TYPE_DEBUG);
}

#undef e_info
void e_info(struct event *event, const char *source_filename, unsigned int source_linenum,
            const char *fmt, ...)
{
    LOG_EVENT(LOG_TYPE_INFO);
}

#undef e_warning
void e_warning(struct event *event, const char *source_filename, unsigned int source_linenum,
               const char *fmt, ...)
{
    LOG_EVENT(LOG_TYPE_WARNING);
}

#undef e_error
void e_error(struct event *event, const char *source_filename, unsigned int source_linenum,
             const char *fmt, ...)
{
    LOG_EVENT(LOG_TYPE_ERROR);
}

#undef e_log
void e_log(struct event *event, enum log_type level, const char *source_filename,
           unsigned int source_linenum, const char *fmt, ...)
{
    LOG_EVENT(level);
}
