/*
 * Mail users, made as a request describes them.
 */
#include "host/user.h"

#include "mail-namespace.h"
#include "mail-user.h"
#include "unichar.h"

#include "host/identity.h"
#include "host/user-settings.h"
#include "model/settings.h"

static int begin_user(struct operation *operation, struct mail_user *user, const vsmtp_value *map,
                      const char *service)
{
    static const struct mail_user_connection_data no_connection;
    const char *home = value_text(map, "home", NULL);
    const char *error;

    user->admin = value_flag(map, "admin");
    user->uid = (uid_t)value_number(map, "uid", (uid_t)-1);
    user->gid = (gid_t)value_number(map, "gid", (gid_t)-1);
    if (identity_take(operation, user) < 0)
        return -1;
    mail_user_set_vars(user, value_text(map, "service", service), &no_connection);
    if (home != NULL)
        mail_user_set_home(user, home);
    if (mail_user_init(user, &error) == 0 && mail_namespaces_init(user, &error) == 0)
        return 0;
    return operation_fail(operation, MAIL_ERROR_TEMP, "%s", error);
}

struct mail_user *user_create(struct operation *operation, const char *service)
{
    struct storage_settings *settings;
    struct mail_user *user;
    vsmtp_value map;
    const char *name;
    pool_t pool;

    if (!vsmtp_map_get(&operation->arguments, "user", &map) ||
        *(name = value_text(&map, "name", "")) == '\0') {
        (void)operation_fail(operation, MAIL_ERROR_PARAMS, "No user was given");
        return NULL;
    }
    pool = pool_alloconly_create("user settings", 2048);
    settings = user_settings_create(operation, &map, pool);
    if (settings == NULL) {
        pool_unref(&pool);
        return NULL;
    }
    user = mail_user_alloc_nodup_set(NULL, name, NULL, &settings->user);
    pool_add_external_ref(user->pool, pool);
    pool_unref(&pool);
    if (begin_user(operation, user, &map, service) < 0)
        mail_user_unref(&user);
    return user;
}

struct mailbox *user_mailbox_named(struct operation *operation, struct mail_user *user,
                                   const char *name, enum mailbox_flags flags)
{
    if (uni_utf8_str_is_valid(name))
        return mailbox_alloc(mail_namespace_find(user->namespaces, name)->list, name, flags);
    (void)operation_fail(operation, MAIL_ERROR_PARAMS, "The name of the mailbox is not UTF-8");
    return NULL;
}

struct mailbox *user_mailbox(struct operation *operation, struct mail_user *user, const char *key,
                             enum mailbox_flags flags)
{
    const char *name;

    if (operation_need(operation, key, &name) < 0)
        return NULL;
    return user_mailbox_named(operation, user, name, flags);
}
