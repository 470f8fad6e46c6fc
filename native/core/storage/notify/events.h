/*
 * The methods that notify puts before those of mailboxes and mails.
 */
#ifndef STORAGE_NOTIFY_EVENTS_H
#define STORAGE_NOTIFY_EVENTS_H

#include "mail-storage-private.h"

struct notify_mailbox {
    union mailbox_module_context module_ctx;
};

struct notify_mail {
    union mail_module_context module_ctx;
};

struct notify_mailbox *notify_mailbox_of(struct mailbox *box);
struct notify_mail *notify_mail_of(struct mail *mail);
/** NULL when nobody is to be told of the transaction. */
struct notify_txns *notify_txns_of(struct mailbox_transaction_context *t);
void notify_txns_attach(struct mailbox_transaction_context *t, struct notify_txns *txns);

/** transaction-events.c: transactions, saves, copies. */
void notify_override_transactions(struct mailbox_vfuncs *v);
/** mail-events.c: expunges, flags, keywords. */
void notify_override_mail(struct mail_vfuncs *v);
/** mailbox-events.c: creating, updating, deleting, renaming, subscribing. */
void notify_override_mailbox(struct mailbox_vfuncs *v);

#endif
