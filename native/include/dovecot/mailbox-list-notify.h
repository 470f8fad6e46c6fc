/*
 * What a mailbox list can tell about changes in it (IMAP NOTIFY, RFC 5465).
 */
#ifndef MAILBOX_LIST_NOTIFY_H
#define MAILBOX_LIST_NOTIFY_H

#include "guid.h"

enum mailbox_list_notify_event {
    MAILBOX_LIST_NOTIFY_CREATE = 0x01,
    MAILBOX_LIST_NOTIFY_DELETE = 0x02,
    MAILBOX_LIST_NOTIFY_RENAME = 0x04,
    MAILBOX_LIST_NOTIFY_SUBSCRIBE = 0x08,
    MAILBOX_LIST_NOTIFY_UNSUBSCRIBE = 0x10,
    MAILBOX_LIST_NOTIFY_APPENDS = 0x20,
    MAILBOX_LIST_NOTIFY_EXPUNGES = 0x40,
    MAILBOX_LIST_NOTIFY_FLAGS = 0x80,
    MAILBOX_LIST_NOTIFY_MODSEQ_CHANGES = 0x100
};

struct mailbox_list_notify {
    struct mailbox_list *list;
    enum mailbox_list_notify_event mask;
};

struct mailbox_list_notify_rec {
    enum mailbox_list_notify_event events;
    const char *storage_name, *vname, *old_vname;
    guid_128_t guid;
};

#endif
