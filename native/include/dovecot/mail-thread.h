/*
 * Ways of threading mails (RFC 5256). The threads themselves are made by searches.
 */
#ifndef MAIL_THREAD_H
#define MAIL_THREAD_H

#include "lib.h"

#include "array-decl.h"

struct mail_thread_context;
struct mail_thread_iterate_context;
struct mail_search_args;
struct mailbox;

enum mail_thread_type {
    MAIL_THREAD_NONE = 0,
    MAIL_THREAD_ORDEREDSUBJECT,
    MAIL_THREAD_REFERENCES,
    MAIL_THREAD_REFS
};

/** A node of a thread and its place among its siblings. */
struct mail_thread_child_node {
    uint32_t idx;
    uint32_t uid; /**< or sequence number; 0: a message that is not there */
    time_t sort_date;
};
ARRAY_DEFINE_TYPE(mail_thread_child_node, struct mail_thread_child_node);

DOVECOT_API_BEGIN

/** Names as IMAP writes them: `REFERENCES`. */
bool mail_thread_type_parse(const char *str, enum mail_thread_type *type_r);
const char *mail_thread_type_to_str(enum mail_thread_type type);

/** Threads the messages that match, with NULL all. 0, or -1 and the storage's error. */
int mail_thread_init(struct mailbox *box, struct mail_search_args *args,
                     struct mail_thread_context **ctx_r);
void mail_thread_deinit(struct mail_thread_context **ctx);

/** The roots; then the children of each node, while it has some. */
struct mail_thread_iterate_context *mail_thread_iterate_init(struct mail_thread_context *ctx,
                                                             enum mail_thread_type thread_type,
                                                             bool write_seqs);
const struct mail_thread_child_node *
mail_thread_iterate_next(struct mail_thread_iterate_context *iter,
                         struct mail_thread_iterate_context **child_iter_r);
unsigned int mail_thread_iterate_count(struct mail_thread_iterate_context *iter);
int mail_thread_iterate_deinit(struct mail_thread_iterate_context **iter);

DOVECOT_API_END

#endif
