/*
 * Events that live for one log line. The functions of struct event_passthrough have no event among
 * their arguments: they work on the one that is under construction.
 */
#include "io/event.h"

static struct event *under_construction;

static const struct event_passthrough passthrough_functions;

/* Callers are given a pointer that is not const, for the sake of the type they know. */
static struct event_passthrough *next(void)
{
    return CONST_CAST(&passthrough_functions);
}

#undef event_create_passthrough
struct event_passthrough *event_create_passthrough(struct event *parent,
                                                   const char *source_filename,
                                                   unsigned int source_linenum)
{
    if (parent != NULL && parent->passthrough) {
        under_construction = parent; /* the same line: go on with its event */
        return next();
    }
    if (under_construction != NULL)
        i_panic("Can't create a passthrough event before ->event() of the last one");
    under_construction = (event_create)(parent, source_filename, source_linenum);
    under_construction->passthrough = TRUE;
    return next();
}

static struct event_passthrough *append_log_prefix(const char *prefix)
{
    (void)event_set_append_log_prefix(under_construction, prefix);
    return next();
}

static struct event_passthrough *replace_log_prefix(const char *prefix)
{
    (void)event_replace_log_prefix(under_construction, prefix);
    return next();
}

static struct event_passthrough *set_name(const char *name)
{
    (void)event_set_name(under_construction, name);
    return next();
}

static struct event_passthrough *set_source(const char *filename, unsigned int linenum,
                                            bool literal_fname)
{
    (void)event_set_source(under_construction, filename, linenum, literal_fname);
    return next();
}

static struct event_passthrough *set_always_log_source(void)
{
    (void)event_set_always_log_source(under_construction);
    return next();
}

static struct event_passthrough *add_categories(struct event_category *const *categories)
{
    (void)event_add_categories(under_construction, categories);
    return next();
}

static struct event_passthrough *add_category(struct event_category *category)
{
    (void)event_add_category(under_construction, category);
    return next();
}

static struct event_passthrough *add_fields(const struct event_add_field *fields)
{
    (void)event_add_fields(under_construction, fields);
    return next();
}

static struct event_passthrough *add_str(const char *key, const char *value)
{
    (void)event_add_str(under_construction, key, value);
    return next();
}

static struct event_passthrough *add_int(const char *key, intmax_t num)
{
    (void)event_add_int(under_construction, key, num);
    return next();
}

static struct event_passthrough *add_int_nonzero(const char *key, intmax_t num)
{
    (void)event_add_int_nonzero(under_construction, key, num);
    return next();
}

static struct event_passthrough *add_timeval(const char *key, const struct timeval *tv)
{
    (void)event_add_timeval(under_construction, key, tv);
    return next();
}

static struct event_passthrough *inc_int(const char *key, intmax_t num)
{
    (void)event_inc_int(under_construction, key, num);
    return next();
}

static struct event_passthrough *strlist_append(const char *key, const char *value)
{
    (void)event_strlist_append(under_construction, key, value);
    return next();
}

static struct event_passthrough *strlist_replace(const char *key, const char *const *value,
                                                 unsigned int count)
{
    (void)event_strlist_replace(under_construction, key, value, count);
    return next();
}

static struct event_passthrough *clear_field(const char *key)
{
    event_field_clear(under_construction, key);
    return next();
}

static struct event *finish(void)
{
    struct event *event = under_construction;

    under_construction = NULL;
    return event;
}

static const struct event_passthrough passthrough_functions = {
    .append_log_prefix = append_log_prefix,
    .replace_log_prefix = replace_log_prefix,
    .set_name = set_name,
    .set_source = set_source,
    .set_always_log_source = set_always_log_source,
    .add_categories = add_categories,
    .add_category = add_category,
    .add_fields = add_fields,
    .add_str = add_str,
    .add_int = add_int,
    .add_int_nonzero = add_int_nonzero,
    .add_timeval = add_timeval,
    .inc_int = inc_int,
    .strlist_append = strlist_append,
    .strlist_replace = strlist_replace,
    .clear_field = clear_field,
    .event = finish,
};
