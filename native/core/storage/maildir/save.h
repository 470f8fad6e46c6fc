/*
 * A transaction's saves: each mail lies in tmp/ until the commit puts all of them in their places.
 */
#ifndef MAILDIR_SAVE_CONTEXT_H
#define MAILDIR_SAVE_CONTEXT_H

#include "maildir/filename.h"
#include "maildir/mailbox.h"

/** A mail that is saved; complete once its name is set. In the context's pool. */
struct maildir_save_file {
    struct maildir_save_file *next;
    uint32_t seq;     /**< in the transaction's view */
    const char *tmp;  /**< path */
    const char *base; /**< without sizes */
    const char *name; /**< base with sizes; NULL: it is being written */
    const char *ext;  /**< for the uidlist */
    const char *guid; /**< NULL: the name */
    const char *path; /**< where it was put; NULL: it lies in tmp/ */
    uint8_t flags;
    uint32_t letters;
    bool flagged; /**< has flags or letters: goes to cur/ */
};

struct maildir_save_context {
    struct mail_save_context ctx;
    struct maildir_mailbox *mbox;
    pool_t pool;
    struct maildir_save_file *files, **files_end;
    const char *next_base; /**< for the next mail; NULL: a new one */

    /* The mail that is being written. */
    struct maildir_save_file *file;
    int fd;
    struct istream *input;
    uoff_t size, bare_lfs;
    unsigned char last_byte;
    bool failed;
};

static inline struct maildir_save_context *maildir_save_context(struct mail_save_context *ctx)
{
    return container_of(ctx, struct maildir_save_context, ctx);
}

/** Begins another mail, in the transaction's index too; sets dest_mail to it. */
struct maildir_save_file *maildir_save_add(struct maildir_save_context *save);
/** Takes the last one back. Removes its file. */
void maildir_save_drop(struct maildir_save_context *save);
/**
 * Names the mail, from its sizes (UOFF_T_MAX: not known), the flags and keywords of ctx.data, and
 * what the uidlist shall say of it. 0, or -1 with the storage's error.
 */
int maildir_save_complete(struct maildir_save_context *save, uoff_t size, uoff_t virtual_size);
/** Lets readers of the file see what was written so far. */
void maildir_save_flush(struct mail_save_context *ctx);
/** By sequence number; NULL. */
const struct maildir_save_file *maildir_save_find(struct mail_save_context *ctx, uint32_t seq);

#endif
