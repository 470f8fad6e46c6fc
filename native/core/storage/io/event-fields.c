/*
 * Categories and fields of events. Everything a field points to is its event's own copy.
 */
#include "io/event.h"

#include "str.h"

/* ---- Categories ------------------------------------------------------------------------------ */

static bool same_category(const struct event_category *a, const struct event_category *b)
{
    while (a != b) {
        if (a == NULL || b == NULL || strcmp(a->name, b->name) != 0)
            return FALSE;
        a = a->parent;
        b = b->parent;
    }
    return TRUE;
}

static bool has_category(const struct event *event, const struct event_category *wanted)
{
    struct event_category *category;

    if (!array_is_created(&event->categories))
        return FALSE;
    array_foreach_elem(&event->categories, category)
    {
        if (same_category(category, wanted))
            return TRUE;
    }
    return FALSE;
}

struct event *event_add_category(struct event *event, struct event_category *category)
{
    if (has_category(event, category))
        return event;
    if (!array_is_created(&event->categories))
        i_array_init(&event->categories, 4);
    array_push_back(&event->categories, &category);
    return event;
}

struct event *event_add_categories(struct event *event, struct event_category *const *categories)
{
    for (; *categories != NULL; categories++)
        (void)event_add_category(event, *categories);
    return event;
}

struct event_category *const *event_get_categories(const struct event *event, unsigned int *count_r)
{
    if (!array_is_created(&event->categories)) {
        *count_r = 0;
        return NULL;
    }
    return array_get(&event->categories, count_r);
}

bool event_has_all_categories(struct event *event, const struct event *other)
{
    struct event_category *category;

    if (!array_is_created(&other->categories))
        return TRUE;
    array_foreach_elem(&other->categories, category)
    {
        if (!has_category(event, category))
            return FALSE;
    }
    return TRUE;
}

void event_copy_categories(struct event *to, struct event *from)
{
    struct event_category *category;

    if (!array_is_created(&from->categories))
        return;
    array_foreach_elem(&from->categories, category)(void) event_add_category(to, category);
}

/* ---- Setting fields -------------------------------------------------------------------------- */

static void free_value(struct event_field *field)
{
    char *text = (char *)field->value.str;

    i_free(text);
    if (array_is_created(&field->value.strlist)) {
        const char *elem;

        array_foreach_elem(&field->value.strlist, elem)
        {
            text = (char *)elem;
            i_free(text);
        }
        array_free(&field->value.strlist);
    }
    i_zero(&field->value);
}

void event_free_fields(struct event *event)
{
    struct event_field *field;

    if (!array_is_created(&event->fields))
        return;
    array_foreach_modifiable(&event->fields, field)
    {
        char *key = (char *)field->key;

        free_value(field);
        i_free(key);
    }
    array_free(&event->fields);
}

struct event_field *event_find_field_nonrecursive(const struct event *event, const char *key)
{
    struct event_field *field;
    ARRAY_TYPE(event_field) fields = event->fields;

    if (!array_is_created(&fields))
        return NULL;
    array_foreach_modifiable(&fields, field)
    {
        if (strcmp(field->key, key) == 0)
            return field;
    }
    return NULL;
}

static struct event_field *find_or_add(struct event *event, const char *key)
{
    struct event_field *field = event_find_field_nonrecursive(event, key);

    if (field != NULL)
        return field;
    if (!array_is_created(&event->fields))
        i_array_init(&event->fields, 8);
    field = array_append_space(&event->fields);
    field->key = i_strdup(key);
    return field;
}

/* The field with an empty value of that type. */
static struct event_field *renew(struct event *event, const char *key,
                                 enum event_field_value_type type)
{
    struct event_field *field = find_or_add(event, key);

    free_value(field);
    field->value_type = type;
    return field;
}

struct event *event_add_str(struct event *event, const char *key, const char *value)
{
    char *copy = i_strdup(value); /* it may be the old value */

    if (copy != NULL)
        renew(event, key, EVENT_FIELD_VALUE_TYPE_STR)->value.str = copy;
    return event;
}

struct event *event_add_int(struct event *event, const char *key, intmax_t num)
{
    renew(event, key, EVENT_FIELD_VALUE_TYPE_INTMAX)->value.intmax = num;
    return event;
}

struct event *event_add_int_nonzero(struct event *event, const char *key, intmax_t num)
{
    return num == 0 ? event : event_add_int(event, key, num);
}

struct event *event_inc_int(struct event *event, const char *key, intmax_t num)
{
    struct event_field *field = event_find_field_nonrecursive(event, key);

    if (field == NULL || field->value_type != EVENT_FIELD_VALUE_TYPE_INTMAX)
        return event_add_int(event, key, num);
    field->value.intmax += num;
    return event;
}

struct event *event_add_timeval(struct event *event, const char *key, const struct timeval *tv)
{
    renew(event, key, EVENT_FIELD_VALUE_TYPE_TIMEVAL)->value.timeval = *tv;
    return event;
}

struct event *event_add_fields(struct event *event, const struct event_add_field *fields)
{
    for (; fields->key != NULL; fields++) {
        if (fields->value != NULL)
            (void)event_add_str(event, fields->key, fields->value);
        else if (fields->value_timeval.tv_sec != 0)
            (void)event_add_timeval(event, fields->key, &fields->value_timeval);
        else
            (void)event_add_int(event, fields->key, fields->value_intmax);
    }
    return event;
}

void event_field_clear(struct event *event, const char *key)
{
    (void)event_add_str(event, key, "");
}

static bool strlist_has(const ARRAY_TYPE(const_string) * list, const char *value)
{
    const char *elem;

    array_foreach_elem(list, elem)
    {
        if (strcmp(elem, value) == 0)
            return TRUE;
    }
    return FALSE;
}

struct event *event_strlist_append(struct event *event, const char *key, const char *value)
{
    struct event_field *field = find_or_add(event, key);
    const char *copy;

    if (field->value_type != EVENT_FIELD_VALUE_TYPE_STRLIST)
        field = renew(event, key, EVENT_FIELD_VALUE_TYPE_STRLIST);
    if (!array_is_created(&field->value.strlist))
        i_array_init(&field->value.strlist, 4);
    if (value == NULL || strlist_has(&field->value.strlist, value))
        return event;
    copy = i_strdup(value);
    array_push_back(&field->value.strlist, &copy);
    return event;
}

struct event *event_strlist_replace(struct event *event, const char *key, const char *const *value,
                                    unsigned int count)
{
    (void)renew(event, key, EVENT_FIELD_VALUE_TYPE_STRLIST);
    for (unsigned int i = 0; i < count; i++)
        (void)event_strlist_append(event, key, value[i]);
    return event;
}

static void append_list_of(struct event *dest, const struct event *src, const char *key)
{
    const struct event_field *field = event_find_field_nonrecursive(src, key);
    const char *elem;

    if (dest == src || field == NULL || field->value_type != EVENT_FIELD_VALUE_TYPE_STRLIST ||
        !array_is_created(&field->value.strlist))
        return;
    array_foreach_elem(&field->value.strlist, elem)(void) event_strlist_append(dest, key, elem);
}

struct event *event_strlist_copy_recursive(struct event *dest, const struct event *src,
                                           const char *key)
{
    const struct event *event;

    for (event = src; event != NULL; event = event->parent)
        append_list_of(dest, event, key);
    for (event = event_get_global(); event != NULL; event = event->parent)
        append_list_of(dest, event, key);
    return dest;
}

void event_copy_fields(struct event *to, struct event *from)
{
    const struct event_field *field;

    if (!array_is_created(&from->fields))
        return;
    array_foreach(&from->fields, field)
    {
        switch (field->value_type) {
        case EVENT_FIELD_VALUE_TYPE_STR:
            (void)event_add_str(to, field->key, field->value.str);
            break;
        case EVENT_FIELD_VALUE_TYPE_INTMAX:
            (void)event_add_int(to, field->key, field->value.intmax);
            break;
        case EVENT_FIELD_VALUE_TYPE_TIMEVAL:
            (void)event_add_timeval(to, field->key, &field->value.timeval);
            break;
        case EVENT_FIELD_VALUE_TYPE_STRLIST:
            (void)event_strlist_replace(to, field->key, NULL, 0);
            append_list_of(to, from, field->key);
            break;
        }
    }
}
