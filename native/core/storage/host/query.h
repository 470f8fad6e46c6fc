/*
 * The mails of a mailbox that a request is about: those that its query finds. Private to host/.
 */
#ifndef STORAGE_HOST_QUERY_H
#define STORAGE_HOST_QUERY_H

#include "host/operation.h"

#include "mail-storage.h"

struct mail_user;

struct query {
    struct mailbox *box;
    struct mailbox_transaction_context *transaction;
    struct mail_search_context *search;
};

/**
 * Opens and syncs the `mailbox` of the request and begins to search it for its `query`. 0, or -1:
 * the operation has failed, and nothing is to be ended.
 */
int query_begin(struct operation *operation, struct mail_user *user,
                enum mail_fetch_field wanted_fields, struct query *query_r);
/** Commits what was done to the mails; 0, or -1: the operation has failed. Ends all in any case. */
int query_commit(struct operation *operation, struct query *query);
/** Ends all, and nothing was done. */
void query_cancel(struct query *query);

#endif
