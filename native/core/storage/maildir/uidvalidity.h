/*
 * `dovecot-uidvalidity`: the uidvalidity that a user's newest mailbox got, so that no two mailboxes,
 * of which one may take the other's name, ever have the same.
 */
#ifndef MAILDIR_UIDVALIDITY_H
#define MAILDIR_UIDVALIDITY_H

#include <stdint.h>

struct mailbox_list;

/** A uidvalidity that is higher than all given before. 0, or -1 with the list's error. */
int maildir_uidvalidity_next(struct mailbox_list *list, uint32_t *uid_validity_r);

#endif
