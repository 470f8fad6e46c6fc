/*
 * What a mailbox may be called.
 */
#ifndef STORAGE_MAILBOX_NAMES_H
#define STORAGE_MAILBOX_NAMES_H

struct mailbox;
struct mailbox_list;

/** "inbox" is written INBOX, alone and as the first level, in every namespace. On the data stack. */
const char *mailbox_vname_fold_inbox(struct mailbox_list *list, const char *vname);

/** Whether `vname` with `child_length` more bytes below it is a name that can be created. */
int mailbox_verify_name_length(struct mailbox *box, size_t child_length);

#endif
