/*
 * Reading values: the accessors of value.h. wire.c knows the encoding and checks it; here is only
 * what an author may ask.
 */
#include "wire.h"

int32_t vsmtp_type(const vsmtp_value *value)
{
    struct wire_item item;

    return wire_open(value, &item) ? item.type : VSMTP_INVALID;
}

const char *vsmtp_type_name(int32_t type)
{
    static const char *const names[] = {
        [VSMTP_UNIT] = "()",    [VSMTP_BOOL] = "bool",   [VSMTP_INT] = "i64",
        [VSMTP_FLOAT] = "f64",  [VSMTP_CHAR] = "char",   [VSMTP_STRING] = "string",
        [VSMTP_BYTES] = "blob", [VSMTP_ARRAY] = "array", [VSMTP_MAP] = "map",
    };

    return type >= VSMTP_UNIT && type <= VSMTP_MAP ? names[type] : "invalid";
}

/* The item of a value if it has this type. */
static bool open_as(const vsmtp_value *value, int32_t type, struct wire_item *item)
{
    return wire_open(value, item) && item->type == type;
}

bool vsmtp_as_bool(const vsmtp_value *value, bool *result)
{
    struct wire_item item;

    if (!open_as(value, VSMTP_BOOL, &item))
        return false;
    *result = *item.body != 0;
    return true;
}

bool vsmtp_as_int(const vsmtp_value *value, int64_t *result)
{
    struct wire_item item;

    if (!open_as(value, VSMTP_INT, &item))
        return false;
    *result = (int64_t)wire_u64(item.body);
    return true;
}

bool vsmtp_as_float(const vsmtp_value *value, double *result)
{
    struct wire_item item;
    uint64_t bits;

    if (open_as(value, VSMTP_INT, &item)) {
        *result = (double)(int64_t)wire_u64(item.body);
        return true;
    }
    if (!open_as(value, VSMTP_FLOAT, &item))
        return false;
    bits = wire_u64(item.body);
    memcpy(result, &bits, sizeof *result);
    return true;
}

bool vsmtp_as_char(const vsmtp_value *value, uint32_t *result)
{
    struct wire_item item;

    if (!open_as(value, VSMTP_CHAR, &item))
        return false;
    *result = wire_u32(item.body);
    return true;
}

const char *vsmtp_as_string(const vsmtp_value *value, size_t *length)
{
    struct wire_item item;

    if (!open_as(value, VSMTP_STRING, &item))
        return NULL;
    if (length != NULL)
        *length = item.size;
    else if (memchr(item.body, '\0', item.size) != NULL)
        return NULL;
    return (const char *)item.body;
}

const uint8_t *vsmtp_as_bytes(const vsmtp_value *value, size_t *length)
{
    struct wire_item item;

    if (!open_as(value, VSMTP_BYTES, &item))
        return NULL;
    *length = item.size;
    return item.body;
}

size_t vsmtp_count(const vsmtp_value *value)
{
    struct wire_item item;

    return wire_open(value, &item) ? item.count : 0;
}

void vsmtp_iterate(const vsmtp_value *container, vsmtp_cursor *cursor)
{
    struct wire_item item;

    *cursor = (vsmtp_cursor){.container = VSMTP_INVALID};
    if (!wire_open(container, &item) || item.count == 0)
        return;
    cursor->container = item.type;
    cursor->next = item.body;
    cursor->end = item.after;
    cursor->left = item.count;
}

bool vsmtp_next(vsmtp_cursor *cursor)
{
    struct wire_item item;

    if (cursor->left == 0)
        return false;
    if (cursor->container == VSMTP_MAP) {
        if (!wire_open_key(cursor->next, cursor->end, &item)) {
            cursor->left = 0;
            return false;
        }
        cursor->key = (const char *)item.body;
        cursor->key_length = item.size;
        cursor->next = item.after;
    }
    cursor->value = (vsmtp_value){cursor->next, cursor->end};
    if (!wire_open(&cursor->value, &item)) {
        cursor->left = 0;
        return false;
    }
    cursor->value.end = item.after;
    cursor->next = item.after;
    cursor->left--;
    return true;
}

bool vsmtp_array_at(const vsmtp_value *array, size_t index, vsmtp_value *element)
{
    vsmtp_cursor cursor;

    vsmtp_iterate(array, &cursor);
    if (cursor.container != VSMTP_ARRAY || index >= cursor.left)
        return false;
    do {
        if (!vsmtp_next(&cursor))
            return false;
    } while (index-- > 0);
    *element = cursor.value;
    return true;
}

bool vsmtp_map_get(const vsmtp_value *map, const char *key, vsmtp_value *value)
{
    size_t length = strlen(key);
    vsmtp_cursor cursor;

    vsmtp_iterate(map, &cursor);
    if (cursor.container != VSMTP_MAP)
        return false;
    while (vsmtp_next(&cursor)) {
        if (cursor.key_length == length && memcmp(cursor.key, key, length) == 0) {
            *value = cursor.value;
            return true;
        }
    }
    return false;
}
