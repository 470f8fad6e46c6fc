/*
 * Settings from text: what each member can be, and lists of namespaces and mailboxes.
 */
#include "model/settings-private.h"

/* ---- Values -------------------------------------------------------------------------------- */

/* Text members that can only be some words. */
static const struct {
    const char *key;
    const char *const words[5];
} choices[] = {
    {"type", {"private", "shared", "public", NULL}},
    {"list", {"yes", "no", "children", NULL}},
    {"autocreate",
     {MAILBOX_SET_AUTO_NO, MAILBOX_SET_AUTO_CREATE, MAILBOX_SET_AUTO_SUBSCRIBE, NULL}},
    {"mail_fsync", {"optimized", "never", "always", NULL}}, /* in the order of enum fsync_mode */
    {"lock_method", {"fcntl", "flock", "dotlock", NULL}},
};

static const char *const *find_choices(const char *key)
{
    for (unsigned int i = 0; i < N_ELEMENTS(choices); i++) {
        if (strcmp(choices[i].key, key) == 0)
            return choices[i].words;
    }
    return NULL;
}

static int set_text(const struct setting_define *define, void *member, pool_t pool,
                    const char *value, const char **error_r)
{
    const char *const *words = find_choices(define->key);

    if (words != NULL && !str_array_find(words, value)) {
        *error_r = t_strdup_printf("%s: Invalid value: %s (it can be: %s)", define->key, value,
                                   t_strarray_join(words, ", "));
        return -1;
    }
    *(const char **)member = p_strdup(pool, value);
    return 0;
}

static int set_bool(const struct setting_define *define, bool *member, const char *value,
                    const char **error_r)
{
    static const char *const yes[] = {"yes", "y", "true", "1", NULL};
    static const char *const no[] = {"no", "n", "false", "0", NULL};

    *member = str_array_icase_find(yes, value);
    if (*member || str_array_icase_find(no, value))
        return 0;
    *error_r = t_strdup_printf("%s: Invalid boolean value: %s (use yes or no)", define->key, value);
    return -1;
}

static int set_number(const struct setting_define *define, unsigned int *member, const char *value,
                      const char **error_r)
{
    const char *error;

    if (define->type == SET_TIME) {
        if (settings_get_time(value, member, &error) == 0)
            return 0;
        *error_r = t_strdup_printf("%s: %s", define->key, error);
        return -1;
    }
    if (str_to_uint(value, member) == 0)
        return 0;
    *error_r = t_strdup_printf("%s: Invalid number: %s", define->key, value);
    return -1;
}

static int set_member(const struct setting_define *define, void *set, pool_t pool,
                      const char *value, const char **error_r)
{
    void *member = STRUCT_MEMBER_P(set, define->offset);

    switch (define->type) {
    case SET_BOOL:
        return set_bool(define, member, value, error_r);
    case SET_UINT:
    case SET_TIME:
        return set_number(define, member, value, error_r);
    default:
        return set_text(define, member, pool, value, error_r);
    }
}

static const struct setting_define *find_define(const struct setting_define *defines,
                                                const char *key)
{
    for (; defines->key != NULL; defines++) {
        if (strcmp(defines->key, key) == 0)
            return defines;
    }
    return NULL;
}

static int set_by_name(const struct setting_define *defines, void *set, pool_t pool,
                       const char *key, const char *value, const char **error_r)
{
    const struct setting_define *define = find_define(defines, key);

    if (define != NULL)
        return set_member(define, set, pool, value, error_r);
    *error_r = t_strdup_printf("Unknown setting: %s", key);
    return -1;
}

static enum fsync_mode parse_fsync(const char *value)
{
    const char *const *words = find_choices("mail_fsync");

    return strcmp(value, words[FSYNC_MODE_NEVER]) == 0    ? FSYNC_MODE_NEVER
           : strcmp(value, words[FSYNC_MODE_ALWAYS]) == 0 ? FSYNC_MODE_ALWAYS
                                                          : FSYNC_MODE_OPTIMIZED;
}

/* ---- The face ------------------------------------------------------------------------------ */

struct storage_settings *storage_settings_create(pool_t pool)
{
    struct storage_settings *set = p_new(pool, struct storage_settings, 1);

    set->user = storage_settings_user_defaults;
    set->mail = storage_settings_mail_defaults;
    set->pool = pool;
    p_array_init(&set->user.namespaces, pool, 4);
    p_array_init(&set->user.plugin_envs, pool, 16);
    return set;
}

int storage_settings_set(struct storage_settings *set, const char *key, const char *value,
                         const char **error_r)
{
    const struct setting_define *define = find_define(storage_settings_mail_defines, key);

    if (define != NULL && set_member(define, &set->mail, set->pool, value, error_r) < 0)
        return -1;
    set->mail.parsed_fsync_mode = parse_fsync(set->mail.mail_fsync);
    (void)file_lock_method_parse(set->mail.lock_method, &set->mail.parsed_lock_method);
    if (define != NULL && find_define(storage_settings_user_defines, key) == NULL)
        return 0;
    return set_by_name(storage_settings_user_defines, &set->user, set->pool, key, value, error_r);
}

void storage_settings_add_plugin_setting(struct storage_settings *set, const char *key,
                                         const char *value)
{
    const char *copies[2] = {p_strdup(set->pool, key), p_strdup(set->pool, value)};

    array_append(&set->user.plugin_envs, copies, 2);
}

struct mail_namespace_settings *storage_settings_add_namespace(struct storage_settings *set,
                                                               const char *name)
{
    struct mail_namespace_settings *ns = p_new(set->pool, struct mail_namespace_settings, 1);

    *ns = mail_namespace_default_settings;
    ns->name = p_strdup(set->pool, name);
    ns->user_set = &set->user;
    p_array_init(&ns->mailboxes, set->pool, 8);
    array_push_back(&set->user.namespaces, &ns);
    return ns;
}

int storage_settings_set_namespace(struct storage_settings *set, struct mail_namespace_settings *ns,
                                   const char *key, const char *value, const char **error_r)
{
    return set_by_name(storage_settings_namespace_defines, ns, set->pool, key, value, error_r);
}

struct mailbox_settings *storage_settings_add_mailbox(struct storage_settings *set,
                                                      struct mail_namespace_settings *ns,
                                                      const char *name)
{
    struct mailbox_settings *box = p_new(set->pool, struct mailbox_settings, 1);

    *box = mailbox_default_settings;
    box->name = p_strdup(set->pool, name);
    array_push_back(&ns->mailboxes, &box);
    return box;
}

int storage_settings_set_mailbox(struct storage_settings *set, struct mailbox_settings *box,
                                 const char *key, const char *value, const char **error_r)
{
    return set_by_name(storage_settings_mailbox_defines, box, set->pool, key, value, error_r);
}
