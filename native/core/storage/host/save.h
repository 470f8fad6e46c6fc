/*
 * Ends of transactions that have put one mail into a mailbox. Private to host/.
 */
#ifndef STORAGE_HOST_SAVE_H
#define STORAGE_HOST_SAVE_H

#include "host/operation.h"

struct mailbox_transaction_context;

/** Commits; *uid_r 0: the uid is not known. 0, or -1: the operation has failed. */
int save_commit(struct operation *operation, struct mailbox_transaction_context **transaction,
                uint32_t *uid_r, uint32_t *uid_validity_r);

/** Writes an int under a key, () for 0. */
void write_number(vsmtp_out *out, const char *key, uint32_t number);

#endif
