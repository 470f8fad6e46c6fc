/*
 * A mail user's life: made from settings, completed, told to plugins, referenced, ended.
 */
#include "lib.h"

#include "array.h"
#include "lib-event.h"
#include "mail-namespace.h"
#include "mail-user.h"
#include "model/hooks.h"
#include "model/settings-private.h"
#include "model/user.h"
#include "net.h"
#include "strescape.h"

static struct event_category event_category_mail_user = {.name = "mail-user"};

/* ---- Methods ------------------------------------------------------------------------------- */

static void base_deinit(struct mail_user *user)
{
    if (user->namespaces != NULL)
        mail_namespaces_deinit(&user->namespaces);
    i_assert(user->storages == NULL);
}

static void base_deinit_pre(struct mail_user *user ATTR_UNUSED) {}

static void base_stats_fill(struct mail_user *user ATTR_UNUSED, struct stats *stats ATTR_UNUSED) {}

/* ---- Life ---------------------------------------------------------------------------------- */

struct mail_user *mail_user_alloc_nodup_set(struct event *parent_event, const char *username,
                                            const struct setting_parser_info *set_info,
                                            const struct mail_user_settings *set)
{
    pool_t pool = pool_alloconly_create("mail user", (size_t)16 * 1024);
    struct mail_user *user = p_new(pool, struct mail_user, 1);

    i_assert(username != NULL && *username != '\0');
    user->pool = pool;
    user->refcount = 1;
    user->username = p_strdup(pool, username);
    user->set_info = set_info;
    user->unexpanded_set = set;
    user->set = CONST_CAST(set); /* until init puts the user's own copy there */
    user->mail_set = &storage_settings_of(set)->mail;
    user->uid = (uid_t)-1;
    user->gid = (gid_t)-1;
    user->service = "";
    user->session_create_time = time(NULL);
    user->mail_debug = user->mail_set->mail_debug;
    user->default_normalizer = uni_utf8_to_decomposed_titlecase;
    p_array_init(&user->module_contexts, pool, 5);
    user->v.deinit = base_deinit;
    user->v.deinit_pre = base_deinit_pre;
    user->v.stats_fill = base_stats_fill;

    user->event = event_create(parent_event);
    event_add_category(user->event, &event_category_mail_user);
    event_add_str(user->event, "user", username);
    event_set_append_log_prefix(user->event, t_strconcat(username, ": ", NULL));
    event_set_forced_debug(user->event, user->mail_debug);
    return user;
}

struct mail_user *mail_user_alloc(struct event *parent_event, const char *username,
                                  const struct setting_parser_info *set_info,
                                  const struct mail_user_settings *set)
{
    struct mail_user *user = mail_user_alloc_nodup_set(parent_event, username, set_info, set);

    user->unexpanded_set = &storage_settings_dup(storage_settings_of(set), user->pool)->user;
    user->set = CONST_CAST(user->unexpanded_set);
    user->mail_set = &storage_settings_of(user->set)->mail;
    return user;
}

void mail_user_set_vars(struct mail_user *user, const char *service,
                        const struct mail_user_connection_data *conn)
{
    i_assert(service != NULL && !user->initialized);
    user->service = p_strdup(user->pool, service);
    user->var_expand_table = NULL;
    if (conn == NULL)
        return;
    user->conn = *conn;
    if (conn->local_ip != NULL)
        user->conn.local_ip = p_memdup(user->pool, conn->local_ip, sizeof(*conn->local_ip));
    if (conn->remote_ip != NULL)
        user->conn.remote_ip = p_memdup(user->pool, conn->remote_ip, sizeof(*conn->remote_ip));
}

/* The home itself may have variables, but not that of the home. */
static int init_settings(struct mail_user *user, const char **error_r)
{
    struct storage_settings *set =
        storage_settings_dup(storage_settings_of(user->unexpanded_set), user->pool);
    const char *home;

    if (mail_user_get_home(user, &home) < 0) {
        *error_r = t_strdup_printf("User %s: mail_home '%s' cannot be expanded", user->username,
                                   set->user.mail_home);
        return -1;
    }
    if (storage_settings_expand(set, mail_user_var_expand_table(user), error_r) < 0) {
        *error_r = t_strdup_printf("User %s: %s", user->username, *error_r);
        return -1;
    }
    user->set = &set->user;
    user->mail_set = &set->mail;
    user->settings_expanded = TRUE;
    return 0;
}

int mail_user_init(struct mail_user *user, const char **error_r)
{
    i_assert(!user->initialized);
    if (init_settings(user, error_r) < 0)
        return -1;
    user->initialized = TRUE;
    hook_mail_user_created(user);
    if (user->error == NULL)
        return 0;
    *error_r = t_strdup(user->error);
    return -1;
}

void mail_user_ref(struct mail_user *user)
{
    i_assert(user->refcount > 0);
    user->refcount++;
}

void mail_user_unref(struct mail_user **_user)
{
    struct mail_user *user = *_user;

    *_user = NULL;
    if (user == NULL)
        return;
    i_assert(user->refcount > 0);
    if (user->refcount > 1) {
        user->refcount--;
        return;
    }
    /* With the last reference still there: a method may ref and unref the user. */
    user->deinitializing = TRUE;
    user->v.deinit_pre(user);
    user->v.deinit(user);
    i_assert(user->refcount == 1);
    event_unref(&user->event);
    pool_unref(&user->pool);
}

void mail_user_deinit(struct mail_user **user)
{
    i_assert((*user)->refcount == 1);
    mail_user_unref(user);
}

/* ---- Other users --------------------------------------------------------------------------- */

struct mail_user *mail_user_find(struct mail_user *user, const char *name)
{
    if (strcmp(user->username, name) == 0)
        return user;
    for (struct mail_namespace *ns = user->namespaces; ns != NULL; ns = ns->next) {
        if (ns->owner != NULL && strcmp(ns->owner->username, name) == 0)
            return ns->owner;
    }
    return NULL;
}

struct mail_user *mail_user_dup(struct mail_user *user)
{
    struct mail_user *copy = mail_user_alloc(event_get_parent(user->event), user->username,
                                             user->set_info, user->unexpanded_set);

    mail_user_set_vars(copy, user->service, &user->conn);
    if (user->_home != NULL)
        mail_user_set_home(copy, user->_home);
    copy->uid = user->uid;
    copy->gid = user->gid;
    copy->anonymous = user->anonymous;
    copy->admin = user->admin;
    copy->auth_mech = p_strdup(copy->pool, user->auth_mech);
    copy->auth_token = p_strdup(copy->pool, user->auth_token);
    copy->auth_user = p_strdup(copy->pool, user->auth_user);
    copy->session_id = p_strdup(copy->pool, user->session_id);
    copy->session_create_time = user->session_create_time;
    copy->userdb_fields =
        user->userdb_fields == NULL ? NULL : p_strarray_dup(copy->pool, user->userdb_fields);
    return copy;
}

const char *mail_user_get_anvil_userip_ident(struct mail_user *user)
{
    if (user->conn.remote_ip == NULL)
        return NULL;
    if (user->anvil_userip_ident == NULL)
        user->anvil_userip_ident = p_strconcat(user->pool, net_ip2addr(user->conn.remote_ip), "/",
                                               str_tabescape(user->username), NULL);
    return user->anvil_userip_ident;
}

void mail_user_stats_fill(struct mail_user *user, struct stats *stats)
{
    user->v.stats_fill(user, stats);
}
