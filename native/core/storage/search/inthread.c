/*
 * INTHREAD: all messages of the threads in which something matches. That cannot be told from one
 * message alone, so it is found for the whole mailbox when a search begins.
 */
#include "search/search-context.h"

#include "array.h"
#include "mail-search-build.h"
#include "search/thread.h"

/** The sequence numbers of what the criteria match. */
static int find_matches(struct index_search_context *ctx, const struct mail_search_arg *subargs,
                        ARRAY_TYPE(seq_range) * seqs)
{
    struct mail_search_args *args = mail_search_build_init();
    struct mail_search_context *search;
    struct mail *mail;

    args->args = mail_search_arg_dup(args->pool, subargs);
    search = mailbox_search_init(ctx->mail_ctx.transaction, args, NULL, 0, NULL);
    mail_search_args_unref(&args);
    while (mailbox_search_next(search, &mail))
        seq_range_array_add(seqs, mail->seq);
    return mailbox_search_deinit(&search);
}

/** Appends a node and all below it, without recursion. */
static void list_thread(struct thread_node *root, ARRAY_TYPE(thread_node) * nodes)
{
    struct thread_node *node, *child;

    array_clear(nodes);
    array_push_back(nodes, &root);
    for (unsigned int i = 0; i < array_count(nodes); i++) {
        node = array_idx_elem(nodes, i);
        for (child = node->children; child != NULL; child = child->next)
            array_push_back(nodes, &child);
    }
}

static void add_thread(const ARRAY_TYPE(thread_node) * nodes, const ARRAY_TYPE(seq_range) * matches,
                       ARRAY_TYPE(seq_range) * seqs)
{
    struct thread_node *node;
    bool found = FALSE;

    array_foreach_elem(nodes, node)
    {
        found = found || (node->message != NULL && seq_range_exists(matches, node->message->seq));
    }
    array_foreach_elem(nodes, node)
    {
        if (found && node->message != NULL)
            seq_range_array_add(seqs, node->message->seq);
    }
}

static void add_threads(const ARRAY_TYPE(thread_message) * messages, enum mail_thread_type type,
                        const ARRAY_TYPE(seq_range) * matches, ARRAY_TYPE(seq_range) * seqs)
{
    struct thread_tree *tree = type == MAIL_THREAD_ORDEREDSUBJECT
                                   ? thread_tree_by_subject(messages)
                                   : thread_tree_by_references(messages, type);
    ARRAY_TYPE(thread_node) nodes;
    struct thread_node *root;

    i_array_init(&nodes, 64);
    array_foreach_elem(&tree->roots, root)
    {
        list_thread(root, &nodes);
        add_thread(&nodes, matches, seqs);
    }
    array_free(&nodes);
    thread_tree_unref(&tree);
}

static int resolve(struct index_search_context *ctx, struct mail_search_arg *arg)
{
    pool_t pool = pool_alloconly_create(MEMPOOL_GROWING "inthread", 16384);
    ARRAY_TYPE(thread_message) messages;
    ARRAY_TYPE(seq_range) matches;
    int ret;

    i_array_init(&messages, 128);
    i_array_init(&matches, 32);
    if (array_is_created(&arg->initialized.seqset))
        array_clear(&arg->initialized.seqset);
    else
        i_array_init(&arg->initialized.seqset, 32);
    ret = find_matches(ctx, arg->value.subargs, &matches);
    if (thread_messages_collect(ctx->box, NULL, pool, &messages) < 0)
        ret = -1;
    add_threads(&messages, arg->value.thread_type, &matches, &arg->initialized.seqset);
    array_free(&messages);
    array_free(&matches);
    pool_unref(&pool);
    return ret;
}

static int resolve_all(struct index_search_context *ctx, struct mail_search_arg *arg)
{
    int ret = 0;

    for (; arg != NULL; arg = arg->next) {
        if (arg->type == SEARCH_INTHREAD)
            ret = resolve(ctx, arg) < 0 ? -1 : ret;
        else
            ret = resolve_all(ctx, arg->value.subargs) < 0 ? -1 : ret;
    }
    return ret;
}

int search_find_threads(struct index_search_context *ctx)
{
    return resolve_all(ctx, ctx->mail_ctx.args->args);
}
