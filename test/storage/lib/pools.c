/* Memory pools: what they hand out, when it goes away, and what they refuse. */
#include "lib.h"
#include "tap.h"

static bool all_zero(const unsigned char *mem, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (mem[i] != 0)
            return FALSE;
    }
    return TRUE;
}

static pool_t create(unsigned int kind)
{
    switch (kind) {
    case 0:
        return pool_alloconly_create("a pool", 256);
    case 1:
        return pool_alloconly_create_clean("a pool", 256);
    case 2:
        return pool_allocfree_create("a pool");
    default:
        return pool_allocfree_create_clean("a pool");
    }
}

static const char *const kinds[] = {"an alloconly", "a clean alloconly", "an allocfree",
                                    "a clean allocfree"};

static void test_every_kind(unsigned int kind)
{
    pool_t pool = create(kind), same = pool;
    unsigned char *mem, *other;
    bool zeroed = TRUE, aligned = TRUE, kept = TRUE;

    is_str(pool_get_name(pool), "a pool", "%s pool keeps its name", kinds[kind]);
    for (size_t size = 1; size < 2000; size += 13) {
        mem = p_malloc(pool, size);
        zeroed = zeroed && all_zero(mem, size);
        aligned = aligned && (uintptr_t)mem % MEM_ALIGN_SIZE == 0;
        memset(mem, 0xff, size);
    }
    ok(zeroed, "%s pool zeroes what it allocates", kinds[kind]);
    ok(aligned, "%s pool aligns for any type", kinds[kind]);

    mem = p_malloc(pool, 10);
    memset(mem, 'x', 10);
    mem = p_realloc(pool, mem, 10, 30);
    kept = memcmp(mem, "xxxxxxxxxx", 10) == 0 && all_zero(mem + 10, 20);
    other = p_malloc(pool, 1);
    mem = p_realloc(pool, mem, 30, 5000);
    kept = kept && memcmp(mem, "xxxxxxxxxx", 10) == 0 && all_zero(mem + 10, 4990);
    ok(kept, "%s pool keeps what is reallocated and zeroes the rest", kinds[kind]);
    p_free(pool, other);
    ok(other == NULL, "p_free() of %s pool sets the pointer to NULL", kinds[kind]);

    p_clear(pool);
    mem = p_malloc(pool, 200);
    ok(all_zero(mem, 200), "%s pool zeroes memory it had handed out before it was cleared",
       kinds[kind]);

    pool_ref(pool);
    pool_unref(&pool);
    ok(pool == NULL, "pool_unref() of %s pool sets the pointer to NULL", kinds[kind]);
    memset(p_malloc(same, 10), 1, 10);
    pool_unref(&same);
    pool_unref(&same);
}

static void test_clear_keeps_first_block(void)
{
    pool_t pool = pool_alloconly_create(MEMPOOL_GROWING "grower", 1024);
    void *first = p_malloc(pool, 100);
    size_t size = pool_alloconly_get_total_alloc_size(pool);

    is_str(pool_get_name(pool), "grower", "MEMPOOL_GROWING is no part of the name");
    is_int((intmax_t)size, 1024, "the size of a pool is what its first block takes");
    is_int((intmax_t)pool_alloconly_get_total_used_size(pool), (intmax_t)MEM_ALIGN(100),
           "the pool's own bytes are not counted as used");
    (void)p_malloc(pool, 10000);
    ok(pool_alloconly_get_total_alloc_size(pool) > size, "a pool grows when it must");
    p_clear(pool);
    is_int((intmax_t)pool_alloconly_get_total_alloc_size(pool), (intmax_t)size,
           "p_clear() keeps the first block only");
    ok(p_malloc(pool, 100) == first, "a cleared pool begins again where it began");
    pool_unref(&pool);
}

static void test_last_allocation(void)
{
    pool_t pool = pool_alloconly_create("last", 1024);
    void *mem = p_malloc(pool, 32), *freed = mem;

    ok(p_realloc(pool, mem, 32, 64) == mem, "the last allocation grows in place");
    p_free(pool, mem);
    ok(p_malloc(pool, 64) == freed, "the last allocation can be freed");
    pool_unref(&pool);
}

static void test_easy_size(void)
{
    pool_t pool = pool_alloconly_create("easy", 1024);
    size_t easy = p_get_max_easy_alloc_size(pool), size = pool_alloconly_get_total_alloc_size(pool);

    (void)p_malloc(pool, easy);
    is_int((intmax_t)pool_alloconly_get_total_alloc_size(pool), (intmax_t)size,
           "what is said to be easy to allocate takes no new block");
    is_int((intmax_t)pool_get_exp_grown_size(system_pool, 10, 100), 128,
           "things grow to powers of two");
    pool_unref(&pool);
    pool = pool_alloconly_create("easy", 1024);
    easy = p_get_max_easy_alloc_size(pool);
    is_int((intmax_t)pool_get_exp_grown_size(pool, 0, easy - 100), (intmax_t)easy,
           "but not past what the pool has at hand");
    pool_unref(&pool);
}

static void test_parents(void)
{
    pool_t parent = pool_allocfree_create("parent"), child = pool_alloconly_create("child", 128);
    char *text = p_strdup(parent, "still there");

    pool_add_external_ref(child, parent);
    pool_unref(&parent);
    p_clear(child);
    is_str(text, "still there", "a pool keeps its parents while it lives, cleared or not");
    pool_unref(&child);
}

static void test_allocfree_sizes(void)
{
    pool_t pool = pool_allocfree_create("sizes");
    void *mem = p_malloc(pool, 100), *more = p_malloc(pool, 50);
    size_t with_both = pool_allocfree_get_total_alloc_size(pool);

    is_int((intmax_t)pool_allocfree_get_total_used_size(pool), 150, "an allocfree pool counts");
    p_free(pool, mem);
    is_int((intmax_t)pool_allocfree_get_total_used_size(pool), 50, "and counts what is freed");
    ok(pool_allocfree_get_total_alloc_size(pool) < with_both, "with what the system gave");
    p_free(pool, more);
    pool_unref(&pool);
}

static void test_imem(void)
{
    char *text = i_strdup("text");
    int *numbers = i_new(int, 3);

    errno = EXDEV;
    numbers = i_realloc_type(numbers, int, 3, 6);
    ok(numbers[5] == 0, "i_realloc_type() zeroes new elements");
    i_free(numbers);
    i_free(text);
    i_free_and_null(text);
    is_int(errno, EXDEV, "allocating and freeing leave errno alone");
    ok(text == NULL && numbers == NULL, "i_free() sets pointers to NULL");
}

static void allocate_nothing(void)
{
    (void)p_malloc(system_pool, 0);
}

static void allocate_too_many(void)
{
    volatile size_t count = SIZE_MAX / 4;

    (void)p_new(system_pool, uint64_t, count);
}

static void add_too_much(void)
{
    volatile size_t size = SIZE_MAX;

    (void)MALLOC_ADD(size, 1);
}

static void clear_system(void)
{
    p_clear(system_pool);
}

static void parent_of_system(void)
{
    pool_add_external_ref(system_pool, default_pool);
}

/* AddressSanitizer ends the process itself otherwise. */
__attribute__((__visibility__("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void exhaust_system(void)
{
    (void)i_malloc((size_t)1 << 60);
}

static void exhaust_alloconly(void)
{
    (void)p_malloc(pool_alloconly_create("large", 64), (size_t)1 << 60);
}

int main(void)
{
    lib_init();
    for (unsigned int kind = 0; kind < N_ELEMENTS(kinds); kind++)
        test_every_kind(kind);
    test_clear_keeps_first_block();
    test_last_allocation();
    test_easy_size();
    test_parents();
    test_allocfree_sizes();
    test_imem();

    ok(panics(allocate_nothing), "allocating 0 bytes panics");
    ok(panics(allocate_too_many), "a count that overflows panics");
    ok(panics(add_too_much), "a sum that overflows panics");
    ok(panics(clear_system), "clearing the system pool panics");
    ok(panics(parent_of_system), "the system pool has no parents");
    is_int(child_end(exhaust_system), FATAL_OUTOFMEM,
           "a process without memory ends with status 83");
    is_int(child_end(exhaust_alloconly), FATAL_OUTOFMEM, "whichever pool it asks");
    lib_deinit();
    return done();
}
