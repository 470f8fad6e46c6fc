/*
 * The inside of storages, mailboxes and mails, for plugins that override their methods.
 *
 * Each object has its methods in `v`. In a hook, `vlast` is the table to override: copy it to a `super`
 * of your own in the object's pool, point vlast there, and write your functions into the old table:
 *
 *     struct mailbox_vfuncs *v = box->vlast;
 *     struct my_mailbox *mbox = p_new(box->pool, struct my_mailbox, 1);
 *
 *     mbox->module_ctx.super = *v;
 *     box->vlast = &mbox->module_ctx.super;
 *     v->transaction_begin = my_transaction_begin;
 *     MODULE_CONTEXT_SET(box, my_storage_module, mbox);
 *
 * A method then goes on by calling mbox->module_ctx.super.transaction_begin. Outside of hooks vlast is
 * NULL. A slot can never be overridden with NULL.
 */
#ifndef MAIL_STORAGE_PRIVATE_H
#define MAIL_STORAGE_PRIVATE_H

#include <sys/stat.h>

#include "file-lock.h"
#include "mail-index.h"
#include "mail-storage-hooks.h"
#include "mail-storage-settings.h"
#include "mail-storage.h"
#include "mailbox-attribute-private.h"
#include "mailbox-list-private.h"
#include "module-context.h"
#include "unichar.h"

struct mail_attachment_part;
struct mail_save_attachment;
struct mail_search_sort_program;
struct setting_parser_info;

enum mail_storage_class_flags {
    MAIL_STORAGE_CLASS_FLAG_MAILBOX_IS_FILE = 0x01,
    MAIL_STORAGE_CLASS_FLAG_UNIQUE_ROOT = 0x02, /**< one storage object for each root directory */
    MAIL_STORAGE_CLASS_FLAG_OPEN_STREAMS = 0x04,
    MAIL_STORAGE_CLASS_FLAG_NOQUOTA = 0x08,
    MAIL_STORAGE_CLASS_FLAG_NO_ROOT = 0x10,
    MAIL_STORAGE_CLASS_FLAG_FILE_PER_MSG = 0x20,
    MAIL_STORAGE_CLASS_FLAG_HAVE_MAIL_GUIDS = 0x40,
    MAIL_STORAGE_CLASS_FLAG_HAVE_MAIL_SAVE_GUIDS = 0x80,
    MAIL_STORAGE_CLASS_FLAG_BINARY_DATA = 0x100,
    MAIL_STORAGE_CLASS_FLAG_HAVE_MAIL_GUID128 = 0x200,
    MAIL_STORAGE_CLASS_FLAG_NO_LIST_DELETES = 0x400,
    MAIL_STORAGE_CLASS_FLAG_SECONDARY_INDEX = 0x800
};

enum mail_storage_list_index_rebuild_reason {
    MAIL_STORAGE_LIST_INDEX_REBUILD_REASON_CORRUPTED,
    MAIL_STORAGE_LIST_INDEX_REBUILD_REASON_FORCE_RESYNC,
    MAIL_STORAGE_LIST_INDEX_REBUILD_REASON_NO_INBOX
};

/* ---- Registers of plugin contexts: one id serves all objects of a register -------------------- */

struct mail_storage_module_register {
    unsigned int id;
};

struct mail_module_register {
    unsigned int id;
};

/* ---- Storages ------------------------------------------------------------------------------- */

struct mail_storage_vfuncs {
    const struct setting_parser_info *(*get_setting_parser_info)(void);

    struct mail_storage *(*alloc)(void);
    int (*create)(struct mail_storage *storage, struct mail_namespace *ns, const char **error_r);
    void (*destroy)(struct mail_storage *storage);
    /** The storage may change the list's methods here. */
    void (*add_list)(struct mail_storage *storage, struct mailbox_list *list);

    void (*get_list_settings)(const struct mail_namespace *ns, struct mailbox_list_settings *set);
    /** Whether mails of this kind lie at the location. */
    bool (*autodetect)(const struct mail_namespace *ns, struct mailbox_list_settings *set);

    struct mailbox *(*mailbox_alloc)(struct mail_storage *storage, struct mailbox_list *list,
                                     const char *vname, enum mailbox_flags flags);
    int (*purge)(struct mail_storage *storage);

    int (*list_index_rebuild)(struct mail_storage *storage,
                              enum mail_storage_list_index_rebuild_reason reason);
};

union mail_storage_module_context {
    struct mail_storage_vfuncs super;
    struct mail_storage_module_register *reg;
    struct {
        struct mail_storage_vfuncs super;
    } module_ctx; /**< for seed-verbatim.h */
};

/** An error that was pushed aside while cleaning up. */
struct mail_storage_error {
    char *error_string;
    enum mail_error error;
    char *last_internal_error;
    bool last_error_is_internal;
};

struct mail_storage {
    const char *name; /**< of the driver: "maildir" */
    enum mail_storage_class_flags class_flags;
    struct event_category *event_category;

    struct mail_storage_vfuncs v, *vlast;

    pool_t pool; /**< lives as long as the storage */
    struct mail_storage *prev, *next;
    int refcount;     /**< namespaces */
    int obj_refcount; /**< mailboxes and other objects of it */
    struct mailbox *mailboxes;
    const char *unique_root_dir;

    char *last_internal_error;
    char *error_string;
    enum mail_error error;
    ARRAY(struct mail_storage_error) error_stack;
    struct event *event;

    const struct mail_storage *storage_class;
    struct mail_user *user;
    const char *temp_path_prefix;
    const struct mail_storage_settings *set;

    enum mail_storage_flags flags;

    struct mail_storage_callbacks callbacks;
    void *callback_context;

    ARRAY(union mail_storage_module_context *) module_contexts;

    bool last_error_is_internal : 1;
};

/* ---- Mailboxes ------------------------------------------------------------------------------ */

/** What a mailbox that shows mails of others can be asked. */
struct virtual_mailbox_vfuncs {
    void (*get_virtual_uids)(struct mailbox *box, struct mailbox *backend_mailbox,
                             const ARRAY_TYPE(seq_range) * backend_uids,
                             ARRAY_TYPE(seq_range) * virtual_uids_r);
    void (*get_virtual_uid_map)(struct mailbox *box, struct mailbox *backend_mailbox,
                                const ARRAY_TYPE(seq_range) * backend_uids,
                                ARRAY_TYPE(uint32_t) * virtual_uids_r);
    void (*get_virtual_backend_boxes)(struct mailbox *box, ARRAY_TYPE(mailboxes) * mailboxes,
                                      bool only_with_msgs);
};

struct mailbox_vfuncs {
    bool (*is_readonly)(struct mailbox *box);

    int (*enable)(struct mailbox *box, enum mailbox_feature features);
    int (*exists)(struct mailbox *box, bool auto_boxes, enum mailbox_existence *existence_r);
    int (*open)(struct mailbox *box);
    void (*close)(struct mailbox *box);
    void (*free)(struct mailbox *box);

    int (*create_box)(struct mailbox *box, const struct mailbox_update *update, bool directory);
    int (*update_box)(struct mailbox *box, const struct mailbox_update *update);
    int (*delete_box)(struct mailbox *box);
    int (*rename_box)(struct mailbox *src, struct mailbox *dest);

    int (*get_status)(struct mailbox *box, enum mailbox_status_items items,
                      struct mailbox_status *status_r);
    int (*get_metadata)(struct mailbox *box, enum mailbox_metadata_items items,
                        struct mailbox_metadata *metadata_r);
    int (*set_subscribed)(struct mailbox *box, bool set);

    int (*attribute_set)(struct mailbox_transaction_context *t, enum mail_attribute_type type_flags,
                         const char *key, const struct mail_attribute_value *value);
    int (*attribute_get)(struct mailbox *box, enum mail_attribute_type type_flags, const char *key,
                         struct mail_attribute_value *value_r);
    struct mailbox_attribute_iter *(*attribute_iter_init)(struct mailbox *box,
                                                          enum mail_attribute_type type_flags,
                                                          const char *prefix);
    const char *(*attribute_iter_next)(struct mailbox_attribute_iter *iter);
    int (*attribute_iter_deinit)(struct mailbox_attribute_iter *iter);

    int (*list_index_has_changed)(struct mailbox *box, struct mail_index_view *list_view,
                                  uint32_t seq, bool quick, const char **reason_r);
    void (*list_index_update_sync)(struct mailbox *box, struct mail_index_transaction *trans,
                                   uint32_t seq);

    struct mailbox_sync_context *(*sync_init)(struct mailbox *box, enum mailbox_sync_flags flags);
    bool (*sync_next)(struct mailbox_sync_context *ctx, struct mailbox_sync_rec *sync_rec_r);
    int (*sync_deinit)(struct mailbox_sync_context *ctx, struct mailbox_sync_status *status_r);
    /** NULL unless a plugin sets it: test before you call the previous one. uid 0: the end. */
    void (*sync_notify)(struct mailbox *box, uint32_t uid, enum mailbox_sync_type sync_type);

    void (*notify_changes)(struct mailbox *box);

    struct mailbox_transaction_context *(*transaction_begin)(struct mailbox *box,
                                                             enum mailbox_transaction_flags flags,
                                                             const char *reason);
    int (*transaction_commit)(struct mailbox_transaction_context *t,
                              struct mail_transaction_commit_changes *changes_r);
    void (*transaction_rollback)(struct mailbox_transaction_context *t);

    /** NULL unless some flags are kept for each user apart. */
    enum mail_flags (*get_private_flags_mask)(struct mailbox *box);

    struct mail *(*mail_alloc)(struct mailbox_transaction_context *t,
                               enum mail_fetch_field wanted_fields,
                               struct mailbox_header_lookup_ctx *wanted_headers);

    struct mail_search_context *(*search_init)(struct mailbox_transaction_context *t,
                                               struct mail_search_args *args,
                                               const enum mail_sort_type *sort_program,
                                               enum mail_fetch_field wanted_fields,
                                               struct mailbox_header_lookup_ctx *wanted_headers);
    int (*search_deinit)(struct mail_search_context *ctx);
    bool (*search_next_nonblock)(struct mail_search_context *ctx, struct mail **mail_r,
                                 bool *tryagain_r);
    /** Moves ctx->seq to the next message that may match by what needs no mail. */
    bool (*search_next_update_seq)(struct mail_search_context *ctx);
    /** 1 it matches, 0 it does not, -1 error. */
    int (*search_next_match_mail)(struct mail_search_context *ctx, struct mail *mail);

    struct mail_save_context *(*save_alloc)(struct mailbox_transaction_context *t);
    int (*save_begin)(struct mail_save_context *ctx, struct istream *input);
    int (*save_continue)(struct mail_save_context *ctx);
    int (*save_finish)(struct mail_save_context *ctx);
    void (*save_cancel)(struct mail_save_context *ctx);
    int (*copy)(struct mail_save_context *ctx, struct mail *mail);

    int (*transaction_save_commit_pre)(struct mail_save_context *save_ctx);
    void (*transaction_save_commit_post)(struct mail_save_context *save_ctx,
                                         struct mail_index_transaction_commit_result *result_r);
    void (*transaction_save_rollback)(struct mail_save_context *save_ctx);

    bool (*is_inconsistent)(struct mailbox *box);
};

union mailbox_module_context {
    struct mailbox_vfuncs super;
    struct mail_storage_module_register *reg;
    struct {
        struct mailbox_vfuncs super;
    } module_ctx; /**< for seed-verbatim.h */
};

struct mailbox {
    const char *name;  /**< the storage name */
    const char *vname; /**< as the user sees it */
    struct mail_storage *storage;
    struct mailbox_list *list;
    struct event *event;

    struct mailbox_vfuncs v, *vlast;
    const struct virtual_mailbox_vfuncs *virtual_vfuncs;
    pool_t pool; /**< lives as long as the object, over closing and opening again */
    struct mailbox *prev, *next;

    /* NULL until the mailbox was opened. */
    struct mail_index *index;
    struct mail_index_view *view;
    struct mail_cache *cache;

    /** Do not read these: mailbox_get_permissions(), mailbox_get_path(), mailbox_get_index_path(). */
    struct mailbox_permissions _perm;
    const char *_path;
    const char *_index_path;

    const struct mail_vfuncs *mail_vfuncs; /**< of the driver */
    const struct mailbox_settings *set;    /**< NULL: the configuration does not name it */

    /** A plugin may set it in mailbox_allocated: opening then fails with it. */
    enum mail_error open_error;

    struct istream *input;
    enum mailbox_flags flags;
    unsigned int transaction_count;
    unsigned int attribute_iter_count;
    enum mailbox_feature enabled_features;

    /** Uids with \Recent, of this session. */
    ARRAY_TYPE(seq_range) recent_flags;
    uint32_t recent_flags_prev_uid;
    uint32_t recent_flags_count;

    mailbox_notify_callback_t *notify_callback;
    void *notify_context;
    struct timeout *to_notify;

    ARRAY(struct mail_search_result *) search_results;

    ARRAY(union mailbox_module_context *) module_contexts;

    bool opened : 1;
    bool mailbox_deleted : 1; /**< someone has deleted it while it was open */
    bool creating : 1;
    bool deleting : 1;
    bool deleting_must_be_empty : 1;
    bool marked_deleted : 1;
    bool inbox_user : 1; /**< the user's INBOX */
    bool inbox_any : 1;  /**< someone's INBOX */
    /** Copies into it must be real ones, not second names of the same file. */
    bool disable_reflink_copy_to : 1;
    bool disallow_new_keywords : 1;
    bool synced : 1;
    bool skip_create_name_restrictions : 1;
};

/* ---- Mails ---------------------------------------------------------------------------------- */

struct mail_vfuncs {
    /** Forgets the current message. */
    void (*close)(struct mail *mail);
    void (*free)(struct mail *mail);
    void (*set_seq)(struct mail *mail, uint32_t seq, bool saving);
    bool (*set_uid)(struct mail *mail, uint32_t uid);
    void (*set_uid_cache_updates)(struct mail *mail, bool set);
    bool (*prefetch)(struct mail *mail);
    int (*precache)(struct mail *mail);
    void (*add_temp_wanted_fields)(struct mail *mail, enum mail_fetch_field fields,
                                   struct mailbox_header_lookup_ctx *headers);

    enum mail_flags (*get_flags)(struct mail *mail);
    const char *const *(*get_keywords)(struct mail *mail);
    const ARRAY_TYPE(keyword_indexes) * (*get_keyword_indexes)(struct mail *mail);
    uint64_t (*get_modseq)(struct mail *mail);
    uint64_t (*get_pvt_modseq)(struct mail *mail);

    int (*get_parts)(struct mail *mail, struct message_part **parts_r);
    int (*get_date)(struct mail *mail, time_t *date_r, int *timezone_r);
    int (*get_received_date)(struct mail *mail, time_t *date_r);
    int (*get_save_date)(struct mail *mail, time_t *date_r);
    int (*get_virtual_size)(struct mail *mail, uoff_t *size_r);
    int (*get_physical_size)(struct mail *mail, uoff_t *size_r);

    int (*get_first_header)(struct mail *mail, const char *field, bool decode_to_utf8,
                            const char **value_r);
    int (*get_headers)(struct mail *mail, const char *field, bool decode_to_utf8,
                       const char *const **value_r);
    int (*get_header_stream)(struct mail *mail, struct mailbox_header_lookup_ctx *headers,
                             struct istream **stream_r);
    int (*get_stream)(struct mail *mail, bool get_body, struct message_size *hdr_size,
                      struct message_size *body_size, struct istream **stream_r);
    int (*get_binary_stream)(struct mail *mail, const struct message_part *part, bool include_hdr,
                             uoff_t *size_r, unsigned int *lines_r, bool *binary_r,
                             struct istream **stream_r);

    int (*get_special)(struct mail *mail, enum mail_fetch_field field, const char **value_r);
    int (*get_backend_mail)(struct mail *mail, struct mail **real_mail_r);

    void (*update_flags)(struct mail *mail, enum modify_type modify_type, enum mail_flags flags);
    void (*update_keywords)(struct mail *mail, enum modify_type modify_type,
                            struct mail_keywords *keywords);
    void (*update_modseq)(struct mail *mail, uint64_t min_modseq);
    void (*update_pvt_modseq)(struct mail *mail, uint64_t min_pvt_modseq);
    void (*update_pop3_uidl)(struct mail *mail, const char *uidl);
    /** Queues it; sequence numbers change at the sync after the commit. */
    void (*expunge)(struct mail *mail);
    void (*set_cache_corrupted)(struct mail *mail, enum mail_fetch_field field, const char *reason);
    /**
     * The file of the message was opened. A plugin may put a stream of its own around *input (and
     * unref the old one): that is what readers get.
     */
    int (*istream_opened)(struct mail *mail, struct istream **input);
};

union mail_module_context {
    struct mail_vfuncs super;
    struct mail_module_register *reg;
    struct {
        struct mail_vfuncs super;
    } module_ctx; /**< for seed-verbatim.h */
};

/** What `struct mail *` points to; cast it to get here. */
struct mail_private {
    struct mail mail;
    struct mail_vfuncs v, *vlast;
    /** The virtual mail that this one stands behind; NULL. */
    struct mail *vmail;
    /** Do not read it: mail_event(). */
    struct event *_event;

    uint32_t seq_pvt;

    enum mail_fetch_field wanted_fields;
    struct mailbox_header_lookup_ctx *wanted_headers;

    pool_t pool;      /**< lives as long as the object */
    pool_t data_pool; /**< of the current message: cleared at every close */
    ARRAY(union mail_module_context *) module_contexts;

    const char *get_stream_reason;

    bool autoexpunged : 1;
    bool search_mail : 1; /**< belongs to a search */
};

/* ---- Transactions, searches, saves ---------------------------------------------------------- */

union mailbox_transaction_module_context {
    struct mail_storage_module_register *reg;
};

struct mailbox_transaction_stats {
    unsigned long open_lookup_count;
    unsigned long stat_lookup_count;
    unsigned long fstat_lookup_count;
    unsigned long files_read_count;
    unsigned long long files_read_bytes;
    unsigned long cache_hit_count;
};

/** Gone when commit or rollback has returned, also for the plugin that called them. */
struct mailbox_transaction_context {
    struct mailbox *box;
    enum mailbox_transaction_flags flags;
    char *reason;

    int mail_ref_count; /**< mails that are not freed */

    struct mail_index_transaction *itrans;
    struct mail_index_view *view; /**< shows the changes of this transaction */

    struct mail_transaction_commit_changes *changes; /**< while it is being committed */
    ARRAY(union mailbox_transaction_module_context *) module_contexts;

    struct mail_save_context *save_ctx;
    unsigned int save_count;

    struct mailbox_transaction_stats stats;
};

union mail_search_module_context {
    struct mail_storage_module_register *reg;
};

struct mail_search_context {
    struct mailbox_transaction_context *transaction;

    struct mail_search_args *args;
    struct mail_search_sort_program *sort_program;
    enum mail_fetch_field wanted_fields;
    struct mailbox_header_lookup_ctx *wanted_headers;
    normalizer_func_t *normalizer;

    struct mail_search_result *update_result;
    ARRAY(struct mail_search_result *) results;

    uint32_t seq;
    uint32_t progress_cur, progress_max;

    ARRAY(struct mail *) mails;
    unsigned int unused_mail_idx;
    unsigned int max_mails;

    ARRAY(union mail_search_module_context *) module_contexts;

    bool seen_lost_data : 1;
    bool progress_hidden : 1;
};

/** Of the mail that is being saved; cleared by save_finish. */
struct mail_save_data {
    enum mail_flags flags;
    enum mail_flags pvt_flags;
    struct mail_keywords *keywords;
    uint64_t min_modseq;

    time_t received_date, save_date; /**< -1: now */
    int received_tz_offset;          /**< minutes */

    uint32_t uid; /**< 0: the next */
    char *guid, *pop3_uidl, *from_envelope;
    uint32_t pop3_order;

    /** Where the mail's bytes go. A plugin may wrap it in save_begin, after the previous one. */
    struct ostream *output;
    struct mail_save_attachment *attach;
};

/** One in a transaction, used for one mail after the other. */
struct mail_save_context {
    struct mailbox_transaction_context *transaction;
    struct mail *dest_mail;
    /** With copying_via_save: the mail that is copied. */
    struct mail *copy_src_mail;

    struct mail_save_data data;

    bool (*part_is_attachment)(struct mail_save_context *ctx,
                               const struct mail_attachment_part *part);

    bool unfinished : 1;        /**< between save_alloc and finish, cancel or copy */
    bool finishing : 1;         /**< inside save_finish or copy */
    bool copying_via_save : 1;  /**< the save methods run inside copy */
    bool saving : 1;            /**< a new mail, even if it is made by copying */
    bool moving : 1;            /**< mailbox_move() */
    bool copying_or_moving : 1; /**< copy, move, or save_using_mail */
};

struct mailbox_sync_context {
    struct mailbox *box;
    enum mailbox_sync_flags flags;
    bool open_failed;
};

struct mailbox_header_lookup_ctx {
    struct mailbox *box;
    pool_t pool;
    int refcount;

    unsigned int count;
    const char *const *name; /**< sorted, ended by NULL */
    unsigned int *idx;
};

DOVECOT_API_BEGIN

extern struct mail_storage_module_register mail_storage_module_register;
extern struct mail_module_register mail_module_register;

extern struct event_category event_category_storage;
extern struct event_category event_category_mailbox;
extern struct event_category event_category_mail;

void mail_storage_obj_ref(struct mail_storage *storage);
void mail_storage_obj_unref(struct mail_storage *storage);

/* ---- Errors --------------------------------------------------------------------------------- */

void mail_storage_clear_error(struct mail_storage *storage);
/** What the user did or asked is the cause: `string` goes to the client, nothing to the log. */
void mail_storage_set_error(struct mail_storage *storage, enum mail_error error,
                            const char *string);
/** Anything else: logged with the object's name; the client is told to look there. */
void mail_storage_set_critical(struct mail_storage *storage, const char *fmt, ...)
    ATTR_FORMAT(2, 3);
void mailbox_set_critical(struct mailbox *box, const char *fmt, ...) ATTR_FORMAT(2, 3);
void mail_set_critical(struct mail *mail, const char *fmt, ...) ATTR_FORMAT(2, 3);
/** What mail_storage_set_critical() tells the client, without a line in the log. */
void mail_storage_set_internal_error(struct mail_storage *storage);
/** By errno: true when it says something to a user; else nothing is set. */
bool mail_storage_set_error_from_errno(struct mail_storage *storage);
void mail_storage_copy_list_error(struct mail_storage *storage, struct mailbox_list *list);
void mail_storage_copy_error(struct mail_storage *dest, struct mail_storage *src);
void mailbox_set_index_error(struct mailbox *box);
void mail_storage_set_index_error(struct mail_storage *storage, struct mail_index *index);

/* ---- Mails ---------------------------------------------------------------------------------- */

void mail_event_create(struct mail *mail);
/** Starts reading what was asked for at mail_alloc(). False: it waits; handle this mail first. */
bool mail_prefetch(struct mail *mail);
/** Fail a getter: beyond lookup_abort; the message is gone. */
void mail_set_aborted(struct mail *mail);
void mail_set_expunged(struct mail *mail);
void mail_set_seq_saving(struct mail *mail, uint32_t seq);
/** Count an access, and say whether lookup_abort allows it. */
bool mail_stream_access_start(struct mail *mail);
bool mail_metadata_access_start(struct mail *mail);
void mail_autoexpunge(struct mail *mail);
void mail_set_mail_cache_corrupted(struct mail *mail, const char *fmt, ...) ATTR_FORMAT(2, 3);

/* ---- Mailboxes ------------------------------------------------------------------------------ */

void mailbox_set_deleted(struct mailbox *box);
int mailbox_mark_index_deleted(struct mailbox *box, bool del);
/** The mailbox's directory. It must be open, and its storage must have files. */
const char *mailbox_get_path(struct mailbox *box);
const char *mailbox_get_index_path(struct mailbox *box);
/** 1 and the path, 0 none of this type, -1. */
int mailbox_get_path_to(struct mailbox *box, enum mailbox_list_path_type type, const char **path_r);
const struct mailbox_permissions *mailbox_get_permissions(struct mailbox *box);
void mailbox_refresh_permissions(struct mailbox *box);
/** 1 made, 0 it was there, -1. */
int mailbox_mkdir(struct mailbox *box, const char *path, enum mailbox_list_path_type type);
int mailbox_create_missing_dir(struct mailbox *box, enum mailbox_list_path_type type);
/** Whether the configuration has it created, subscribed to, on first use. */
bool mailbox_is_autocreated(struct mailbox *box);
bool mailbox_is_autosubscribed(struct mailbox *box);
/** Creates a file with the mailbox's mode and group: 1, 0 it exists (with O_EXCL) or cannot be, -1. */
int mailbox_create_fd(struct mailbox *box, const char *path, int flags, int *fd_r);
/** 1 and the lock, 0 timeout, -1. */
int mailbox_lock_file_create(struct mailbox *box, const char *lock_fname, unsigned int lock_secs,
                             struct file_lock **lock_r, const char **error_r);
unsigned int mail_storage_get_lock_timeout(struct mail_storage *storage, unsigned int secs);
void mailbox_save_context_deinit(struct mail_save_context *ctx);
/** Calls the sync_notify method, if there is one. */
void mailbox_sync_notify(struct mailbox *box, uint32_t uid, enum mailbox_sync_type sync_type);
int mailbox_verify_name(struct mailbox *box);

DOVECOT_API_END

#endif
