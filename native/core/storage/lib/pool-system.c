/*
 * The system pool, calloc() and free() behind the face of a pool, and i_malloc() and its kin, which
 * use it.
 */
#include "lib/memory.h"

static const char *pool_system_get_name(pool_t pool ATTR_UNUSED)
{
    return "system";
}

static void pool_system_ref(pool_t pool ATTR_UNUSED) {}

static void pool_system_unref(pool_t *pool)
{
    *pool = NULL;
}

static void *pool_system_malloc(pool_t pool ATTR_UNUSED, size_t size)
{
    int old_errno = errno;
    void *mem = calloc(1, size);

    if (unlikely(mem == NULL))
        memory_exhausted("pool_system_malloc()", size);
    errno = old_errno;
    return mem;
}

void pool_system_free(pool_t pool ATTR_UNUSED, void *mem)
{
    memory_give_back(mem);
}

static void *pool_system_realloc(pool_t pool ATTR_UNUSED, void *mem, size_t old_size,
                                 size_t new_size)
{
    int old_errno = errno;

    mem = realloc(mem, new_size);
    if (unlikely(mem == NULL))
        memory_exhausted("pool_system_realloc()", new_size);
    if (new_size > old_size)
        memset(PTR_OFFSET(mem, old_size), 0, new_size - old_size);
    errno = old_errno;
    return mem;
}

static void pool_system_clear(pool_t pool ATTR_UNUSED)
{
    i_panic("The system pool cannot be cleared");
}

static size_t pool_system_get_max_easy_alloc_size(pool_t pool ATTR_UNUSED)
{
    return 0;
}

static const struct pool_vfuncs pool_system_vfuncs = {
    .get_name = pool_system_get_name,
    .ref = pool_system_ref,
    .unref = pool_system_unref,
    .malloc = pool_system_malloc,
    .free = pool_system_free,
    .realloc = pool_system_realloc,
    .clear = pool_system_clear,
    .get_max_easy_alloc_size = pool_system_get_max_easy_alloc_size,
};

struct pool static_system_pool = {.v = &pool_system_vfuncs};
pool_t system_pool = &static_system_pool;
pool_t default_pool = &static_system_pool;

void *i_malloc(size_t size)
{
    return p_malloc(default_pool, size);
}

void *i_realloc(void *mem, size_t old_size, size_t new_size)
{
    return p_realloc(default_pool, mem, old_size, new_size);
}
