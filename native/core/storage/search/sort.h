/*
 * Messages in the order of a sort program (RFC 5256 §3, RFC 5957).
 */
#ifndef STORAGE_SEARCH_SORT_H
#define STORAGE_SEARCH_SORT_H

#include "lib.h"

#include "mail-storage.h"

struct mail_search_sort_program;

/** The program ends with MAIL_SORT_END; it is copied. */
struct mail_search_sort_program *index_sort_program_init(struct mailbox_transaction_context *t,
                                                         const enum mail_sort_type *sort_program);
/** 0, or -1 when some message had nothing to be sorted by because it could not be read. */
int index_sort_program_deinit(struct mail_search_sort_program **program);

/** Adds the message that the mail is set to. */
void index_sort_list_add(struct mail_search_sort_program *program, struct mail *mail);
void index_sort_list_finish(struct mail_search_sort_program *program);
/** The next message in order. */
bool index_sort_list_next(struct mail_search_sort_program *program, uint32_t *seq_r);

#endif
