/*
 * Variables in settings: `%u`, `%{user}`, `%Lu` (modifier), `%3u` and `%2.5u` (offset and width),
 * `%%`. Modifiers: L and U change case, E escapes quotes, X is hexadecimal, R reverses, T trims, D
 * makes `sub,dc=domain` of `sub.domain`, M is the MD5 in hexadecimal.
 */
#ifndef VAR_EXPAND_H
#define VAR_EXPAND_H

#include "lib.h"

/** Ends with an entry without keys. A NULL value is known, and empty. */
struct var_expand_table {
    char key;
    const char *value;
    const char *long_key;
};

/** `%{key:data}`. The function answers 1, 0 when the data is invalid, -1 for a passing error. */
struct var_expand_func_table {
    const char *key;
    int (*func)(const char *data, void *context, const char **value_r, const char **error_r);
};

DOVECOT_API_BEGIN

/**
 * Appends the expansion, as much of it as can be. 1, 0 and an error when a variable is unknown, -1
 * when a function failed. Known without a table: `%{env:NAME}`, `%{hostname}`, `%{pid}`, `%{uid}`,
 * `%{gid}`.
 */
int var_expand(string_t *dest, const char *str, const struct var_expand_table *table,
               const char **error_r);
int var_expand_with_funcs(string_t *dest, const char *str, const struct var_expand_table *table,
                          const struct var_expand_func_table *func_table, void *func_context,
                          const char **error_r) ATTR_NULL(3, 4, 5);

/** What follows a `%`: its key behind modifiers and width; `{` for a long one. */
char var_get_key(const char *str) ATTR_PURE;
/** Where the key, short or long, begins, and its length. */
void var_get_key_range(const char *str, unsigned int *idx_r, unsigned int *size_r);
/** Whether the string uses the one ('\0': none) or the other (NULL: none). */
bool var_has_key(const char *str, char key, const char *long_key) ATTR_PURE;

static inline size_t ATTR_PURE var_expand_table_size(const struct var_expand_table *table)
{
    size_t n = 0;

    while (table != NULL && (table[n].key != '\0' || table[n].long_key != NULL))
        n++;
    return n;
}

/** Both tables in one; on a clash the later wins. Values are not copied. */
struct var_expand_table *var_expand_merge_tables(pool_t pool, const struct var_expand_table *a,
                                                 const struct var_expand_table *b);
#define t_var_expand_merge_tables(a, b) \
    (const struct var_expand_table *)var_expand_merge_tables(pool_datastack_create(), (a), (b))

DOVECOT_API_END

#endif
