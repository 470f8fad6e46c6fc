/*
 * The operations that a host can ask for, one function each. Each writes its result to
 * operation->out and returns 0, or fails (operation_fail…) and returns -1. Private to host/.
 */
#ifndef STORAGE_HOST_OPERATIONS_H
#define STORAGE_HOST_OPERATIONS_H

struct operation;

/* the storage as a whole: begin.c, events.c */
int operation_begin(struct operation *operation);
int operation_end(struct operation *operation);
int operation_events(struct operation *operation);
int operation_questions(struct operation *operation);

/* users: session.c, hooks.c */
int operation_open(struct operation *operation);
int operation_close(struct operation *operation);
int operation_hooks(struct operation *operation);

/* mails come: deliver.c, save.c */
int operation_deliver(struct operation *operation);
int operation_save(struct operation *operation);

/* mailboxes: mailboxes.c */
int operation_list(struct operation *operation);
int operation_create(struct operation *operation);
int operation_delete(struct operation *operation);
int operation_rename(struct operation *operation);
int operation_subscribe(struct operation *operation);
int operation_status(struct operation *operation);

/* mails of a mailbox: fetch.c, change.c, copy.c */
int operation_search(struct operation *operation);
int operation_fetch(struct operation *operation);
int operation_fetch_next(struct operation *operation);
int operation_fetch_end(struct operation *operation);
int operation_flags(struct operation *operation);
int operation_expunge(struct operation *operation);
int operation_copy(struct operation *operation);

#endif
