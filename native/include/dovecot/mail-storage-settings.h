/*
 * Settings of users, namespaces, storages and mailboxes, as plugins read them. The host fills them
 * before a user exists; they stay as they are for the user's life.
 */
#ifndef MAIL_STORAGE_SETTINGS_H
#define MAIL_STORAGE_SETTINGS_H

#include "file-lock.h"
#include "fsync-mode.h"

struct mail_namespace;
struct mail_storage;
struct mail_user;
struct message_address;
struct setting_parser_info;

/** Of a storage; one set serves all storages of a user. */
struct mail_storage_settings {
    const char *mail_location;
    const char *mail_attachment_dir;
    const char *mail_attribute_dict;
    unsigned int mail_prefetch_count;
    const char *mail_cache_fields;
    const char *mail_never_cache_fields;
    unsigned int mailbox_idle_check_interval; /**< seconds */
    unsigned int mail_max_keyword_length;     /**< bytes */
    unsigned int mail_max_lock_timeout;       /**< seconds, 0: as the caller asks */
    unsigned int mail_temp_scan_interval;     /**< seconds */
    bool mail_save_crlf;
    const char *mail_fsync;
    bool mmap_disable;
    bool dotlock_use_excl;
    bool mail_nfs_storage;
    bool mail_nfs_index;
    bool mailbox_list_index;
    bool mail_debug;
    bool mail_full_filesystem_access;
    bool maildir_stat_dirs;
    const char *lock_method;
    const char *pop3_uidl_format;
    const char *hostname;
    const char *recipient_delimiter;

    enum file_lock_method parsed_lock_method;
    enum fsync_mode parsed_fsync_mode;
};

/** Of a namespace. */
struct mail_namespace_settings {
    const char *name;
    const char *type; /**< "private", "shared" or "public" */
    const char *separator;
    const char *prefix;
    const char *location;
    const char *alias_for;

    bool inbox;
    bool hidden;
    const char *list; /**< "yes", "no" or "children" */
    bool subscriptions;
    bool ignore_on_failure;
    bool disabled;
    unsigned int order;

    ARRAY(struct mailbox_settings *) mailboxes;
    struct mail_user_settings *user_set;
};

#define MAILBOX_SET_AUTO_NO "no"
#define MAILBOX_SET_AUTO_CREATE "create"
#define MAILBOX_SET_AUTO_SUBSCRIBE "subscribe"

/** Of a mailbox that the configuration names. */
struct mailbox_settings {
    const char *name;
    const char *autocreate; /**< one of MAILBOX_SET_AUTO_* */
    const char *special_use;
    const char *driver;
    const char *comment;
    unsigned int autoexpunge; /**< seconds, 0: never */
    unsigned int autoexpunge_max_mails;
};

/** Of a user. */
struct mail_user_settings {
    const char *base_dir;
    const char *mail_temp_dir;
    const char *mail_uid;
    const char *mail_gid;
    const char *mail_home;
    const char *mail_plugins; /**< names, separated by spaces or commas */
    const char *mail_plugin_dir;
    const char *mail_log_prefix;
    const char *hostname;
    const char *postmaster_address;

    ARRAY(struct mail_namespace_settings *) namespaces;
    /** key, value, key, value … of the `plugin` settings; see mail_user_plugin_getenv(). */
    ARRAY(const char *) plugin_envs;
};

DOVECOT_API_BEGIN

extern const struct mail_namespace_settings mail_namespace_default_settings;
extern const struct mailbox_settings mailbox_default_settings;

/** The storage settings of a user. */
const struct mail_storage_settings *mail_user_set_get_storage_set(struct mail_user *user);

DOVECOT_API_END

#endif
