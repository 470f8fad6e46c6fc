/*
 * What a host that delivers can ask of the Maildir driver beside the methods of a mailbox: a delivery
 * that is tried again after a crash must find the mail it has made before.
 */
#ifndef MAILDIR_SAVE_H
#define MAILDIR_SAVE_H

struct mail_save_context;
struct mailbox;

/**
 * Names the file of the mail that ctx saves next, also its temporary one; call it before
 * mailbox_save_begin() or a copy. `base` is the part before `,S=`: not empty, no leading dot, none of
 * `/`, `:` and `,`. Does nothing for a mailbox of another driver. If another file has the name, the
 * commit fails with MAIL_ERROR_EXISTS.
 */
void maildir_save_set_basename(struct mail_save_context *ctx, const char *base);

/**
 * Looks for a mail with this base name in new/, then cur/, of an open mailbox; the directory it lies
 * in is synced, so that the mail can be answered for. 1 and its path (on the data stack; path_r may be
 * NULL), 0, or -1 with the storage's error.
 */
int maildir_find_basename(struct mailbox *box, const char *base, const char **path_r);

/** The file that the last committed save of this object made. NULL: none yet, or another driver. */
const char *maildir_saved_path(struct mailbox *box);

#endif
