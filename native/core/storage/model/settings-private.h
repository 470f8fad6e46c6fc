/*
 * The tables of members of the settings structs, and copying with variables expanded.
 */
#ifndef STORAGE_MODEL_SETTINGS_PRIVATE_H
#define STORAGE_MODEL_SETTINGS_PRIVATE_H

#include "model/settings.h"
#include "settings-parser.h"

struct var_expand_table;

extern const struct setting_define storage_settings_user_defines[];
extern const struct setting_define storage_settings_mail_defines[];
extern const struct setting_define storage_settings_namespace_defines[];
extern const struct setting_define storage_settings_mailbox_defines[];

extern const struct mail_user_settings storage_settings_user_defaults;
extern const struct mail_storage_settings storage_settings_mail_defaults;

/** The settings that a user's `set` is part of. */
static inline const struct storage_settings *
storage_settings_of(const struct mail_user_settings *set)
{
    return (const struct storage_settings *)(const void *)set;
}

/** Copies a namespace's settings, with its mailboxes. */
struct mail_namespace_settings *
storage_settings_dup_namespace(const struct mail_namespace_settings *ns, pool_t pool,
                               struct mail_user_settings *user_set);

/**
 * Expands the variables of a user in all text that can have some: 0, or -1 with an error that
 * names the setting. The settings must be a copy of the user's own.
 */
int storage_settings_expand(struct storage_settings *set, const struct var_expand_table *table,
                            const char **error_r);

#endif
