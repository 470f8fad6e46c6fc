/*
 * Threads of messages (RFC 5256 §3): what is known of the messages, and trees made of it.
 */
#ifndef STORAGE_SEARCH_THREAD_H
#define STORAGE_SEARCH_THREAD_H

#include "lib.h"

#include "array.h"
#include "mail-storage.h"
#include "mail-thread.h"

/** Of one message, from its headers. */
struct thread_message {
    uint32_t seq, uid;
    time_t date;                   /**< sent, or else received */
    const char *id;                /**< NULL: it has none */
    const char *const *references; /**< oldest first, NULL-terminated */
    const char *subject;           /**< base subject */
    bool is_reply;                 /**< or forwarded, by its subject */
};
ARRAY_DEFINE_TYPE(thread_message, struct thread_message *);

/** A place in a thread. */
struct thread_node {
    struct thread_node *parent;      /**< NULL: a root */
    struct thread_node *prev, *next; /**< siblings */
    struct thread_node *children, *last_child;
    const struct thread_message *message; /**< NULL: known from references only */
    time_t sort_date;
    bool removed; /**< not in the tree any more */
};
ARRAY_DEFINE_TYPE(thread_node, struct thread_node *);

/** Nodes, roots and the pool they live in; counted. */
struct thread_tree {
    int refcount;
    pool_t pool;
    ARRAY_TYPE(thread_node) nodes; /**< all that were ever made */
    ARRAY_TYPE(thread_node) roots; /**< in order, once the tree is finished */
};

/** Reads the headers of what the search finds. 0, or -1 and the storage's error. */
int thread_messages_collect(struct mailbox *box, struct mail_search_args *args, pool_t pool,
                            ARRAY_TYPE(thread_message) * messages);

struct thread_tree *thread_tree_new(void);
void thread_tree_unref(struct thread_tree **tree);
struct thread_node *thread_node_new(struct thread_tree *tree, const struct thread_message *message);
void thread_node_append(struct thread_node *parent, struct thread_node *child);
void thread_node_unlink(struct thread_node *node);
/** The children of each node by date. */
void thread_tree_sort_children(struct thread_tree *tree);
/** Finds the roots, and puts them in the order of their sort_date. */
void thread_tree_sort_roots(struct thread_tree *tree);
void thread_nodes_sort(ARRAY_TYPE(thread_node) * nodes);

/** A node's message, or that of its first child. */
const struct thread_message *thread_node_message(const struct thread_node *node);

/** Whole trees, by algorithm. */
struct thread_tree *thread_tree_by_subject(const ARRAY_TYPE(thread_message) * messages);
struct thread_tree *thread_tree_by_references(const ARRAY_TYPE(thread_message) * messages,
                                              enum mail_thread_type type);
/** Steps 5 and 6 of REFERENCES: threads of the same subject become one. */
void thread_tree_merge_subjects(struct thread_tree *tree);

#endif
