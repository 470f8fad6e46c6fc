/*
 * Memory pools: who allocates, and when the memory goes away again.
 *
 * alloconly pools give all their memory back at once, when the last reference goes: the usual kind,
 * one for each object. allocfree pools can also free single allocations. The system pool is
 * calloc() and free(). A data stack pool lives as long as the frame it was made in.
 *
 * Allocating never returns NULL (out of memory ends the process with status 83), always zeroes,
 * also the bytes a realloc adds, and never changes errno. Sizes must not be 0. Part of lib.h.
 */
#ifndef DOVECOT_MEMPOOL_H
#define DOVECOT_MEMPOOL_H

#include "macros.h"

/* `pool_alloconly_create(MEMPOOL_GROWING "name", size)`: nobody can say how large this pool gets,
   so a debug build does not warn when it outgrows its first block. */
#define MEMPOOL_GROWING "GROWING-"

/* Larger allocations panic: they are bugs. */
#define POOL_MAX_ALLOC_SIZE (SSIZE_T_MAX - 4096)

typedef struct pool *pool_t;
struct pool_parent;

/** What a kind of pool can do. Called through p_malloc() and the others below, which check sizes.
 *  */
struct pool_vfuncs {
    const char *(*get_name)(pool_t pool);

    void (*ref)(pool_t pool);
    /** Sets `*pool` to NULL. */
    void (*unref)(pool_t *pool);

    void *(*malloc)(pool_t pool, size_t size);
    void (*free)(pool_t pool, void *mem);
    /** `mem` is not NULL; bytes from old_size on are zeroed. */
    void *(*realloc)(pool_t pool, void *mem, size_t old_size, size_t new_size);

    /** Frees everything and keeps the pool. */
    void (*clear)(pool_t pool);
    /** How many bytes cost nothing to allocate now; 0 if it is always the same. */
    size_t (*get_max_easy_alloc_size)(pool_t pool);
};

struct pool {
    const struct pool_vfuncs *v;

    bool alloconly_pool : 1;
    bool datastack_pool : 1;

    /** Pools that this one keeps alive: pool_add_external_ref(). */
    struct pool_parent *parents;
};

DOVECOT_API_BEGIN

/* ---- Kinds of pools ------------------------------------------------------------------------ */

/** malloc() and free(); cannot be cleared, references are not counted. */
extern pool_t system_pool;
extern struct pool static_system_pool;

/** The innermost frame of the data stack, without any check that it is the right one. */
extern pool_t unsafe_data_stack_pool;

/** A pool that frees nothing until it is cleared or its last reference goes. `size` is what its
 *  first block takes from the system, the pool itself included; it grows when it must. The name is
 *  copied. */
pool_t pool_alloconly_create(const char *name, size_t size);
/** The same for secrets: memory is overwritten before it is given back. */
pool_t pool_alloconly_create_clean(const char *name, size_t size);

/** A pool over the innermost frame of the data stack. Used in another frame it panics. */
pool_t pool_datastack_create(void);

/** A pool that can free single allocations, and frees the rest when its last reference goes. */
pool_t pool_allocfree_create(const char *name);
pool_t pool_allocfree_create_clean(const char *name);

/** `pool` holds a reference of `ref_pool` until it is destroyed itself. Not for the system pool and
 *  data stack pools, which are never destroyed. */
void pool_add_external_ref(pool_t pool, pool_t ref_pool);

/** The size to grow something of `old_size` bytes to that needs `min_size`: the next power of two,
 *  or what still fits in the pool without trouble. */
size_t pool_get_exp_grown_size(pool_t pool, size_t old_size, size_t min_size);

/** Bytes handed out, and bytes taken from the system, by pools of these kinds. */
size_t pool_alloconly_get_total_used_size(pool_t pool);
size_t pool_alloconly_get_total_alloc_size(pool_t pool);
size_t pool_allocfree_get_total_used_size(pool_t pool);
size_t pool_allocfree_get_total_alloc_size(pool_t pool);

/** free() for memory of the system pool. */
void pool_system_free(pool_t pool, void *mem);

DOVECOT_API_END

/* ---- Using a pool -------------------------------------------------------------------------- */

/** `count` zeroed elements of a type, as `type *`. */
#define p_new(pool, type, count) ((type *)p_malloc((pool), MALLOC_MULTIPLY(sizeof(type), (count))))
#define p_realloc_type(pool, mem, type, old_count, new_count)                     \
    ((type *)p_realloc((pool), (mem), MALLOC_MULTIPLY(sizeof(type), (old_count)), \
                       MALLOC_MULTIPLY(sizeof(type), (new_count))))

/** Frees `mem`, which may be NULL, and sets it to NULL. An alloconly pool only forgets it. */
#define p_free(pool, mem)               \
    STMT_START                          \
    {                                   \
        p_free_internal((pool), (mem)); \
        (mem) = NULL;                   \
    }                                   \
    STMT_END
#define p_free_and_null(pool, mem) p_free(pool, mem)

static inline void *ATTR_MALLOC ATTR_RETURNS_NONNULL p_malloc(pool_t pool, size_t size)
{
    if (unlikely(size == 0 || size > POOL_MAX_ALLOC_SIZE))
        i_panic("Trying to allocate %zu bytes", size);
    return pool->v->malloc(pool, size);
}

/** `mem` may be NULL. The sizes are in bytes; the old one is what was asked for before. */
static inline void *ATTR_WARN_UNUSED_RESULT ATTR_RETURNS_NONNULL p_realloc(pool_t pool, void *mem,
                                                                           size_t old_size,
                                                                           size_t new_size)
{
    if (unlikely(new_size == 0 || new_size > POOL_MAX_ALLOC_SIZE))
        i_panic("Trying to reallocate %zu -> %zu bytes", old_size, new_size);
    if (mem == NULL)
        return pool->v->malloc(pool, new_size);
    return pool->v->realloc(pool, mem, old_size, new_size);
}

static inline void p_free_internal(pool_t pool, void *mem)
{
    if (mem != NULL)
        pool->v->free(pool, mem);
}

/** Frees everything that was allocated from the pool. */
static inline void p_clear(pool_t pool)
{
    pool->v->clear(pool);
}

static inline size_t p_get_max_easy_alloc_size(pool_t pool)
{
    return pool->v->get_max_easy_alloc_size(pool);
}

static inline const char *pool_get_name(pool_t pool)
{
    return pool->v->get_name(pool);
}

static inline void pool_ref(pool_t pool)
{
    pool->v->ref(pool);
}

/** Gives a reference back and sets `*pool`, which may be NULL, to NULL. */
static inline void pool_unref(pool_t *pool)
{
    if (*pool != NULL)
        (*pool)->v->unref(pool);
}

#endif
