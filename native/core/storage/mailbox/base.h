/*
 * What storage drivers build their mailboxes and mails from: an implementation of every method that
 * does not need to know how mails lie in files.
 *
 * A driver's mailbox begins with a struct mailbox_base, its mail with a struct mail_base. The driver
 * fills its method tables with the functions below and its own ones, which may call these to go on.
 * Flags, keywords and modseqs come from the mail_index that the driver fills; what a message says comes
 * from its stream, which the driver opens.
 */
#ifndef STORAGE_MAILBOX_BASE_H
#define STORAGE_MAILBOX_BASE_H

#include "lib.h"

#include "array.h"
#include "istream.h"
#include "mail-storage-private.h"
#include "message-size.h"

/* ---- Mailboxes ------------------------------------------------------------------------------ */

struct cache_facts;
struct mailbox_watch;

struct mailbox_base {
    struct mailbox box;
    struct mailbox_watch *watch; /**< while changes are to be told */
    struct cache_facts *facts;   /**< of mails; NULL until one is asked for or learnt */
};

/**
 * The last step of a driver's mailbox_alloc. Before it: box->storage, list, pool (which the box itself
 * lies in), v and mail_vfuncs. Sets names, flags, event, inbox_user and inbox_any, the arrays.
 */
void mailbox_base_init(struct mailbox *box, const char *vname, enum mailbox_flags flags);

/**
 * The last step of a driver's open: box->index and box->view are set, and can be asked. Sets
 * box->opened and calls mailbox_opened.
 */
void mailbox_base_opened(struct mailbox *box);

/** Ends watching, closes the view and frees the index (mail_index_free()). */
void mailbox_base_close(struct mailbox *box);
void mailbox_base_free(struct mailbox *box);

bool mailbox_base_is_readonly(struct mailbox *box);
bool mailbox_base_is_inconsistent(struct mailbox *box);
int mailbox_base_enable(struct mailbox *box, enum mailbox_feature features);
/** By what the mailbox list says of it (mailbox_list_mailbox()). */
int mailbox_base_exists(struct mailbox *box, bool auto_boxes, enum mailbox_existence *existence_r);
/** For drivers that cannot change any of it: fails unless nothing is asked. */
int mailbox_base_update_box(struct mailbox *box, const struct mailbox_update *update);
/**
 * Expunges all mails, marks it deleted, looks that no new ones came, closes it and calls
 * list.delete_mailbox.
 */
int mailbox_base_delete_box(struct mailbox *box);
/** Calls list.rename_mailbox. */
int mailbox_base_rename_box(struct mailbox *src, struct mailbox *dest);

/** All from the view. permanent_flags and keywords: all are, unless the mailbox is readonly. */
int mailbox_base_get_status(struct mailbox *box, enum mailbox_status_items items,
                            struct mailbox_status *status_r);
/** All but MAILBOX_METADATA_GUID, which is the driver's. Sizes are summed up over the mails. */
int mailbox_base_get_metadata(struct mailbox *box, enum mailbox_metadata_items items,
                              struct mailbox_metadata *metadata_r);
int mailbox_base_set_subscribed(struct mailbox *box, bool set);

/** In the file that the setting mail_attribute_dict names ("file:/path"). */
int mailbox_base_attribute_set(struct mailbox_transaction_context *t,
                               enum mail_attribute_type type_flags, const char *key,
                               const struct mail_attribute_value *value);
int mailbox_base_attribute_get(struct mailbox *box, enum mail_attribute_type type_flags,
                               const char *key, struct mail_attribute_value *value_r);
struct mailbox_attribute_iter *mailbox_base_attribute_iter_init(struct mailbox *box,
                                                                enum mail_attribute_type type_flags,
                                                                const char *prefix);
const char *mailbox_base_attribute_iter_next(struct mailbox_attribute_iter *iter);
int mailbox_base_attribute_iter_deinit(struct mailbox_attribute_iter *iter);

int mailbox_base_list_index_has_changed(struct mailbox *box, struct mail_index_view *list_view,
                                        uint32_t seq, bool quick, const char **reason_r);
void mailbox_base_list_index_update_sync(struct mailbox *box, struct mail_index_transaction *trans,
                                         uint32_t seq);

/**
 * The last step of a driver's sync_init, after it brought the index up to date (`failed`: it could
 * not; the error is set in the storage). Begins to bring the view up to the index.
 */
struct mailbox_sync_context *mailbox_base_sync_init(struct mailbox *box,
                                                    enum mailbox_sync_flags flags, bool failed);
bool mailbox_base_sync_next(struct mailbox_sync_context *ctx, struct mailbox_sync_rec *sync_rec_r);
int mailbox_base_sync_deinit(struct mailbox_sync_context *ctx,
                             struct mailbox_sync_status *status_r);

/**
 * What a driver's notify_changes calls when box->notify_callback is set: watches the paths (ended by
 * NULL) and calls back. With `paths` NULL, or without a callback, it stops watching.
 */
void mailbox_base_watch(struct mailbox *box, const char *const *paths);

/** Uids that are \Recent in this session, kept in box->recent_flags. A driver's sync sets them. */
void mailbox_recent_set(struct mailbox *box, uint32_t uid);
bool mailbox_recent_has(struct mailbox *box, uint32_t uid);
unsigned int mailbox_recent_count(struct mailbox *box);

/* ---- Transactions --------------------------------------------------------------------------- */

/**
 * Commit frees save_ctx->dest_mail, calls transaction_save_commit_pre (which undoes its saves and frees
 * save_ctx itself before it returns -1), commits the index transaction, then calls
 * transaction_save_commit_post or, when the index could not be committed, transaction_save_rollback.
 * post and rollback free save_ctx.
 */
struct mailbox_transaction_context *
mailbox_base_transaction_begin(struct mailbox *box, enum mailbox_transaction_flags flags,
                               const char *reason);
int mailbox_base_transaction_commit(struct mailbox_transaction_context *t,
                                    struct mail_transaction_commit_changes *changes_r);
void mailbox_base_transaction_rollback(struct mailbox_transaction_context *t);

/**
 * The end of a driver's save_finish, save_cancel and copy: empties save_ctx->data (its output must be
 * closed already; keywords are let go of by the caller) and clears `unfinished`.
 */
void mailbox_base_save_done(struct mail_save_context *ctx);

/* ---- Mails ---------------------------------------------------------------------------------- */

struct mail_header;

struct mail_base_ops {
    /**
     * Opens the file of the message (or gives any stream of it), at its beginning. 0, or -1 with the
     * error set; mail_set_expunged() when it is gone. The stream belongs to the mail then.
     */
    int (*open_stream)(struct mail *mail, struct istream **input_r);
    /**
     * What the content of the message never changes under, as a digest; facts are remembered between
     * openings of the mailbox with it. False: of this message they are not. NULL: of none.
     */
    bool (*get_identity)(struct mail *mail, uint64_t *identity_r);
};

/** What is known of the current message. Zeroed at close. */
struct mail_base_data {
    struct istream *stream; /**< as istream_opened has left it */
    struct istream *header_stream;
    struct message_size hdr_size, body_size;

    struct mail_header *headers; /**< all, in their order, once parsed; in data_pool */
    unsigned int headers_count;
    struct message_part *parts; /**< with their data */
    const char *const *keywords;
    ARRAY_TYPE(keyword_indexes) keyword_indexes;

    const char *envelope, *body, *bodystructure, *snippet, *header_md5;

    uoff_t physical_size, virtual_size;
    time_t received_date, save_date, sent_date;
    int sent_timezone;

    /** A driver may set values that it knows (sizes in a file name …) and the bit. */
    bool physical_size_set : 1;
    bool virtual_size_set : 1;
    bool received_date_set : 1;
    bool save_date_set : 1;
    bool sent_date_set : 1;
    bool no_caching : 1;

    bool hdr_size_set : 1;
    bool body_size_set : 1;
    bool headers_parsed : 1;
};

struct mail_base {
    struct mail_private mail;
    const struct mail_base_ops *ops;
    struct mail_base_data data;
};

/**
 * Makes a mail of a driver: `size` bytes that begin with a struct mail_base, with the methods of
 * box->mail_vfuncs. For a driver's mail_alloc.
 */
struct mail_base *mail_base_alloc(struct mailbox_transaction_context *t, size_t size,
                                  const struct mail_base_ops *ops,
                                  enum mail_fetch_field wanted_fields,
                                  struct mailbox_header_lookup_ctx *wanted_headers);

static inline struct mail_base *mail_base_of(struct mail *mail)
{
    return (struct mail_base *)mail;
}

void mail_base_close(struct mail *mail);
void mail_base_free(struct mail *mail);
void mail_base_set_seq(struct mail *mail, uint32_t seq, bool saving);
bool mail_base_set_uid(struct mail *mail, uint32_t uid);
void mail_base_set_uid_cache_updates(struct mail *mail, bool set);
bool mail_base_prefetch(struct mail *mail);
int mail_base_precache(struct mail *mail);
void mail_base_add_temp_wanted_fields(struct mail *mail, enum mail_fetch_field fields,
                                      struct mailbox_header_lookup_ctx *headers);

enum mail_flags mail_base_get_flags(struct mail *mail);
const char *const *mail_base_get_keywords(struct mail *mail);
const ARRAY_TYPE(keyword_indexes) * mail_base_get_keyword_indexes(struct mail *mail);
uint64_t mail_base_get_modseq(struct mail *mail);
uint64_t mail_base_get_pvt_modseq(struct mail *mail);

int mail_base_get_parts(struct mail *mail, struct message_part **parts_r);
int mail_base_get_date(struct mail *mail, time_t *date_r, int *timezone_r);
/** These four answer what is set in mail_base_data; else dates by fstat(), sizes by reading. */
int mail_base_get_received_date(struct mail *mail, time_t *date_r);
int mail_base_get_save_date(struct mail *mail, time_t *date_r);
int mail_base_get_virtual_size(struct mail *mail, uoff_t *size_r);
int mail_base_get_physical_size(struct mail *mail, uoff_t *size_r);

int mail_base_get_first_header(struct mail *mail, const char *field, bool decode_to_utf8,
                               const char **value_r);
int mail_base_get_headers(struct mail *mail, const char *field, bool decode_to_utf8,
                          const char *const **value_r);
int mail_base_get_header_stream(struct mail *mail, struct mailbox_header_lookup_ctx *headers,
                                struct istream **stream_r);
/** Opens by ops->open_stream and calls istream_opened the first time. Always at the beginning. */
int mail_base_get_stream(struct mail *mail, bool get_body, struct message_size *hdr_size,
                         struct message_size *body_size, struct istream **stream_r);
int mail_base_get_binary_stream(struct mail *mail, const struct message_part *part,
                                bool include_hdr, uoff_t *size_r, unsigned int *lines_r,
                                bool *binary_r, struct istream **stream_r);
/** All that can be told from the message itself; "" for the others. */
int mail_base_get_special(struct mail *mail, enum mail_fetch_field field, const char **value_r);
int mail_base_get_backend_mail(struct mail *mail, struct mail **real_mail_r);

void mail_base_update_flags(struct mail *mail, enum modify_type modify_type, enum mail_flags flags);
void mail_base_update_keywords(struct mail *mail, enum modify_type modify_type,
                               struct mail_keywords *keywords);
void mail_base_update_modseq(struct mail *mail, uint64_t min_modseq);
void mail_base_update_pvt_modseq(struct mail *mail, uint64_t min_pvt_modseq);
void mail_base_update_pop3_uidl(struct mail *mail, const char *uidl);
void mail_base_expunge(struct mail *mail);
void mail_base_set_cache_corrupted(struct mail *mail, enum mail_fetch_field field,
                                   const char *reason);
int mail_base_istream_opened(struct mail *mail, struct istream **input);

/**
 * What an earlier opening of the mailbox has learnt of the message by reading it, under a key; it is
 * valid until the next such question. Remembering may fail silently.
 */
bool mail_base_recall(struct mail *mail, const char *key, const void **data_r, size_t *size_r);
void mail_base_remember(struct mail *mail, const char *key, const void *data, size_t size);
/** The same for a string, in data_pool; for a number. */
bool mail_base_recall_string(struct mail *mail, const char *key, const char **value_r);
void mail_base_remember_string(struct mail *mail, const char *key, const char *value);
bool mail_base_recall_size(struct mail *mail, const char *key, uoff_t *size_r);
void mail_base_remember_size(struct mail *mail, const char *key, uoff_t size);

/** Sets the error for a stream of the message that could not be read. Always -1. */
int mail_base_stream_failed(struct mail *mail, struct istream *stream);
/** BODY or, extended, BODYSTRUCTURE; ENVELOPE. As IMAP has them, without the outer parentheses. */
int mail_base_get_body(struct mail *mail, bool extended, const char **value_r);
int mail_base_get_envelope(struct mail *mail, const char **value_r);
/** The beginning of the message's text, after the digit 1 (how it was made). 0, or -1. */
int mail_base_get_snippet(struct mail *mail, const char **value_r);

#endif
