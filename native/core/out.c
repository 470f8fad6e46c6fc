/*
 * Building values: the vsmtp_out_ functions of value.h. What is written is always a prefix of a
 * sound encoding: a mistake stops the writing and is told when the call is over (out_problem). Maps
 * are sorted by their keys when they end, if they were not written in that order.
 */
#include "out.h"

#include <stdlib.h>

#include "wire.h"

enum { FIRST_CAPACITY = 256, KEPT_CAPACITY = 64 << 10, TAG = 1, HEAD = TAG + 8 };

/* Far above any sensible result, far below what u32 sizes can say. */
#define LIMIT ((size_t)256 << 20)

static const char no_memory[] = "memory is used up";

static void empty(struct vsmtp_out *out)
{
    out->used = 0;
    out->mistake = NULL;
    out->depth = 0;
}

void out_reset(struct vsmtp_out *out)
{
    if (out->capacity > KEPT_CAPACITY)
        out_free(out);
    else
        empty(out);
}

void out_free(struct vsmtp_out *out)
{
    free(out->bytes);
    out->bytes = NULL;
    out->capacity = 0;
    empty(out);
}

const char *out_problem(const struct vsmtp_out *out)
{
    if (out->mistake != NULL)
        return out->mistake;
    return out->depth > 0 ? "an array or a map was not ended" : NULL;
}

static void mistake(vsmtp_out *out, const char *text)
{
    if (out->mistake == NULL)
        out->mistake = text;
}

static struct out_level *innermost(vsmtp_out *out)
{
    return out->depth > 0 ? &out->levels[out->depth - 1] : NULL;
}

/* Room for `size` more bytes, counted as used; NULL after a mistake. */
static uint8_t *extend(vsmtp_out *out, size_t size)
{
    uint8_t *place;

    if (size > LIMIT - out->used) {
        mistake(out, "it is larger than 256 MiB");
        return NULL;
    }
    if (size > out->capacity - out->used) {
        size_t capacity = out->capacity > 0 ? out->capacity : FIRST_CAPACITY;
        uint8_t *bytes;

        while (capacity - out->used < size)
            capacity *= 2;
        bytes = realloc(out->bytes, capacity);
        if (bytes == NULL) {
            mistake(out, no_memory);
            return NULL;
        }
        out->bytes = bytes;
        out->capacity = capacity;
    }
    place = out->bytes + out->used;
    out->used += size;
    return place;
}

/*
 * Checks that a value may stand here, counts it, and makes room for its tag and `size` bytes after
 * it.
 */
static uint8_t *begin_value(vsmtp_out *out, int32_t type, size_t size)
{
    struct out_level *level = innermost(out);
    uint8_t *place;

    if (out->mistake != NULL)
        return NULL;
    if (level == NULL ? out->used > 0 : level->type == VSMTP_MAP && !level->keyed) {
        mistake(out,
                level == NULL ? "a second value was written" : "a map got a value without a key");
        return NULL;
    }
    place = extend(out, TAG + size);
    if (place == NULL)
        return NULL;
    if (level != NULL) {
        level->count++;
        level->keyed = false;
    }
    *place = (uint8_t)type;
    return place + TAG;
}

void vsmtp_out_unit(vsmtp_out *out)
{
    (void)begin_value(out, VSMTP_UNIT, 0);
}

void vsmtp_out_bool(vsmtp_out *out, bool value)
{
    uint8_t *body = begin_value(out, VSMTP_BOOL, 1);

    if (body != NULL)
        *body = value ? 1 : 0;
}

void vsmtp_out_int(vsmtp_out *out, int64_t value)
{
    uint8_t *body = begin_value(out, VSMTP_INT, 8);

    if (body != NULL)
        wire_put_u64(body, (uint64_t)value);
}

void vsmtp_out_float(vsmtp_out *out, double value)
{
    uint8_t *body = begin_value(out, VSMTP_FLOAT, 8);
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    if (body != NULL)
        wire_put_u64(body, bits);
}

void vsmtp_out_char(vsmtp_out *out, uint32_t code_point)
{
    uint8_t *body;

    if (!wire_code_point(code_point)) {
        mistake(out, "a char was written that is no Unicode code point");
        return;
    }
    body = begin_value(out, VSMTP_CHAR, 4);
    if (body != NULL)
        wire_put_u32(body, code_point);
}

/* u32 length, bytes, NUL */
static void put_counted(uint8_t *at, const void *bytes, size_t length)
{
    wire_put_u32(at, (uint32_t)length);
    if (length > 0)
        memcpy(at + 4, bytes, length);
    at[4 + length] = '\0';
}

static void put_text(vsmtp_out *out, int32_t type, const void *bytes, size_t length)
{
    uint8_t *body;

    if (bytes == NULL && length > 0) {
        mistake(out, "a string or blob was written from NULL");
        return;
    }
    if (length > LIMIT) {
        mistake(out, "it is larger than 256 MiB");
        return;
    }
    body = begin_value(out, type, 4 + length + 1);
    if (body != NULL)
        put_counted(body, bytes, length);
}

void vsmtp_out_string(vsmtp_out *out, const char *text)
{
    if (text == NULL)
        vsmtp_out_unit(out);
    else
        put_text(out, VSMTP_STRING, text, strlen(text));
}

void vsmtp_out_string_n(vsmtp_out *out, const char *text, size_t length)
{
    put_text(out, VSMTP_STRING, text, length);
}

void vsmtp_out_bytes(vsmtp_out *out, const void *bytes, size_t length)
{
    put_text(out, VSMTP_BYTES, bytes, length);
}

void vsmtp_out_value(vsmtp_out *out, const vsmtp_value *value)
{
    struct wire_item item;
    uint8_t *body;
    size_t size;

    if (!wire_sound(value, VSMTP_DEPTH - out->depth) || !wire_open(value, &item)) {
        mistake(out, "a value was copied that is damaged or nested too deep");
        return;
    }
    size = (size_t)(item.after - value->at) - TAG;
    body = begin_value(out, item.type, size);
    if (body != NULL && size > 0)
        memcpy(body, value->at + TAG, size);
}

static void begin_container(vsmtp_out *out, int32_t type)
{
    uint8_t *body;

    if (out->depth == VSMTP_DEPTH) {
        mistake(out, "arrays and maps are nested more than 64 deep");
        return;
    }
    body = begin_value(out, type, HEAD - TAG);
    if (body == NULL)
        return;
    out->levels[out->depth++] = (struct out_level){
        .start = (size_t)(body - TAG - out->bytes), .type = type, .sorted = true};
}

void vsmtp_out_begin_array(vsmtp_out *out)
{
    begin_container(out, VSMTP_ARRAY);
}

void vsmtp_out_begin_map(vsmtp_out *out)
{
    begin_container(out, VSMTP_MAP);
}

/* Order of keys: by bytes, which for UTF-8 is by code points; a prefix comes first. */
static int compare_keys(const uint8_t *a, const uint8_t *b)
{
    uint32_t a_size = wire_u32(a);
    uint32_t b_size = wire_u32(b);
    int order = memcmp(a + 4, b + 4, a_size < b_size ? a_size : b_size);

    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

void vsmtp_out_key(vsmtp_out *out, const char *key)
{
    vsmtp_out_key_n(out, key, key == NULL ? 0 : strlen(key));
}

void vsmtp_out_key_n(vsmtp_out *out, const char *key, size_t length)
{
    struct out_level *level = innermost(out);
    uint8_t *place;

    if (out->mistake != NULL)
        return;
    if (key == NULL || level == NULL || level->type != VSMTP_MAP || level->keyed) {
        mistake(out, "a key was written where none may stand");
        return;
    }
    if (length > LIMIT) {
        mistake(out, "it is larger than 256 MiB");
        return;
    }
    place = extend(out, 4 + length + 1);
    if (place == NULL)
        return;
    put_counted(place, key, length);
    if (level->key != 0 && compare_keys(out->bytes + level->key, place) >= 0)
        level->sorted = false;
    level->key = (size_t)(place - out->bytes);
    level->keyed = true;
}

/* One entry of a map: its key's length word, and all its bytes. */
struct entry {
    const uint8_t *at;
    size_t size;
};

static int compare_entries(const void *a, const void *b)
{
    return compare_keys(((const struct entry *)a)->at, ((const struct entry *)b)->at);
}

/* Finds the entries of a map's body that we wrote ourselves. */
static void list_entries(const uint8_t *at, const uint8_t *end, struct entry *entries, size_t count)
{
    struct wire_item item;

    for (size_t i = 0; i < count && wire_open_key(at, end, &item); i++) {
        vsmtp_value value = {item.after, end};

        if (!wire_open(&value, &item))
            return;
        entries[i] = (struct entry){at, (size_t)(item.after - at)};
        at = item.after;
    }
}

static void sort_map(vsmtp_out *out, const struct out_level *level)
{
    uint8_t *body = out->bytes + level->start + HEAD;
    size_t size = (size_t)(out->bytes + out->used - body);
    struct entry *entries = calloc(level->count, sizeof *entries);
    uint8_t *sorted = malloc(size);

    if (entries == NULL || sorted == NULL) {
        mistake(out, no_memory);
    } else {
        uint8_t *to = sorted;

        list_entries(body, body + size, entries, level->count);
        qsort(entries, level->count, sizeof *entries, compare_entries);
        for (uint32_t i = 0; i < level->count; i++) {
            if (i > 0 && compare_entries(&entries[i - 1], &entries[i]) == 0)
                mistake(out, "a map got the same key twice");
            memcpy(to, entries[i].at, entries[i].size);
            to += entries[i].size;
        }
        memcpy(body, sorted, size);
    }
    free(entries);
    free(sorted);
}

void vsmtp_out_end(vsmtp_out *out)
{
    struct out_level *level = innermost(out);
    uint8_t *head;

    if (out->mistake != NULL)
        return;
    if (level == NULL || level->keyed) {
        mistake(out, level == NULL ? "an end was written where nothing had begun"
                                   : "a key was written without its value");
        return;
    }
    head = out->bytes + level->start + TAG;
    wire_put_u32(head, level->count);
    wire_put_u32(head + 4, (uint32_t)(out->used - level->start - HEAD));
    if (!level->sorted)
        sort_map(out, level);
    out->depth--;
}
