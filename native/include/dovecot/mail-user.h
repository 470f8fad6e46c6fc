/*
 * A mail user: whose mails they are, with what settings, in which namespaces.
 */
#ifndef MAIL_USER_H
#define MAIL_USER_H

#include "mail-storage-settings.h"
#include "module-context.h"
#include "net.h"
#include "unichar.h"

struct auth_master_connection;
struct dict_op_settings;
struct event;
struct file_lock;
struct fs_settings;
struct mail_namespace;
struct mail_storage;
struct mail_user;
struct module;
struct setting_parser_info;
struct ssl_iostream_settings;
struct stats;
struct var_expand_table;

struct mail_user_vfuncs {
    /** The end: call the previous one once, usually last; after it namespaces are gone. */
    void (*deinit)(struct mail_user *user);
    /** Before any deinit: namespaces can still be used, mails saved. */
    void (*deinit_pre)(struct mail_user *user);
    void (*stats_fill)(struct mail_user *user, struct stats *stats);
};

union mail_user_module_context {
    struct mail_user_vfuncs super;
    struct mail_user_module_register *reg;
    struct {
        struct mail_user_vfuncs super;
    } module_ctx; /**< for seed-verbatim.h */
};

/** Where the client is. Zeroes when there is none. */
struct mail_user_connection_data {
    struct ip_addr *local_ip, *remote_ip;
    in_port_t local_port, remote_port;
    bool secured : 1;
    bool ssl_secured : 1;
};

struct mail_user {
    pool_t pool; /**< lives as long as the user */
    struct mail_user_vfuncs v, *vlast;
    int refcount;

    struct event *event;
    /** The user on whose behalf this one was made (the owner of a shared namespace); or NULL. */
    struct mail_user *creator;

    const char *username;
    /** Do not read it: mail_user_get_home(). */
    const char *_home;

    uid_t uid;
    gid_t gid;
    const char *service; /**< "lmtp" in deliveries, "vsmtp" in commands … */
    const char *session_id;
    struct mail_user_connection_data conn;
    const char *auth_mech, *auth_token, *auth_user;
    const char *const *userdb_fields;
    time_t session_create_time;

    const struct var_expand_table *var_expand_table;

    /** Why the user cannot be used; a plugin may set it (from pool) in a hook. */
    const char *error;

    const struct setting_parser_info *set_info;
    const struct mail_user_settings *unexpanded_set;
    struct mail_user_settings *set;
    const struct mail_storage_settings *mail_set;
    struct mail_namespace *namespaces; /**< the shortest prefix first */
    struct mail_storage *storages;
    ARRAY(const struct mail_storage_hooks *) hooks;
    ARRAY(struct module *) hook_modules; /**< whose the hooks are; NULL: the core's */

    normalizer_func_t *default_normalizer;
    const char *anvil_userip_ident;

    ARRAY(union mail_user_module_context *) module_contexts;

    bool nonexistent : 1; /**< not in the user database */
    bool anonymous : 1;
    bool autocreated : 1; /**< made by the core for its own use */
    bool initialized : 1;
    bool namespaces_created : 1;
    bool home_looked_up : 1;
    bool settings_expanded : 1;
    bool mail_debug : 1;
    bool fuzzy_search : 1;
    bool dsyncing : 1;
    bool deinitializing : 1;
    bool admin : 1; /**< an admin's command, not the user */
    bool session_restored : 1;
};

struct mail_user_module_register {
    unsigned int id;
};

DOVECOT_API_BEGIN

extern struct mail_user_module_register mail_user_module_register;

/**
 * Makes a user; mail_user_init() completes it and calls the hooks (-1 and error_r: unref it). Then
 * mail_namespaces_init(). `set` is that of another user, or made by the host; it is copied, or with
 * `_nodup_set` has to outlive the user. user->set is the user's own, with all variables expanded.
 */
struct mail_user *mail_user_alloc(struct event *parent_event, const char *username,
                                  const struct setting_parser_info *set_info,
                                  const struct mail_user_settings *set);
struct mail_user *mail_user_alloc_nodup_set(struct event *parent_event, const char *username,
                                            const struct setting_parser_info *set_info,
                                            const struct mail_user_settings *set);
int mail_user_init(struct mail_user *user, const char **error_r);
/** The last unref calls deinit_pre, deinit, and frees the pool. */
void mail_user_ref(struct mail_user *user);
void mail_user_unref(struct mail_user **user);
void mail_user_deinit(struct mail_user **user);
/** A new user with the same settings, without namespaces. */
struct mail_user *mail_user_dup(struct mail_user *user);
/** Finds a user that shared namespaces of this user belong to, or the user itself; NULL. */
struct mail_user *mail_user_find(struct mail_user *user, const char *name);
/** Before mail_user_init(): the service and its connection. */
void mail_user_set_vars(struct mail_user *user, const char *service,
                        const struct mail_user_connection_data *conn);
const struct var_expand_table *mail_user_var_expand_table(struct mail_user *user);

/** The home: 1 and an absolute path, 0 there is none, -1 error. */
void mail_user_set_home(struct mail_user *user, const char *home);
int mail_user_get_home(struct mail_user *user, const char **home_r);
int mail_user_home_mkdir(struct mail_user *user);
/** Replaces a leading `~/`; without a home the first keeps the path, the second returns -1. */
const char *mail_user_home_expand(struct mail_user *user, const char *path);
int mail_user_try_home_expand(struct mail_user *user, const char **path);
/** A directory for files that need not survive a reboot; NULL when there is none. */
const char *mail_user_get_volatile_dir(struct mail_user *user);
/** Locks a file in the home (or volatile directory): 1, 0 timeout, -1 error; see error_r. */
int mail_user_lock_file_create(struct mail_user *user, const char *lock_fname,
                               unsigned int lock_secs, struct file_lock **lock_r,
                               const char **error_r);
void mail_user_set_get_temp_prefix(string_t *dest, const struct mail_user_settings *set);

/**
 * The value of `key` in `app.storage.settings`, NULL when it is not set. As a boolean: false when
 * missing or when it begins with n, N, 0, f or F.
 */
const char *mail_user_plugin_getenv(struct mail_user *user, const char *name);
bool mail_user_plugin_getenv_bool(struct mail_user *user, const char *name);
const char *mail_user_set_plugin_getenv(const struct mail_user_settings *set, const char *name);
bool mail_user_set_plugin_getenv_bool(const struct mail_user_settings *set, const char *name);
/** Whether the user's settings activate the plugin. */
bool mail_user_is_plugin_loaded(struct mail_user *user, struct module *module);

void mail_user_add_namespace(struct mail_user *user, struct mail_namespace **namespaces);
void mail_user_drop_useless_namespaces(struct mail_user *user);
struct mail_storage *mail_user_get_storage_class(struct mail_user *user, const char *name);
const char *mail_user_get_anvil_userip_ident(struct mail_user *user);
void mail_user_stats_fill(struct mail_user *user, struct stats *stats);

DOVECOT_API_END

#endif
