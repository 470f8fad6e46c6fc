/* The data stack: frames, what lives how long, and the buffers that may still grow. */
#include "lib.h"
#include "str.h"
#include "tap.h"

static void test_frames(void)
{
    unsigned int outer = data_stack_frame_id, inner = 0;
    size_t used = data_stack_get_used_size();
    const char *outside = t_strdup("outside");

    T_BEGIN
    {
        inner = data_stack_frame_id;
        for (int i = 0; i < 1000; i++)
            memset(t_malloc_no0(1000), 'x', 1000);
        T_BEGIN
        {
            ok(data_stack_frame_id != inner, "a frame in a frame has a number of its own");
            (void)t_strdup("inner");
        }
        T_END;
        is_int(data_stack_frame_id, inner, "the end of a frame brings the one around it back");
    }
    T_END;
    ok(inner != outer, "a frame has another number than what is around it");
    is_int(data_stack_frame_id, outer, "all frames can be left");
    is_str(outside, "outside", "what was allocated outside of a frame survives it");
    is_int((intmax_t)data_stack_get_used_size(), (intmax_t)(used + MEM_ALIGN(sizeof("outside"))),
           "the end of a frame gives everything back");

    T_BEGIN
    {
        ok(data_stack_frame_id != inner, "no number is used twice");
    }
    T_END;
}

static void test_one_statement(void)
{
    bool no = FALSE, reached = FALSE;

    if (no)
        T_BEGIN
        {
            reached = TRUE;
        }
    T_END;
    else reached = TRUE;
    ok(reached, "T_BEGIN … T_END is one statement");
}

static void test_zeroed(void)
{
    unsigned char *mem;
    bool zeroed = TRUE;

    T_BEGIN
    {
        memset(t_malloc_no0(500), 0xff, 500);
    }
    T_END;
    T_BEGIN
    {
        mem = t_malloc0(500);
        for (int i = 0; i < 500; i++)
            zeroed = zeroed && mem[i] == 0;
        ok(zeroed, "t_malloc0() zeroes memory that was used before");
        ok((uintptr_t)mem % MEM_ALIGN_SIZE == 0, "memory is aligned for any type");
    }
    T_END;
}

static void test_try_realloc(void)
{
    T_BEGIN
    {
        char *mem = t_malloc_no0(10), *other;

        memcpy(mem, "123456789", 10);
        ok(t_try_realloc(mem, 100), "the last allocation can grow");
        is_str(mem, "123456789", "and keeps what is in it");
        other = t_malloc_no0(10);
        ok(!t_try_realloc(mem, 200), "an earlier one cannot");
        ok(!t_try_realloc(other, (size_t)1 << 30), "nor past the end of the block");
        T_BEGIN
        {
            ok(!t_try_realloc(other, 20), "nor one of another frame");
        }
        T_END;
        ok(t_try_realloc(other, 20), "but it can again when that frame has ended");
        ok(t_try_realloc(other, 5), "the last allocation can shrink");
        ok(t_malloc_no0(1) == other + MEM_ALIGN(5), "which gives its end back");
    }
    T_END;
}

static void test_buffer(void)
{
    T_BEGIN
    {
        char *mem = t_buffer_get(10), *grown;

        memcpy(mem, "123456789", 10);
        grown = t_buffer_reget(mem, 1000000);
        is_str(grown, "123456789", "a larger place has the contents of the first one");
        t_buffer_alloc(10);
        (void)t_malloc0(100);
        is_str(grown, "123456789", "what was kept survives the next allocation");
        mem = t_buffer_get(32);
        t_buffer_alloc_last_full();
        ok((char *)t_malloc_no0(1) == mem + 32, "t_buffer_alloc_last_full() keeps all of it");
    }
    T_END;
}

static void test_pass_str(void)
{
    const char *error = NULL, *other = "constant", *none = NULL;

    T_BEGIN
    {
        error = t_strdup_printf("failed with %d", 7);
        (void)t_malloc0(100);
    }
    T_END_PASS_STR(&error);
    (void)t_malloc0(1000);
    is_str(error, "failed with 7", "a text can be moved out of a frame");

    T_BEGIN
    {
        (void)t_malloc0(10);
    }
    T_END_PASS_STR_IF(TRUE, &other);
    is_str(other, "constant", "a text from elsewhere stays what it is");

    T_BEGIN {}
    T_END_PASS_STR_IF(FALSE, &none);
    T_BEGIN {}
    T_END_PASS_STR(&none);
    ok(none == NULL, "so does NULL");
}

static void test_contains(void)
{
    data_stack_frame_t id;
    const char *outer = t_strdup("outer");
    char *first, *later = NULL;

    id = t_push_named("frame of %s", "test_contains");
    first = t_malloc_no0(10);
    for (int i = 0; i < 100; i++)
        later = t_malloc_no0(10000);
    ok(data_stack_frame_contains(&id, first) && data_stack_frame_contains(&id, later),
       "a frame contains what was allocated in it, in whichever block");
    ok(!data_stack_frame_contains(&id, outer), "but not what was allocated before");
    ok(!data_stack_frame_contains(&id, &id), "nor what is somewhere else");
    ok(t_pop(&id), "the innermost frame can be ended");
    is_int(id, 0, "and its number is gone");
}

static void test_sizes(void)
{
    size_t allocated, available;

    T_BEGIN
    {
        (void)t_malloc_no0((size_t)4 << 20);
    }
    T_END;
    allocated = data_stack_get_alloc_size();
    data_stack_free_unused();
    ok(data_stack_get_alloc_size() < allocated, "memory that no frame uses can be given back");
    available = t_get_bytes_available();
    allocated = data_stack_get_alloc_size();
    T_BEGIN
    {
        (void)t_malloc_no0(available / 2);
        is_int((intmax_t)data_stack_get_alloc_size(), (intmax_t)allocated,
               "what is said to be available takes no new memory");
    }
    T_END;
}

static void test_pool(void)
{
    T_BEGIN
    {
        pool_t pool = pool_datastack_create();
        char *text = p_strdup(pool, "text");
        string_t *str = t_str_new(4);

        for (int i = 0; i < 1000; i++)
            str_printfa(str, "%d ", i);
        is_str(text, "text", "a pool over the data stack allocates from the frame");
        is_int((intmax_t)str_len(str), 3890, "a string on the data stack grows as far as needed");
        T_BEGIN
        {
            str_truncate(str, 3);
            str_append(str, "fits");
        }
        T_END;
        is_str(str_c(str), "0 1fits", "it may be written to in another frame if it need not grow");
        pool_unref(&pool);
    }
    T_END;
}

static void grow_in_inner_frame(void)
{
    string_t *str = t_str_new(4);

    T_BEGIN
    {
        for (int i = 0; i < 1000; i++)
            str_append(str, "more");
    }
    T_END;
}

static void grow_in_later_frame(void)
{
    string_t *str = NULL;

    T_BEGIN
    {
        str = t_str_new(4);
    }
    T_END;
    T_BEGIN
    {
        buffer_verify_pool(str);
    }
    T_END;
}

static void verify_in_inner_frame(void)
{
    string_t *str = t_str_new(100);

    T_BEGIN
    {
        buffer_verify_pool(str);
    }
    T_END;
}

static void leave_open(void)
{
    T_BEGIN
    {
        (void)t_push("left open");
    }
    T_END;
}

static void pop_too_often(void)
{
    for (;;)
        t_pop_last_unsafe();
}

static void keep_after_allocation(void)
{
    (void)t_buffer_get(10);
    (void)t_malloc0(10);
    t_buffer_alloc(10);
}

static void allocate_nothing(void)
{
    (void)t_malloc_no0(0);
}

static void deinit_in_frame(void)
{
    (void)t_push("left open");
    lib_deinit();
}

int main(void)
{
    lib_init();
    test_frames();
    test_one_statement();
    test_zeroed();
    test_try_realloc();
    test_buffer();
    test_pass_str();
    test_contains();
    test_sizes();
    test_pool();

    ok(panics(grow_in_inner_frame), "growing a string of an outer frame panics");
    ok(child_end(grow_in_later_frame) != 0, "using one whose frame is over is noticed");
    ok(panics(verify_in_inner_frame), "buffer_verify_pool() finds that before it must grow");
    ok(panics(leave_open), "a frame that is left open makes the one around it panic");
    ok(panics(pop_too_often), "ending more frames than there are panics");
    ok(panics(keep_after_allocation), "a place that something else was put into cannot be kept");
    ok(panics(allocate_nothing), "allocating 0 bytes panics");
    ok(panics(deinit_in_frame), "the library cannot end inside a frame");
    lib_deinit();
    return done();
}
