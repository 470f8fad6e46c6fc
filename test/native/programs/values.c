/*
 * Values there and back: run by values.test.ts, under sanitizers where the compiler has them.
 *
 *     values SEED   prints how many damaged values it has read; exits 1 with the reason when a check
 *                   fails
 */
#include "values.h"

#include <string.h>

#include <frame.h>

/* Exactly its size, so that a sanitizer sees every step outside. */
vsmtp_value take(void)
{
    size_t size;
    const uint8_t *bytes = vsmtp_frame_result(&size);
    uint8_t *copy;

    CHECK(bytes != NULL && !vsmtp_failed());
    copy = malloc(size);
    CHECK(copy != NULL);
    memcpy(copy, bytes, size);
    vsmtp_frame_forget_result();
    return (vsmtp_value){copy, copy + size};
}

void release(vsmtp_value value)
{
    free((void *)(uintptr_t)value.at);
}

static void write_scalars(vsmtp_out *out)
{
    vsmtp_out_begin_map(out);
    vsmtp_out_key(out, "zero");
    vsmtp_out_unit(out);
    vsmtp_out_key(out, "yes");
    vsmtp_out_bool(out, true);
    vsmtp_out_key(out, "least");
    vsmtp_out_int(out, INT64_MIN);
    vsmtp_out_key(out, "half");
    vsmtp_out_float(out, -0.5);
    vsmtp_out_key(out, "smile");
    vsmtp_out_char(out, 0x1F600);
    vsmtp_out_key(out, "text");
    vsmtp_out_string_n(out, "a\0b", 3);
    vsmtp_out_key(out, "blob");
    vsmtp_out_bytes(out, "\xff\x00", 2);
    vsmtp_out_key(out, "empty");
    vsmtp_out_begin_array(out);
    vsmtp_out_end(out);
    vsmtp_out_key(out, "list");
    vsmtp_out_begin_array(out);
    vsmtp_out_int(out, 7);
    vsmtp_out_string(out, "seven");
    vsmtp_out_string(out, NULL);
    vsmtp_out_end(out);
    vsmtp_out_key(out, "");
    vsmtp_out_string(out, "");
    vsmtp_out_end(out);
}

static void check_scalars(const vsmtp_value *map)
{
    vsmtp_value value;
    bool truth;
    int64_t number;
    double real;
    uint32_t code;
    size_t length;

    CHECK(vsmtp_type(map) == VSMTP_MAP && vsmtp_count(map) == 10);
    CHECK(vsmtp_map_get(map, "zero", &value) && vsmtp_type(&value) == VSMTP_UNIT);
    CHECK(vsmtp_map_get(map, "yes", &value) && vsmtp_as_bool(&value, &truth) && truth);
    CHECK(vsmtp_map_get(map, "least", &value) && vsmtp_as_int(&value, &number) &&
          number == INT64_MIN);
    CHECK(vsmtp_as_float(&value, &real) && real == -9223372036854775808.0);
    CHECK(vsmtp_map_get(map, "half", &value) && vsmtp_as_float(&value, &real) && real == -0.5);
    CHECK(!vsmtp_as_int(&value, &number));
    CHECK(vsmtp_map_get(map, "smile", &value) && vsmtp_as_char(&value, &code) && code == 0x1F600);
    CHECK(vsmtp_map_get(map, "text", &value) && vsmtp_as_string(&value, NULL) == NULL);
    CHECK(memcmp(vsmtp_as_string(&value, &length), "a\0b", 4) == 0 && length == 3);
    CHECK(vsmtp_map_get(map, "blob", &value) && vsmtp_as_string(&value, &length) == NULL);
    CHECK(memcmp(vsmtp_as_bytes(&value, &length), "\xff\x00", 3) == 0 && length == 2);
    CHECK(vsmtp_map_get(map, "empty", &value) && vsmtp_count(&value) == 0);
    CHECK(!vsmtp_array_at(&value, 0, &value));
    CHECK(vsmtp_map_get(map, "", &value) && strcmp(vsmtp_as_string(&value, NULL), "") == 0);
    CHECK(!vsmtp_map_get(map, "none", &value) && !vsmtp_map_get(&value, "none", &value));
    CHECK(vsmtp_map_get(map, "list", &value) && vsmtp_count(&value) == 3);
    CHECK(vsmtp_array_at(&value, 2, &value) && vsmtp_type(&value) == VSMTP_UNIT);
}

static void check_order(const vsmtp_value *map)
{
    static const char *const keys[] = {"",     "blob",  "empty", "half", "least",
                                       "list", "smile", "text",  "yes",  "zero"};
    vsmtp_cursor cursor;
    size_t i = 0;

    for (vsmtp_iterate(map, &cursor); vsmtp_next(&cursor); i++)
        CHECK(strcmp(cursor.key, keys[i]) == 0 && cursor.key_length == strlen(keys[i]));
    CHECK(i == 10);
}

static void check_options(const vsmtp_value *map)
{
    CHECK(vsmtp_map_int(map, "least", 1) == INT64_MIN && vsmtp_map_int(map, "none", 1) == 1);
    CHECK(vsmtp_map_float(map, "zero", 2.5) == 2.5 && vsmtp_map_bool(map, "yes", false));
    CHECK(strcmp(vsmtp_map_string(map, "none", "fallback"), "fallback") == 0);
    CHECK(!vsmtp_failed());
    CHECK(vsmtp_map_int(map, "list", 3) == 3);
    CHECK(vsmtp_map_string(map, "text", NULL) ==
          NULL); /* the first problem is the one that stays */
    CHECK(strcmp(vsmtp_frame_take_failure(), "option `list` must be of type i64, not array") == 0);
    CHECK(vsmtp_map_string(map, "text", NULL) == NULL);
    CHECK(strcmp(vsmtp_frame_take_failure(), "option `text` must not hold a NUL character") == 0);
    CHECK(vsmtp_map_required_string(map, "name") == NULL);
    CHECK(strcmp(vsmtp_frame_take_failure(),
                 "option `name` is missing: it must be of type string") == 0);
    CHECK(vsmtp_frame_take_failure() == NULL);
}

static void check_copy(const vsmtp_value *map)
{
    vsmtp_value copy;
    vsmtp_value inner;

    vsmtp_out_begin_array(vsmtp_frame_out());
    vsmtp_out_value(vsmtp_frame_out(), map);
    vsmtp_out_unit(vsmtp_frame_out());
    vsmtp_out_end(vsmtp_frame_out());
    copy = take();
    CHECK(vsmtp_array_at(&copy, 0, &inner));
    CHECK(inner.end - inner.at == map->end - map->at);
    CHECK(memcmp(inner.at, map->at, (size_t)(inner.end - inner.at)) == 0);
    release(copy);
}

static void check_mistake(const char *expected)
{
    size_t size;
    const char *text;

    CHECK(vsmtp_frame_result(&size) == NULL);
    text = vsmtp_frame_take_failure();
    CHECK(text != NULL);
    if (strstr(text, expected) == NULL) {
        (void)fprintf(stderr, "expected \"%s\" in \"%s\"\n", expected, text);
        exit(1);
    }
}

static void check_mistakes(vsmtp_out *out)
{
    vsmtp_value damaged = {(const uint8_t *)"\x7f", NULL};

    vsmtp_out_int(out, 1);
    vsmtp_out_int(out, 2);
    check_mistake("a second value");

    vsmtp_out_end(out);
    check_mistake("nothing had begun");

    vsmtp_out_key(out, "a");
    check_mistake("a key was written where none may stand");

    vsmtp_out_begin_array(out);
    check_mistake("was not ended");

    vsmtp_out_begin_map(out);
    vsmtp_out_int(out, 1);
    check_mistake("without a key");

    vsmtp_out_begin_map(out);
    vsmtp_out_key(out, "a");
    vsmtp_out_end(out);
    check_mistake("without its value");

    vsmtp_out_begin_map(out);
    vsmtp_out_key(out, "a");
    vsmtp_out_key(out, "b");
    check_mistake("none may stand");

    vsmtp_out_begin_map(out);
    for (int i = 0; i < 3; i++) {
        vsmtp_out_key(out, i == 1 ? "b" : "a");
        vsmtp_out_int(out, i);
    }
    vsmtp_out_end(out);
    check_mistake("the same key twice");

    vsmtp_out_begin_map(out);
    for (int i = 0; i < 2; i++) {
        vsmtp_out_key(out, "a");
        vsmtp_out_int(out, i);
    }
    vsmtp_out_end(out);
    check_mistake("the same key twice");

    vsmtp_out_char(out, 0xD800);
    check_mistake("no Unicode code point");

    vsmtp_out_bytes(out, NULL, 3);
    check_mistake("from NULL");

    vsmtp_out_string_n(out, "x", SIZE_MAX);
    check_mistake("larger than 256 MiB");

    vsmtp_out_value(out, &damaged);
    check_mistake("damaged");

    for (int i = 0; i < VSMTP_DEPTH + 1; i++)
        vsmtp_out_begin_array(out);
    check_mistake("more than 64 deep");
}

/* Encodings that are whole, but say what cannot be. */
static void check_nonsense(void)
{
    static const struct {
        uint8_t bytes[12];
        size_t size;
    } nonsense[] = {
        {{VSMTP_BOOL, 2}, 2},
        {{VSMTP_CHAR, 0x00, 0xD8}, 5},
        {{VSMTP_CHAR, 0, 0, 0x11}, 5},
        {{VSMTP_ARRAY, 1}, 9},                          /* one element in no bytes */
        {{VSMTP_ARRAY, 0xff, 0xff, 0xff, 0xff, 3}, 12}, /* too many for three bytes */
        {{VSMTP_STRING, 1, 0, 0, 0, 'a', 'b'}, 7},      /* no NUL */
        {{9}, 1},
    };

    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        const vsmtp_value value = {nonsense[i].bytes, nonsense[i].bytes + nonsense[i].size};

        CHECK(vsmtp_type(&value) == VSMTP_INVALID && vsmtp_count(&value) == 0);
    }
}

static void check_depth(vsmtp_out *out)
{
    vsmtp_value deep;

    for (int i = 0; i < VSMTP_DEPTH; i++)
        vsmtp_out_begin_array(out);
    for (int i = 0; i < VSMTP_DEPTH; i++)
        vsmtp_out_end(out);
    deep = take();
    vsmtp_out_value(out, &deep);
    release(take());
    vsmtp_out_begin_array(out);
    vsmtp_out_value(out, &deep);
    check_mistake("nested too deep");
    release(deep);
}

static void check_long_failure(void)
{
    char text[3 * VSMTP_FAILURE_SIZE];
    const char *kept;

    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xc3\xa9", 3);
    vsmtp_fail("%s", text);
    kept = vsmtp_frame_take_failure();
    CHECK(strlen(kept) == VSMTP_FAILURE_SIZE - 2 && (kept[strlen(kept) - 1] & 0xff) == 0xa9);
}

int main(int count, char **arguments)
{
    vsmtp_out *out = vsmtp_frame_out();
    vsmtp_value map;
    size_t damaged;

    CHECK(count == 2);
    vsmtp_frame_begin();
    write_scalars(out);
    map = take();
    check_scalars(&map);
    check_order(&map);
    check_options(&map);
    check_copy(&map);
    check_mistakes(out);
    check_nonsense();
    check_depth(out);
    check_long_failure();
    CHECK(vsmtp_type(NULL) == VSMTP_INVALID && vsmtp_count(NULL) == 0);

    damaged = read_damaged(map, strtoull(arguments[1], NULL, 10));
    release(map);
    vsmtp_frame_begin();
    (void)printf("%zu damaged values read\n", damaged);
    return 0;
}
