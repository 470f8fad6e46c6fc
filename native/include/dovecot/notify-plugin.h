/*
 * notify: the events of a mailbox as plain callbacks, without overriding a single method. Built into
 * the core; a plugin that names "notify" in its dependencies finds it loaded.
 */
#ifndef NOTIFY_PLUGIN_H
#define NOTIFY_PLUGIN_H

#include "mail-types.h"

struct mail;
struct mail_transaction_commit_changes;
struct mailbox;
struct mailbox_transaction_context;
struct notify_context;

/**
 * Any of them may be NULL. `txn` is what mail_transaction_begin returned (NULL without one); memory
 * behind it is the plugin's. Transactions with MAILBOX_TRANSACTION_FLAG_NO_NOTIFY are not told.
 */
struct notify_vfuncs {
    void *(*mail_transaction_begin)(struct mailbox_transaction_context *t);
    /** A new mail was saved. Its uid is known at commit only: changes->saved_uids, in this order. */
    void (*mail_save)(void *txn, struct mail *mail);
    /** A mail was copied or moved from `src` to `dst`. */
    void (*mail_copy)(void *txn, struct mail *src, struct mail *dst);
    /** A mail is about to be expunged; it can still be read. */
    void (*mail_expunge)(void *txn, struct mail *mail);
    /** Flags have changed; not told of mails that are being saved. */
    void (*mail_update_flags)(void *txn, struct mail *mail, enum mail_flags old_flags);
    void (*mail_update_keywords)(void *txn, struct mail *mail, const char *const *old_keywords);
    /** The changes are in the mailbox; the transaction itself is gone. */
    void (*mail_transaction_commit)(void *txn, struct mail_transaction_commit_changes *changes);
    /** The changes were given up, or could not be committed. */
    void (*mail_transaction_rollback)(void *txn);
    void (*mailbox_create)(struct mailbox *box);
    void (*mailbox_update)(struct mailbox *box);
    /** Its result is the `txn` of the two that follow; one of them does. */
    void *(*mailbox_delete_begin)(struct mailbox *box);
    void (*mailbox_delete_commit)(void *txn, struct mailbox *box);
    void (*mailbox_delete_rollback)(void *txn);
    void (*mailbox_rename)(struct mailbox *src, struct mailbox *dest);
    void (*mailbox_set_subscribed)(struct mailbox *box, bool subscribed);
};

DOVECOT_API_BEGIN

/** Subscribes, from the plugin's init function. `vfuncs` is kept, not copied. */
struct notify_context *notify_register(const struct notify_vfuncs *vfuncs);
/** Ends the subscription, from the plugin's deinit function. */
void notify_unregister(struct notify_context *ctx);

DOVECOT_API_END

#endif
