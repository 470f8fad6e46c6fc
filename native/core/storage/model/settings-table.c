/*
 * The members of the settings by name, and their defaults.
 */
#include "model/settings-private.h"

#define USER(type, name) SETTING_DEFINE_STRUCT_##type(#name, name, struct mail_user_settings)
#define MAIL(type, name) SETTING_DEFINE_STRUCT_##type(#name, name, struct mail_storage_settings)
#define NS(type, name) SETTING_DEFINE_STRUCT_##type(#name, name, struct mail_namespace_settings)
#define BOX(type, name) SETTING_DEFINE_STRUCT_##type(#name, name, struct mailbox_settings)

/* STR_VARS: variables in it are expanded for each user. */
const struct setting_define storage_settings_user_defines[] = {
    USER(STR, base_dir),           USER(STR_VARS, mail_temp_dir), USER(STR, mail_uid),
    USER(STR, mail_gid),           USER(STR_VARS, mail_home),     USER(STR, mail_plugins),
    USER(STR, mail_plugin_dir),    USER(STR, mail_log_prefix),    USER(STR, hostname),
    USER(STR, postmaster_address), SETTING_DEFINE_LIST_END};

const struct setting_define storage_settings_mail_defines[] = {
    MAIL(STR_VARS, mail_location),
    MAIL(STR_VARS, mail_attachment_dir),
    MAIL(STR_VARS, mail_attribute_dict),
    MAIL(UINT, mail_prefetch_count),
    MAIL(STR, mail_cache_fields),
    MAIL(STR, mail_never_cache_fields),
    MAIL(TIME, mailbox_idle_check_interval),
    MAIL(UINT, mail_max_keyword_length),
    MAIL(TIME, mail_max_lock_timeout),
    MAIL(TIME, mail_temp_scan_interval),
    MAIL(BOOL, mail_save_crlf),
    MAIL(STR, mail_fsync),
    MAIL(BOOL, mmap_disable),
    MAIL(BOOL, dotlock_use_excl),
    MAIL(BOOL, mail_nfs_storage),
    MAIL(BOOL, mail_nfs_index),
    MAIL(BOOL, mailbox_list_index),
    MAIL(BOOL, mail_debug),
    MAIL(BOOL, mail_full_filesystem_access),
    MAIL(BOOL, maildir_stat_dirs),
    MAIL(STR, lock_method),
    MAIL(STR, pop3_uidl_format),
    MAIL(STR, hostname),
    MAIL(STR, recipient_delimiter),
    SETTING_DEFINE_LIST_END};

/* Prefix and location are expanded when the namespace is made: a shared one has more variables. */
const struct setting_define storage_settings_namespace_defines[] = {NS(STR, name),
                                                                    NS(STR, type),
                                                                    NS(STR, separator),
                                                                    NS(STR, prefix),
                                                                    NS(STR, location),
                                                                    NS(STR, alias_for),
                                                                    NS(BOOL, inbox),
                                                                    NS(BOOL, hidden),
                                                                    NS(STR, list),
                                                                    NS(BOOL, subscriptions),
                                                                    NS(BOOL, ignore_on_failure),
                                                                    NS(BOOL, disabled),
                                                                    NS(UINT, order),
                                                                    SETTING_DEFINE_LIST_END};

const struct setting_define storage_settings_mailbox_defines[] = {BOX(STR, name),
                                                                  BOX(STR, autocreate),
                                                                  BOX(STR, special_use),
                                                                  BOX(STR, driver),
                                                                  BOX(STR, comment),
                                                                  BOX(TIME, autoexpunge),
                                                                  BOX(UINT, autoexpunge_max_mails),
                                                                  SETTING_DEFINE_LIST_END};

const struct mail_user_settings storage_settings_user_defaults = {
    .base_dir = "/run/vsmtp",
    .mail_temp_dir = "/tmp",
    .mail_uid = "",
    .mail_gid = "",
    .mail_home = "",
    .mail_plugins = "",
    .mail_plugin_dir = "/etc/vsmtp/plugins",
    .mail_log_prefix = "",
    .hostname = "",
    .postmaster_address = "",
};

const struct mail_storage_settings storage_settings_mail_defaults = {
    .mail_location = "",
    .mail_attachment_dir = "",
    .mail_attribute_dict = "",
    .mail_cache_fields = "flags",
    .mail_never_cache_fields = "imap.envelope",
    .mailbox_idle_check_interval = 30,
    .mail_max_keyword_length = 50,
    .mail_temp_scan_interval = 7 * 24 * 60 * 60,
    .mail_fsync = "optimized",
    .dotlock_use_excl = TRUE,
    .lock_method = "fcntl",
    .pop3_uidl_format = "%08Xu%08Xv",
    .hostname = "",
    .recipient_delimiter = "+",
    .parsed_lock_method = FILE_LOCK_METHOD_FCNTL,
    .parsed_fsync_mode = FSYNC_MODE_OPTIMIZED,
};

const struct mail_namespace_settings mail_namespace_default_settings = {
    .name = "",
    .type = "private",
    .separator = "",
    .prefix = "",
    .location = "",
    .list = "yes",
    .subscriptions = TRUE,
};

const struct mailbox_settings mailbox_default_settings = {
    .name = "",
    .autocreate = MAILBOX_SET_AUTO_NO,
    .special_use = "",
    .driver = "",
    .comment = "",
};
