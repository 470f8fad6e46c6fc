/*
 * The names of the slots of every kind of object that has methods, in the order of its table. That
 * none is missing is checked by the compiler.
 */
#include "hook-build.h"

#include "array.h"
#include "mail-storage-private.h"

static const char *const user_slots[] = {"deinit", "deinit_pre", "stats_fill"};
_Static_assert(sizeof(struct mail_user_vfuncs) ==
                   N_ELEMENTS(user_slots) * sizeof(hook_build_function_t *),
               "every slot has a name");
const struct hook_build_kind hook_build_kind_user = {"mail_user", user_slots,
                                                     N_ELEMENTS(user_slots)};

static const char *const list_slots[] = {"alloc",
                                         "init",
                                         "deinit",
                                         "get_storage",
                                         "get_hierarchy_sep",
                                         "get_vname",
                                         "get_storage_name",
                                         "get_path",
                                         "get_temp_prefix",
                                         "join_refpattern",
                                         "iter_init",
                                         "iter_next",
                                         "iter_deinit",
                                         "get_mailbox_flags",
                                         "is_internal_name",
                                         "subscriptions_refresh",
                                         "set_subscribed",
                                         "delete_mailbox",
                                         "delete_dir",
                                         "delete_symlink",
                                         "rename_mailbox",
                                         "notify_init",
                                         "notify_next",
                                         "notify_deinit",
                                         "notify_wait",
                                         "notify_flush"};
_Static_assert(sizeof(struct mailbox_list_vfuncs) ==
                   N_ELEMENTS(list_slots) * sizeof(hook_build_function_t *),
               "every slot has a name");
const struct hook_build_kind hook_build_kind_list = {"mailbox_list", list_slots,
                                                     N_ELEMENTS(list_slots)};

static const char *const storage_slots[] = {
    "get_setting_parser_info", "alloc",      "create",        "destroy", "add_list",
    "get_list_settings",       "autodetect", "mailbox_alloc", "purge",   "list_index_rebuild"};
_Static_assert(sizeof(struct mail_storage_vfuncs) ==
                   N_ELEMENTS(storage_slots) * sizeof(hook_build_function_t *),
               "every slot has a name");
const struct hook_build_kind hook_build_kind_storage = {"mail_storage", storage_slots,
                                                        N_ELEMENTS(storage_slots)};

static const char *const mailbox_slots[] = {"is_readonly",
                                            "enable",
                                            "exists",
                                            "open",
                                            "close",
                                            "free",
                                            "create_box",
                                            "update_box",
                                            "delete_box",
                                            "rename_box",
                                            "get_status",
                                            "get_metadata",
                                            "set_subscribed",
                                            "attribute_set",
                                            "attribute_get",
                                            "attribute_iter_init",
                                            "attribute_iter_next",
                                            "attribute_iter_deinit",
                                            "list_index_has_changed",
                                            "list_index_update_sync",
                                            "sync_init",
                                            "sync_next",
                                            "sync_deinit",
                                            "sync_notify",
                                            "notify_changes",
                                            "transaction_begin",
                                            "transaction_commit",
                                            "transaction_rollback",
                                            "get_private_flags_mask",
                                            "mail_alloc",
                                            "search_init",
                                            "search_deinit",
                                            "search_next_nonblock",
                                            "search_next_update_seq",
                                            "search_next_match_mail",
                                            "save_alloc",
                                            "save_begin",
                                            "save_continue",
                                            "save_finish",
                                            "save_cancel",
                                            "copy",
                                            "transaction_save_commit_pre",
                                            "transaction_save_commit_post",
                                            "transaction_save_rollback",
                                            "is_inconsistent"};
_Static_assert(sizeof(struct mailbox_vfuncs) ==
                   N_ELEMENTS(mailbox_slots) * sizeof(hook_build_function_t *),
               "every slot has a name");
const struct hook_build_kind hook_build_kind_mailbox = {"mailbox", mailbox_slots,
                                                        N_ELEMENTS(mailbox_slots)};

static const char *const mail_slots[] = {"close",
                                         "free",
                                         "set_seq",
                                         "set_uid",
                                         "set_uid_cache_updates",
                                         "prefetch",
                                         "precache",
                                         "add_temp_wanted_fields",
                                         "get_flags",
                                         "get_keywords",
                                         "get_keyword_indexes",
                                         "get_modseq",
                                         "get_pvt_modseq",
                                         "get_parts",
                                         "get_date",
                                         "get_received_date",
                                         "get_save_date",
                                         "get_virtual_size",
                                         "get_physical_size",
                                         "get_first_header",
                                         "get_headers",
                                         "get_header_stream",
                                         "get_stream",
                                         "get_binary_stream",
                                         "get_special",
                                         "get_backend_mail",
                                         "update_flags",
                                         "update_keywords",
                                         "update_modseq",
                                         "update_pvt_modseq",
                                         "update_pop3_uidl",
                                         "expunge",
                                         "set_cache_corrupted",
                                         "istream_opened"};
_Static_assert(sizeof(struct mail_vfuncs) ==
                   N_ELEMENTS(mail_slots) * sizeof(hook_build_function_t *),
               "every slot has a name");
const struct hook_build_kind hook_build_kind_mail = {"mail", mail_slots, N_ELEMENTS(mail_slots)};
