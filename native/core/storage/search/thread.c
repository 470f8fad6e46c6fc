/*
 * Threads for callers (mail-thread.h): the messages are read once, trees are made of them for each
 * algorithm asked for, and iterators walk one level of a tree each.
 */
#include "search/thread.h"

#include "mail-search.h"

struct mail_thread_context {
    pool_t pool;
    ARRAY_TYPE(thread_message) messages;
};

struct mail_thread_iterate_context {
    struct thread_tree *tree;
    ARRAY_TYPE(thread_node) nodes;
    unsigned int next;
    bool seqs;
    struct mail_thread_child_node given;
};

static const char *const type_names[] = {"NONE", "ORDEREDSUBJECT", "REFERENCES", "REFS"};

bool mail_thread_type_parse(const char *str, enum mail_thread_type *type_r)
{
    for (unsigned int i = MAIL_THREAD_ORDEREDSUBJECT; i < N_ELEMENTS(type_names); i++) {
        if (strcasecmp(str, type_names[i]) == 0) {
            *type_r = (enum mail_thread_type)i;
            return TRUE;
        }
    }
    return FALSE;
}

const char *mail_thread_type_to_str(enum mail_thread_type type)
{
    return type_names[type];
}

int mail_thread_init(struct mailbox *box, struct mail_search_args *args,
                     struct mail_thread_context **ctx_r)
{
    pool_t pool = pool_alloconly_create(MEMPOOL_GROWING "thread messages", 16384);
    struct mail_thread_context *ctx = p_new(pool, struct mail_thread_context, 1);

    ctx->pool = pool;
    i_array_init(&ctx->messages, 128);
    if (thread_messages_collect(box, args, pool, &ctx->messages) < 0) {
        mail_thread_deinit(&ctx);
        return -1;
    }
    *ctx_r = ctx;
    return 0;
}

void mail_thread_deinit(struct mail_thread_context **_ctx)
{
    struct mail_thread_context *ctx = *_ctx;
    pool_t pool = ctx->pool;

    *_ctx = NULL;
    array_free(&ctx->messages);
    pool_unref(&pool);
}

/* ---- Iterating ---------------------------------------------------------------------------------- */

static struct mail_thread_iterate_context *iterator_new(struct thread_tree *tree, bool seqs)
{
    struct mail_thread_iterate_context *iter = i_new(struct mail_thread_iterate_context, 1);

    iter->tree = tree;
    iter->seqs = seqs;
    i_array_init(&iter->nodes, 16);
    return iter;
}

struct mail_thread_iterate_context *mail_thread_iterate_init(struct mail_thread_context *ctx,
                                                             enum mail_thread_type thread_type,
                                                             bool write_seqs)
{
    struct mail_thread_iterate_context *iter;
    struct thread_tree *tree;

    i_assert(thread_type != MAIL_THREAD_NONE);
    tree = thread_type == MAIL_THREAD_ORDEREDSUBJECT
               ? thread_tree_by_subject(&ctx->messages)
               : thread_tree_by_references(&ctx->messages, thread_type);
    iter = iterator_new(tree, write_seqs);
    array_append_array(&iter->nodes, &tree->roots);
    return iter;
}

static struct mail_thread_iterate_context *child_iterator(struct mail_thread_iterate_context *iter,
                                                          const struct thread_node *node)
{
    struct mail_thread_iterate_context *child_iter = iterator_new(iter->tree, iter->seqs);
    struct thread_node *child;

    iter->tree->refcount++;
    for (child = node->children; child != NULL; child = child->next)
        array_push_back(&child_iter->nodes, &child);
    return child_iter;
}

const struct mail_thread_child_node *
mail_thread_iterate_next(struct mail_thread_iterate_context *iter,
                         struct mail_thread_iterate_context **child_iter_r)
{
    const struct thread_node *node;

    if (iter->next == array_count(&iter->nodes))
        return NULL;
    node = array_idx_elem(&iter->nodes, iter->next);
    iter->given.idx = iter->next++;
    iter->given.uid = node->message == NULL ? 0
                      : iter->seqs          ? node->message->seq
                                            : node->message->uid;
    iter->given.sort_date = node->sort_date;
    if (child_iter_r != NULL)
        *child_iter_r = node->children == NULL ? NULL : child_iterator(iter, node);
    return &iter->given;
}

unsigned int mail_thread_iterate_count(struct mail_thread_iterate_context *iter)
{
    return array_count(&iter->nodes);
}

int mail_thread_iterate_deinit(struct mail_thread_iterate_context **_iter)
{
    struct mail_thread_iterate_context *iter = *_iter;

    *_iter = NULL;
    thread_tree_unref(&iter->tree);
    array_free(&iter->nodes);
    i_free(iter);
    return 0;
}
