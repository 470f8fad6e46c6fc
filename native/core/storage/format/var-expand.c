/*
 * Variables in settings (var-expand.h): finding them and putting their values in. What modifiers do
 * is in var-expand-modifier.c.
 */
#include "var-expand.h"

#include "format/var-expand-modifier.h"
#include "hostpid.h"
#include "str.h"

#include <unistd.h>

struct expansion {
    const struct var_expand_table *table;
    const struct var_expand_func_table *func_table;
    void *func_context;
    const char *error;
    int result;
};

static void fail(struct expansion *ctx, int result, const char *error)
{
    if (result < ctx->result) {
        ctx->result = result;
        ctx->error = error;
    }
}

/** Variables that are known everywhere. NULL: it is none of them. */
static const char *builtin_value(const char *key, const char *data)
{
    if (strcmp(key, "hostname") == 0)
        return my_hostname;
    if (strcmp(key, "pid") == 0)
        return my_pid;
    if (strcmp(key, "uid") == 0)
        return dec2str(geteuid());
    if (strcmp(key, "gid") == 0)
        return dec2str(getegid());
    if (strcmp(key, "env") == 0) {
        const char *value = getenv(data);

        return value == NULL ? "" : value;
    }
    return NULL;
}

static const char *long_value(struct expansion *ctx, const char *name)
{
    const struct var_expand_table *entry;
    const struct var_expand_func_table *func;
    const char *colon = strchr(name, ':'), *value, *error = NULL;
    const char *key = colon == NULL ? name : t_strdup_until(name, colon);
    const char *data = colon == NULL ? "" : colon + 1;

    for (entry = ctx->table; entry != NULL && (entry->key != '\0' || entry->long_key != NULL);
         entry++) {
        if (entry->long_key != NULL && strcmp(entry->long_key, name) == 0)
            return entry->value == NULL ? "" : entry->value;
    }
    for (func = ctx->func_table; func != NULL && func->key != NULL; func++) {
        int ret;

        if (strcmp(func->key, key) != 0)
            continue;
        value = NULL;
        ret = func->func(data, ctx->func_context, &value, &error);
        if (ret <= 0)
            fail(ctx, ret, t_strdup_printf("%%{%s}: %s", name, error == NULL ? "failed" : error));
        return value == NULL ? "" : value;
    }
    value = builtin_value(key, data);
    if (value == NULL) {
        fail(ctx, 0, t_strdup_printf("Unknown variable '%%%s'", name));
        value = t_strdup_printf("UNSUPPORTED_VARIABLE_%s", name);
    }
    return value;
}

static const char *short_value(struct expansion *ctx, char key)
{
    const struct var_expand_table *entry;

    for (entry = ctx->table; entry != NULL && (entry->key != '\0' || entry->long_key != NULL);
         entry++) {
        if (entry->key != '\0' && entry->key == key)
            return entry->value == NULL ? "" : entry->value;
    }
    if (key == '%')
        return "%";
    fail(ctx, 0, t_strdup_printf("Unknown variable '%%%c'", key));
    return t_strdup_printf("UNSUPPORTED_VARIABLE_%c", key);
}

/** The variable whose `%` stands before `str`; returns what is behind it. */
static const char *expand_one(struct expansion *ctx, string_t *dest, const char *str)
{
    struct var_modifiers modifiers;
    const char *value, *end;

    str = var_modifiers_parse(&modifiers, str);
    if (*str == '\0') {
        fail(ctx, 0, "Variable is missing after '%'");
        return str;
    }
    if (*str != '{') {
        value = short_value(ctx, *str);
        end = str + 1;
    } else if ((end = strchr(str, '}')) != NULL) {
        value = long_value(ctx, t_strdup_until(str + 1, end));
        end++;
    } else {
        fail(ctx, 0, "Missing '}' in a variable");
        return str + strlen(str);
    }
    str_append(dest, var_modifiers_apply(&modifiers, value));
    return end;
}

int var_expand_with_funcs(string_t *dest, const char *str, const struct var_expand_table *table,
                          const struct var_expand_func_table *func_table, void *func_context,
                          const char **error_r)
{
    struct expansion ctx = {table, func_table, func_context, NULL, 1};

    while (*str != '\0') {
        if (*str == '%') {
            str = expand_one(&ctx, dest, str + 1);
        } else {
            size_t length = strcspn(str, "%");

            str_append_data(dest, str, length);
            str += length;
        }
    }
    *error_r = ctx.error;
    return ctx.result;
}

int var_expand(string_t *dest, const char *str, const struct var_expand_table *table,
               const char **error_r)
{
    return var_expand_with_funcs(dest, str, table, NULL, NULL, error_r);
}

char var_get_key(const char *str)
{
    struct var_modifiers modifiers;

    return *var_modifiers_parse(&modifiers, str);
}

void var_get_key_range(const char *str, unsigned int *idx_r, unsigned int *size_r)
{
    struct var_modifiers modifiers;
    const char *key = var_modifiers_parse(&modifiers, str);

    *size_r = *key == '\0' ? 0 : 1;
    if (*key == '{') {
        key++;
        *size_r = (unsigned int)strcspn(key, "}");
    }
    *idx_r = (unsigned int)(key - str);
}

bool var_has_key(const char *str, char key, const char *long_key)
{
    while ((str = strchr(str, '%')) != NULL) {
        unsigned int idx, size;
        bool is_long;

        str++;
        var_get_key_range(str, &idx, &size);
        is_long = idx > 0 && str[idx - 1] == '{';
        if (!is_long && key != '\0' && size == 1 && str[idx] == key)
            return TRUE;
        if (is_long && long_key != NULL && strncmp(str + idx, long_key, size) == 0 &&
            long_key[size] == '\0')
            return TRUE;
        str += idx + size;
    }
    return FALSE;
}

/** Adds an entry, or puts it in the place of one with the same keys. */
static void merge_entry(struct var_expand_table *table, size_t *count,
                        const struct var_expand_table *entry)
{
    for (size_t i = 0; i < *count; i++) {
        if (table[i].key == entry->key && null_strcmp(table[i].long_key, entry->long_key) == 0) {
            table[i] = *entry;
            return;
        }
    }
    table[(*count)++] = *entry;
}

struct var_expand_table *var_expand_merge_tables(pool_t pool, const struct var_expand_table *a,
                                                 const struct var_expand_table *b)
{
    size_t a_size = var_expand_table_size(a), b_size = var_expand_table_size(b), count = 0;
    struct var_expand_table *table = p_new(pool, struct var_expand_table, a_size + b_size + 1);

    for (size_t i = 0; i < a_size; i++)
        merge_entry(table, &count, &a[i]);
    for (size_t i = 0; i < b_size; i++)
        merge_entry(table, &count, &b[i]);
    return table;
}
