/*
 * Settings of a user's own: copies, in which the variables stand for this user.
 */
#include "model/settings-private.h"

#include "str.h"
#include "var-expand.h"

static bool is_text(const struct setting_define *define)
{
    return define->type == SET_STR || define->type == SET_STR_VARS;
}

static void dup_texts(const struct setting_define *defines, void *set, pool_t pool)
{
    for (; defines->key != NULL; defines++) {
        const char **member = STRUCT_MEMBER_P(set, defines->offset);

        if (is_text(defines))
            *member = p_strdup(pool, *member);
    }
}

static struct mailbox_settings *dup_mailbox(const struct mailbox_settings *box, pool_t pool)
{
    struct mailbox_settings *copy = p_memdup(pool, box, sizeof(*box));

    dup_texts(storage_settings_mailbox_defines, copy, pool);
    return copy;
}

struct mail_namespace_settings *
storage_settings_dup_namespace(const struct mail_namespace_settings *ns, pool_t pool,
                               struct mail_user_settings *user_set)
{
    struct mail_namespace_settings *copy = p_memdup(pool, ns, sizeof(*ns));
    struct mailbox_settings *box;

    dup_texts(storage_settings_namespace_defines, copy, pool);
    copy->user_set = user_set;
    p_array_init(&copy->mailboxes, pool, 8);
    if (array_is_created(&ns->mailboxes)) {
        array_foreach_elem(&ns->mailboxes, box)
        {
            box = dup_mailbox(box, pool);
            array_push_back(&copy->mailboxes, &box);
        }
    }
    return copy;
}

struct storage_settings *storage_settings_dup(const struct storage_settings *set, pool_t pool)
{
    struct storage_settings *copy = p_memdup(pool, set, sizeof(*set));
    struct mail_namespace_settings *ns;
    const char *text;

    copy->pool = pool;
    dup_texts(storage_settings_user_defines, &copy->user, pool);
    dup_texts(storage_settings_mail_defines, &copy->mail, pool);
    p_array_init(&copy->user.namespaces, pool, 4);
    p_array_init(&copy->user.plugin_envs, pool, 16);
    array_foreach_elem(&set->user.namespaces, ns)
    {
        ns = storage_settings_dup_namespace(ns, pool, &copy->user);
        array_push_back(&copy->user.namespaces, &ns);
    }
    array_foreach_elem(&set->user.plugin_envs, text)
    {
        text = p_strdup(pool, text);
        array_push_back(&copy->user.plugin_envs, &text);
    }
    return copy;
}

/* ---- Variables ----------------------------------------------------------------------------- */

static int expand(pool_t pool, const char *key, const char **text,
                  const struct var_expand_table *table, const char **error_r)
{
    const char *error;
    string_t *str;

    if (*text == NULL || strchr(*text, '%') == NULL)
        return 0;
    str = t_str_new(128);
    if (var_expand(str, *text, table, &error) <= 0) {
        *error_r = t_strdup_printf("Failed to expand setting %s = '%s': %s", key, *text, error);
        return -1;
    }
    *text = p_strdup(pool, str_c(str));
    return 0;
}

static int expand_members(const struct setting_define *defines, void *set, pool_t pool,
                          const struct var_expand_table *table, const char **error_r)
{
    for (; defines->key != NULL; defines++) {
        const char **member = STRUCT_MEMBER_P(set, defines->offset);

        if (defines->type == SET_STR_VARS && expand(pool, defines->key, member, table, error_r) < 0)
            return -1;
    }
    return 0;
}

static int expand_plugin_settings(struct storage_settings *set,
                                  const struct var_expand_table *table, const char **error_r)
{
    unsigned int count;
    const char **envs = array_get_modifiable(&set->user.plugin_envs, &count);

    for (unsigned int i = 0; i + 1 < count; i += 2) {
        if (expand(set->pool, t_strconcat("plugin/", envs[i], NULL), &envs[i + 1], table, error_r) <
            0)
            return -1;
    }
    return 0;
}

int storage_settings_expand(struct storage_settings *set, const struct var_expand_table *table,
                            const char **error_r)
{
    if (expand_members(storage_settings_user_defines, &set->user, set->pool, table, error_r) < 0 ||
        expand_members(storage_settings_mail_defines, &set->mail, set->pool, table, error_r) < 0)
        return -1;
    return expand_plugin_settings(set, table, error_r);
}
