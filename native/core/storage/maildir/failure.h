/*
 * System calls that failed, as errors of the storage.
 */
#ifndef MAILDIR_FAILURE_H
#define MAILDIR_FAILURE_H

struct mailbox;

/**
 * Sets the error for the current errno: what the user may know goes to the client, all of it to the log.
 * A mailbox that somebody has removed is marked deleted. Always -1, with errno as it was.
 */
int maildir_failed(struct mailbox *box, const char *syscall, const char *path);

#endif
