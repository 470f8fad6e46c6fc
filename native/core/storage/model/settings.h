/*
 * Builds a user's settings from plain text, for the host: it reads the configuration and knows
 * none of these structs.
 *
 * Keys are the names of the members in mail-storage-settings.h, values are written as Dovecot's
 * configuration writes them: yes or no, numbers, times with units ("30 days"), or text.
 */
#ifndef STORAGE_MODEL_SETTINGS_H
#define STORAGE_MODEL_SETTINGS_H

#include "lib.h"

#include "array.h"
#include "mail-storage-settings.h"

/** All settings of a user. `user` is first: a user's `set` points here. */
struct storage_settings {
    struct mail_user_settings user;
    struct mail_storage_settings mail;
    pool_t pool; /**< of all strings */
};

/** Settings with all defaults, in the pool, which is not referenced. */
struct storage_settings *storage_settings_create(pool_t pool);
/** A member of mail_user_settings or mail_storage_settings. 0, or -1: unknown key or bad value. */
int storage_settings_set(struct storage_settings *set, const char *key, const char *value,
                         const char **error_r);
/** What mail_user_plugin_getenv(key) answers. The first of the same key counts. */
void storage_settings_add_plugin_setting(struct storage_settings *set, const char *key,
                                         const char *value);
/** Adds a namespace; without any the user gets one, private, at mail_location. */
struct mail_namespace_settings *storage_settings_add_namespace(struct storage_settings *set,
                                                               const char *name);
int storage_settings_set_namespace(struct storage_settings *set, struct mail_namespace_settings *ns,
                                   const char *key, const char *value, const char **error_r);
/** Adds a mailbox to a namespace, under its name without the prefix. */
struct mailbox_settings *storage_settings_add_mailbox(struct storage_settings *set,
                                                      struct mail_namespace_settings *ns,
                                                      const char *name);
int storage_settings_set_mailbox(struct storage_settings *set, struct mailbox_settings *box,
                                 const char *key, const char *value, const char **error_r);

/** A deep copy in another pool. */
struct storage_settings *storage_settings_dup(const struct storage_settings *set, pool_t pool);

#endif
