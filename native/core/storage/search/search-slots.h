/*
 * The searching methods of mailboxes: what a driver puts into its table unless it can search by
 * itself.
 */
#ifndef STORAGE_SEARCH_SEARCH_SLOTS_H
#define STORAGE_SEARCH_SEARCH_SLOTS_H

#include "lib.h"

#include "mail-storage-private.h"

struct mail_search_context *index_search_init(struct mailbox_transaction_context *t,
                                              struct mail_search_args *args,
                                              const enum mail_sort_type *sort_program,
                                              enum mail_fetch_field wanted_fields,
                                              struct mailbox_header_lookup_ctx *wanted_headers);
int index_search_deinit(struct mail_search_context *ctx);
bool index_search_next_nonblock(struct mail_search_context *ctx, struct mail **mail_r,
                                bool *tryagain_r);
bool index_search_next_update_seq(struct mail_search_context *ctx);
int index_search_next_match_mail(struct mail_search_context *ctx, struct mail *mail);

#endif
