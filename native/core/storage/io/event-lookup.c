/*
 * Finding and comparing fields of events.
 */
#include "io/event.h"

#include "str.h"

static const struct event_field *find_in_chain(const struct event *event, const char *key)
{
    const struct event_field *field = NULL;

    for (; event != NULL && field == NULL; event = event->parent)
        field = event_find_field_nonrecursive(event, key);
    return field;
}

const struct event_field *event_find_field_recursive(const struct event *event, const char *key)
{
    const struct event_field *field = find_in_chain(event, key);

    return field != NULL ? field : find_in_chain(event_get_global(), key);
}

static const char *join(const ARRAY_TYPE(const_string) * list)
{
    string_t *text = t_str_new(64);
    const char *elem;

    array_foreach_elem(list, elem)
    {
        if (str_len(text) > 0)
            str_append_c(text, ',');
        str_append(text, elem);
    }
    return str_c(text);
}

const char *event_find_field_recursive_str(const struct event *event, const char *key)
{
    const struct event_field *field = event_find_field_recursive(event, key);

    if (field == NULL)
        return NULL;
    switch (field->value_type) {
    case EVENT_FIELD_VALUE_TYPE_STR:
        return field->value.str;
    case EVENT_FIELD_VALUE_TYPE_INTMAX:
        return t_strdup_printf("%jd", field->value.intmax);
    case EVENT_FIELD_VALUE_TYPE_TIMEVAL:
        return t_strdup_printf("%jd.%06jd", (intmax_t)field->value.timeval.tv_sec,
                               (intmax_t)field->value.timeval.tv_usec);
    case EVENT_FIELD_VALUE_TYPE_STRLIST:
        return join(&field->value.strlist);
    }
    i_unreached();
}

const struct event_field *event_get_fields(const struct event *event, unsigned int *count_r)
{
    if (!array_is_created(&event->fields)) {
        *count_r = 0;
        return NULL;
    }
    return array_get(&event->fields, count_r);
}

static bool same_lists(const ARRAY_TYPE(const_string) * a, const ARRAY_TYPE(const_string) * b)
{
    unsigned int count = array_count(a);

    if (array_count(b) != count)
        return FALSE;
    for (unsigned int i = 0; i < count; i++) {
        if (strcmp(array_idx_elem(a, i), array_idx_elem(b, i)) != 0)
            return FALSE;
    }
    return TRUE;
}

static bool same_values(const struct event_field *a, const struct event_field *b)
{
    if (a->value_type != b->value_type)
        return FALSE;
    switch (a->value_type) {
    case EVENT_FIELD_VALUE_TYPE_STR:
        return strcmp(a->value.str, b->value.str) == 0;
    case EVENT_FIELD_VALUE_TYPE_INTMAX:
        return a->value.intmax == b->value.intmax;
    case EVENT_FIELD_VALUE_TYPE_TIMEVAL:
        return a->value.timeval.tv_sec == b->value.timeval.tv_sec &&
               a->value.timeval.tv_usec == b->value.timeval.tv_usec;
    case EVENT_FIELD_VALUE_TYPE_STRLIST:
        return same_lists(&a->value.strlist, &b->value.strlist);
    }
    i_unreached();
}

bool event_has_all_fields(struct event *event, const struct event *other)
{
    unsigned int count;
    const struct event_field *fields = event_get_fields(other, &count);

    for (unsigned int i = 0; i < count; i++) {
        const struct event_field *own = event_find_field_nonrecursive(event, fields[i].key);

        if (own == NULL || !same_values(own, &fields[i]))
            return FALSE;
    }
    return TRUE;
}
