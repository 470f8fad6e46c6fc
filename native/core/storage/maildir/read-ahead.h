/*
 * Searches read one file after the other: the next ones are opened early, and the kernel told to fetch
 * them, so that a disk has more than one of them to read at a time.
 */
#ifndef MAILDIR_READ_AHEAD_H
#define MAILDIR_READ_AHEAD_H

#include "lib.h"

struct maildir_mailbox;

enum { MAILDIR_READ_AHEAD = 32 };

struct maildir_read_ahead {
    uint32_t last_uid; /**< the last mail that was asked for */
    unsigned int count;
    struct {
        uint32_t uid;
        int fd;
    } files[MAILDIR_READ_AHEAD]; /**< uids ascend */
};

/** The open file of a mail, which is the caller's then, or -1. Opens the next ones. */
int maildir_read_ahead_take(struct maildir_read_ahead *ahead, struct maildir_mailbox *mbox,
                            uint32_t uid);
void maildir_read_ahead_end(struct maildir_read_ahead *ahead);

#endif
