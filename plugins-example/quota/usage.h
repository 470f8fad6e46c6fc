/*
 * How much a user's mails take, kept in the file `maildirsize` as Maildir++ defines it: a first line
 * with the limits, then a line of changes for each transaction, of which the sum is the usage.
 *
 * Appending a line needs no lock, so several processes can share the file. When it is missing, long,
 * or of other limits, it is counted anew.
 */
#ifndef QUOTA_USAGE_H
#define QUOTA_USAGE_H

#include "lib.h"

struct mail_user;

/** Bytes and mails; as a change they may be negative. */
struct usage {
    int64_t bytes, mails;
};

/** The usage now: 0, or -1 when it cannot be known (logged). `limits`: 0 is none. */
int usage_get(struct mail_user *user, const struct usage *limits, struct usage *usage_r);

/** Counts anew if the file is older than 15 minutes, as Maildir++ wants it before somebody is refused
 *  because of what it says; else leaves *usage_r as it is. 0, or -1. */
int usage_recount_if_old(struct mail_user *user, const struct usage *limits, struct usage *usage_r);

/** Adds a committed change. A failure is logged; the next count mends it. */
void usage_add(struct mail_user *user, const struct usage *change);

#endif
