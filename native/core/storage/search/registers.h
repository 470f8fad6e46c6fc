/*
 * The search keys we know, and what the two languages share.
 */
#ifndef STORAGE_SEARCH_REGISTERS_H
#define STORAGE_SEARCH_REGISTERS_H

#include "lib.h"

#include "mail-search-build.h"

void search_register_add_imap(struct mail_search_register *reg);
/** The part of them that looks at mails. */
void search_register_add_imap_mail(struct mail_search_register *reg);
/** IMAP's keys, with those in the place of their own that people write otherwise. */
void search_register_add_human(struct mail_search_register *reg);

/** Builds a set; the words of `set` are numbers, ranges and `*`. NULL and ctx->_error if not. */
struct mail_search_arg *search_build_set(struct mail_search_build_context *ctx,
                                         enum mail_search_arg_type type, const char *set);

#endif
