/*
 * A mail that is only a stream, as a mailbox of its own: what deliveries copy from, so that plugins
 * see a delivery as the copy of a mail with the bit `saving` set.
 */
#ifndef STORAGE_RAW_STORAGE_H
#define STORAGE_RAW_STORAGE_H

#include <time.h>

struct istream;
struct mail_user;
struct mailbox;

/** For mail_storage_register_all(): the storage class "raw". */
void raw_storage_register(void);

/**
 * A user of the core's own (autocreated) with one namespace of the raw storage. NULL and error_r when a
 * plugin refuses it. Ended with mail_user_unref().
 */
struct mail_user *raw_user_create(const char **error_r);

/**
 * Allocates and opens a mailbox whose only mail, seq 1, is `input`, which is referenced and must be
 * seekable. `envelope_sender` (NULL or "" for none) is its MAIL_FETCH_FROM_ENVELOPE. 0 and *box_r, or -1
 * and error_r. Ended with mailbox_free().
 */
int raw_mailbox_alloc_stream(struct mail_user *raw_user, struct istream *input,
                             time_t received_date, const char *envelope_sender,
                             struct mailbox **box_r, const char **error_r);

#endif
