/*
 * What making a storage shares between its two files: storage.c, and storage-create.c, which reads
 * the location.
 */
#ifndef STORAGE_MODEL_STORAGES_H
#define STORAGE_MODEL_STORAGES_H

#include "lib.h"

#include "array.h"
#include "mail-storage-private.h"

/** The first kind of storage that finds its mails at the location, or in the home; NULL. */
struct mail_storage *mail_storage_autodetect_class(const struct mail_namespace *ns,
                                                   struct mailbox_list_settings *set);
/** The user's storage of this class that can serve this root too; NULL. */
struct mail_storage *mail_storage_find_shareable(struct mail_user *user,
                                                 const struct mail_storage *storage_class,
                                                 const struct mailbox_list_settings *set);
/** A new one with one reference, after mail_storage_created. NULL and error_r. */
struct mail_storage *mail_storage_make(struct mail_namespace *ns,
                                       const struct mail_storage *storage_class,
                                       enum mail_storage_flags flags, const char **error_r);

/* Kinds of storages and lists of the model itself. */

/** Storage class "fail": its mailboxes do not exist. */
void fail_storage_register(void);
/** A mailbox that does not exist, of any storage. */
struct mailbox *fail_mailbox_alloc(struct mail_storage *storage, struct mailbox_list *list,
                                   const char *vname, enum mailbox_flags flags);
/** List "none": no directory, no mailboxes. */
void list_none_register(void);
/** Storage class and list "shared": a namespace for each other user, made when it is used. */
void shared_storage_register(void);
void shared_list_register(void);

#endif
