/*
 * Mail users and their mailboxes, as a request names them. Private to host/.
 */
#ifndef STORAGE_HOST_USER_H
#define STORAGE_HOST_USER_H

#include "host/operation.h"

#include "mail-storage.h"

struct mail_user;

/**
 * Makes a user from the map `user` of the request, with all its namespaces; `service` unless the
 * map names another. NULL: the operation has failed. Ended with mail_user_unref(): plugins may keep
 * a user.
 */
struct mail_user *user_create(struct operation *operation, const char *service);

/** The mailbox that the request names under `key`, not open yet. NULL: the operation has failed. */
struct mailbox *user_mailbox(struct operation *operation, struct mail_user *user, const char *key,
                             enum mailbox_flags flags);
/** The same by its name. */
struct mailbox *user_mailbox_named(struct operation *operation, struct mail_user *user,
                                   const char *name, enum mailbox_flags flags);

#endif
