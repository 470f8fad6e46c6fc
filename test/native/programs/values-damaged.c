/*
 * Damaged values: cut off at every byte, and with random bytes in random places. The readers must
 * stay inside the block and give nothing that is not there; most of the judging is done by the
 * sanitizers.
 */
#include "values.h"

#include <string.h>

#include <frame.h>

static uint64_t random_state;

static uint32_t random_number(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33);
}

/* Reads all of a value that may be damaged, in every way there is. Only the sanitizers judge. */
static void read_all(const vsmtp_value *value, int depth)
{
    vsmtp_value inner;
    vsmtp_cursor cursor;
    bool truth;
    int64_t number;
    double real;
    uint32_t code;
    size_t length = 0;
    const void *bytes = vsmtp_as_string(value, &length);

    if (bytes != NULL)
        CHECK(strlen(bytes) <= length);
    bytes = vsmtp_as_bytes(value, &length);
    if (bytes != NULL)
        CHECK(((const uint8_t *)bytes)[length] == 0);
    (void)vsmtp_as_string(value, NULL);
    (void)vsmtp_as_bool(value, &truth);
    (void)vsmtp_as_int(value, &number);
    (void)vsmtp_as_float(value, &real);
    (void)vsmtp_as_char(value, &code);
    (void)vsmtp_type_name(vsmtp_type(value));
    (void)vsmtp_array_at(value, random_number() % 16, &inner);
    (void)vsmtp_map_get(value, "text", &inner);
    (void)vsmtp_map_string(value, "text", NULL);
    (void)vsmtp_map_int(value, "list", 0);
    for (vsmtp_iterate(value, &cursor); vsmtp_next(&cursor);) {
        if (cursor.key != NULL)
            CHECK(strlen(cursor.key) <= cursor.key_length);
        if (depth > 0)
            read_all(&cursor.value, depth - 1);
    }
    vsmtp_out_value(vsmtp_frame_out(), value);
    vsmtp_frame_begin();
}

/* A random value; large ones now and then. */
static void write_random(vsmtp_out *out, int depth)
{
    static const char letters[] = "text\0list\xc3\xa9";
    size_t length = random_number() % sizeof letters;
    char key[16];

    switch (random_number() % (depth > 0 ? 9 : 7)) {
    case 0:
        vsmtp_out_unit(out);
        return;
    case 1:
        vsmtp_out_bool(out, random_number() & 1);
        return;
    case 2:
        vsmtp_out_int(out, random_number());
        return;
    case 3:
        vsmtp_out_float(out, random_number() / 3.0);
        return;
    case 4:
        vsmtp_out_char(out, random_number() % 0xD800);
        return;
    case 5:
        vsmtp_out_string_n(out, letters, length);
        return;
    case 6:
        vsmtp_out_bytes(out, letters, length);
        return;
    case 7:
        vsmtp_out_begin_array(out);
        for (uint32_t left = random_number() % 5; left > 0; left--)
            write_random(out, depth - 1);
        break;
    default:
        vsmtp_out_begin_map(out);
        for (uint32_t left = random_number() % 5; left > 0; left--) {
            /* the number makes it unique, the letter the order random */
            (void)snprintf(key, sizeof key, "%c%u", (int)('a' + random_number() % 26),
                           (unsigned)left);
            vsmtp_out_key(out, key);
            write_random(out, depth - 1);
        }
    }
    vsmtp_out_end(out);
}

static size_t read_truncated(vsmtp_value whole)
{
    size_t size = (size_t)(whole.end - whole.at);

    for (size_t kept = 0; kept < size; kept++) {
        uint8_t *piece = malloc(kept > 0 ? kept : 1);
        vsmtp_value value = {piece, piece + kept};

        CHECK(piece != NULL);
        memcpy(piece, whole.at, kept);
        CHECK(vsmtp_type(&value) == VSMTP_INVALID);
        read_all(&value, VSMTP_DEPTH);
        free(piece);
    }
    return size;
}

static size_t read_mutated(vsmtp_value whole, size_t times)
{
    size_t size = (size_t)(whole.end - whole.at);
    static const uint8_t special[] = {0, 1, 5, 7, 8, 0x7f, 0x80, 0xff};

    for (size_t i = 0; i < times; i++) {
        uint8_t *piece = malloc(size);
        vsmtp_value value = {piece, piece + size};

        CHECK(piece != NULL);
        memcpy(piece, whole.at, size);
        for (uint32_t left = 1 + random_number() % 4; left > 0; left--)
            piece[random_number() % size] = random_number() & 1
                                                ? (uint8_t)random_number()
                                                : special[random_number() % sizeof special];
        read_all(&value, VSMTP_DEPTH);
        free(piece);
    }
    return times;
}

size_t read_damaged(vsmtp_value value, uint64_t seed)
{
    size_t damaged;

    random_state = seed;
    damaged = read_truncated(value) + read_mutated(value, 100000);
    for (int i = 0; i < 500; i++) {
        vsmtp_value other;

        write_random(vsmtp_frame_out(), 6);
        other = take();
        damaged += read_truncated(other) + read_mutated(other, 200);
        release(other);
    }
    return damaged;
}
