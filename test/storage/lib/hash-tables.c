/* Hash tables, and what hashes strings. */
#include "hash.h"

#include "tap.h"

HASH_TABLE_DEFINE_TYPE(numbers, char *, void *);

static void test_table(pool_t pool, const char *kind)
{
    HASH_TABLE_TYPE(numbers) table;
    bool found = TRUE, gone = TRUE;
    const char *key;
    char *stored;
    void *value;

    hash_table_create(&table, pool, 0, str_hash, strcmp);
    ok(hash_table_is_created(table), "a table in %s is created", kind);
    for (unsigned int i = 1; i <= 5000; i++)
        hash_table_insert(table, i_strdup_printf("key %u", i), POINTER_CAST(i));
    is_int(hash_table_count(table), 5000, "it counts its keys");
    for (unsigned int i = 1; i <= 5000; i++) {
        key = t_strdup_printf("key %u", i);
        found = found && POINTER_CAST_TO(hash_table_lookup(table, key), unsigned int) == i;
    }
    ok(found, "all of them are found");
    ok(hash_table_lookup(table, "key 5001") == NULL, "others are not");
    ok(!hash_table_lookup_full(table, "key 0", &stored, &value), "in no way");

    for (unsigned int i = 1; i <= 5000; i += 2) {
        key = t_strdup_printf("key %u", i);
        gone = gone && hash_table_lookup_full(table, key, &stored, &value);
        hash_table_remove(table, key);
        gone = gone && hash_table_lookup(table, key) == NULL && !hash_table_try_remove(table, key);
        i_free(stored);
    }
    ok(gone, "removed keys are gone");
    is_int(hash_table_count(table), 2500, "the others are counted");

    key = "key 2";
    ok(hash_table_lookup_full(table, key, &stored, &value), "the stored key can be had");
    hash_table_update(table, stored, POINTER_CAST(77));
    is_int(POINTER_CAST_TO(hash_table_lookup(table, key), int), 77, "a value is replaced");
    is_int(hash_table_count(table), 2500, "which adds no key");
    hash_table_update(table, i_strdup("new"), POINTER_CAST(78));
    is_int(POINTER_CAST_TO(hash_table_lookup(table, "new"), int), 78, "or one is added");

    {
        struct hash_iterate_context *iter = hash_table_iterate_init(table);
        unsigned int seen = 0;

        while (hash_table_iterate(iter, table, &stored, &value)) {
            hash_table_remove(table, stored);
            i_free(stored);
            seen++;
        }
        hash_table_iterate_deinit(&iter);
        is_int(seen, 2501, "all keys can be visited, and removed meanwhile");
        is_int(hash_table_count(table), 0, "until none is left");
    }
    hash_table_destroy(&table);
    ok(!hash_table_is_created(table), "a table is destroyed");
    hash_table_destroy(&table);
}

static void test_iteration(void)
{
    HASH_TABLE(const char *, void *) table, copy;
    struct hash_iterate_context *iter;
    const char *key, *names[] = {"a", "b", "c", "d", "e", "f"};
    unsigned int seen = 0;
    void *value;

    hash_table_create(&table, default_pool, 100, strcase_hash, strcasecmp);
    for (unsigned int i = 0; i < N_ELEMENTS(names); i++)
        hash_table_insert(table, names[i], value = POINTER_CAST(i + 1));
    is_int(POINTER_CAST_TO(hash_table_lookup(table, "C"), int), 3, "keys may have no case");

    iter = hash_table_iterate_init(table);
    while (hash_table_iterate(iter, table, &key, &value)) {
        seen++;
        /* everybody else goes */
        for (unsigned int i = 0; i < N_ELEMENTS(names); i++) {
            if (names[i] != key)
                (void)hash_table_try_remove(table, names[i]);
        }
    }
    hash_table_iterate_deinit(&iter);
    is_int(seen, 1, "keys that were removed are not visited");
    is_int(hash_table_count(table), 1, "the others are still there");

    hash_table_clear(table, FALSE);
    is_int(hash_table_count(table), 0, "a table is cleared");
    iter = hash_table_iterate_init(table);
    for (unsigned int i = 0; i < N_ELEMENTS(names); i++)
        hash_table_insert(table, names[i], value = NULL);
    while (hash_table_iterate(iter, table, &key, &value))
        ;
    hash_table_iterate_deinit(&iter);
    is_int(hash_table_count(table), 6, "keys can be added meanwhile");

    hash_table_create(&copy, default_pool, 0, strcase_hash, strcasecmp);
    hash_table_copy(copy, table);
    is_int(hash_table_count(copy), 6, "a table is copied");
    hash_table_clear(copy, TRUE);
    is_int(hash_table_count(copy), 0, "and cleared with its nodes");
    hash_table_destroy(&copy);
    hash_table_destroy(&table);
}

static void test_frozen_growth(void)
{
    HASH_TABLE(void *, void *) table;
    bool found = TRUE;

    hash_table_create_direct(&table, default_pool, 0);
    hash_table_freeze(table);
    for (uintptr_t i = 1; i <= 3000; i++)
        hash_table_insert(table, POINTER_CAST(i * 8), POINTER_CAST(i));
    hash_table_thaw(table);
    for (uintptr_t i = 1; i <= 3000; i++) {
        void *key = POINTER_CAST(i * 8);

        found = found && POINTER_CAST_TO(hash_table_lookup(table, key), uintptr_t) == i;
    }
    ok(found, "a table of pointers grows when it is thawed");
    hash_table_destroy(&table);
}

static void test_hashes(void)
{
    uint64_t iv = hash_iv;
    unsigned int stable = str_stable_hash("text"), keyed = str_hash("text");

    ok(str_hash("text") == str_hash("text") && str_hash("text") != str_hash("Text"),
       "equal texts have equal hashes");
    ok(strcase_hash("text") == strcase_hash("TEXT"), "in any case if that is wanted");
    ok(strfastcase_hash("text1") == strfastcase_hash("TEXT1"), "quickly too");
    ok(mem_hash("ab", 2) == mem_hash("ab", 2) && mem_hash("ab", 2) != mem_hash("ac", 2),
       "bytes too");
    hash_iv++;
    ok(str_stable_hash("text") == stable, "a stable hash is the same in every process");
    ok(str_hash("text") != keyed, "the others are not");
    hash_iv = iv;
}

static void insert_twice(void)
{
    HASH_TABLE(const char *, void *) table;
    const char *key = "key";
    void *value = NULL;

    hash_table_create(&table, default_pool, 0, str_hash, strcmp);
    hash_table_insert(table, key, value);
    hash_table_insert(table, key, value);
}

static void remove_missing(void)
{
    HASH_TABLE(const char *, void *) table;

    hash_table_create(&table, default_pool, 0, str_hash, strcmp);
    hash_table_remove(table, "key");
}

int main(void)
{
    pool_t pool;

    lib_init();
    pool = pool_alloconly_create("nodes", 1024);
    T_BEGIN
    {
        test_table(default_pool, "the default pool");
        test_table(pool, "an alloconly pool");
        test_iteration();
        test_frozen_growth();
        test_hashes();
    }
    T_END;
    pool_unref(&pool);
    ok(panics(insert_twice), "inserting a key that is there panics");
    ok(panics(remove_missing), "removing one that is not does too");
    lib_deinit();
    return done();
}
