/*
 * `vsmtp-index`: the listing of a mailbox as it was when it was last open, and what it was made from. As
 * long as that is unchanged, an opening needs to read neither the uidlist nor the directories.
 */
#ifndef MAILDIR_SNAPSHOT_H
#define MAILDIR_SNAPSHOT_H

#include "lib.h"

struct maildir_mailbox;

#define MAILDIR_SNAPSHOT_NAME "vsmtp-index"

/**
 * Fills the uidlist of a mailbox of which nothing was read yet, and says as what its directories were
 * seen; syncing goes on from there. Nothing happens when there is no snapshot of this uidlist.
 */
void maildir_snapshot_load(struct maildir_mailbox *mbox);
/** Writes one if that saves the next opening much. */
void maildir_snapshot_save(struct maildir_mailbox *mbox);

#endif
