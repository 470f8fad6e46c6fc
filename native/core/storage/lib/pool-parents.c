/*
 * Pools that keep other pools alive, because what is allocated in them points into those.
 */
#include "lib/memory.h"

struct pool_parent {
    struct pool_parent *next;
    pool_t pool;
};

void pool_add_external_ref(pool_t pool, pool_t ref_pool)
{
    struct pool_parent *parent;

    if (pool->datastack_pool || pool == system_pool)
        i_panic("Pool %s cannot keep another one alive: it is never destroyed",
                pool_get_name(pool));
    pool_ref(ref_pool);
    parent = i_new(struct pool_parent, 1);
    parent->pool = ref_pool;
    parent->next = pool->parents;
    pool->parents = parent;
}

void pool_drop_parents(struct pool *pool)
{
    struct pool_parent *parent;

    while ((parent = pool->parents) != NULL) {
        pool->parents = parent->next;
        pool_unref(&parent->pool);
        i_free(parent);
    }
}
