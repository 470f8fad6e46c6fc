/*
 * The only place that decides whether bytes are a value. Every length is compared with what is left
 * of the block before it is used, so nothing here or above reads outside, whatever the bytes are.
 */
#include "wire.h"

enum { LENGTH = 4, HEAD = 8, SMALLEST_ENTRY = LENGTH + 1 + 1 };

static bool open_fixed(struct wire_item *item, size_t left, uint32_t size)
{
    if (left < size)
        return false;
    item->size = size;
    item->after = item->body + size;
    return true;
}

/* u32 length, bytes, NUL: strings, blobs and keys */
static bool open_counted(struct wire_item *item, size_t left)
{
    if (left < LENGTH)
        return false;
    item->size = wire_u32(item->body);
    item->body += LENGTH;
    left -= LENGTH;
    if (left <= item->size || item->body[item->size] != '\0')
        return false;
    item->after = item->body + item->size + 1;
    return true;
}

static bool open_container(struct wire_item *item, size_t left)
{
    size_t smallest = item->type == VSMTP_MAP ? SMALLEST_ENTRY : 1;

    if (left < HEAD)
        return false;
    item->count = wire_u32(item->body);
    item->size = wire_u32(item->body + LENGTH);
    item->body += HEAD;
    if (item->size > left - HEAD || item->count > item->size / smallest)
        return false;
    item->after = item->body + item->size;
    return true;
}

bool wire_open(const vsmtp_value *value, struct wire_item *item)
{
    size_t left;

    if (value == NULL || value->at == NULL || value->at >= value->end)
        return false;
    *item = (struct wire_item){.type = *value->at, .body = value->at + 1};
    left = (size_t)(value->end - item->body);

    switch (item->type) {
    case VSMTP_UNIT:
        return open_fixed(item, left, 0);
    case VSMTP_BOOL:
        return open_fixed(item, left, 1) && *item->body <= 1;
    case VSMTP_INT:
    case VSMTP_FLOAT:
        return open_fixed(item, left, 8);
    case VSMTP_CHAR:
        return open_fixed(item, left, 4) && wire_code_point(wire_u32(item->body));
    case VSMTP_STRING:
    case VSMTP_BYTES:
        return open_counted(item, left);
    case VSMTP_ARRAY:
    case VSMTP_MAP:
        return open_container(item, left);
    default:
        return false;
    }
}

bool wire_open_key(const uint8_t *at, const uint8_t *end, struct wire_item *key)
{
    *key = (struct wire_item){.type = VSMTP_STRING, .body = at};
    return open_counted(key, (size_t)(end - at));
}

bool wire_sound(const vsmtp_value *value, unsigned depth)
{
    struct wire_item item;
    struct wire_item inner;

    if (!wire_open(value, &item))
        return false;
    if (item.type != VSMTP_ARRAY && item.type != VSMTP_MAP)
        return true;
    if (depth == 0)
        return false;

    const uint8_t *at = item.body;
    for (uint32_t left = item.count; left > 0; left--) {
        if (item.type == VSMTP_MAP) {
            if (!wire_open_key(at, item.after, &inner))
                return false;
            at = inner.after;
        }
        vsmtp_value element = {at, item.after};
        /* depth is at most VSMTP_DEPTH */
        if (!wire_sound(&element, depth - 1) || !wire_open(&element, &inner))
            return false;
        at = inner.after;
    }
    return at == item.after;
}
