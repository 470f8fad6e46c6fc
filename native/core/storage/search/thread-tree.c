/*
 * Trees of thread nodes. A thread can be as deep as a mailbox is long, so nothing here uses recursion.
 */
#include "search/thread.h"

struct thread_tree *thread_tree_new(void)
{
    pool_t pool = pool_alloconly_create(MEMPOOL_GROWING "threads", 8192);
    struct thread_tree *tree = p_new(pool, struct thread_tree, 1);

    tree->pool = pool;
    tree->refcount = 1;
    i_array_init(&tree->nodes, 128);
    i_array_init(&tree->roots, 64);
    return tree;
}

void thread_tree_unref(struct thread_tree **_tree)
{
    struct thread_tree *tree = *_tree;
    pool_t pool = tree->pool;

    *_tree = NULL;
    if (--tree->refcount > 0)
        return;
    array_free(&tree->nodes);
    array_free(&tree->roots);
    pool_unref(&pool);
}

struct thread_node *thread_node_new(struct thread_tree *tree, const struct thread_message *message)
{
    struct thread_node *node = p_new(tree->pool, struct thread_node, 1);

    node->message = message;
    array_push_back(&tree->nodes, &node);
    return node;
}

void thread_node_append(struct thread_node *parent, struct thread_node *child)
{
    i_assert(child->parent == NULL);
    child->parent = parent;
    child->next = NULL;
    child->prev = parent->last_child;
    if (parent->last_child != NULL)
        parent->last_child->next = child;
    else
        parent->children = child;
    parent->last_child = child;
}

void thread_node_unlink(struct thread_node *node)
{
    struct thread_node *parent = node->parent;

    if (parent == NULL)
        return;
    if (node->prev != NULL)
        node->prev->next = node->next;
    else
        parent->children = node->next;
    if (node->next != NULL)
        node->next->prev = node->prev;
    else
        parent->last_child = node->prev;
    node->parent = node->prev = node->next = NULL;
}

const struct thread_message *thread_node_message(const struct thread_node *node)
{
    if (node->message != NULL || node->children == NULL)
        return node->message;
    return node->children->message;
}

/* ---- Order -------------------------------------------------------------------------------------- */

static int node_cmp(struct thread_node *const *node1, struct thread_node *const *node2)
{
    const struct thread_message *message1 = thread_node_message(*node1);
    const struct thread_message *message2 = thread_node_message(*node2);

    if ((*node1)->sort_date != (*node2)->sort_date)
        return (*node1)->sort_date < (*node2)->sort_date ? -1 : 1;
    if (message1 == NULL || message2 == NULL || message1->seq == message2->seq)
        return 0;
    return message1->seq < message2->seq ? -1 : 1;
}

void thread_nodes_sort(ARRAY_TYPE(thread_node) * nodes)
{
    array_sort(nodes, node_cmp);
}

static void sort_children_of(struct thread_node *parent, ARRAY_TYPE(thread_node) * nodes)
{
    struct thread_node *child;

    if (parent->children == parent->last_child)
        return;
    array_clear(nodes);
    while ((child = parent->children) != NULL) {
        thread_node_unlink(child);
        array_push_back(nodes, &child);
    }
    thread_nodes_sort(nodes);
    array_foreach_elem(nodes, child)
    {
        thread_node_append(parent, child);
    }
}

void thread_tree_sort_children(struct thread_tree *tree)
{
    ARRAY_TYPE(thread_node) siblings;
    struct thread_node *node;

    i_array_init(&siblings, 16);
    array_foreach_elem(&tree->nodes, node)
    {
        if (node->message != NULL)
            node->sort_date = node->message->date;
    }
    array_foreach_elem(&tree->nodes, node)
    {
        sort_children_of(node, &siblings);
        if (node->message == NULL && node->children != NULL)
            node->sort_date = node->children->sort_date;
    }
    array_free(&siblings);
}

void thread_tree_sort_roots(struct thread_tree *tree)
{
    struct thread_node *node;

    array_clear(&tree->roots);
    array_foreach_elem(&tree->nodes, node)
    {
        if (node->parent == NULL && !node->removed)
            array_push_back(&tree->roots, &node);
    }
    thread_nodes_sort(&tree->roots);
}
