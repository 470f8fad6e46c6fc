/*
 * Strings split into fields, and joined again. The fields of one string share one copy of it.
 */
#include "array.h"
#include "str.h"

/* Of the array that NULL ends. */
#define FIRST_FIELDS 16

/* The fields between characters of `separators` in `copy`, which gets NULs in their places. */
static char **split_in_place(pool_t pool, char *copy, const char *separators, bool skip_empty)
{
    unsigned int count = 0, room = FIRST_FIELDS;
    char **fields = p_new(pool, char *, room);
    char *field = copy;

    for (;;) {
        size_t len = strcspn(field, separators);
        bool last = field[len] == '\0';

        field[len] = '\0';
        if (len > 0 || !skip_empty) {
            if (count + 1 == room) {
                fields = p_realloc_type(pool, fields, char *, room, (size_t)room * 2);
                room *= 2;
            }
            fields[count++] = field;
        }
        if (last)
            return fields;
        field += len + 1;
    }
}

static char **split(pool_t pool, const char *data, const char *separators, bool skip_empty)
{
    if (skip_empty)
        data += strspn(data, separators);
    if (*data == '\0')
        return p_new(pool, char *, 1);
    return split_in_place(pool, p_strdup(pool, data), separators, skip_empty);
}

char **p_strsplit(pool_t pool, const char *data, const char *separators)
{
    return split(pool, data, separators, FALSE);
}

char **p_strsplit_spaces(pool_t pool, const char *data, const char *separators)
{
    return split(pool, data, separators, TRUE);
}

const char **t_strsplit(const char *data, const char *separators)
{
    return (const char **)split(unsafe_data_stack_pool, data, separators, FALSE);
}

const char **t_strsplit_spaces(const char *data, const char *separators)
{
    return (const char **)split(unsafe_data_stack_pool, data, separators, TRUE);
}

void p_strsplit_free(pool_t pool, char **arr)
{
    /* the copy begins with the first field: leading separators were not copied */
    p_free(pool, arr[0]);
    p_free(pool, arr);
}

/* ---- Joining ------------------------------------------------------------------------------- */

static char *join(pool_t pool, const char *const *strings, unsigned int count,
                  const char *separator)
{
    size_t size = 1, separator_len = strlen(separator);
    char *text, *p;

    for (unsigned int i = 0; i < count; i++)
        size = MALLOC_ADD(size, strlen(strings[i]) + separator_len);
    p = text = p_malloc(pool, size);
    for (unsigned int i = 0; i < count; i++) {
        if (i > 0)
            p = stpcpy(p, separator);
        p = stpcpy(p, strings[i]);
    }
    return text;
}

const char *t_strarray_join(const char *const *arr, const char *separator)
{
    return join(unsafe_data_stack_pool, arr, str_array_length(arr), separator);
}

char *p_array_const_string_join(pool_t pool, const ARRAY_TYPE(const_string) * arr,
                                const char *separator)
{
    if (array_is_empty(arr))
        return p_strdup(pool, "");
    return join(pool, array_front(arr), array_count(arr), separator);
}

/* ---- Arrays -------------------------------------------------------------------------------- */

unsigned int str_array_length(const char *const *arr)
{
    unsigned int count = 0;

    if (arr == NULL)
        return 0;
    while (arr[count] != NULL)
        count++;
    return count;
}

bool str_array_find(const char *const *arr, const char *value)
{
    for (; *arr != NULL; arr++) {
        if (strcmp(*arr, value) == 0)
            return TRUE;
    }
    return FALSE;
}

bool str_array_icase_find(const char *const *arr, const char *value)
{
    for (; *arr != NULL; arr++) {
        if (strcasecmp(*arr, value) == 0)
            return TRUE;
    }
    return FALSE;
}

bool str_array_remove(const char **arr, const char *value)
{
    for (; *arr != NULL; arr++) {
        if (strcmp(*arr, value) == 0) {
            memmove(arr, arr + 1, (str_array_length(arr + 1) + 1) * sizeof(*arr));
            return TRUE;
        }
    }
    return FALSE;
}

const char **p_strarray_dup(pool_t pool, const char *const *arr)
{
    unsigned int count = str_array_length(arr);
    size_t size = (count + 1) * sizeof(*arr);
    const char **copy;
    char *text;

    for (unsigned int i = 0; i < count; i++)
        size = MALLOC_ADD(size, strlen(arr[i]) + 1);
    copy = p_malloc(pool, size);
    text = (char *)(copy + count + 1);
    for (unsigned int i = 0; i < count; i++) {
        copy[i] = text;
        text = stpcpy(text, arr[i]) + 1;
    }
    return copy;
}
