/*
 * Hash tables: buckets of linked nodes, as many buckets as nodes or more. A node that is removed
 * while the table is frozen loses its key and stays linked, so that whoever goes over the table can
 * go on from it; thawing unlinks it. Free nodes are kept for new keys, because the pool may not be
 * able to take them back.
 */
#include "hash.h"

#include "lib/memory.h"

#undef hash_table_create
#undef hash_table_create_direct
#undef hash_table_destroy
#undef hash_table_clear
#undef hash_table_lookup
#undef hash_table_lookup_full
#undef hash_table_insert
#undef hash_table_update
#undef hash_table_try_remove
#undef hash_table_count
#undef hash_table_iterate_init
#undef hash_table_iterate
#undef hash_table_freeze
#undef hash_table_thaw
#undef hash_table_copy

#define LEAST_BUCKETS 16
#define MOST_BUCKETS (1u << 28)

struct hash_node {
    struct hash_node *next;
    void *key, *value; /* no key: removed */
    unsigned int hash;
};

struct hash_table {
    pool_t node_pool;
    hash_callback_t *hash_cb;
    hash_cmp_callback_t *key_compare_cb;

    struct hash_node **buckets;
    unsigned int bucket_count; /* a power of two */
    unsigned int node_count, removed_count;
    unsigned int frozen;
    struct hash_node *free_nodes;
};

struct hash_iterate_context {
    struct hash_table *table;
    struct hash_node *next;
    unsigned int bucket; /* the next one to look into */
};

static unsigned int direct_hash(const void *p)
{
    /* addresses differ in their middle bits */
    uint64_t bits = (uint64_t)(uintptr_t)p * 0x9e3779b97f4a7c15u;

    return (unsigned int)(bits >> 32);
}

static int direct_cmp(const void *p1, const void *p2)
{
    return p1 == p2 ? 0 : 1;
}

void hash_table_create(struct hash_table **table_r, pool_t node_pool, unsigned int initial_size,
                       hash_callback_t *hash_cb, hash_cmp_callback_t *key_compare_cb)
{
    struct hash_table *table = i_new(struct hash_table, 1);
    unsigned int wanted = I_MIN(I_MAX(initial_size, LEAST_BUCKETS), MOST_BUCKETS);

    table->node_pool = node_pool;
    table->hash_cb = hash_cb;
    table->key_compare_cb = key_compare_cb;
    table->bucket_count = (unsigned int)nearest_power(wanted);
    table->buckets = i_new(struct hash_node *, table->bucket_count);
    pool_ref(node_pool);
    *table_r = table;
}

void hash_table_create_direct(struct hash_table **table_r, pool_t node_pool,
                              unsigned int initial_size)
{
    hash_table_create(table_r, node_pool, initial_size, direct_hash, direct_cmp);
}

static void free_nodes(struct hash_table *table, struct hash_node *node)
{
    while (node != NULL) {
        struct hash_node *next = node->next;

        p_free(table->node_pool, node);
        node = next;
    }
}

static void keep_node(struct hash_table *table, struct hash_node *node)
{
    node->next = table->free_nodes;
    table->free_nodes = node;
}

void hash_table_destroy(struct hash_table **_table)
{
    struct hash_table *table = *_table;

    if (table == NULL)
        return;
    *_table = NULL;
    i_assert(table->frozen == 0);
    if (!table->node_pool->alloconly_pool && !table->node_pool->datastack_pool) {
        for (unsigned int i = 0; i < table->bucket_count; i++)
            free_nodes(table, table->buckets[i]);
        free_nodes(table, table->free_nodes);
    }
    pool_unref(&table->node_pool);
    i_free(table->buckets);
    i_free(table);
}

void hash_table_clear(struct hash_table *table, bool free_them)
{
    i_assert(table->frozen == 0);
    for (unsigned int i = 0; i < table->bucket_count; i++) {
        struct hash_node *node = table->buckets[i], *next;

        table->buckets[i] = NULL;
        if (free_them) {
            free_nodes(table, node);
            continue;
        }
        for (; node != NULL; node = next) {
            next = node->next;
            keep_node(table, node);
        }
    }
    if (free_them) {
        free_nodes(table, table->free_nodes);
        table->free_nodes = NULL;
    }
    table->node_count = table->removed_count = 0;
}

static struct hash_node **bucket_of(const struct hash_table *table, unsigned int hash)
{
    /* hash functions of plugins may say more in the upper bits */
    hash ^= hash >> 15;
    return &table->buckets[hash & (table->bucket_count - 1)];
}

static struct hash_node *find_node(const struct hash_table *table, const void *key,
                                   unsigned int hash)
{
    struct hash_node *node = *bucket_of(table, hash);

    for (; node != NULL; node = node->next) {
        if (node->hash == hash && node->key != NULL && table->key_compare_cb(node->key, key) == 0)
            return node;
    }
    return NULL;
}

void *hash_table_lookup(const struct hash_table *table, const void *key)
{
    const struct hash_node *node = find_node(table, key, table->hash_cb(key));

    return node == NULL ? NULL : node->value;
}

bool hash_table_lookup_full(const struct hash_table *table, const void *lookup_key,
                            void **orig_key_r, void **value_r)
{
    const struct hash_node *node = find_node(table, lookup_key, table->hash_cb(lookup_key));

    if (node == NULL)
        return FALSE;
    /* the variables have other pointer types */
    memcpy(orig_key_r, &node->key, sizeof(node->key));
    memcpy(value_r, &node->value, sizeof(node->value));
    return TRUE;
}

/* ---- Changing ------------------------------------------------------------------------------ */

/* Unlinks nodes without a key, and moves all others to as many buckets as they need. */
static void rebuild(struct hash_table *table, unsigned int bucket_count)
{
    struct hash_node **old_buckets = table->buckets, *node, *next;
    unsigned int old_count = table->bucket_count;

    table->buckets = i_new(struct hash_node *, bucket_count);
    table->bucket_count = bucket_count;
    for (unsigned int i = 0; i < old_count; i++) {
        for (node = old_buckets[i]; node != NULL; node = next) {
            struct hash_node **bucket = bucket_of(table, node->hash);

            next = node->next;
            if (node->key == NULL) {
                keep_node(table, node);
                continue;
            }
            node->next = *bucket;
            *bucket = node;
        }
    }
    table->removed_count = 0;
    i_free(old_buckets);
}

static void add_node(struct hash_table *table, void *key, void *value, unsigned int hash)
{
    struct hash_node *node, **bucket;

    if (table->frozen == 0 && table->node_count >= table->bucket_count &&
        table->bucket_count < MOST_BUCKETS)
        rebuild(table, table->bucket_count * 2);

    node = table->free_nodes;
    if (node != NULL)
        table->free_nodes = node->next;
    else
        node = p_new(table->node_pool, struct hash_node, 1);
    node->key = key;
    node->value = value;
    node->hash = hash;
    bucket = bucket_of(table, hash);
    node->next = *bucket;
    *bucket = node;
    table->node_count++;
}

void hash_table_insert(struct hash_table *table, void *key, void *value)
{
    unsigned int hash = table->hash_cb(key);

    i_assert(key != NULL);
    if (unlikely(find_node(table, key, hash) != NULL))
        i_panic("hash_table_insert(): the key is in the table already");
    add_node(table, key, value, hash);
}

void hash_table_update(struct hash_table *table, void *key, void *value)
{
    unsigned int hash = table->hash_cb(key);
    struct hash_node *node = find_node(table, key, hash);

    i_assert(key != NULL);
    if (node != NULL)
        node->value = value;
    else
        add_node(table, key, value, hash);
}

bool hash_table_try_remove(struct hash_table *table, const void *key)
{
    unsigned int hash = table->hash_cb(key);
    struct hash_node *node = find_node(table, key, hash), **link;

    if (node == NULL)
        return FALSE;
    table->node_count--;
    node->key = NULL;
    if (table->frozen > 0) {
        table->removed_count++;
        return TRUE;
    }
    for (link = bucket_of(table, hash); *link != node; link = &(*link)->next)
        ;
    *link = node->next;
    keep_node(table, node);
    return TRUE;
}

unsigned int hash_table_count(const struct hash_table *table)
{
    return table->node_count;
}

void hash_table_freeze(struct hash_table *table)
{
    table->frozen++;
}

void hash_table_thaw(struct hash_table *table)
{
    i_assert(table->frozen > 0);
    if (--table->frozen > 0)
        return;
    if (table->removed_count > 0 || table->node_count > table->bucket_count * 2u) {
        unsigned int wanted = I_MIN(I_MAX(table->node_count, table->bucket_count), MOST_BUCKETS);

        rebuild(table, (unsigned int)nearest_power(wanted));
    }
}

void hash_table_copy(struct hash_table *dest, struct hash_table *src)
{
    struct hash_iterate_context *iter = hash_table_iterate_init(src);
    void *key, *value;

    while (hash_table_iterate(iter, &key, &value))
        hash_table_insert(dest, key, value);
    hash_table_iterate_deinit(&iter);
}

/* ---- Going over all ------------------------------------------------------------------------ */

struct hash_iterate_context *hash_table_iterate_init(struct hash_table *table)
{
    struct hash_iterate_context *ctx = i_new(struct hash_iterate_context, 1);

    hash_table_freeze(table);
    ctx->table = table;
    return ctx;
}

bool hash_table_iterate(struct hash_iterate_context *ctx, void **key_r, void **value_r)
{
    const struct hash_table *table = ctx->table;
    struct hash_node *node = ctx->next;

    for (;;) {
        while (node != NULL && node->key == NULL)
            node = node->next;
        if (node != NULL)
            break;
        if (ctx->bucket == table->bucket_count)
            return FALSE;
        node = table->buckets[ctx->bucket++];
    }
    ctx->next = node->next;
    memcpy(key_r, &node->key, sizeof(node->key));
    memcpy(value_r, &node->value, sizeof(node->value));
    return TRUE;
}

void hash_table_iterate_deinit(struct hash_iterate_context **_ctx)
{
    struct hash_iterate_context *ctx = *_ctx;

    *_ctx = NULL;
    hash_table_thaw(ctx->table);
    i_free(ctx);
}
