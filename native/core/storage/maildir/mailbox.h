/*
 * The Maildir driver's own objects, as its files share them.
 */
#ifndef MAILDIR_MAILBOX_H
#define MAILDIR_MAILBOX_H

#include "array.h"
#include "lib.h"
#include "mail-storage-private.h"
#include "mailbox/base.h"

#include <time.h>

#define MAILDIR_STORAGE_NAME "maildir"
#define MAILDIR_SUBSCRIPTIONS_NAME "subscriptions"
/** Where a mailbox that is deleted goes first; listings leave it out. */
#define MAILDIR_TRASH_NAME "..DOVECOT-TRASHED"

struct maildir_keywords;
struct maildir_uidlist;

/** What was known of cur/ or new/ when it was read last. */
struct maildir_dir_state {
    ino_t inode;
    struct timespec mtime;   /**< just before that */
    struct timespec read_at; /**< by the wall clock; zero: never */
};

struct maildir_mailbox {
    struct mailbox_base base;
    struct maildir_uidlist *uidlist;   /**< NULL until it is needed */
    struct maildir_keywords *keywords; /**< NULL until it is needed */
    struct maildir_dir_state new_state, cur_state;
    uint32_t scan; /**< number of the last scan */
    /** What the snapshot on disk was made from, as far as it was read. */
    struct {
        ino_t inode; /**< of the uidlist; 0: there was no usable snapshot */
        uoff_t size;
        struct timespec cur_read_at;
    } snapshot;
    char *saved_path;
};

extern struct mail_storage maildir_storage;
extern const struct mailbox_vfuncs maildir_mailbox_vfuncs;
extern const struct mail_vfuncs maildir_mail_vfuncs;
extern const struct mail_index_driver maildir_index_driver;

static inline struct maildir_mailbox *maildir_mailbox(struct mailbox *box)
{
    return container_of(box, struct maildir_mailbox, base.box);
}

static inline bool maildir_is_maildir(const struct mailbox *box)
{
    return strcmp(box->storage->name, MAILDIR_STORAGE_NAME) == 0;
}

/* ---- mailbox.c -------------------------------------------------------------------------------- */

struct mailbox *maildir_mailbox_alloc(struct mail_storage *storage, struct mailbox_list *list,
                                      const char *vname, enum mailbox_flags flags);

/* ---- mail.c ----------------------------------------------------------------------------------- */

struct mail *maildir_mail_alloc(struct mailbox_transaction_context *t,
                                enum mail_fetch_field wanted_fields,
                                struct mailbox_header_lookup_ctx *wanted_headers);

/* ---- create.c --------------------------------------------------------------------------------- */

int maildir_create_box(struct mailbox *box, const struct mailbox_update *update, bool directory);
/** Makes cur, new and tmp, durably, where they are missing. 0, or -1 with the storage's error. */
int maildir_make_directories(struct mailbox *box);
/** The same for a mailbox that must be there; one that was deleted does not come back, INBOX does. */
int maildir_repair_directories(struct mailbox *box);
/** fsyncs a directory, if mails are synced at all. 0, or -1 with errno. */
int maildir_sync_directory(struct mailbox *box, const char *path);

/* ---- update.c --------------------------------------------------------------------------------- */

int maildir_update_box(struct mailbox *box, const struct mailbox_update *update);
int maildir_get_guid(struct mailbox *box, guid_128_t guid_r);

/* ---- save.c, copy.c --------------------------------------------------------------------------- */

struct mail_save_context *maildir_save_alloc(struct mailbox_transaction_context *t);
int maildir_save_begin(struct mail_save_context *ctx, struct istream *input);
int maildir_save_continue(struct mail_save_context *ctx);
int maildir_save_finish(struct mail_save_context *ctx);
void maildir_save_cancel(struct mail_save_context *ctx);
int maildir_copy(struct mail_save_context *ctx, struct mail *mail);

int maildir_save_commit_pre(struct mail_save_context *ctx);
void maildir_save_commit_post(struct mail_save_context *ctx,
                              struct mail_index_transaction_commit_result *result);
void maildir_save_rollback(struct mail_save_context *ctx);

#endif
