/*
 * Hash tables from pointers to pointers, checked by the compiler.
 *
 *     HASH_TABLE(const char *, struct foo *) foos;
 *     hash_table_create(&foos, default_pool, 0, str_hash, strcmp);
 *     hash_table_insert(foos, foo->name, foo);
 *     foo = hash_table_lookup(foos, "name");
 *     hash_table_destroy(&foos);
 *
 * Creating and destroying take the address of the table, everything else the table itself. Keys and
 * values are kept as pointers and stay their owner's. Declarations alone: hash-decl.h.
 */
#ifndef DOVECOT_HASH_H
#define DOVECOT_HASH_H

#include "lib.h"

struct hash_iterate_context;

/** The hash of a key. */
typedef unsigned int hash_callback_t(const void *p);
/** 0 if the keys are equal. */
typedef int hash_cmp_callback_t(const void *p1, const void *p2);

DOVECOT_API_BEGIN

/** Mixed into the hashes of strings, different in every process. */
extern uint64_t hash_iv;

/** `initial_size` is the expected number of keys; 0 is a small one. Nodes are allocated from
 *  `node_pool`, which may be alloconly and must live until the table is destroyed. The functions
 *  take keys of the table's type, or pointers to const of it. */
void hash_table_create(struct hash_table **table_r, pool_t node_pool, unsigned int initial_size,
                       hash_callback_t *hash_cb, hash_cmp_callback_t *key_compare_cb);
/** Keys are equal if they are the same pointer. */
void hash_table_create_direct(struct hash_table **table_r, pool_t node_pool,
                              unsigned int initial_size);
/** The table may be one that was never created. */
void hash_table_destroy(struct hash_table **table);

/** Removes everything. With `free_nodes` the nodes go back to the pool, which must be done if the
 *  pool is cleared; else they are kept for new keys. */
void hash_table_clear(struct hash_table *table, bool free_nodes);

/** NULL if the key is not there. */
void *hash_table_lookup(const struct hash_table *table, const void *key);
/** FALSE if it is not there; else also the key that is stored. */
bool hash_table_lookup_full(const struct hash_table *table, const void *lookup_key,
                            void **orig_key_r, void **value_r);

/** Adds a key; panics if it is there already. */
void hash_table_insert(struct hash_table *table, void *key, void *value);
/** The same, but a key that is there stays and gets the new value. */
void hash_table_update(struct hash_table *table, void *key, void *value);
/** FALSE if the key was not there. */
bool hash_table_try_remove(struct hash_table *table, const void *key);

unsigned int hash_table_count(const struct hash_table *table) ATTR_PURE;

/** Goes over all keys, in no order. Keys may be removed meanwhile; whether one that is added is
 *  seen is not said. Each init needs its deinit. */
struct hash_iterate_context *hash_table_iterate_init(struct hash_table *table);
bool hash_table_iterate(struct hash_iterate_context *ctx, void **key_r, void **value_r);
void hash_table_iterate_deinit(struct hash_iterate_context **ctx);

/** Between these the table is not resized and removed nodes stay in their lists; can be nested. */
void hash_table_freeze(struct hash_table *table);
void hash_table_thaw(struct hash_table *table);

/** Inserts everything of `src`, which keeps it, into `dest`. */
void hash_table_copy(struct hash_table *dest, struct hash_table *src);

/* ---- Hash functions ------------------------------------------------------------------------ */

/** Of a string; of a string in any case of ASCII letters. Nobody outside the process can choose
 *  strings that collide. */
unsigned int str_hash(const char *p) ATTR_PURE;
unsigned int strcase_hash(const char *p) ATTR_PURE;
/** The same in every process: for what is stored, never for what strangers send. */
unsigned int str_stable_hash(const char *p) ATTR_PURE;
/** Quick, for names made of ASCII letters and digits. */
unsigned int strfastcase_hash(const char *p) ATTR_PURE;
unsigned int mem_hash(const void *p, unsigned int size) ATTR_PURE;

/** lib_init() calls it: chooses hash_iv. */
void hash_init(void);

DOVECOT_API_END

/* ---- The typed faces of the functions above ------------------------------------------------ */

#define HASH_VALUE_CAST(table) (__typeof__((table)._value))

/* The key type with a const in front of what it points to. */
#define HASH_CONST_KEY_(table) const __typeof__(*(table)._key) *
#define HASH_KEY_CHECK_(table, key) \
    COMPILE_ERROR_IF_TRUE(          \
        !__builtin_types_compatible_p(HASH_CONST_KEY_(table), const __typeof__(*(key)) *))
#define HASH_STORE_CHECK_(table, key, value)                     \
    (COMPILE_ERROR_IF_TYPES_NOT_COMPATIBLE((table)._key, key) || \
     COMPILE_ERROR_IF_TYPES_NOT_COMPATIBLE((table)._value, value))
#define HASH_RESULT_CHECK_(table, key_r, value_r)                   \
    (COMPILE_ERROR_IF_TYPES_NOT_COMPATIBLE((table)._keyp, key_r) || \
     COMPILE_ERROR_IF_TYPES_NOT_COMPATIBLE((table)._valuep, value_r))
#define HASH_POINTERS_CHECK_(table)                                 \
    COMPILE_ERROR_IF_TRUE(sizeof((table)._key) != sizeof(void *) || \
                          sizeof((table)._value) != sizeof(void *))
#define HASH_CALLBACKS_CHECK_(table, hash_cb, key_cmp_cb)                                          \
    COMPILE_ERROR_IF_TRUE(                                                                         \
        (!__builtin_types_compatible_p(                                                            \
             __typeof__(&key_cmp_cb),                                                              \
             int (*)(__typeof__((table)._key), __typeof__((table)._key))) &&                       \
         !__builtin_types_compatible_p(                                                            \
             __typeof__(&key_cmp_cb), int (*)(HASH_CONST_KEY_(table), HASH_CONST_KEY_(table)))) || \
        (!__builtin_types_compatible_p(__typeof__(&hash_cb),                                       \
                                       unsigned int (*)(__typeof__((table)._key))) &&              \
         !__builtin_types_compatible_p(__typeof__(&hash_cb),                                       \
                                       unsigned int (*)(HASH_CONST_KEY_(table)))))

#define hash_table_create(table, pool, size, hash_cb, key_cmp_cb)                             \
    TYPE_CHECKS(void,                                                                         \
                HASH_POINTERS_CHECK_(*(table)) ||                                             \
                    HASH_CALLBACKS_CHECK_(*(table), hash_cb, key_cmp_cb),                     \
                hash_table_create(&(table)->_table, pool, size, (hash_callback_t *)(hash_cb), \
                                  (hash_cmp_callback_t *)(key_cmp_cb)))
#define hash_table_create_direct(table, pool, size)   \
    TYPE_CHECKS(void, HASH_POINTERS_CHECK_(*(table)), \
                hash_table_create_direct(&(table)->_table, pool, size))
#define hash_table_is_created(table) ((table)._table != NULL)
#define hash_table_destroy(table) hash_table_destroy(&(table)->_table)
#define hash_table_clear(table, free_nodes) hash_table_clear((table)._table, free_nodes)

#define hash_table_lookup(table, key)                \
    TYPE_CHECKS(void *, HASH_KEY_CHECK_(table, key), \
                (HASH_VALUE_CAST(table) hash_table_lookup((table)._table, (key))))
#define hash_table_lookup_full(table, lookup_key, orig_key_r, value_r)                     \
    TYPE_CHECKS(bool,                                                                      \
                HASH_KEY_CHECK_(table, lookup_key) ||                                      \
                    HASH_RESULT_CHECK_(table, orig_key_r, value_r),                        \
                hash_table_lookup_full((table)._table, (lookup_key), (void *)(orig_key_r), \
                                       (void *)(value_r)))
#define hash_table_insert(table, key, value)        \
    TYPE_CHECKS(                                    \
        void, HASH_STORE_CHECK_(table, key, value), \
        hash_table_insert((table)._table, (void *)(uintptr_t)(key), (void *)(uintptr_t)(value)))
#define hash_table_update(table, key, value)        \
    TYPE_CHECKS(                                    \
        void, HASH_STORE_CHECK_(table, key, value), \
        hash_table_update((table)._table, (void *)(uintptr_t)(key), (void *)(uintptr_t)(value)))
#define hash_table_try_remove(table, key)          \
    TYPE_CHECKS(bool, HASH_KEY_CHECK_(table, key), \
                hash_table_try_remove((table)._table, (const void *)(key)))
/* Panics if the key is not there. */
#define hash_table_remove(table, key)                     \
    STMT_START                                            \
    {                                                     \
        if (unlikely(!hash_table_try_remove(table, key))) \
            i_panic("key not found from hash");           \
    }                                                     \
    STMT_END
#define hash_table_count(table) hash_table_count((table)._table)

#define hash_table_iterate_init(table) hash_table_iterate_init((table)._table)
#define hash_table_iterate(ctx, table, key_r, value_r)           \
    TYPE_CHECKS(bool, HASH_RESULT_CHECK_(table, key_r, value_r), \
                hash_table_iterate(ctx, (void *)(key_r), (void *)(value_r)))
#define hash_table_freeze(table) hash_table_freeze((table)._table)
#define hash_table_thaw(table) hash_table_thaw((table)._table)
#define hash_table_copy(table1, table2) hash_table_copy((table1)._table, (table2)._table)

#endif
