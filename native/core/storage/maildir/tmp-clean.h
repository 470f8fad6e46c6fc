/*
 * tmp/ keeps what crashed deliveries left; it is cleaned when a mailbox is opened, seldom.
 */
#ifndef MAILDIR_TMP_CLEAN_H
#define MAILDIR_TMP_CLEAN_H

struct mailbox;
struct stat;

/** `st` is of tmp/. */
void maildir_clean_tmp(struct mailbox *box, const struct stat *st);

#endif
