/*
 * The inside of a mailbox list, for plugins that override its methods and for list drivers.
 */
#ifndef MAILBOX_LIST_PRIVATE_H
#define MAILBOX_LIST_PRIVATE_H

#include "mail-namespace.h"
#include "mail-storage-settings.h"
#include "mailbox-list-iter.h"
#include "mailbox-list-notify.h"
#include "mailbox-list.h"
#include "module-context.h"

#define MAILBOX_LIST_NAME_MAILDIRPLUSPLUS "maildir++"
#define MAILBOX_LIST_NAME_FS "fs"
#define MAILBOX_LIST_NAME_NONE "none"

#define T_MAILBOX_LIST_ERR_NOT_FOUND(list, name) \
    t_strdup_printf(MAIL_ERRSTR_MAILBOX_NOT_FOUND, mailbox_list_get_vname(list, name))

struct dirent;
struct imap_match_glob;
struct mail_storage_error;

/** Names are storage names unless they are called vname. */
struct mailbox_list_vfuncs {
    struct mailbox_list *(*alloc)(void);
    int (*init)(struct mailbox_list *list, const char **error_r);
    /** Frees the list: call the previous one last. */
    void (*deinit)(struct mailbox_list *list);

    int (*get_storage)(struct mailbox_list **list, const char *vname,
                       struct mail_storage **storage_r);

    char (*get_hierarchy_sep)(struct mailbox_list *list);
    const char *(*get_vname)(struct mailbox_list *list, const char *storage_name);
    const char *(*get_storage_name)(struct mailbox_list *list, const char *vname);
    int (*get_path)(struct mailbox_list *list, const char *name, enum mailbox_list_path_type type,
                    const char **path_r);

    const char *(*get_temp_prefix)(struct mailbox_list *list, bool global);
    const char *(*join_refpattern)(struct mailbox_list *list, const char *ref, const char *pattern);

    struct mailbox_list_iterate_context *(*iter_init)(struct mailbox_list *list,
                                                      const char *const *patterns,
                                                      enum mailbox_list_iter_flags flags);
    const struct mailbox_info *(*iter_next)(struct mailbox_list_iterate_context *ctx);
    int (*iter_deinit)(struct mailbox_list_iterate_context *ctx);

    int (*get_mailbox_flags)(struct mailbox_list *list, const char *dir, const char *fname,
                             enum mailbox_list_file_type type, enum mailbox_info_flags *flags_r);
    bool (*is_internal_name)(struct mailbox_list *list, const char *name);

    int (*subscriptions_refresh)(struct mailbox_list *src_list, struct mailbox_list *dest_list);
    int (*set_subscribed)(struct mailbox_list *list, const char *name, bool set);

    int (*delete_mailbox)(struct mailbox_list *list, const char *name);
    int (*delete_dir)(struct mailbox_list *list, const char *name);
    int (*delete_symlink)(struct mailbox_list *list, const char *name);
    int (*rename_mailbox)(struct mailbox_list *oldlist, const char *oldname,
                          struct mailbox_list *newlist, const char *newname);

    int (*notify_init)(struct mailbox_list *list, enum mailbox_list_notify_event mask,
                       struct mailbox_list_notify **notify_r);
    int (*notify_next)(struct mailbox_list_notify *notify,
                       const struct mailbox_list_notify_rec **rec_r);
    void (*notify_deinit)(struct mailbox_list_notify *notify);
    void (*notify_wait)(struct mailbox_list_notify *notify, void (*callback)(void *context),
                        void *context);
    void (*notify_flush)(struct mailbox_list_notify *notify);
};

struct mailbox_list_module_register {
    unsigned int id;
};

union mailbox_list_module_context {
    struct mailbox_list_vfuncs super;
    struct mailbox_list_module_register *reg;
    struct {
        struct mailbox_list_vfuncs super;
    } module_ctx; /**< for seed-verbatim.h */
};

struct mailbox_list {
    const char *name; /**< of the driver */
    enum mailbox_list_properties props;
    size_t mailbox_name_max_length;

    struct mailbox_list_vfuncs v, *vlast;

    pool_t pool; /**< lives as long as the list */
    struct mail_namespace *ns;
    struct mailbox_list_settings set;
    const struct mail_storage_settings *mail_set;
    enum mailbox_list_flags flags;

    struct mailbox_permissions root_permissions;

    /** Subscribed vnames, as of the file's mtime; kept by subscriptions_refresh. */
    ARRAY(const char *) subscriptions;
    pool_t subscriptions_pool;
    time_t subscriptions_mtime, subscriptions_read_time;

    struct file_lock *lock;
    int lock_refcount;

    char *last_internal_error;
    char *error_string;
    enum mail_error error;
    bool temporary_error;
    ARRAY(struct mail_storage_error) error_stack;

    ARRAY(union mailbox_list_module_context *) module_contexts;

    bool index_root_dir_created : 1;
    bool list_index_root_dir_created : 1;
    bool last_error_is_internal : 1;
};

union mailbox_list_iterate_module_context {
    struct mailbox_list_module_register *reg;
};

struct mailbox_list_iterate_context {
    struct mailbox_list *list;
    pool_t pool; /**< lives as long as the iteration */
    enum mailbox_list_iter_flags flags;
    bool failed;

    struct imap_match_glob *glob;
    struct mailbox_list_autocreate_iterate_context *autocreate_ctx;
    struct mailbox_info specialuse_info;

    ARRAY(union mailbox_list_iterate_module_context *) module_contexts;
};

DOVECOT_API_BEGIN

extern struct mailbox_list_module_register mailbox_list_module_register;

void mailbox_lists_init(void);
void mailbox_lists_deinit(void);

void mailbox_list_settings_init_defaults(struct mailbox_list_settings *set_r);
/** Reads what follows the driver in a location: "/path:KEY=value:…". 0, or -1 and error_r. */
int mailbox_list_settings_parse(struct mail_user *user, const char *data,
                                struct mailbox_list_settings *set_r, const char **error_r);

/** What the get_storage_name and get_vname methods do for most drivers. */
const char *mailbox_list_default_get_storage_name(struct mailbox_list *list, const char *vname);
const char *mailbox_list_default_get_vname(struct mailbox_list *list, const char *storage_name);
bool mailbox_list_set_get_root_path(const struct mailbox_list_settings *set,
                                    enum mailbox_list_path_type type, const char **path_r);

enum mailbox_list_file_type mailbox_list_get_file_type(const struct dirent *d);
void mailbox_permissions_copy(struct mailbox_permissions *dest,
                              const struct mailbox_permissions *src, pool_t pool);

/** Errors of a list, as those of a storage in mail-storage-private.h. */
void mailbox_list_clear_error(struct mailbox_list *list);
void mailbox_list_set_error(struct mailbox_list *list, enum mail_error error, const char *string);
void mailbox_list_set_critical(struct mailbox_list *list, const char *fmt, ...) ATTR_FORMAT(2, 3);
void mailbox_list_set_internal_error(struct mailbox_list *list);
bool mailbox_list_set_error_from_errno(struct mailbox_list *list);

/** Keeps other processes from creating, renaming and deleting mailboxes. Counted. 0, or -1. */
int mailbox_list_lock(struct mailbox_list *list);
void mailbox_list_unlock(struct mailbox_list *list);

DOVECOT_API_END

#endif
