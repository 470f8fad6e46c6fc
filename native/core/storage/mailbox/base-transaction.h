/*
 * A base transaction, for what collects changes in it besides the index.
 */
#ifndef STORAGE_BASE_TRANSACTION_H
#define STORAGE_BASE_TRANSACTION_H

#include "base.h"

struct attribute_changes;

struct base_transaction {
    struct mailbox_transaction_context t;
    struct attribute_changes *attributes;
};

#endif
