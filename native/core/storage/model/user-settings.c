/*
 * What plugins ask of a user's settings, and the variables that stand for a user in settings.
 */
#include "lib.h"

#include "array.h"
#include "mail-user.h"
#include "model/settings-private.h"
#include "model/user.h"
#include "module-dir.h"
#include "net.h"
#include "str.h"
#include "var-expand.h"

#include <unistd.h>

/* ---- Plugin settings ----------------------------------------------------------------------- */

const char *mail_user_set_plugin_getenv(const struct mail_user_settings *set, const char *name)
{
    const char *const *envs;
    unsigned int count;

    if (!array_is_created(&set->plugin_envs))
        return NULL;
    envs = array_get(&set->plugin_envs, &count);
    for (unsigned int i = 0; i + 1 < count; i += 2) {
        if (strcmp(envs[i], name) == 0)
            return envs[i + 1];
    }
    return NULL;
}

bool mail_user_set_plugin_getenv_bool(const struct mail_user_settings *set, const char *name)
{
    const char *value = mail_user_set_plugin_getenv(set, name);

    return value != NULL && (*value == '\0' || strchr("nN0fF", *value) == NULL);
}

const char *mail_user_plugin_getenv(struct mail_user *user, const char *name)
{
    return mail_user_set_plugin_getenv(user->set, name);
}

bool mail_user_plugin_getenv_bool(struct mail_user *user, const char *name)
{
    return mail_user_set_plugin_getenv_bool(user->set, name);
}

bool mail_user_is_plugin_loaded(struct mail_user *user, struct module *module)
{
    bool loaded = FALSE;

    T_BEGIN
    {
        const char *const *names = t_strsplit_spaces(user->set->mail_plugins, ", ");

        loaded = str_array_find(names, module_get_plugin_name(module));
    }
    T_END;
    return loaded;
}

void mail_user_set_get_temp_prefix(string_t *dest, const struct mail_user_settings *set)
{
    str_append(dest, set->mail_temp_dir);
    str_append(dest, "/vsmtp.");
}

const struct mail_storage_settings *mail_user_set_get_storage_set(struct mail_user *user)
{
    return user->mail_set;
}

/* ---- Variables ----------------------------------------------------------------------------- */

static const char *ip_text(const struct ip_addr *ip)
{
    return ip == NULL ? NULL : net_ip2addr(ip);
}

static const char *name_of(const char *user)
{
    return user == NULL ? NULL : t_strcut(user, '@');
}

static const char *domain_of(const char *user)
{
    return user == NULL ? NULL : i_strchr_to_next(user, '@');
}

static const struct var_expand_table *make_table(struct mail_user *user, const char *home)
{
    const char *auth_user = user->auth_user == NULL ? user->username : user->auth_user;
    const struct var_expand_table table[] = {
        {'u', user->username, "user"},
        {'n', name_of(user->username), "username"},
        {'d', domain_of(user->username), "domain"},
        {'s', user->service, "service"},
        {'h', home, "home"},
        {'l', ip_text(user->conn.local_ip), "lip"},
        {'r', ip_text(user->conn.remote_ip), "rip"},
        {'\0', dec2str(user->conn.local_port), "lport"},
        {'\0', dec2str(user->conn.remote_port), "rport"},
        {'p', dec2str((uintmax_t)getpid()), "pid"},
        {'i', dec2str(user->uid == (uid_t)-1 ? geteuid() : user->uid), "uid"},
        {'\0', dec2str(user->gid == (gid_t)-1 ? getegid() : user->gid), "gid"},
        {'\0', user->session_id, "session"},
        {'\0', auth_user, "auth_user"},
        {'\0', name_of(auth_user), "auth_username"},
        {'\0', domain_of(auth_user), "auth_domain"},
        {'\0', user->set->hostname, "hostname"},
        {'\0', NULL, NULL}};
    struct var_expand_table *copy = p_memdup(user->pool, table, sizeof(table));

    for (unsigned int i = 0; i < N_ELEMENTS(table); i++)
        copy[i].value = p_strdup(user->pool, table[i].value);
    if (*user->set->hostname == '\0')
        copy[N_ELEMENTS(table) - 2] = table[N_ELEMENTS(table) - 1];
    return copy;
}

const struct var_expand_table *mail_user_var_expand_table_without_home(struct mail_user *user)
{
    return make_table(user, NULL);
}

const struct var_expand_table *mail_user_var_expand_table(struct mail_user *user)
{
    const char *home;

    if (user->var_expand_table == NULL) {
        if (mail_user_get_home(user, &home) <= 0)
            home = NULL;
        T_BEGIN
        {
            user->var_expand_table = make_table(user, home);
        }
        T_END;
    }
    return user->var_expand_table;
}
