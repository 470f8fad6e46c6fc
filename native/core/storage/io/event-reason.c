/*
 * Reason codes: global events that say why something is being done.
 */
#include "io/event.h"

#include "str.h"

struct event_reason {
    struct event *event;
};

#undef event_reason_begin
struct event_reason *event_reason_begin(const char *reason_code, const char *source_filename,
                                        unsigned int source_linenum)
{
    struct event_reason *reason = i_new(struct event_reason, 1);

    reason->event = (event_create)(event_get_global(), source_filename, source_linenum);
    (void)event_strlist_append(reason->event, EVENT_REASON_CODE, reason_code);
    (void)event_push_global(reason->event);
    return reason;
}

void event_reason_end(struct event_reason **_reason)
{
    struct event_reason *reason = *_reason;

    if (reason == NULL)
        return;
    *_reason = NULL;
    (void)event_pop_global(reason->event);
    event_unref(&reason->event);
    i_free(reason);
}

static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == ' ' || *text == '-' || *text == ':' || i_isupper(*text))
            return FALSE;
    }
    return TRUE;
}

const char *event_reason_code_prefix(const char *module, const char *name_prefix, const char *name)
{
    string_t *code = t_str_new(64);

    i_assert(module[0] != '\0' && is_plain(module) && is_plain(name_prefix));
    i_assert(name[0] != '\0' && strchr(name, ':') == NULL);
    str_printfa(code, "%s:%s", module, name_prefix);
    for (; *name != '\0'; name++)
        str_append_c(code, *name == ' ' || *name == '-' ? '_' : i_tolower(*name));
    return str_c(code);
}

const char *event_reason_code(const char *module, const char *name)
{
    return event_reason_code_prefix(module, "", name);
}
