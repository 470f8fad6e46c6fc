/*
 * Pools that give all their memory back at once. The pool itself lies at the start of its first
 * block, so that making one is a single malloc(); allocating is moving a position forward, and
 * clearing moves it back and frees the blocks that came later.
 */
#include "lib/memory.h"

/* Blocks double up to this size, and are larger only when one allocation is. */
#define LARGEST_GROWTH ((size_t)1024 * 1024)

struct pool_block {
    struct pool_block *prev;
    size_t size, used; /* of what follows the block */
    void *last;        /* the last allocation, which may still change its size */
};

struct alloconly_pool {
    struct pool pool;
    unsigned int refcount;
    struct pool_block *block; /* the newest */
    size_t first_used;        /* bytes of the first block that are the pool's own */
    bool clean : 1;
    bool growing : 1;
    char name[];
};

#define BLOCK_HEADER MEM_ALIGN(sizeof(struct pool_block))

static unsigned char *block_data(struct pool_block *block)
{
    return (unsigned char *)block + BLOCK_HEADER;
}

static struct pool_block *block_create(size_t size)
{
    struct pool_block *block = memory_take(BLOCK_HEADER + size);

    block->prev = NULL;
    block->size = size;
    block->used = 0;
    block->last = NULL;
    memory_poison(block_data(block), size);
    return block;
}

static void block_wipe(struct pool_block *block, size_t from, bool clean)
{
    unsigned char *data = block_data(block) + from;
    size_t size = block->size - from;

    memory_unpoison(data, size);
    if (clean)
        explicit_bzero(data, size);
}

static void block_free(struct pool_block *block, bool clean)
{
    block_wipe(block, 0, clean);
    memory_give_back(block);
}

static struct alloconly_pool *alloconly(pool_t pool)
{
    return container_of(pool, struct alloconly_pool, pool);
}

static const char *pool_alloconly_get_name(pool_t pool)
{
    return alloconly(pool)->name;
}

static void pool_alloconly_ref(pool_t pool)
{
    alloconly(pool)->refcount++;
}

static void pool_alloconly_unref(pool_t *_pool)
{
    struct alloconly_pool *pool = alloconly(*_pool);
    struct pool_block *block, *prev;
    bool clean = pool->clean;

    *_pool = NULL;
    i_assert(pool->refcount > 0);
    if (--pool->refcount > 0)
        return;

    pool_drop_parents(&pool->pool);
    for (block = pool->block; block != NULL; block = prev) {
        prev = block->prev;
        block_free(block, clean);
    }
}

static void pool_grow(struct alloconly_pool *pool, size_t size)
{
    struct pool_block *block;
    size_t new_size = I_MIN(pool->block->size * 2, LARGEST_GROWTH);

#ifdef DEBUG
    if (!pool->growing)
        i_warning("Growing pool '%s' with: %zu", pool->name, I_MAX(size, new_size));
#endif
    block = block_create(MEM_ALIGN(I_MAX(size, new_size)));
    block->prev = pool->block;
    pool->block = block;
}

static void *pool_alloconly_malloc(pool_t _pool, size_t size)
{
    struct alloconly_pool *pool = alloconly(_pool);
    struct pool_block *block = pool->block;
    void *mem;

    if (unlikely(MEM_ALIGN(size) > block->size - block->used)) {
        pool_grow(pool, MEM_ALIGN(size));
        block = pool->block;
    }
    mem = block_data(block) + block->used;
    block->used += MEM_ALIGN(size);
    block->last = mem;
    memory_unpoison(mem, size);
    return memset(mem, 0, size);
}

/* Only the last allocation comes back before the pool is cleared. */
static void pool_alloconly_free(pool_t _pool, void *mem)
{
    struct alloconly_pool *pool = alloconly(_pool);
    struct pool_block *block = pool->block;
    size_t start;

    if (mem != block->last)
        return;
    start = (size_t)((unsigned char *)mem - block_data(block));
    if (pool->clean)
        explicit_bzero(mem, block->used - start);
    memory_poison(mem, block->used - start);
    block->used = start;
    block->last = NULL;
}

static bool resize_last(struct pool_block *block, void *mem, size_t new_size)
{
    size_t start;

    if (mem != block->last)
        return FALSE;
    start = (size_t)((unsigned char *)mem - block_data(block));
    if (MEM_ALIGN(new_size) > block->size - start)
        return FALSE;
    block->used = start + MEM_ALIGN(new_size);
    memory_unpoison(mem, new_size);
    return TRUE;
}

static void *pool_alloconly_realloc(pool_t pool, void *mem, size_t old_size, size_t new_size)
{
    void *new_mem;

    if (new_size <= old_size)
        return mem;
    if (resize_last(alloconly(pool)->block, mem, new_size)) {
        memset(PTR_OFFSET(mem, old_size), 0, new_size - old_size);
        return mem;
    }
    new_mem = pool_alloconly_malloc(pool, new_size);
    return memcpy(new_mem, mem, old_size);
}

static void pool_alloconly_clear(pool_t _pool)
{
    struct alloconly_pool *pool = alloconly(_pool);
    struct pool_block *block;

    while ((block = pool->block)->prev != NULL) {
        pool->block = block->prev;
        block_free(block, pool->clean);
    }
    block_wipe(block, pool->first_used, pool->clean);
    memory_poison(block_data(block) + pool->first_used, block->size - pool->first_used);
    block->used = pool->first_used;
    block->last = NULL;
}

static size_t pool_alloconly_get_max_easy_alloc_size(pool_t pool)
{
    const struct pool_block *block = alloconly(pool)->block;

    return (block->size - block->used) & ~((size_t)MEM_ALIGN_SIZE - 1);
}

static const struct pool_vfuncs pool_alloconly_vfuncs = {
    .get_name = pool_alloconly_get_name,
    .ref = pool_alloconly_ref,
    .unref = pool_alloconly_unref,
    .malloc = pool_alloconly_malloc,
    .free = pool_alloconly_free,
    .realloc = pool_alloconly_realloc,
    .clear = pool_alloconly_clear,
    .get_max_easy_alloc_size = pool_alloconly_get_max_easy_alloc_size,
};

static pool_t pool_create(const char *name, size_t size, bool clean)
{
    struct alloconly_pool *pool;
    struct pool_block *block;
    bool growing = str_begins(name, MEMPOOL_GROWING);
    size_t name_size, own_size;

    if (growing)
        name += strlen(MEMPOOL_GROWING);
    name_size = strlen(name) + 1;
    own_size = MEM_ALIGN(sizeof(*pool) + name_size);

    size = size > BLOCK_HEADER ? size - BLOCK_HEADER : 0;
    block = block_create(MEM_ALIGN(I_MAX(size, own_size + MEM_ALIGN_SIZE)));
    block->used = own_size;
    pool = (struct alloconly_pool *)block_data(block);
    memory_unpoison(pool, own_size);

    memset(pool, 0, sizeof(*pool));
    pool->pool.v = &pool_alloconly_vfuncs;
    pool->pool.alloconly_pool = TRUE;
    pool->refcount = 1;
    pool->block = block;
    pool->first_used = own_size;
    pool->clean = clean;
    pool->growing = growing;
    memcpy(pool->name, name, name_size);
    return &pool->pool;
}

pool_t pool_alloconly_create(const char *name, size_t size)
{
    return pool_create(name, size, FALSE);
}

pool_t pool_alloconly_create_clean(const char *name, size_t size)
{
    return pool_create(name, size, TRUE);
}

size_t pool_alloconly_get_total_used_size(pool_t _pool)
{
    const struct alloconly_pool *pool = alloconly(_pool);
    size_t size = 0;

    for (const struct pool_block *block = pool->block; block != NULL; block = block->prev)
        size += block->used;
    return size - pool->first_used;
}

size_t pool_alloconly_get_total_alloc_size(pool_t pool)
{
    size_t size = 0;

    for (const struct pool_block *block = alloconly(pool)->block; block != NULL;
         block = block->prev)
        size += BLOCK_HEADER + block->size;
    return size;
}
