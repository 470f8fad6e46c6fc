/*
 * Bringing uidlist and index up to what lies in new/ and cur/, which other processes change at any time.
 */
#ifndef MAILDIR_SYNC_H
#define MAILDIR_SYNC_H

#include "array.h"
#include "lib.h"

struct mail_index_transaction;
struct mailbox;
struct maildir_mailbox;

enum maildir_sync_flags {
    MAILDIR_SYNC_FORCE = 0x01,   /**< read both directories, changed or not */
    MAILDIR_SYNC_MOVE_NEW = 0x02 /**< this session takes what is new: to cur/ */
};

/** 0, or -1 with the storage's error. */
int maildir_sync(struct maildir_mailbox *mbox, enum maildir_sync_flags flags);

/* ---- file.c ------------------------------------------------------------------------------------ */

/** Works with the path of a file: 0, or -1 with errno. */
typedef int maildir_file_callback_t(struct maildir_mailbox *mbox, const char *path, void *context);
/**
 * Calls back with the path of a mail; again, when the file was renamed meanwhile. 1; 0: the mail is gone;
 * -1: the callback failed, with errno; -2: looking for the file did, with the storage's error.
 */
int maildir_file_do(struct maildir_mailbox *mbox, uint32_t uid, maildir_file_callback_t *callback,
                    void *context);

/* ---- scan.c ------------------------------------------------------------------------------------ */

/** A file that the uidlist does not know; or one whose base another file has too. */
struct maildir_found {
    const char *name;
    bool in_new;
};

struct maildir_scan {
    struct maildir_mailbox *mbox;
    pool_t pool;
    bool looked;  /**< a directory was read */
    bool cur_too; /**< new/ alone was read, because cur/ has not changed */
    ARRAY(struct maildir_found) unknown, duplicates;
    ARRAY_TYPE(uint32_t) changed; /**< uids of mails with other flags or letters than before */
    ARRAY_TYPE(uint32_t) gone;    /**< uids of mails that died */
};

void maildir_scan_init(struct maildir_scan *scan, struct maildir_mailbox *mbox);
void maildir_scan_deinit(struct maildir_scan *scan);
/** Which directories may have changed: 0 none, 1 new/, 2 cur/ or both; -1 with the storage's error. */
int maildir_scan_needed(struct maildir_mailbox *mbox);
/** Reads the directories until it is sure what is missing; 0 or -1. */
int maildir_scan_run(struct maildir_scan *scan, bool cur_too);
/** A mail that should lie in what was read, and was not found. */
bool maildir_scan_misses(const struct maildir_scan *scan, uint32_t rec_scan, bool in_new);

/* ---- give-uids.c ------------------------------------------------------------------------------- */

/** Gives uids to what is unknown; scans again if need be. 0, or -1 with the storage's error. */
int maildir_give_uids(struct maildir_scan *scan);

#endif
