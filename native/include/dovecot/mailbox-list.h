/*
 * The list of a namespace's mailboxes: names and paths.
 *
 * Two names: the vname, which users see (mail-namespace.h), and the storage name, which the files
 * are named after: without the prefix, with the list's separator.
 */
#ifndef MAILBOX_LIST_H
#define MAILBOX_LIST_H

#include "mail-error.h"

#include <sys/types.h>

struct event;
struct mail_namespace;
struct mail_storage;
struct mail_user;
struct mailbox_list;

enum mailbox_list_properties {
    MAILBOX_LIST_PROP_NO_MAILDIR_NAME = 0x01,
    MAILBOX_LIST_PROP_NO_ALT_DIR = 0x02,
    MAILBOX_LIST_PROP_NO_NOSELECT = 0x04,
    MAILBOX_LIST_PROP_NO_ROOT = 0x08,
    MAILBOX_LIST_PROP_AUTOCREATE_DIRS = 0x10,
    MAILBOX_LIST_PROP_NO_LIST_INDEX = 0x20,
    MAILBOX_LIST_PROP_NO_INTERNAL_NAMES = 0x40
};

enum mailbox_list_flags {
    MAILBOX_LIST_FLAG_MAILBOX_FILES = 0x01,
    MAILBOX_LIST_FLAG_SECONDARY = 0x02,
    MAILBOX_LIST_FLAG_NO_MAIL_FILES = 0x04,
    MAILBOX_LIST_FLAG_NO_DELETES = 0x08
};

/** What LIST says of a mailbox (RFC 9051 section 7.3.1), and what the core needs beside it. */
enum mailbox_info_flags {
    MAILBOX_NOSELECT = 0x001,
    MAILBOX_NONEXISTENT = 0x002,
    MAILBOX_CHILDREN = 0x004,
    MAILBOX_NOCHILDREN = 0x008,
    MAILBOX_NOINFERIORS = 0x010,
    MAILBOX_MARKED = 0x020,
    MAILBOX_UNMARKED = 0x040,
    MAILBOX_SUBSCRIBED = 0x080,
    MAILBOX_CHILD_SUBSCRIBED = 0x100,
    MAILBOX_CHILD_SPECIALUSE = 0x200,

    MAILBOX_SPECIALUSE_ALL = 0x00010000,
    MAILBOX_SPECIALUSE_ARCHIVE = 0x00020000,
    MAILBOX_SPECIALUSE_DRAFTS = 0x00040000,
    MAILBOX_SPECIALUSE_FLAGGED = 0x00080000,
    MAILBOX_SPECIALUSE_JUNK = 0x00100000,
    MAILBOX_SPECIALUSE_SENT = 0x00200000,
    MAILBOX_SPECIALUSE_TRASH = 0x00400000,
    MAILBOX_SPECIALUSE_IMPORTANT = 0x00800000,
#define MAILBOX_SPECIALUSE_MASK 0x00ff0000

    MAILBOX_SELECT = 0x20000000, /**< it exists and holds mails */
    MAILBOX_MATCHED = 0x40000000
};

enum mailbox_list_path_type {
    MAILBOX_LIST_PATH_TYPE_DIR,
    MAILBOX_LIST_PATH_TYPE_ALT_DIR,
    MAILBOX_LIST_PATH_TYPE_MAILBOX,
    MAILBOX_LIST_PATH_TYPE_ALT_MAILBOX,
    MAILBOX_LIST_PATH_TYPE_CONTROL,
    MAILBOX_LIST_PATH_TYPE_INDEX,
    MAILBOX_LIST_PATH_TYPE_INDEX_PRIVATE,
    MAILBOX_LIST_PATH_TYPE_INDEX_CACHE,
    MAILBOX_LIST_PATH_TYPE_LIST_INDEX,

    MAILBOX_LIST_PATH_TYPE_COUNT
};

enum mailbox_list_file_type {
    MAILBOX_LIST_FILE_TYPE_UNKNOWN = 0,
    MAILBOX_LIST_FILE_TYPE_FILE,
    MAILBOX_LIST_FILE_TYPE_DIR,
    MAILBOX_LIST_FILE_TYPE_SYMLINK,
    MAILBOX_LIST_FILE_TYPE_OTHER
};

/** What a location string says: layout and directories. NULL or '\0' where it says nothing. */
struct mailbox_list_settings {
    const char *layout; /**< a list driver: "maildir++" */
    const char *root_dir;
    const char *index_dir;
    const char *index_pvt_dir;
    const char *index_cache_dir;
    const char *control_dir;
    const char *alt_dir;
    const char *volatile_dir;

    const char *inbox_path;
    const char *subscription_fname;
    const char *list_index_fname;
    const char *list_index_dir;
    const char *maildir_name;
    const char *mailbox_dir_name;

    /** Escapes in storage names what a vname has and they cannot; and the other way round. */
    char storage_name_escape_char;
    char vname_escape_char;
    bool utf8; /**< storage names are UTF-8, not IMAP's modified UTF-7 */
    bool alt_dir_nocheck;
    bool index_control_use_maildir_name;
    bool iter_from_index_dir;
    bool no_noselect;
    bool no_fs_validation;
};

/** Owner and modes for what is created in a mailbox. */
struct mailbox_permissions {
    uid_t file_uid;
    gid_t file_gid;

    mode_t file_create_mode, dir_create_mode;
    gid_t file_create_gid; /**< (gid_t)-1: as the system does */
    const char *file_create_gid_origin;

    bool gid_origin_is_mailbox_path;
    bool mail_index_permissions_set;
};

DOVECOT_API_BEGIN

/** List drivers, found by the name of their layout. */
void mailbox_list_register_all(void);
void mailbox_list_register(const struct mailbox_list *list);
void mailbox_list_unregister(const struct mailbox_list *list);
const struct mailbox_list *mailbox_list_find_class(const char *driver);

/** Makes the list of a namespace and calls mailbox_list_created. 0, or -1 and error_r. */
int mailbox_list_create(const char *driver, struct mail_namespace *ns,
                        const struct mailbox_list_settings *set, enum mailbox_list_flags flags,
                        struct mailbox_list **list_r, const char **error_r);
void mailbox_list_destroy(struct mailbox_list **list);

const char *mailbox_list_get_driver_name(const struct mailbox_list *list);
const struct mailbox_list_settings *mailbox_list_get_settings(const struct mailbox_list *list);
enum mailbox_list_flags mailbox_list_get_flags(const struct mailbox_list *list);
struct mail_namespace *mailbox_list_get_namespace(const struct mailbox_list *list);
struct mail_user *mailbox_list_get_user(const struct mailbox_list *list);
/** The storage of a vname; may change `list` to the one that the name belongs to. 0 or -1. */
int mailbox_list_get_storage(struct mailbox_list **list, const char *vname,
                             struct mail_storage **storage_r);
void mailbox_list_get_default_storage(struct mailbox_list *list, struct mail_storage **storage);
/** The separator of storage names. */
char mailbox_list_get_hierarchy_sep(struct mailbox_list *list);

void mailbox_list_get_permissions(struct mailbox_list *list, const char *name,
                                  struct mailbox_permissions *permissions_r);
void mailbox_list_get_root_permissions(struct mailbox_list *list,
                                       struct mailbox_permissions *permissions_r);

/** Makes a root directory (`path` NULL: the one of that type) with its parents. 0, or -1. */
int mailbox_list_mkdir_root(struct mailbox_list *list, const char *path,
                            enum mailbox_list_path_type type);
int mailbox_list_try_mkdir_root(struct mailbox_list *list, const char *path,
                                enum mailbox_list_path_type type, const char **error_r);
/** 1 made or there, 0 there is no such directory, -1 error. */
int mailbox_list_mkdir_missing_index_root(struct mailbox_list *list);
int mailbox_list_mkdir_missing_list_index_root(struct mailbox_list *list);

/** Whether a storage name can be used; error_r says why not. */
bool mailbox_list_is_valid_name(struct mailbox_list *list, const char *name, const char **error_r);

/** From one name to the other; on the data stack. */
const char *mailbox_list_get_storage_name(struct mailbox_list *list, const char *vname);
const char *mailbox_list_get_vname(struct mailbox_list *list, const char *name);

/** 1 and the path of a storage name (NULL: of the root), 0 there is none of this type, -1 error. */
int mailbox_list_get_path(struct mailbox_list *list, const char *name,
                          enum mailbox_list_path_type type, const char **path_r);
bool mailbox_list_get_root_path(struct mailbox_list *list, enum mailbox_list_path_type type,
                                const char **path_r);
/** The same for a type that must have a path. */
const char *mailbox_list_get_root_forced(struct mailbox_list *list,
                                         enum mailbox_list_path_type type);

/** How names of temporary files begin. */
const char *mailbox_list_get_temp_prefix(struct mailbox_list *list);
const char *mailbox_list_get_global_temp_prefix(struct mailbox_list *list);

/** All of the following take storage names. 0, or -1 and the list's error. */
int mailbox_list_set_subscribed(struct mailbox_list *list, const char *name, bool set);
int mailbox_list_delete_dir(struct mailbox_list *list, const char *name);
int mailbox_list_delete_symlink(struct mailbox_list *list, const char *name);

/** The last error, as clients may see it and as the log wants it. Never NULL. */
const char *mailbox_list_get_last_error(struct mailbox_list *list, enum mail_error *error_r);
enum mail_error mailbox_list_get_last_mail_error(struct mailbox_list *list);
const char *mailbox_list_get_last_internal_error(struct mailbox_list *list,
                                                 enum mail_error *error_r);
/** Keep the error over cleaning up that may set others. */
void mailbox_list_last_error_push(struct mailbox_list *list);
void mailbox_list_last_error_pop(struct mailbox_list *list);

/** Hexadecimal escapes of names, see mailbox_list_settings. */
void mailbox_list_name_unescape(const char **name, char escape_char);
void mailbox_list_name_escape(const char *name, const char *escape_chars, string_t *dest);

DOVECOT_API_END

#endif
