/*
 * Copying a mail by saving it: what a storage's copy method does when it has no better way.
 */
#ifndef MAIL_COPY_H
#define MAIL_COPY_H

struct mail;
struct mail_save_context;
struct mailbox;

DOVECOT_API_BEGIN

/**
 * Saves `mail` through the save methods of ctx's mailbox, with copying_via_save set. 0, or -1 with
 * the error in that mailbox's storage.
 */
int mail_storage_copy(struct mail_save_context *ctx, struct mail *mail);

/** Takes the dates, the envelope sender and the guid from `mail` where ctx has none. 0 or -1. */
int mail_save_copy_default_metadata(struct mail_save_context *ctx, struct mail *mail);

/** Whether a mail of `src` can appear in `dest` as a second name of the same file. */
bool mail_storage_copy_can_use_hardlink(struct mailbox *src, struct mailbox *dest);

DOVECOT_API_END

#endif
