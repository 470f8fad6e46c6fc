/*
 * Threading by subjects (RFC 5256 §3): ORDEREDSUBJECT, and the end of REFERENCES.
 */
#include "search/thread.h"

#include "hash.h"

HASH_TABLE_DEFINE_TYPE(thread_subjects, const char *, struct thread_node *);

/* ---- ORDEREDSUBJECT ----------------------------------------------------------------------------- */

static int by_subject_and_date(struct thread_message *const *message1,
                               struct thread_message *const *message2)
{
    int cmp = strcmp((*message1)->subject, (*message2)->subject);

    if (cmp != 0)
        return cmp;
    if ((*message1)->date != (*message2)->date)
        return (*message1)->date < (*message2)->date ? -1 : 1;
    return (*message1)->seq < (*message2)->seq ? -1 : 1;
}

struct thread_tree *thread_tree_by_subject(const ARRAY_TYPE(thread_message) * messages)
{
    struct thread_tree *tree = thread_tree_new();
    ARRAY_TYPE(thread_message) sorted;
    struct thread_message *message;
    struct thread_node *first = NULL;

    i_array_init(&sorted, array_count(messages) + 1);
    array_append_array(&sorted, messages);
    array_sort(&sorted, by_subject_and_date);
    array_foreach_elem(&sorted, message)
    {
        struct thread_node *node = thread_node_new(tree, message);

        node->sort_date = message->date;
        if (first != NULL && strcmp(first->message->subject, message->subject) == 0)
            thread_node_append(first, node);
        else
            first = node;
    }
    array_free(&sorted);
    thread_tree_sort_roots(tree);
    return tree;
}

/* ---- The end of REFERENCES ---------------------------------------------------------------------- */

static bool is_reply(const struct thread_node *node)
{
    return thread_node_message(node)->is_reply;
}

/** Of the threads of one subject, the one that the others join: a root without a message first, then
 *  one that is no answer. */
static bool is_better(const struct thread_node *node, const struct thread_node *than)
{
    if (node->message == NULL)
        return than->message != NULL;
    return than->message != NULL && is_reply(than) && !is_reply(node);
}

static void move_children(struct thread_node *from, struct thread_node *to)
{
    struct thread_node *child;

    while ((child = from->children) != NULL) {
        thread_node_unlink(child);
        thread_node_append(to, child);
    }
}

/** Joins a root with the one of its subject; returns the one that stands for the subject now. */
static struct thread_node *join(struct thread_tree *tree, struct thread_node *node,
                                struct thread_node *with)
{
    struct thread_node *both;

    if (with->message == NULL) {
        if (node->message == NULL) {
            move_children(node, with);
            node->removed = TRUE;
        } else {
            thread_node_append(with, node);
        }
        return with;
    }
    if (is_reply(node) && !is_reply(with)) {
        thread_node_append(with, node);
        return with;
    }
    both = thread_node_new(tree, NULL);
    thread_node_append(both, with);
    thread_node_append(both, node);
    return both;
}

void thread_tree_merge_subjects(struct thread_tree *tree)
{
    HASH_TABLE_TYPE(thread_subjects) subjects;
    struct thread_node *node, *other;
    const char *subject;

    hash_table_create(&subjects, default_pool, array_count(&tree->roots), str_hash, strcmp);
    array_foreach_elem(&tree->roots, node)
    {
        subject = thread_node_message(node)->subject;
        other = hash_table_lookup(subjects, subject);
        if (other == NULL || is_better(node, other))
            hash_table_update(subjects, subject, node);
    }
    array_foreach_elem(&tree->roots, node)
    {
        subject = thread_node_message(node)->subject;
        other = hash_table_lookup(subjects, subject);
        if (subject[0] != '\0' && other != node && node->parent == NULL)
            hash_table_update(subjects, subject, join(tree, node, other));
    }
    hash_table_destroy(&subjects);
    thread_tree_sort_children(tree);
    thread_tree_sort_roots(tree);
}
