/*
 * As whom the storage thread works on files: as the process, or, for the length of one operation, as the
 * owner of the mailboxes. Private to host/.
 */
#ifndef STORAGE_HOST_IDENTITY_H
#define STORAGE_HOST_IDENTITY_H

#include "host/operation.h"

struct mail_user;

/**
 * Becomes the owner of the user's mailboxes, when the user has one. -1: this process may not, and the
 * operation has failed; the thread is as the process then.
 */
int identity_take(struct operation *operation, const struct mail_user *user);

/** Is as the process again. */
void identity_drop(void);

#endif
