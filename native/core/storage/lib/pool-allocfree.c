/*
 * Pools whose allocations can be freed one by one; those that were not are freed with the pool.
 */
#include "lib/memory.h"

struct allocfree_block {
    struct allocfree_block *prev, *next;
    size_t size; /* of what follows the block */
};

struct allocfree_pool {
    struct pool pool;
    unsigned int refcount;
    struct allocfree_block *blocks;
    size_t total_used, total_alloc;
    bool clean;
    char name[];
};

#define BLOCK_HEADER MEM_ALIGN(sizeof(struct allocfree_block))

static struct allocfree_pool *allocfree(pool_t pool)
{
    return container_of(pool, struct allocfree_pool, pool);
}

static void *block_data(struct allocfree_block *block)
{
    return (unsigned char *)block + BLOCK_HEADER;
}

static struct allocfree_block *block_of(void *mem)
{
    return (struct allocfree_block *)((unsigned char *)mem - BLOCK_HEADER);
}

static const char *pool_allocfree_get_name(pool_t pool)
{
    return allocfree(pool)->name;
}

static void pool_allocfree_ref(pool_t pool)
{
    allocfree(pool)->refcount++;
}

static void *pool_allocfree_malloc(pool_t _pool, size_t size)
{
    struct allocfree_pool *pool = allocfree(_pool);
    struct allocfree_block *block =
        system_pool->v->malloc(system_pool, MALLOC_ADD(BLOCK_HEADER, size));

    block->next = pool->blocks;
    if (block->next != NULL)
        block->next->prev = block;
    pool->blocks = block;
    block->size = size;
    pool->total_used += size;
    pool->total_alloc += BLOCK_HEADER + size;
    return block_data(block);
}

static void pool_allocfree_free(pool_t _pool, void *mem)
{
    struct allocfree_pool *pool = allocfree(_pool);
    struct allocfree_block *block = block_of(mem);

    if (block->prev != NULL)
        block->prev->next = block->next;
    else
        pool->blocks = block->next;
    if (block->next != NULL)
        block->next->prev = block->prev;
    pool->total_used -= block->size;
    pool->total_alloc -= BLOCK_HEADER + block->size;
    if (pool->clean)
        explicit_bzero(mem, block->size);
    memory_give_back(block);
}

static void *pool_allocfree_realloc(pool_t pool, void *mem, size_t old_size, size_t new_size)
{
    size_t kept = I_MIN(old_size, new_size);
    void *new_mem;

    i_assert(old_size <= block_of(mem)->size);
    new_mem = pool_allocfree_malloc(pool, new_size);
    memcpy(new_mem, mem, kept);
    pool_allocfree_free(pool, mem);
    return new_mem;
}

static void pool_allocfree_clear(pool_t _pool)
{
    struct allocfree_pool *pool = allocfree(_pool);

    while (pool->blocks != NULL)
        pool_allocfree_free(_pool, block_data(pool->blocks));
}

static void pool_allocfree_unref(pool_t *_pool)
{
    struct allocfree_pool *pool = allocfree(*_pool);

    *_pool = NULL;
    i_assert(pool->refcount > 0);
    if (--pool->refcount > 0)
        return;

    pool_drop_parents(&pool->pool);
    pool_allocfree_clear(&pool->pool);
    memory_give_back(pool);
}

static size_t pool_allocfree_get_max_easy_alloc_size(pool_t pool ATTR_UNUSED)
{
    return 0;
}

static const struct pool_vfuncs pool_allocfree_vfuncs = {
    .get_name = pool_allocfree_get_name,
    .ref = pool_allocfree_ref,
    .unref = pool_allocfree_unref,
    .malloc = pool_allocfree_malloc,
    .free = pool_allocfree_free,
    .realloc = pool_allocfree_realloc,
    .clear = pool_allocfree_clear,
    .get_max_easy_alloc_size = pool_allocfree_get_max_easy_alloc_size,
};

static pool_t pool_create(const char *name, bool clean)
{
    size_t name_size = strlen(name) + 1;
    struct allocfree_pool *pool = i_malloc(sizeof(*pool) + name_size);

    pool->pool.v = &pool_allocfree_vfuncs;
    pool->refcount = 1;
    pool->clean = clean;
    pool->total_alloc = sizeof(*pool) + name_size;
    memcpy(pool->name, name, name_size);
    return &pool->pool;
}

pool_t pool_allocfree_create(const char *name)
{
    return pool_create(name, FALSE);
}

pool_t pool_allocfree_create_clean(const char *name)
{
    return pool_create(name, TRUE);
}

size_t pool_allocfree_get_total_used_size(pool_t pool)
{
    return allocfree(pool)->total_used;
}

size_t pool_allocfree_get_total_alloc_size(pool_t pool)
{
    return allocfree(pool)->total_alloc;
}
