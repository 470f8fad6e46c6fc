/*
 * Pools over the data stack: one that insists on the frame it was made in, because what it
 * allocates in another one would be gone too early, and one that takes whichever frame there is.
 */
#include "lib/memory.h"

struct datastack_pool {
    struct pool pool;
    unsigned int refcount;
    data_stack_frame_t frame;
};

static struct datastack_pool *datastack(pool_t pool)
{
    return container_of(pool, struct datastack_pool, pool);
}

static void check_frame(const struct datastack_pool *pool, const char *action)
{
    if (unlikely(pool->frame != data_stack_frame_id))
        i_panic("data stack pool: %s in another frame than the pool's own (%u, now %u)", action,
                pool->frame, data_stack_frame_id);
}

void pool_datastack_verify(pool_t pool)
{
    if (pool != unsafe_data_stack_pool)
        check_frame(datastack(pool), "growing");
}

static const char *pool_datastack_get_name(pool_t pool ATTR_UNUSED)
{
    return "data stack";
}

static void pool_datastack_ref(pool_t _pool)
{
    struct datastack_pool *pool = datastack(_pool);

    check_frame(pool, "referencing");
    pool->refcount++;
}

static void pool_datastack_unref(pool_t *_pool)
{
    struct datastack_pool *pool = datastack(*_pool);

    check_frame(pool, "unreferencing");
    i_assert(pool->refcount > 0);
    pool->refcount--;
    *_pool = NULL;
}

static void *pool_datastack_malloc(pool_t pool, size_t size)
{
    check_frame(datastack(pool), "allocating");
    return t_malloc0(size);
}

static void pool_datastack_free(pool_t pool, void *mem ATTR_UNUSED)
{
    check_frame(datastack(pool), "freeing");
}

static void *stack_realloc(void *mem, size_t old_size, size_t new_size)
{
    void *new_mem;

    if (new_size <= old_size)
        return mem;
    if (!t_try_realloc(mem, new_size)) {
        new_mem = t_malloc_no0(new_size);
        mem = memcpy(new_mem, mem, old_size);
    }
    memset(PTR_OFFSET(mem, old_size), 0, new_size - old_size);
    return mem;
}

static void *pool_datastack_realloc(pool_t pool, void *mem, size_t old_size, size_t new_size)
{
    check_frame(datastack(pool), "reallocating");
    return stack_realloc(mem, old_size, new_size);
}

static void pool_datastack_clear(pool_t pool)
{
    check_frame(datastack(pool), "clearing");
}

static size_t pool_datastack_get_max_easy_alloc_size(pool_t pool ATTR_UNUSED)
{
    return t_get_bytes_available();
}

static const struct pool_vfuncs pool_datastack_vfuncs = {
    .get_name = pool_datastack_get_name,
    .ref = pool_datastack_ref,
    .unref = pool_datastack_unref,
    .malloc = pool_datastack_malloc,
    .free = pool_datastack_free,
    .realloc = pool_datastack_realloc,
    .clear = pool_datastack_clear,
    .get_max_easy_alloc_size = pool_datastack_get_max_easy_alloc_size,
};

pool_t pool_datastack_create(void)
{
    struct datastack_pool *pool = t_new(struct datastack_pool, 1);

    pool->pool.v = &pool_datastack_vfuncs;
    pool->pool.datastack_pool = TRUE;
    pool->refcount = 1;
    pool->frame = data_stack_frame_id;
    return &pool->pool;
}

/* ---- In whichever frame there is ----------------------------------------------------------- */

static void pool_unsafe_ref(pool_t pool ATTR_UNUSED) {}

static void pool_unsafe_unref(pool_t *pool)
{
    *pool = NULL;
}

static void *pool_unsafe_malloc(pool_t pool ATTR_UNUSED, size_t size)
{
    return t_malloc0(size);
}

static void pool_unsafe_free(pool_t pool ATTR_UNUSED, void *mem ATTR_UNUSED) {}

static void *pool_unsafe_realloc(pool_t pool ATTR_UNUSED, void *mem, size_t old_size,
                                 size_t new_size)
{
    return stack_realloc(mem, old_size, new_size);
}

static void pool_unsafe_clear(pool_t pool ATTR_UNUSED) {}

static const struct pool_vfuncs pool_unsafe_vfuncs = {
    .get_name = pool_datastack_get_name,
    .ref = pool_unsafe_ref,
    .unref = pool_unsafe_unref,
    .malloc = pool_unsafe_malloc,
    .free = pool_unsafe_free,
    .realloc = pool_unsafe_realloc,
    .clear = pool_unsafe_clear,
    .get_max_easy_alloc_size = pool_datastack_get_max_easy_alloc_size,
};

static struct pool static_unsafe_pool = {.v = &pool_unsafe_vfuncs, .datastack_pool = TRUE};
pool_t unsafe_data_stack_pool = &static_unsafe_pool;
