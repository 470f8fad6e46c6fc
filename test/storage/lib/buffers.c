/* Buffers: growing, fixed and constant ones, and writing anywhere in them. */
#include "buffer.h"
#include "istream.h"
#include "tap.h"

static void is_buf(const buffer_t *buf, const char *wanted, size_t size, const char *sentence)
{
    ok(buf->used == size && memcmp(buf->data, wanted, size) == 0, "%s", sentence);
}
#define IS(buf, text, sentence) is_buf(buf, text, sizeof(text) - 1, sentence)

static void test_writing(void)
{
    buffer_t *buf = buffer_create_dynamic(default_pool, 0);

    buffer_append(buf, "hello", 5);
    buffer_append_c(buf, '!');
    IS(buf, "hello!", "bytes are appended");
    buffer_write(buf, 1, "EL", 2);
    IS(buf, "hELlo!", "bytes are overwritten");
    buffer_write(buf, 8, "x", 1);
    IS(buf, "hELlo!\0\0x", "a gap is filled with zeros");
    buffer_insert(buf, 1, "12", 2);
    IS(buf, "h12ELlo!\0\0x", "bytes are inserted");
    buffer_delete(buf, 8, 100);
    IS(buf, "h12ELlo!", "deleting ends where the buffer ends");
    buffer_replace(buf, 1, 4, "e", 1);
    IS(buf, "helo!", "bytes are replaced by fewer");
    buffer_replace(buf, 2, 1, "llll", 4);
    IS(buf, "hellllo!", "and by more");
    buffer_replace(buf, 7, 100, "?", 1);
    IS(buf, "hellllo?", "replacing ends where the buffer ends too");
    buffer_insert(buf, 10, "y", 1);
    IS(buf, "hellllo?\0\0y", "inserting behind the end fills the gap");
    buffer_set_used_size(buf, 2);
    buffer_append_zero(buf, 2);
    buffer_insert_zero(buf, 1, 1);
    IS(buf, "h\0e\0\0", "zeros are written where other bytes were");
    buffer_set_used_size(buf, 1);
    memcpy(buffer_get_space_unsafe(buf, 3, 2), "ab", 2);
    IS(buf, "h\0\0ab", "space comes with a zeroed gap");
    ok(*(char *)buffer_append_space_unsafe(buf, 1) == 0, "and is zeroed itself");
    buffer_delete(buf, 50, 1);
    is_int((intmax_t)buffer_get_used_size(buf), 6, "deleting behind the end does nothing");
    buffer_free(&buf);
    ok(buf == NULL, "buffer_free() sets the pointer to NULL");
    buffer_free(&buf);
}

static void test_copying(void)
{
    buffer_t *buf = buffer_create_dynamic(default_pool, 4), *other;

    buffer_append(buf, "abcdef", 6);
    buffer_copy(buf, 2, buf, 0, 4);
    IS(buf, "ababcd", "a part is copied onto itself");
    for (int i = 0; i < 3; i++)
        buffer_append_buf(buf, buf, 4, SIZE_MAX);
    IS(buf, "ababcdcdcdcdcdcdcdcd", "a buffer that has to move is appended to itself");
    other = buffer_create_dynamic(default_pool, 4);
    ok(!buffer_cmp(buf, other), "buffers of different sizes differ");
    buffer_append_buf(other, buf, 0, SIZE_MAX);
    ok(buffer_cmp(buf, other), "a copy is equal");
    buffer_write(other, 0, "x", 1);
    ok(!buffer_cmp(buf, other), "until it is changed");
    buffer_free(&buf);
    buffer_free(&other);
}

static void test_fixed(void)
{
    unsigned char mem[4] = "....";
    buffer_t buf;
    size_t used;

    buffer_create_from_data(&buf, mem, sizeof(mem));
    is_int((intmax_t)buffer_get_avail_size(&buf), 4, "a fixed buffer is empty first");
    buffer_append(&buf, "1234", 4);
    IS(&buf, "1234", "it can be filled to its end");
    is_int((intmax_t)buffer_get_avail_size(&buf), 0, "and is full then");
    ok(buffer_get_modifiable_data(&buf, &used) == mem && used == 4, "the data is the caller's");
    ok(buffer_get_pool(&buf) == NULL, "it has no pool");

    buffer_create_from_const_data(&buf, "view", 4);
    IS(&buf, "view", "a view has all of its data");
    ok(buffer_get_modifiable_data(&buf, NULL) == NULL, "but not to be changed");
    ok(buffer_get_data(&buf, &used) == buf.data && used == 4, "it can be read");
}

static void test_maximum(void)
{
    buffer_t *buf = buffer_create_dynamic_max(default_pool, 2, 10);
    void *data;

    buffer_append(buf, "1234567890", 10);
    is_int((intmax_t)buffer_get_avail_size(buf), 0, "a buffer grows up to its maximum");
    data = buffer_free_without_data(&buf);
    ok(buf == NULL && memcmp(data, "1234567890", 10) == 0, "the data may outlive its buffer");
    i_free(data);
}

static void test_bits(void)
{
    buffer_t *buf = buffer_create_dynamic(default_pool, 4);

    buffer_append(buf, "\xff\xff", 2);
    buffer_truncate_rshift_bits(buf, 12);
    IS(buf, "\x0f\xff", "12 of 16 bits are kept, to the right");
    buffer_truncate_rshift_bits(buf, 3);
    IS(buf, "\x00", "3 bits of the first byte are kept");
    buffer_set_used_size(buf, 0);
    buffer_append(buf, "\xa5\x5a", 2);
    buffer_truncate_rshift_bits(buf, 8);
    IS(buf, "\xa5", "whole bytes stay as they are");
    buffer_free(&buf);
}

static void test_files(void)
{
    buffer_t *buf = buffer_create_dynamic(default_pool, 16);
    const char *error = NULL;
    FILE *file = fopen("letters", "w");

    for (int i = 0; i < 10000; i++)
        (void)fputs("abcdefghij", file);
    (void)fclose(file);
    is_int(buffer_append_full_file(buf, "letters", SIZE_MAX, &error), BUFFER_APPEND_OK,
           "a file is read to its end");
    is_int((intmax_t)buf->used, 100000, "all of it");
    buffer_set_used_size(buf, 0);
    is_int(buffer_append_full_file(buf, "letters", 7, &error), BUFFER_APPEND_READ_MAX_SIZE,
           "or up to a limit");
    IS(buf, "abcdefg", "and not a byte more");
    is_int(buffer_append_full_file(buf, "missing", 7, &error), BUFFER_APPEND_READ_ERROR,
           "a file that is not there is an error");
    ok(error != NULL && strstr(error, "missing") != NULL, "which names it");
    buffer_free(&buf);
}

static void overfill(void)
{
    unsigned char mem[4];
    buffer_t buf;

    buffer_create_from_data(&buf, mem, sizeof(mem));
    buffer_write(&buf, 2, "123", 3);
}

static void write_to_view(void)
{
    buffer_t buf;

    buffer_create_from_const_data(&buf, "view", 4);
    buffer_write(&buf, 0, "x", 1);
}

static void pass_maximum(void)
{
    buffer_append_zero(buffer_create_dynamic_max(default_pool, 2, 10), 11);
}

static void write_past_everything(void)
{
    buffer_write(buffer_create_dynamic(default_pool, 2), SIZE_MAX - 1, "123", 3);
}

int main(void)
{
    lib_init();
    test_writing();
    test_copying();
    test_fixed();
    test_maximum();
    test_bits();
    test_files();
    ok(panics(overfill), "writing more than a fixed buffer holds panics");
    ok(panics(write_to_view), "writing to a view panics");
    ok(panics(pass_maximum), "passing the maximum panics");
    ok(panics(write_past_everything), "a position that overflows panics");
    lib_deinit();
    return done();
}
