/*
 * A mailbox of the raw storage, as its two files know it.
 */
#ifndef STORAGE_RAW_MAILBOX_H
#define STORAGE_RAW_MAILBOX_H

#include "base.h"

struct raw_mailbox {
    struct mailbox_base base;
    time_t received_date;
    const char *envelope_sender; /**< "" for none; in the box's pool */
};

struct mailbox *raw_mailbox_alloc(struct mail_storage *storage, struct mailbox_list *list,
                                  const char *vname, enum mailbox_flags flags);

#endif
