/*
 * Threading by references (RFC 5256 §3, REFERENCES; REFS is the same without subjects, its threads in
 * the order of their newest messages).
 */
#include "search/thread.h"

#include "hash.h"

/** Longer chains are not followed to see whether a link would close a circle: it is not made. */
#define ANCESTORS_MAX 10000

HASH_TABLE_DEFINE_TYPE(thread_ids, const char *, struct thread_node *);

static struct thread_node *node_of_id(struct thread_tree *tree, HASH_TABLE_TYPE(thread_ids) ids,
                                      const char *id)
{
    struct thread_node *node = hash_table_lookup(ids, id);

    if (node == NULL) {
        node = thread_node_new(tree, NULL);
        hash_table_insert(ids, id, node);
    }
    return node;
}

static bool would_close_circle(const struct thread_node *child, const struct thread_node *parent)
{
    unsigned int steps = 0;

    if (child == parent)
        return TRUE;
    if (child->children == NULL)
        return FALSE;
    for (; parent != NULL; parent = parent->parent) {
        if (parent == child || ++steps == ANCESTORS_MAX)
            return TRUE;
    }
    return FALSE;
}

static void add_message(struct thread_tree *tree, HASH_TABLE_TYPE(thread_ids) ids,
                        const struct thread_message *message)
{
    struct thread_node *node = NULL, *parent = NULL;
    const char *const *reference;

    /* Each reference answers the one before, unless that is known better already. */
    for (reference = message->references; *reference != NULL; reference++) {
        struct thread_node *referred = node_of_id(tree, ids, *reference);

        if (parent != NULL && referred->parent == NULL && !would_close_circle(referred, parent))
            thread_node_append(parent, referred);
        parent = referred;
    }
    if (message->id != NULL)
        node = node_of_id(tree, ids, message->id);
    if (node == NULL || node->message != NULL)
        node = thread_node_new(tree, NULL); /* no id, or one that another message has */
    node->message = message;
    /* What the message itself says of its parent counts most. */
    thread_node_unlink(node);
    if (parent != NULL && !would_close_circle(node, parent))
        thread_node_append(parent, node);
}

/* ---- Nodes without messages --------------------------------------------------------------------- */

static void remove_childless(struct thread_node *node)
{
    while (node != NULL && node->message == NULL && node->children == NULL && !node->removed) {
        struct thread_node *parent = node->parent;

        thread_node_unlink(node);
        node->removed = TRUE;
        node = parent;
    }
}

/** The node's children take its place: under its parent, or as roots. */
static void promote_children(struct thread_node *node)
{
    struct thread_node *parent = node->parent, *child;

    while ((child = node->children) != NULL) {
        thread_node_unlink(child);
        if (parent != NULL)
            thread_node_append(parent, child);
    }
    thread_node_unlink(node);
    node->removed = TRUE;
}

/** All nodes that are in the tree, parents before their children. */
static void list_nodes(struct thread_tree *tree, ARRAY_TYPE(thread_node) * nodes)
{
    struct thread_node *node, *child;

    array_foreach_elem(&tree->nodes, node)
    {
        if (node->parent == NULL && !node->removed)
            array_push_back(nodes, &node);
    }
    for (unsigned int i = 0; i < array_count(nodes); i++) {
        node = array_idx_elem(nodes, i);
        for (child = node->children; child != NULL; child = child->next)
            array_push_back(nodes, &child);
    }
}

/** Only a root may be without a message, and only if it holds several threads together. */
static void prune(struct thread_tree *tree)
{
    ARRAY_TYPE(thread_node) nodes;
    struct thread_node *node;

    array_foreach_elem(&tree->nodes, node)
    {
        remove_childless(node);
    }
    i_array_init(&nodes, array_count(&tree->nodes) + 1);
    list_nodes(tree, &nodes);
    array_foreach_elem(&nodes, node)
    {
        if (node->message == NULL && node->parent != NULL)
            promote_children(node);
    }
    array_foreach_elem(&nodes, node)
    {
        if (node->message == NULL && !node->removed && node->children == node->last_child)
            promote_children(node);
    }
    array_free(&nodes);
}

/** REFS: a thread is as new as its newest message. */
static void date_by_newest(struct thread_tree *tree)
{
    ARRAY_TYPE(thread_node) nodes;

    i_array_init(&nodes, array_count(&tree->nodes) + 1);
    list_nodes(tree, &nodes);
    for (unsigned int i = array_count(&nodes); i > 0; i--) {
        struct thread_node *node = array_idx_elem(&nodes, i - 1);

        if (node->parent != NULL && node->parent->sort_date < node->sort_date)
            node->parent->sort_date = node->sort_date;
    }
    array_free(&nodes);
}

struct thread_tree *thread_tree_by_references(const ARRAY_TYPE(thread_message) * messages,
                                              enum mail_thread_type type)
{
    struct thread_tree *tree = thread_tree_new();
    HASH_TABLE_TYPE(thread_ids) ids;
    struct thread_message *message;

    hash_table_create(&ids, default_pool, array_count(messages), str_hash, strcmp);
    array_foreach_elem(messages, message)
    {
        add_message(tree, ids, message);
    }
    hash_table_destroy(&ids);
    prune(tree);
    thread_tree_sort_children(tree);
    if (type == MAIL_THREAD_REFS)
        date_by_newest(tree);
    thread_tree_sort_roots(tree);
    if (type == MAIL_THREAD_REFERENCES)
        thread_tree_merge_subjects(tree);
    return tree;
}
