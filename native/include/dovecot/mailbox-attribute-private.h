/*
 * The inside of an iteration over attributes, for plugins that override it.
 */
#ifndef MAILBOX_ATTRIBUTE_PRIVATE_H
#define MAILBOX_ATTRIBUTE_PRIVATE_H

struct mailbox_attribute_iter {
    struct mailbox *box;
};

#endif
